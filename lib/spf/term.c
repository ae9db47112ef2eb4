/* Terms by one table: what may stand behind each name; see term.h. */
#include "lib/spf/term.h"

#include <string.h>
#include <strings.h>

#include "lib/base/util.h"
#include "lib/dns/type.h"
#include "lib/spf/macro.h"
#include "lib/spf/octet.h"

enum argument {
	NOTHING,           /* all */
	DOMAIN,            /* ":" domain-spec */
	OPTIONAL_DOMAIN,   /* [ ":" domain-spec ] */
	DOMAIN_AND_PREFIX, /* [ ":" domain-spec ] [ dual-cidr-length ] */
	NETWORK4,          /* ":" address [ "/" prefix length ] */
	NETWORK6,
};

static const struct row {
	const char *name;
	enum argument argument;
	const char *reason; /* when that argument is missing */
} rows[] = {
	[MXW_SPF_ALL] = { "all", NOTHING, NULL },
	[MXW_SPF_INCLUDE] = { "include", DOMAIN, "no domain after \"include:\"" },
	[MXW_SPF_A] = { "a", DOMAIN_AND_PREFIX, "no domain after \"a:\"" },
	[MXW_SPF_MX] = { "mx", DOMAIN_AND_PREFIX, "no domain after \"mx:\"" },
	[MXW_SPF_PTR] = { "ptr", OPTIONAL_DOMAIN, "no domain after \"ptr:\"" },
	[MXW_SPF_IP4] = { "ip4", NETWORK4, "no address after \"ip4:\"" },
	[MXW_SPF_IP6] = { "ip6", NETWORK6, "no address after \"ip6:\"" },
	[MXW_SPF_EXISTS] = { "exists", DOMAIN, "no domain after \"exists:\"" },
	[MXW_SPF_REDIRECT] = { "redirect", DOMAIN, "no domain after \"redirect=\"" },
	[MXW_SPF_EXP] = { "exp", DOMAIN, "no domain after \"exp=\"" },
	[MXW_SPF_UNKNOWN_MODIFIER] = { "", NOTHING, NULL },
};

const char *mxw_spf_kind_name(enum mxw_spf_kind kind)
{
	return rows[kind].name;
}

const uint16_t *mxw_spf_kind_types(enum mxw_spf_kind kind)
{
	static const uint16_t types[MXW_SPF_UNKNOWN_MODIFIER + 1][2] = {
		[MXW_SPF_INCLUDE] = { MXW_TYPE_TXT },
		[MXW_SPF_REDIRECT] = { MXW_TYPE_TXT },
		[MXW_SPF_MX] = { MXW_TYPE_MX },
		[MXW_SPF_EXISTS] = { MXW_TYPE_A },
		[MXW_SPF_A] = { MXW_TYPE_A, MXW_TYPE_AAAA },
	};
	return types[kind];
}

/* What is left of a term, and the error that its reading ends with. */
struct reader {
	const char *text;
	size_t n, at;
	struct mxw_spf_error *error;
};

static int refuse(struct reader *reader, size_t at, const char *reason)
{
	*reader->error = (struct mxw_spf_error){ .at = at, .n_term = reader->n, .reason = reason };
	return MXW_SPF_E_SYNTAX;
}

static bool is_at(const struct reader *reader, char c)
{
	return reader->at < reader->n && reader->text[reader->at] == c;
}

/* ---- prefix lengths ---- */

/* "/" and a number up to 32 or 128, without leading zeros. */
static int read_prefix(struct reader *reader, unsigned max, uint8_t *ret)
{
	size_t begin = ++reader->at;
	unsigned bits = 0;
	for (; reader->at < reader->n && mxw_spf_is_digit(reader->text[reader->at]); reader->at++)
		bits = MXW_MIN(bits * 10 + (unsigned)(reader->text[reader->at] - '0'), max + 1);
	if (reader->at == begin)
		return refuse(reader, begin, "no prefix length after \"/\"");
	if (reader->at > begin + 1 && reader->text[begin] == '0')
		return refuse(reader, begin, "prefix length with a leading zero");
	if (bits > max)
		return refuse(reader, begin, max == 32 ? "prefix length over 32" : "prefix length over 128");
	*ret = (uint8_t)bits;
	return 0;
}

