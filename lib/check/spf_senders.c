/* Who sends, and what SPF says to it; see spf_senders.h. */
#include "lib/check/spf_senders.h"

#include <errno.h>
#include <string.h>

#include "lib/check/lookup.h"
#include "lib/check/reverse.h"

_Static_assert((int)MXW_MAX_REVERSE == (int)MXW_MAX_SPF_SENDERS,
	       "each declared sender has a reverse name, and a place");

bool mxw_spf_host_matters(const struct mxw_target *target, const struct mxw_mx_host *host)
{
	switch (target->profile->mx_hosts_send) {
	case MXW_YES:
		return true;
	case MXW_NO:
		return false;
	default:
		return strcmp(mxw_target_org_domain(host->name), mxw_target_org_domain(target->domain)) == 0;
	}
}

/* ---- which hosts ---- */

/* The entry of the address, new or old; NULL when the list is full. */
static struct mxw_spf_sender *find_or_add(struct mxw_spf_senders *senders, const struct mxw_ip *ip)
{
	for (size_t i = 0; i < senders->n; i++)
		if (mxw_ip_equal(&senders->items[i].ip, ip))
			return &senders->items[i];
	if (senders->n == MXW_MAX_SPF_SENDERS)
		return NULL;
	struct mxw_spf_sender *sender = &senders->items[senders->n++];
	*sender = (struct mxw_spf_sender){ .ip = *ip, .has_name = MXW_VOTE_NO };
	mxw_ip_format(ip, sender->text);
	return sender;
}

/* The hosts of send_ip and, where they are declared too, the MX hosts; with the names that lead back to them. */
static void add_declared(struct mxw_spf_senders *senders, const struct mxw_target *target, const struct mxw_mx_set *set,
			 const struct mxw_observation *observation, struct mxw_missing *missing)
{
	static const struct mxw_mx_set nobody;
	struct mxw_reverses reverses;
	mxw_reverses_read(&reverses, target, target->profile->mx_hosts_send == MXW_YES ? set : &nobody, observation);
	if (missing)
		mxw_reverses_ask(&reverses, observation, missing);
	senders->lacks_declared = reverses.beyond != MXW_N_ROLES;
	for (size_t i = 0; i < reverses.n; i++) {
		struct mxw_spf_sender *sender = find_or_add(senders, &reverses.items[i].ip);
		sender->is_send_ip = reverses.items[i].is_send_ip;
		sender->is_declared = true;
		sender->has_name = mxw_reverse_confirmed_name(&reverses.items[i], observation, &sender->name);
	}
}

static void add_host(struct mxw_spf_senders *senders, const struct mxw_mx_host *host)
{
	struct mxw_ip ip;
	for (size_t cursor = 0; mxw_host_next_address(host, &cursor, &ip);) {
		if (mxw_ip_special_block(&ip))
			continue;
		struct mxw_spf_sender *sender = find_or_add(senders, &ip);
		senders->lacks_hosts |= !sender;
		if (sender && !sender->host)
			sender->host = host;
	}
}

void mxw_spf_senders_list(struct mxw_spf_senders *senders, const struct mxw_target *target,
			  const struct mxw_mx_set *set, const struct mxw_observation *observation,
			  struct mxw_missing *missing)
{
	mxw_spf_senders_done(senders);
	add_declared(senders, target, set, observation, missing);
	for (size_t i = 0; i < set->n_hosts; i++)
		if (set->hosts[i].usable == MXW_USABLE_YES && mxw_spf_host_matters(target, &set->hosts[i]))
			add_host(senders, &set->hosts[i]);
}

/* ---- what SPF says ---- */

static bool has_macros(const struct mxw_spf_tree *tree)
{
	for (const struct mxw_spf_node *node = NULL; (node = mxw_spf_tree_next(tree, node));)
		for (size_t i = 0; i < node->n_branches; i++)
			if (node->branches[i].has_macro)
				return true;
	return false;
}

static const char *helo_of(const struct mxw_spf_sender *sender, const struct mxw_target *target)
{
	if (sender->has_name == MXW_VOTE_YES)
		return sender->name;
	return sender->host && !sender->is_send_ip ? sender->host->name : target->domain;
}

int mxw_spf_senders_evaluate(struct mxw_spf_senders *senders, const struct mxw_target *target,
			     const struct mxw_spf_tree *tree, const struct mxw_observation *observation,
			     struct mxw_missing *missing)
{
	int r = 0;
	if (tree->root->state != MXW_SPF_NODE_GOOD)
		return 0; /* the same to everybody */
	bool is_helo_read = has_macros(tree), waits[2] = { false, false };
	for (size_t i = 0; r == 0 && i < senders->n; i++) {
		struct mxw_spf_sender *sender = &senders->items[i];
		bool is_v6 = sender->ip.family == 6;
		if (waits[is_v6])
			continue;
		r = mxw_spf_host_check(target->domain, &sender->ip, helo_of(sender, target), observation, missing,
				       &sender->spf);
		if (sender->has_name == MXW_VOTE_UNKNOWN && is_helo_read)
			sender->spf.is_decided = false; /* evaluated with another HELO name than it has, perhaps */
		waits[is_v6] = sender->spf.waits_with_others;
	}
	return r;
}

void mxw_spf_senders_done(struct mxw_spf_senders *senders)
{
	for (size_t i = 0; i < senders->n; i++)
		mxw_spf_host_result_done(&senders->items[i].spf);
	senders->n = 0;
	senders->lacks_declared = senders->lacks_hosts = false;
}

/* ---- all together ---- */

size_t mxw_spf_senders_n_declared(const struct mxw_spf_senders *senders)
{
	size_t n = 0;
	for (size_t i = 0; i < senders->n; i++)
		n += senders->items[i].is_declared;
	return n;
}

bool mxw_spf_senders_are_open(const struct mxw_spf_senders *senders)
{
	for (size_t i = 0; i < senders->n; i++)
		if (senders->items[i].is_declared && !senders->items[i].spf.is_decided)
			return true;
	return senders->lacks_declared;
}

enum mxw_vote mxw_spf_senders_pass(const struct mxw_spf_senders *senders)
{
	for (size_t i = 0; i < senders->n; i++) {
		const struct mxw_spf_sender *sender = &senders->items[i];
		if (sender->is_declared && sender->spf.is_decided && sender->spf.evaluation.result != MXW_SPF_PASS)
			return MXW_VOTE_NO;
	}
	if (mxw_spf_senders_are_open(senders))
		return MXW_VOTE_UNKNOWN;
	return mxw_spf_senders_n_declared(senders) ? MXW_VOTE_YES : MXW_VOTE_NO;
}

const struct mxw_spf_sender *mxw_spf_senders_with(const struct mxw_spf_senders *senders, enum mxw_spf_problem problem)
{
	for (size_t i = 0; i < senders->n; i++) {
		const struct mxw_spf_sender *sender = &senders->items[i];
		if (sender->is_declared && sender->spf.is_decided && sender->spf.evaluation.problem == problem)
			return sender;
	}
	return NULL;
}
