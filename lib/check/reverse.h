/* The addresses whose reverse DNS counts for a domain, and whether each is confirmed by a forward lookup (FCrDNS:
 * RFC 8601 2.7.3 "iprev"; findings.md 7). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/check/mx_set.h"
#include "lib/finding/severity.h"
#include "lib/target/target.h"

enum {
	MXW_MAX_REVERSE = 40,       /* addresses of one domain that are looked up; those after it stay unknown */
	MXW_MAX_REVERSE_NAMES = 10, /* PTR records of one address that are confirmed; the rest is ignored */
};

/* Who the address is to the domain; decides how much its reverse DNS matters. */
enum mxw_reverse_role {
	MXW_ROLE_DECLARED,    /* configured to send mail of the domain */
	MXW_ROLE_RECEIVER,    /* an MX host in the domain's own organisational domain */
	MXW_ROLE_INFERRED,    /* an MX host of somebody else that the domain's SPF record lets send */
	MXW_ROLE_THIRD_PARTY, /* an MX host of somebody else */
	MXW_N_ROLES,
};

enum mxw_fcrdns { MXW_FCRDNS_NONE /* no PTR record */, MXW_FCRDNS_FAIL, MXW_FCRDNS_UNKNOWN, MXW_FCRDNS_PASS };

struct mxw_reverse {
	struct mxw_ip ip;
	char text[MXW_IP_TEXT_MAX];
	char name[MXW_IP_REVERSE_MAX]; /* "4.3.2.1.in-addr.arpa" */
	enum mxw_reverse_role role;
	bool may_be_inferred; /* THIRD_PARTY, and a failed lookup hides whether SPF lets it send */
	uint32_t hosts;       /* bit i: host i of the MX set has this address and is usable */
	bool is_send_ip;
	const struct mxw_answer *ptr; /* NULL: not answered */
	enum mxw_fcrdns fcrdns;
};

struct mxw_reverses {
	struct mxw_reverse items[MXW_MAX_REVERSE];
	size_t n;
	enum mxw_reverse_role beyond; /* the worst role among the addresses that had no place; MXW_N_ROLES: none */
};

/* The role of the addresses of an MX host. */
enum mxw_reverse_role mxw_reverse_host_role(const struct mxw_target *target, const struct mxw_mx_host *host);

/* The declared senders and all addresses of usable MX hosts, each once, with what the observation says about them. */
void mxw_reverses_read(struct mxw_reverses *ret, const struct mxw_target *target, const struct mxw_mx_set *set,
		       const struct mxw_observation *observation);

/* Asks for all PTR records, then for the addresses of all names in them. True when nothing is missing any more. */
bool mxw_reverses_ask(const struct mxw_reverses *reverses, const struct mxw_observation *observation,
		      struct mxw_missing *missing);

/* Gives the role INFERRED to what SPF lets send as the domain, of the addresses of others that are not confirmed: to those
 * that are it makes no difference. To be called when nothing else is missing; names what SPF needs, `missing` may be NULL.
 * 0 or -ENOMEM. */
int mxw_reverses_infer(struct mxw_reverses *reverses, const struct mxw_target *target, const struct mxw_mx_set *set,
		       const struct mxw_observation *observation, struct mxw_missing *missing);

/* The first name, in the order of the answer, that leads back to the address: YES with *ret, NO; UNKNOWN while a failed
 * lookup may hide it. */
enum mxw_vote mxw_reverse_confirmed_name(const struct mxw_reverse *reverse, const struct mxw_observation *observation,
					 const char **ret);

/* Type of the forward lookup: A or AAAA. */
uint16_t mxw_reverse_type(const struct mxw_reverse *reverse);
/* PTR records that are looked at. */
size_t mxw_reverse_n_names(const struct mxw_reverse *reverse);
const char *mxw_reverse_name(const struct mxw_reverse *reverse, size_t i);
