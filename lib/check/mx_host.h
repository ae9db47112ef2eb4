/* One mail host that an MX record names: what its name looks like, which addresses it has, whether mail can reach it
 * (findings.md 5, "usable"). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/ip.h"
#include "lib/dns/answer.h"

/* Addresses of one family that are read of one host. No mail host has more; a hostile answer can hold thousands, and every
 * check walks them. */
enum { MXW_MAX_HOST_ADDRESSES = 64 };

/* What the name alone says. */
enum mxw_host_form {
	MXW_FORM_HOSTNAME, /* RFC 952, RFC 1123 2.1 */
	MXW_FORM_ODD,      /* no host name, though DNS may hold addresses for it: asked all the same */
	/* The rest cannot be a mail host, whatever DNS holds: never asked, dead. */
	MXW_FORM_IP,
	MXW_FORM_LOCALHOST, /* RFC 6761 6.3 */
	MXW_FORM_SPECIAL,   /* below a special-use name */
	MXW_FORM_SINGLE_LABEL,
	MXW_FORM_PROOF, /* Microsoft's proof of ownership below msv1.invalid: neither target nor dead; mx_set.h decides */
};

enum mxw_usable { MXW_USABLE_NO, MXW_USABLE_UNKNOWN, MXW_USABLE_YES };

struct mxw_mx_host {
	const char *name;    /* canonical; borrowed from the MX answer */
	uint16_t preference; /* the best it is listed with */
	uint16_t worst_preference;
	unsigned n_rrs; /* records that name it */
	enum mxw_host_form form;
	const struct mxw_answer *a, *aaaa; /* NULL: not asked or not answered */
	enum mxw_usable usable;
};

/* MXW_FORM_PROOF is no form of a name alone: such names are SPECIAL here. */
enum mxw_host_form mxw_host_form_of(const char *name);

static inline bool mxw_host_is_asked(const struct mxw_mx_host *host)
{
	return host->form <= MXW_FORM_ODD;
}

/* A lookup of its addresses failed, or there are more than MXW_MAX_HOST_ADDRESSES: some are not seen. */
bool mxw_host_is_open(const struct mxw_mx_host *host);

/* At least one globally reachable address; UNKNOWN while a failed lookup could still bring one. */
enum mxw_usable mxw_host_judge_usable(const struct mxw_mx_host *host);

/* Walks the addresses: IPv4, then IPv6. Start with *cursor 0; false at the end. AAAA records that a DNS64 made of one of
 * the A records (RFC 6147) are no addresses of the host and are left out, also while the A records are not known. */
bool mxw_host_next_address(const struct mxw_mx_host *host, size_t *cursor, struct mxw_ip *ret);
bool mxw_host_has_address(const struct mxw_mx_host *host, const struct mxw_ip *ip);
size_t mxw_host_count_addresses(const struct mxw_mx_host *host, uint8_t family); /* 4 or 6 */
