/* Mail hosts; see mx_host.h. Nothing is allocated: addresses are read from the answers. */
#include "lib/check/mx_host.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/util.h"
#include "lib/check/lookup.h"
#include "lib/dns/name.h"

/* RFC 6761, RFC 6762, RFC 7686, RFC 8375, RFC 9476, and the private-use top level "internal". */
static const char *const special_names[] = {
	"invalid", "test", "example", "local", "internal", "onion", "alt", "home.arpa",
};

/* The well-known prefix of RFC 6052: a DNS64 puts IPv4 addresses behind it. */
static const struct mxw_ip dns64_prefix = { .family = 6, .bytes = { 0x00, 0x64, 0xff, 0x9b } };
enum { DNS64_PREFIX_BITS = 96 };

/* Four labels of decimal digits, each 0 to 255. */
static bool is_dotted_quad(const char *name)
{
	unsigned n_labels = 0;
	for (;;) {
		unsigned value = 0, n_digits = 0;
		for (; isdigit((unsigned char)*name) && n_digits < 4; name++, n_digits++)
			value = value * 10 + (unsigned)(*name - '0');
		if (n_digits == 0 || n_digits > 3 || value > 255)
			return false;
		n_labels++;
		if (*name == '\0')
			return n_labels == 4;
		if (*name++ != '.')
			return false;
	}
}

/* An address literal, or something that was meant as one: the marks of one among what host names are made of. Together
 * with any other octet it is no attempt at an address but a broken name. */
static bool is_literal(const char *name)
{
	static const char marks[] = ":[]", others[] = "abcdefghijklmnopqrstuvwxyz0123456789-.:[]";
	return strpbrk(name, marks) && name[strspn(name, others)] == '\0';
}

enum mxw_host_form mxw_host_form_of(const char *name)
{
	if (is_dotted_quad(name) || is_literal(name))
		return MXW_FORM_IP;
	if (mxw_name_is_below(name, "localhost") || strcmp(name, "localhost.localdomain") == 0)
		return MXW_FORM_LOCALHOST;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(special_names); i++)
		if (mxw_name_is_below(name, special_names[i]))
			return MXW_FORM_SPECIAL;
	if (mxw_name_n_labels(name) == 1)
		return MXW_FORM_SINGLE_LABEL;
	return mxw_name_is_hostname(name) ? MXW_FORM_HOSTNAME : MXW_FORM_ODD;
}

static bool is_seen_whole(const struct mxw_answer *answer)
{
	return mxw_lookup_is_determinate(answer) && answer->n_rrs <= MXW_MAX_HOST_ADDRESSES;
}

bool mxw_host_is_open(const struct mxw_mx_host *host)
{
	return mxw_host_is_asked(host) && (!is_seen_whole(host->a) || !is_seen_whole(host->aaaa));
}

enum mxw_usable mxw_host_judge_usable(const struct mxw_mx_host *host)
{
	struct mxw_ip ip;
	if (!mxw_host_is_asked(host))
		return MXW_USABLE_NO;
	for (size_t cursor = 0; mxw_host_next_address(host, &cursor, &ip);)
		if (!mxw_ip_special_block(&ip))
			return MXW_USABLE_YES;
	return mxw_host_is_open(host) ? MXW_USABLE_UNKNOWN : MXW_USABLE_NO;
}

static int compare_rdata(const void *key, const void *element)
{
	const struct mxw_rr *rr = element;
	return rr->n_rdata == 4 ? memcmp(key, rr->rdata, 4) : (rr->n_rdata < 4) - (rr->n_rdata > 4);
}

/* Made by a DNS64 of an A record; to be supposed while the A records are not to be seen. The records of an answer are
 * sorted by RDATA, so that a hostile number of addresses costs no product. */
static bool is_synthesised(const struct mxw_mx_host *host, const struct mxw_ip *ip)
{
	if (!mxw_ip_in_prefix(ip, &dns64_prefix, DNS64_PREFIX_BITS))
		return false;
	if (!mxw_lookup_is(host->a, MXW_OUTCOME_ANSWER))
		return !mxw_lookup_is_determinate(host->a);
	return bsearch(ip->bytes + 12, host->a->rrs, host->a->n_rrs, sizeof(*host->a->rrs), compare_rdata) != NULL;
}

static size_t n_readable(const struct mxw_answer *answer)
{
	size_t n = mxw_lookup_is(answer, MXW_OUTCOME_ANSWER) ? answer->n_rrs : 0;
	return MXW_MIN(n, (size_t)MXW_MAX_HOST_ADDRESSES);
}

bool mxw_host_next_address(const struct mxw_mx_host *host, size_t *cursor, struct mxw_ip *ret)
{
	size_t n_a = n_readable(host->a), n_aaaa = n_readable(host->aaaa);
	while (*cursor < n_a + n_aaaa) {
		size_t i = (*cursor)++;
		const struct mxw_rr *rr = i < n_a ? &host->a->rrs[i] : &host->aaaa->rrs[i - n_a];
		if (mxw_rr_ip(rr, ret) && !is_synthesised(host, ret))
			return true;
	}
	return false;
}

bool mxw_host_has_address(const struct mxw_mx_host *host, const struct mxw_ip *ip)
{
	struct mxw_ip other;
	for (size_t cursor = 0; mxw_host_next_address(host, &cursor, &other);)
		if (mxw_ip_equal(&other, ip))
			return true;
	return false;
}

size_t mxw_host_count_addresses(const struct mxw_mx_host *host, uint8_t family)
{
	struct mxw_ip ip;
	size_t n = 0;
	for (size_t cursor = 0; mxw_host_next_address(host, &cursor, &ip);)
		n += ip.family == family;
	return n;
}
