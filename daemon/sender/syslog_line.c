/* Syslog lines; see syslog_line.h. */
#include "daemon/sender/syslog_line.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/base/escape.h"
#include "lib/base/wallclock.h"

enum {
	MAX_PRI = 191,
	FALLBACK_PRI = 29, /* daemon.notice */
	MAX_HOST = 255,
	MAX_APP = 48,
	MAX_MSGID = 32,
	MAX_SD = 3000,
	MAX_NUMBER = 10,
	MAX_BODY = 1100, /* octets before escaping, which makes four of one at the most: all parts fit into a line */
};

static unsigned read_pri(const struct mxw_request *request)
{
	const char *text = mxw_request_header(request, "pri");
	size_t n = strlen(text);
	unsigned long pri = n >= 1 && n <= 3 && strspn(text, "0123456789") == n ? strtoul(text, NULL, 10)
										: FALLBACK_PRI;
	return pri <= MAX_PRI ? (unsigned)pri : FALLBACK_PRI;
}

/* PRINTUSASCII of RFC 5424 6: what is anything else becomes '_', nothing becomes '-'. */
static void add_word(struct mxw_strbuf *ret, const char *text, size_t max)
{
	size_t n = strnlen(text, max);
	for (size_t i = 0; i < n; i++)
		mxw_strbuf_addc(ret, text[i] > 0x20 && text[i] < 0x7f ? text[i] : '_');
	if (!n)
		mxw_strbuf_addc(ret, '-');
}

/* The renderer escaped it; whatever else arrives is left out whole rather than mended. */
static void add_structured_data(struct mxw_strbuf *ret, const char *text)
{
	size_t n = strlen(text);
	bool is_safe = n > 2 && n <= MAX_SD && text[0] == '[' && text[n - 1] == ']';
	for (size_t i = 0; i < n && is_safe; i++)
		is_safe = (unsigned char)text[i] >= 0x20 && text[i] != 0x7f;
	mxw_strbuf_adds(ret, is_safe ? text : "-");
}

static void add_body(struct mxw_strbuf *ret, const struct mxw_request *request)
{
	const char *coalesced = mxw_request_header(request, "coalesced");
	size_t n = strlen(coalesced);
	mxw_escape_line_once(ret, request->body, request->n_body, MAX_BODY);
	if (n && n <= MAX_NUMBER && strspn(coalesced, "0123456789") == n)
		mxw_strbuf_addf(ret, " (coalesced: %s)", coalesced);
}

void mxw_syslog_line_5424(const struct mxw_request *request, int64_t wall_ms, long pid, struct mxw_strbuf *ret)
{
	char time[MXW_RFC3339_MAX];
	mxw_wallclock_rfc3339(wall_ms, time);
	mxw_strbuf_addf(ret, "<%u>1 %s ", read_pri(request), time);
	add_word(ret, mxw_request_header(request, "host"), MAX_HOST);
	mxw_strbuf_addc(ret, ' ');
	add_word(ret, mxw_request_header(request, "app"), MAX_APP);
	mxw_strbuf_addf(ret, " %ld ", pid);
	add_word(ret, mxw_request_header(request, "msgid"), MAX_MSGID);
	mxw_strbuf_addc(ret, ' ');
	add_structured_data(ret, mxw_request_header(request, "sd"));
	mxw_strbuf_addc(ret, ' ');
	add_body(ret, request);
}

void mxw_syslog_line_local(const struct mxw_request *request, int64_t wall_ms, long pid, struct mxw_strbuf *ret)
{
	static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm local = { 0 };
	localtime_r(&seconds, &local);
	mxw_strbuf_addf(ret, "<%u>%s %2d %02d:%02d:%02d ", read_pri(request), months[local.tm_mon], local.tm_mday,
			local.tm_hour, local.tm_min, local.tm_sec);
	add_word(ret, mxw_request_header(request, "app"), MAX_APP);
	mxw_strbuf_addf(ret, "[%ld]: ", pid);
	add_body(ret, request);
}
