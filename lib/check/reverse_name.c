/* Patterns in reverse names; see reverse_name.h. */
#include "lib/check/reverse_name.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/util.h"
#include "lib/check/mx_host.h"
#include "lib/target/target.h"

enum {
	MIN_DIGITS = 3, /* a name of fewer holds no address; most names of mail hosts end here */
	N_NIBBLES = 32,
	MIN_NIBBLES = 8,
};

/* ---- IPv4 ---- */

/* `needle` occurs, and no further digit touches it. */
static bool holds_number(const char *name, const char *needle)
{
	size_t n = strlen(needle);
	for (const char *at = name; (at = strstr(at, needle)) != NULL; at++)
		if ((at == name || !isdigit((unsigned char)at[-1])) && !isdigit((unsigned char)at[n]))
			return true;
	return false;
}

static bool holds_octets(const char *name, const uint8_t *o, int step)
{
	static const char separators[] = "-._x";
	char text[16];
	unsigned a = o[0], b = o[step], c = o[2 * step];
	for (const char *s = separators; *s; s++) {
		snprintf(text, sizeof(text), "%u%c%u%c%u", a, *s, b, *s, c);
		if (holds_number(name, text))
			return true;
		snprintf(text, sizeof(text), "%03u%c%03u%c%03u", a, *s, b, *s, c);
		if (strstr(name, text))
			return true;
		snprintf(text, sizeof(text), "%02x%c%02x%c%02x", a, *s, b, *s, c);
		if (strstr(name, text))
			return true;
	}
	snprintf(text, sizeof(text), "%03u%03u%03u", a, b, c);
	if (strstr(name, text))
		return true;
	snprintf(text, sizeof(text), "%02x%02x%02x", a, b, c);
	return strstr(name, text) != NULL;
}

static bool holds_ipv4(const char *name, const uint8_t *o)
{
	return holds_octets(name, o, 1) || holds_octets(name, o + 1, 1) || holds_octets(name, o + 3, -1) ||
	       holds_octets(name, o + 2, -1);
}

/* ---- IPv6 ---- */

/* Eight nibbles in a row of `nibbles` occur in `text`. */
static bool holds_window(const char *text, const char nibbles[N_NIBBLES])
{
	char window[MIN_NIBBLES + 1] = "";
	for (size_t i = 0; i + MIN_NIBBLES <= N_NIBBLES; i++) {
		memcpy(window, nibbles + i, MIN_NIBBLES);
		if (strstr(text, window))
			return true;
	}
	return false;
}

/* Takes the separators out of the name; with `padded` each group of up to four digits is filled up to four, as in a
 * written address ("2001-db8--1"). Other letters stay as they are and end a run of nibbles. */
static void collapse(const char *name, bool padded, char *ret, size_t max)
{
	size_t n = 0;
	while (*name && n + 5 < max) {
		size_t len = strspn(name, "0123456789abcdef");
		if (!len) {
			if (!strchr("-.", *name))
				ret[n++] = '/';
			name++;
			continue;
		}
		for (size_t i = len; padded && i < 4; i++)
			ret[n++] = '0';
		for (size_t i = 0; i < len && n + 5 < max; i++)
			ret[n++] = name[i];
		name += len;
	}
	ret[n] = '\0';
}

static bool holds_ipv6(const char *name, const uint8_t *bytes)
{
	static const char digits[] = "0123456789abcdef";
	char forward[N_NIBBLES], backward[N_NIBBLES], text[MXW_NAME_TEXT_MAX * 4];
	for (size_t i = 0; i < N_NIBBLES; i++) {
		forward[i] = digits[i % 2 ? bytes[i / 2] & 15 : bytes[i / 2] >> 4];
		backward[N_NIBBLES - 1 - i] = forward[i];
	}
	for (int padded = 0; padded < 2; padded++) {
		collapse(name, padded, text, sizeof(text));
		if (holds_window(text, forward) || holds_window(text, backward))
			return true;
	}
	return false;
}

/* ---- words ---- */

static bool holds_word(const char *name, size_t n)
{
	static const char *const words[] = {
		"dyn", "dynamic", "dhcp", "pool", "dsl", "cable", "ppp", "dial", "cust", "client", "unassigned",
	};
	if (memmem(name, n, "static-ip", 9))
		return true;
	for (size_t at = 0, len; at < n; at += len + 1) {
		len = 0;
		while (at + len < n && isalpha((unsigned char)name[at + len]))
			len++;
		for (size_t i = 0; len && i < MXW_ARRAY_SIZE(words); i++)
			if (strlen(words[i]) == len && memcmp(words[i], name + at, len) == 0)
				return true;
	}
	return false;
}

static size_t count_digits(const char *name)
{
	size_t n = 0;
	for (; *name; name++)
		n += isdigit((unsigned char)*name) != 0;
	return n;
}

static bool has_reverse_zone(const char *name)
{
	return mxw_name_is_below(name, "in-addr.arpa") || mxw_name_is_below(name, "ip6.arpa");
}

bool mxw_reverse_name_is_generic(const char *name, const struct mxw_ip *ip)
{
	const char *org = mxw_target_org_domain(name);
	if (has_reverse_zone(name))
		return false; /* the digits are those of the zone: malformed, not machine-made */
	if (holds_word(name, (size_t)(org - name)))
		return true;
	if (count_digits(name) < MIN_DIGITS)
		return false;
	return ip->family == 4 ? holds_ipv4(name, ip->bytes) : holds_ipv6(name, ip->bytes);
}

/* ---- broken names ---- */

bool mxw_reverse_name_is_malformed(const char *name)
{
	if (mxw_name_n_labels(name) < 2 || has_reverse_zone(name))
		return true;
	enum mxw_host_form form = mxw_host_form_of(name);
	return form == MXW_FORM_IP || form == MXW_FORM_LOCALHOST || !mxw_name_is_hostname(name);
}

/* A label of a reverse zone: a number, a nibble, or a range as in RFC 2317. */
static bool is_reverse_label(const char *label, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isxdigit((unsigned char)label[i]) && label[i] != '-' && label[i] != '/')
			return false;
	return isdigit((unsigned char)label[0]) || n == 1;
}

bool mxw_reverse_name_strip(const char *name, char ret[MXW_NAME_TEXT_MAX])
{
	const char *zone = mxw_name_is_below(name, "in-addr.arpa") ? "in-addr.arpa" : "ip6.arpa";
	size_t n = strlen(name), n_zone = strlen(zone);
	if (!mxw_name_is_below(name, zone) || n <= n_zone + 1)
		return false;
	n -= n_zone + 1;
	memcpy(ret, name, n);
	ret[n] = '\0';
	for (;;) {
		char *dot = strrchr(ret, '.');
		if (!dot || !is_reverse_label(dot + 1, strlen(dot + 1)))
			break;
		*dot = '\0';
	}
	return mxw_name_is_hostname(ret) && mxw_name_n_labels(ret) > 1;
}
