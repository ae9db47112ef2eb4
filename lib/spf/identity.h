/* Who sent a message, as SMTP told it: client address, HELO name, reverse-path (RFC 7208 2.3, 2.4, 4.1, 4.3). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/ip.h"
#include "lib/base/strbuf.h"

struct mxw_spf_identity {
	struct mxw_ip ip; /* of the client; an IPv4-mapped IPv6 address is made IPv4 (5) */
	char *domain;     /* to check, as written but A-labels for U-labels; may be unusable: then the result is none */
	char *local_part; /* as written, quotes included; "postmaster" if it is missing (4.3) */
	char *helo;       /* as written, "" if missing; A-labels for U-labels */
	bool is_helo;     /* the HELO identity: the reverse-path is empty (2.4) */
};

/* `mail_from` is "local@domain", with or without "<>"; empty for the null reverse-path. The last "@" outside quotes
 * divides. A text without "@" is a domain without local part. `helo` may be NULL: missing. -ENOMEM, or 0. */
int mxw_spf_identity_init(struct mxw_spf_identity *ret, const struct mxw_ip *ip, const char *helo,
			  const char *mail_from);
void mxw_spf_identity_done(struct mxw_spf_identity *identity);
