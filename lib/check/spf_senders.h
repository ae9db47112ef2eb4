/* The hosts that send mail of a domain, or may, and what SPF says to each of them (findings.md 8, "dynamic"). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/check/mx_set.h"
#include "lib/check/spf_host.h"
#include "lib/finding/severity.h"
#include "lib/spf/tree.h"
#include "lib/target/target.h"

enum { MXW_MAX_SPF_SENDERS = 40 }; /* addresses of one domain that are evaluated; those after it stay unknown */

struct mxw_spf_sender {
	struct mxw_ip ip;
	char text[MXW_IP_TEXT_MAX];
	bool is_send_ip;
	bool is_declared;               /* of send_ip, or of an MX host with mx_hosts_send: yes */
	const struct mxw_mx_host *host; /* the first usable MX host with this address; NULL */
	/* Of declared senders: the confirmed reverse name, which the host greets with: YES with `name`, NO, UNKNOWN. */
	enum mxw_vote has_name;
	const char *name; /* borrowed from the observation */
	struct mxw_spf_host_result spf;
};

struct mxw_spf_senders {
	struct mxw_spf_sender items[MXW_MAX_SPF_SENDERS];
	size_t n;
	bool lacks_declared, lacks_hosts; /* declared senders, and addresses of hosts, that had no place */
};

/* Whether it matters that SPF covers the host: it is declared to send, or it is the domain's own and nothing is declared. */
bool mxw_spf_host_matters(const struct mxw_target *target, const struct mxw_mx_host *host);

/* The declared senders, then the addresses of usable hosts of the set that matter, each once. Names what is missing to tell
 * what the declared ones are called; `missing` may be NULL. Replaces earlier senders; zero-initialised is empty. */
void mxw_spf_senders_list(struct mxw_spf_senders *senders, const struct mxw_target *target,
			  const struct mxw_mx_set *set, const struct mxw_observation *observation,
			  struct mxw_missing *missing);
/* Evaluates each of them, if the tree's root can be read, and names what that needs; `missing` may be NULL. Forty hosts and
 * records of 64 KiB take a while: to be called when the list and the tree miss nothing any more. 0 or -ENOMEM. */
int mxw_spf_senders_evaluate(struct mxw_spf_senders *senders, const struct mxw_target *target,
			     const struct mxw_spf_tree *tree, const struct mxw_observation *observation,
			     struct mxw_missing *missing);
void mxw_spf_senders_done(struct mxw_spf_senders *senders);

/* Every declared sender passes: YES; NO also when none is declared; UNKNOWN when a failed lookup hides it. */
enum mxw_vote mxw_spf_senders_pass(const struct mxw_spf_senders *senders);
size_t mxw_spf_senders_n_declared(const struct mxw_spf_senders *senders);
/* The first declared sender whose evaluation met this problem; NULL if there is none. */
const struct mxw_spf_sender *mxw_spf_senders_with(const struct mxw_spf_senders *senders, enum mxw_spf_problem problem);
/* The result of a declared sender is not decided, or not known at all. */
bool mxw_spf_senders_are_open(const struct mxw_spf_senders *senders);
