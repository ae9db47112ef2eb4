/* Domain names as SPF meets them: raw text from records, macros and SMTP, where only dots mean something. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/dns/name.h"

/* Canonical name (lib/dns/name.h) of raw text: every octet but '.' stands for itself, one final dot is allowed. -EINVAL for a
 * name that DNS cannot hold: empty, an empty label, a label over 63 octets, more than 253 octets. */
int mxw_spf_domain_name(const char *text, size_t n, char ret[MXW_NAME_TEXT_MAX]);

/* What check_host() takes for its <domain> (RFC 7208 4.3): a name of at least two labels that DNS can hold, and no address
 * literal ("[192.0.2.1]"). */
bool mxw_spf_domain_is_usable(const char *text, size_t n);
