/* A history as text, for a store; see versions.h.
 *
 *	versions 1 COUNT REFRESH SERVERS WRITTEN
 *	SINCE LAST_AUTH REPLACED GONE UNTIL FIRST LAST TTL NS_SET SERVERS NEGATIVE SET	a line a version, newest first
 *	CHECKSUM
 *
 * Times are those of the wall clock in ms, "-" for never; WRITTEN is when it was written, so a clock that was set back since
 * then makes nothing last longer. In SET a newline is a tab, which no set has. The checksum is of
 * everything before it: what is damaged anywhere is no history at all, which is safer than a wrong one. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/util.h"
#include "lib/versions/internal.h"

enum { N_CHECKSUM = 17 }; /* sixteen digits and a newline */

/* Milliseconds on both sides of 1970, 142,000 years: no clock shows more, and sums of times cannot overflow. */
#define MAX_TIME_MS (INT64_C(1) << 52)

static const char magic[] = "versions 1 ";

/* ---- writing ---- */

static void write_time(struct mxw_strbuf *ret, int64_t at_ms, int64_t offset_ms)
{
	if (at_ms == MXW_VERSIONS_NEVER) {
		mxw_strbuf_adds(ret, "- ");
		return;
	}
	int64_t wall_ms = MXW_MIN(at_ms, MAX_TIME_MS - MXW_MAX(offset_ms, 0)) + offset_ms;
	mxw_strbuf_addf(ret, "%" PRId64 " ", MXW_MAX(wall_ms, -MAX_TIME_MS));
}

static void write_version(struct mxw_strbuf *ret, const struct mxw_version *version, int64_t offset_ms)
{
	const int64_t times[] = { version->since_ms, version->last_auth_ms, version->replaced_ms, version->gone_ms,
				  version->until_ms, version->first_any_ms, version->last_any_ms };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(times); i++)
		write_time(ret, times[i], offset_ms);
	mxw_strbuf_addf(ret, "%" PRIu32 " %" PRIx64 " %x %d ", version->ttl_s, version->ns_set,
			(unsigned)version->servers, version->is_negative);
	for (const char *c = version->set; *c; c++)
		mxw_strbuf_addc(ret, *c == '\n' ? '\t' : *c);
	mxw_strbuf_addc(ret, '\n');
}

void mxw_versions_write(const struct mxw_versions *versions, int64_t now_ms, int64_t now_wall_ms,
			struct mxw_strbuf *ret)
{
	size_t start = ret->len, n = 0;
	if (!versions->first)
		return;
	for (const struct mxw_version *version = versions->first; version; version = version->next)
		n++;
	mxw_strbuf_addf(ret, "%s%zu %" PRIu32 " %" PRIx32 " %" PRId64 " \n", magic, n, versions->refresh_s,
			versions->server_names, now_wall_ms);
	for (const struct mxw_version *version = versions->first; version; version = version->next)
		write_version(ret, version, now_wall_ms - now_ms);
	if (!mxw_strbuf_failed(ret))
		mxw_strbuf_addf(ret, "%016" PRIx64 "\n", mxw_hash64(0, ret->data + start, ret->len - start));
}

/* ---- reading ---- */

struct reader {
	const char *at, *end;
	int64_t offset_ms, now_ms;
	bool failed;
};

static uint64_t read_number(struct reader *reader, int base, uint64_t max, char terminator)
{
	uint64_t value = 0;
	const char *start = reader->at;
	for (; reader->at < reader->end; reader->at++) {
		const char *digits = "0123456789abcdef", *digit = *reader->at ? strchr(digits, *reader->at) : NULL;
		if (!digit || digit - digits >= base)
			break;
		uint64_t next = value * (uint64_t)base + (uint64_t)(digit - digits);
		if (next > max || value > max / (uint64_t)base)
			reader->failed = true;
		value = next;
	}
	if (reader->failed || reader->at == start || reader->at == reader->end || *reader->at != terminator) {
		reader->failed = true;
		return 0;
	}
	reader->at++;
	return value;
}

/* "-", or a time of the wall clock, which may be before 1970 where that was set wrong. */
static int64_t read_time(struct reader *reader)
{
	bool is_negative = reader->at < reader->end && *reader->at == '-';
	reader->at += is_negative;
	if (is_negative && reader->at < reader->end && *reader->at == ' ') {
		reader->at++;
		return MXW_VERSIONS_NEVER;
	}
	int64_t wall_ms = (int64_t)read_number(reader, 10, (uint64_t)MAX_TIME_MS, ' ');
	return (is_negative ? -wall_ms : wall_ms) - reader->offset_ms;
}