static int read_end(struct reader *reader)
{
	return reader->at == reader->n ? 0 : refuse(reader, reader->at, "not allowed after a prefix length");
}

/* [ "/" bits4 ] [ "//" bits6 ], to the end of the term. */
static int read_dual_prefix(struct reader *reader, struct mxw_spf_term *ret)
{
	bool is_dual = reader->at + 1 < reader->n && reader->text[reader->at + 1] == '/';
	int r = is_at(reader, '/') && !is_dual ? read_prefix(reader, 32, &ret->bits4) : 0;
	if (r != 0 || !is_at(reader, '/'))
		return r ? r : read_end(reader);
	reader->at++;
	if (!is_at(reader, '/'))
		return refuse(reader, reader->at, "an IPv6 prefix length needs \"//\" before it");
	r = read_prefix(reader, 128, &ret->bits6);
	return r ? r : read_end(reader);
}

/* Where a dual-cidr-length begins. A domain-spec ends neither in "/" nor in "/" and digits, so whatever looks like prefix
 * lengths at the end of the term is meant to be some. */
static size_t find_prefix(const struct reader *reader)
{
	size_t begin = reader->n;
	for (size_t i = reader->n; i > reader->at; i--) {
		if (reader->text[i - 1] == '/')
			begin = i - 1;
		else if (!mxw_spf_is_digit(reader->text[i - 1]))
			break;
	}
	return begin;
}

/* ---- arguments ---- */

/* The domain-spec up to `end`. */
static int read_domain(struct reader *reader, size_t end, struct mxw_spf_term *ret)
{
	size_t fault;
	if (reader->at == end)
		return refuse(reader, end, rows[ret->kind].reason);
	ret->spec = reader->text + reader->at;
	ret->n_spec = end - reader->at;
	const char *reason = mxw_spf_macro_fault(MXW_SPF_DOMAIN_SPEC, ret->spec, ret->n_spec, &fault);
	if (reason)
		return refuse(reader, reader->at + fault, reason);
	reader->at = end;
	return 0;
}

static int read_domain_and_prefix(struct reader *reader, struct mxw_spf_term *ret)
{
	int r = 0;
	if (is_at(reader, ':')) {
		reader->at++;
		r = read_domain(reader, find_prefix(reader), ret);
	}
	return r ? r : read_dual_prefix(reader, ret);
}

/* Why a text is no address of this family. The other family is the likely mistake. */
static const char *parse_address(const char *text, size_t n, unsigned family, struct mxw_ip *ret)
{
	char address[MXW_IP_TEXT_MAX] = "";
	bool is_ip = n < sizeof(address);
	if (is_ip) {
		memcpy(address, text, n);
		is_ip = mxw_ip_parse(address, ret) == 0;
	}
	if (!is_ip)
		return family == 4 ? "not an IPv4 address" : "not an IPv6 address";
	if (ret->family != family)
		return family == 4 ? "IPv6 address after \"ip4:\"" : "IPv4 address after \"ip6:\"";
	return NULL;
}

static int read_network(struct reader *reader, unsigned family, struct mxw_spf_term *ret)
{
	size_t begin = ++reader->at;
	while (reader->at < reader->n && !is_at(reader, '/'))
		reader->at++;
	if (reader->at == begin)
		return refuse(reader, begin, rows[ret->kind].reason);
	const char *reason = parse_address(reader->text + begin, reader->at - begin, family, &ret->network);
	if (reason)
		return refuse(reader, begin, reason);
	if (!is_at(reader, '/'))
		return 0;
	int r = family == 4 ? read_prefix(reader, 32, &ret->bits4) : read_prefix(reader, 128, &ret->bits6);
	return r ? r : read_end(reader);
}

/* ---- terms ---- */

static int read_mechanism(struct reader *reader, struct mxw_spf_term *ret)
{
	const struct row *row = &rows[ret->kind];
	bool has_colon = is_at(reader, ':');
	bool is_alone = reader->at == reader->n;
	switch (row->argument) {
	case NOTHING:
		return is_alone ? 0 : refuse(reader, reader->at, "\"all\" takes no argument");
	case OPTIONAL_DOMAIN:
		if (is_alone)
			return 0;
		if (!has_colon)
			return refuse(reader, reader->at, "\"ptr\" takes no prefix length");
		break;
	case DOMAIN_AND_PREFIX:
		return read_domain_and_prefix(reader, ret);
	case DOMAIN:
	case NETWORK4:
	case NETWORK6:
		if (!has_colon)
			return refuse(reader, reader->at, row->reason);
		break;
	}
	if (row->argument == NETWORK4 || row->argument == NETWORK6)
		return read_network(reader, row->argument == NETWORK4 ? 4 : 6, ret);
	reader->at++;
	return read_domain(reader, reader->n, ret);
}

