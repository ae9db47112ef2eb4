/* What a reverse name looks like: made by a machine for an access line, or broken. */
#pragma once

#include <stdbool.h>

#include "lib/base/ip.h"
#include "lib/dns/name.h"

/* The name holds most of the address (three octets of IPv4 in a row, in decimal or hexadecimal, forward or reversed;
 * eight nibbles of IPv6), or a word of access lines ("dyn", "dsl", "pool", ...) left of its organisational domain. */
bool mxw_reverse_name_is_generic(const char *name, const struct mxw_ip *ip);

/* No host name: one label, localhost, an address, an odd octet, or the reverse zone still behind it. */
bool mxw_reverse_name_is_malformed(const char *name);

/* The name without the reverse zone that a missing final dot put behind it ("mail.example.com.2.0.192.in-addr.arpa");
 * false if there is none or nothing useful is left. */
bool mxw_reverse_name_strip(const char *name, char ret[MXW_NAME_TEXT_MAX]);