/* What lies ahead of this clock happened under another one. */
static int64_t read_past(struct reader *reader)
{
	int64_t at_ms = read_time(reader);
	return MXW_MIN(at_ms, reader->now_ms);
}

static char *read_set(struct reader *reader, size_t *ret_n)
{
	const char *newline = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));
	size_t n = newline ? (size_t)(newline - reader->at) : 0;
	char *set = n && n <= MXW_VERSIONS_MAX_SET ? malloc(n) : NULL;
	if (!set)
		return NULL;
	for (size_t i = 0; i < n; i++)
		set[i] = reader->at[i] == '\t' ? '\n' : reader->at[i];
	reader->at += n + 1;
	*ret_n = n;
	return set;
}

static bool is_known(const struct mxw_versions *versions, const char *set, size_t n)
{
	for (const struct mxw_version *version = versions->first; version; version = version->next)
		if (strlen(version->set) == n && memcmp(version->set, set, n) == 0)
			return true;
	return false;
}

static int read_version(struct reader *reader, struct mxw_versions *ret)
{
	struct mxw_version head = { 0 };
	size_t n = 0;
	head.since_ms = read_past(reader);
	head.last_auth_ms = read_past(reader);
	head.replaced_ms = read_past(reader);
	head.gone_ms = read_past(reader);
	head.until_ms = read_time(reader);
	head.first_any_ms = read_past(reader);
	head.last_any_ms = read_past(reader);
	head.ttl_s = (uint32_t)read_number(reader, 10, UINT32_MAX, ' ');
	head.ns_set = read_number(reader, 16, UINT64_MAX, ' ');
	head.servers = (uint8_t)read_number(reader, 16, UINT8_MAX, ' ');
	head.is_negative = read_number(reader, 10, 1, ' ');
	if (reader->failed || head.first_any_ms == MXW_VERSIONS_NEVER || head.last_any_ms == MXW_VERSIONS_NEVER)
		return -EBADMSG;
	MXW_CLEANUP(mxw_freep) char *set = read_set(reader, &n);
	if (!set || !mxw_set_is(set, n) || is_known(ret, set, n))
		return -EBADMSG;
	struct mxw_version *version = mxw_versions_append(ret, set, n);
	if (!version)
		return -ENOMEM;
	memcpy(version, &head, offsetof(struct mxw_version, set));
	return 0;
}

static bool is_whole(const char *text, size_t n)
{
	char checksum[N_CHECKSUM + 1];
	if (n <= N_CHECKSUM || strncmp(text, magic, strlen(magic)) != 0)
		return false;
	snprintf(checksum, sizeof(checksum), "%016" PRIx64 "\n", mxw_hash64(0, text, n - N_CHECKSUM));
	return memcmp(text + n - N_CHECKSUM, checksum, N_CHECKSUM) == 0;
}

static int read_history(struct reader *reader, struct mxw_versions *ret)
{
	uint64_t n = read_number(reader, 10, MXW_VERSIONS_MAX, ' ');
	ret->refresh_s = (uint32_t)read_number(reader, 10, MXW_VERSIONS_MAX_REFRESH_S, ' ');
	ret->server_names = (uint32_t)read_number(reader, 16, UINT32_MAX, ' ');
	int64_t written_ms = read_time(reader); /* > now: the clock was set back, and no time has passed */
	reader->failed |= reader->at == reader->end || *reader->at != '\n';
	reader->at += !reader->failed;
	reader->offset_ms += written_ms > reader->now_ms ? written_ms - reader->now_ms : 0;
	ret->watched_ms = reader->now_ms; /* what happened while nobody looked is not known */
	if (reader->failed || !n)
		return -EBADMSG;
	for (uint64_t i = 0; i < n; i++) {
		int r = read_version(reader, ret);
		if (r < 0)
			return r;
	}
	return reader->at == reader->end ? 0 : -EBADMSG;
}

int mxw_versions_read(const char *text, int64_t now_ms, int64_t now_wall_ms, struct mxw_versions *ret)
{
	size_t n = strlen(text);
	*ret = (struct mxw_versions){ 0 };
	if (!n)
		return 0;
	if (!is_whole(text, n))
		return -EBADMSG;
	struct reader reader = { .at = text + strlen(magic),
				 .end = text + n - N_CHECKSUM,
				 .offset_ms = now_wall_ms - now_ms,
				 .now_ms = now_ms };
	int r = read_history(&reader, ret);
	if (r < 0)
		mxw_versions_done(ret);
	return r;
}