/* Kinds from `first` up to `end`; `end` if none has this name. */
static enum mxw_spf_kind find_kind(const char *name, size_t n, enum mxw_spf_kind first, enum mxw_spf_kind end)
{
	for (enum mxw_spf_kind kind = first; kind < end; kind++)
		if (strncasecmp(rows[kind].name, name, n) == 0 && !rows[kind].name[n])
			return kind;
	return end;
}

static int read_modifier(struct reader *reader, size_t n_name, struct mxw_spf_term *ret)
{
	const char *name = reader->text + reader->at;
	size_t fault;
	if (ret->qualifier)
		return refuse(reader, 0, "a modifier takes no qualifier");
	for (size_t i = 0; i < n_name; i++)
		if (!mxw_spf_is_alpha(name[i]) && (!i || (!mxw_spf_is_digit(name[i]) && !strchr("-_.", name[i]))))
			return refuse(reader, reader->at + i, "not allowed in the name of a modifier");
	if (!n_name)
		return refuse(reader, reader->at, "no name before \"=\"");
	ret->kind = find_kind(name, n_name, MXW_SPF_REDIRECT, MXW_SPF_UNKNOWN_MODIFIER);
	reader->at += n_name + 1;
	if (ret->kind != MXW_SPF_UNKNOWN_MODIFIER)
		return read_domain(reader, reader->n, ret);
	ret->spec = reader->text + reader->at;
	ret->n_spec = reader->n - reader->at;
	const char *reason = mxw_spf_macro_fault(MXW_SPF_MACRO_STRING, ret->spec, ret->n_spec, &fault);
	return reason ? refuse(reader, reader->at + fault, reason) : 0;
}

static const char *explain_unknown(const struct reader *reader, size_t n_name)
{
	const char *name = reader->text + reader->at;
	struct mxw_ip ip;
	if (!n_name)
		return "no mechanism";
	if (find_kind(name, n_name, MXW_SPF_REDIRECT, MXW_SPF_UNKNOWN_MODIFIER) != MXW_SPF_UNKNOWN_MODIFIER)
		return "this modifier needs \"=\" after its name";
	return parse_address(name, n_name, 4, &ip) ? "unknown mechanism" : "address without \"ip4:\" before it";
}

static const char *find_octet_fault(const char *text, size_t n, size_t *ret_at)
{
	for (size_t i = 0; i < n; i++) {
		if (mxw_spf_is_visible(text[i]))
			continue;
		*ret_at = i;
		return text[i] == '\t' ? "tab where only spaces may be" : "not a printable ASCII character";
	}
	return NULL;
}

int mxw_spf_term_parse(const char *text, size_t n, struct mxw_spf_term *ret, struct mxw_spf_error *ret_error)
{
	struct reader reader = { .text = text, .n = n, .error = ret_error };
	size_t fault;
	*ret = (struct mxw_spf_term){ .text = text, .n_text = n, .bits4 = 32, .bits6 = 128 };
	const char *reason = find_octet_fault(text, n, &fault);
	if (reason)
		return refuse(&reader, fault, reason);
	if (n && strchr("+-~?", text[0]))
		ret->qualifier = text[reader.at++];
	size_t end = reader.at;
	while (end < n && text[end] != ':' && text[end] != '/' && text[end] != '=')
		end++;
	size_t n_name = end - reader.at;
	if (end < n && text[end] == '=')
		return read_modifier(&reader, n_name, ret);
	ret->kind = find_kind(text + reader.at, n_name, MXW_SPF_ALL, MXW_SPF_REDIRECT);
	if (ret->kind == MXW_SPF_REDIRECT)
		return refuse(&reader, reader.at, explain_unknown(&reader, n_name));
	if (!ret->qualifier)
		ret->qualifier = '+';
	reader.at = end;
	return read_mechanism(&reader, ret);
}
