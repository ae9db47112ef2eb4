/* IPv4 and IPv6 addresses as values: parse, print, compare, reverse name, special-purpose block. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mxw_ip {
	uint8_t family;    /* 4 or 6 */
	uint8_t bytes[16]; /* network order; 4 used for IPv4, the rest zero */
};

enum { MXW_IP_TEXT_MAX = 46, MXW_IP_REVERSE_MAX = 74 };

/* Strict textual forms of inet_pton(3); no zone, no prefix, no brackets. -EINVAL otherwise. */
int mxw_ip_parse(const char *text, struct mxw_ip *ret);
struct mxw_ip mxw_ip_from_bytes(uint8_t family, const uint8_t *bytes);  /* 4 or 16 octets */
void mxw_ip_format(const struct mxw_ip *ip, char ret[MXW_IP_TEXT_MAX]); /* RFC 5952 */
bool mxw_ip_equal(const struct mxw_ip *a, const struct mxw_ip *b);
int mxw_ip_compare(const struct mxw_ip *a, const struct mxw_ip *b); /* IPv4 first, then by octets */

/* "4.3.2.1.in-addr.arpa" or the nibble form under ip6.arpa (RFC 1035 3.5, RFC 3596 2.5), no final dot. */
void mxw_ip_reverse_name(const struct mxw_ip *ip, char ret[MXW_IP_REVERSE_MAX]);

/* The IANA special-purpose block (RFC 6890, RFC 8190) with Globally Reachable = False that holds the address, as
 * "10.0.0.0/8 (RFC 1918)", static; NULL if it is globally reachable. */
const char *mxw_ip_special_block(const struct mxw_ip *ip);

/* Loopback or unspecified: an MX host with it points every sender at itself. */
bool mxw_ip_is_self(const struct mxw_ip *ip);

bool mxw_ip_in_prefix(const struct mxw_ip *ip, const struct mxw_ip *prefix, unsigned bits);
