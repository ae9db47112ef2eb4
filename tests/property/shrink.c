/* Smaller plans; see shrink.h. Each step proposes one simpler plan and keeps it if it still fails; all of them are tried again
 * until none helps. */
#include "tests/property/shrink.h"

#include <string.h>

#include "lib/base/util.h"

enum { MAX_TRIES = 2000 };

struct shrinker {
	struct plan *plan;
	bool (*fails)(void *arg, const struct plan *plan);
	void *arg;
	unsigned n_tries;
	bool has_helped;
};

/* Keeps the proposal if it still fails. */
static bool propose(struct shrinker *shrinker, const struct plan *proposal)
{
	if (shrinker->n_tries == MAX_TRIES || memcmp(proposal, shrinker->plan, sizeof(*proposal)) == 0)
		return false;
	shrinker->n_tries++;
	if (!shrinker->fails(shrinker->arg, proposal))
		return false;
	*shrinker->plan = *proposal;
	shrinker->has_helped = true;
	return true;
}

/* ---- fewer deeds ---- */

static void drop_deeds(struct plan *plan, size_t from, size_t n)
{
	memmove(&plan->deeds[from], &plan->deeds[from + n], (plan->n_deeds - from - n) * sizeof(plan->deeds[0]));
	memset(&plan->deeds[plan->n_deeds - n], 0, n * sizeof(plan->deeds[0]));
	plan->n_deeds -= n;
}

static void shrink_deeds(struct shrinker *shrinker)
{
	for (size_t n = shrinker->plan->n_deeds; n > 0; n /= 2)
		for (size_t from = 0; from + n <= shrinker->plan->n_deeds;) {
			struct plan proposal = *shrinker->plan;
			drop_deeds(&proposal, from, n);
			if (!propose(shrinker, &proposal))
				from += n;
		}
}

/* ---- less time ---- */

/* Everything from this deed on, or the end only, comes earlier. */
static void pull(struct plan *plan, size_t from, int64_t by_ms)
{
	for (size_t i = from; i < plan->n_deeds; i++)
		plan->deeds[i].at_ms -= by_ms;
	plan->end_ms -= by_ms;
}

static void shrink_gap(struct shrinker *shrinker, size_t i)
{
	static const int64_t units[] = { 10 * MINUTE, MINUTE, SECOND };
	const struct plan *plan = shrinker->plan;
	int64_t at_ms = i < plan->n_deeds ? plan->deeds[i].at_ms : plan->end_ms;
	int64_t gap_ms = at_ms - (i ? plan->deeds[i - 1].at_ms : 0);
	struct plan proposal = *plan;
	pull(&proposal, i, gap_ms);
	if (propose(shrinker, &proposal))
		return;
	for (int64_t by_ms = gap_ms / 2; by_ms >= MINUTE; by_ms /= 2) {
		proposal = *shrinker->plan;
		pull(&proposal, i, by_ms);
		propose(shrinker, &proposal);
	}
	for (size_t k = 0; k < MXW_ARRAY_SIZE(units); k++) { /* and to a number that people can read */
		plan = shrinker->plan;
		at_ms = i < plan->n_deeds ? plan->deeds[i].at_ms : plan->end_ms;
		gap_ms = at_ms - (i ? plan->deeds[i - 1].at_ms : 0);
		proposal = *plan;
		pull(&proposal, i, gap_ms % units[k]);
		if (propose(shrinker, &proposal))
			return;
	}
}

static void shrink_times(struct shrinker *shrinker)
{
	for (size_t i = 0; i <= shrinker->plan->n_deeds; i++)
		shrink_gap(shrinker, i);
}

/* ---- fewer things ---- */

static bool is_about_domain(const struct deed *deed)
{
	return deed->kind == DEED_SAY || deed->kind == DEED_SILENCE || deed->kind == DEED_ACK;
}

static void shrink_domains(struct shrinker *shrinker)
{
	unsigned n = shrinker->plan->n_domains;
	struct plan proposal = *shrinker->plan;
	if (n == 1)
		return;
	proposal.n_domains--;
	for (size_t i = proposal.n_deeds; i > 0; i--)
		if (is_about_domain(&proposal.deeds[i - 1]) && proposal.deeds[i - 1].who == n - 1)
			drop_deeds(&proposal, i - 1, 1);
	for (size_t i = 0; i < proposal.n_configs; i++) {
		proposal.configs[i].domains &= ~(1u << (n - 1));
		proposal.configs[i].maintained &= ~(1u << (n - 1));
		if (!proposal.configs[i].domains)
			proposal.configs[i].domains = 1;
	}
	propose(shrinker, &proposal);
	proposal = *shrinker->plan; /* or the others go, and this one becomes the first */
	for (size_t i = 0; i < proposal.n_deeds; i++)
		if (is_about_domain(&proposal.deeds[i]) && proposal.deeds[i].who != PLAN_ALL)
			proposal.deeds[i].who = proposal.deeds[i].who == n - 1 ? 0 : n - 1;
	propose(shrinker, &proposal);
}

static void shrink_resolvers(struct shrinker *shrinker)
{
	for (unsigned r = PLAN_MAX_RESOLVERS; r > 0; r--) {
		struct plan proposal = *shrinker->plan;
		bool is_possible = true;
		for (size_t i = 0; i < proposal.n_configs; i++) {
			proposal.configs[i].resolvers &= ~(1u << (r - 1));
			is_possible = is_possible && proposal.configs[i].resolvers;
		}
		if (is_possible)
			propose(shrinker, &proposal);
	}
}

/* What no configuration has is not there at all. */
static void shrink_names(struct shrinker *shrinker)
{
	struct plan proposal = *shrinker->plan;
	uint32_t resolvers = 0, notifiers = 0;
	for (size_t i = 0; i < proposal.n_configs; i++) {
		resolvers |= proposal.configs[i].resolvers;
		notifiers |= proposal.configs[i].notifiers;
	}
	while (!(resolvers & 1u << (proposal.n_resolvers - 1)))
		proposal.n_resolvers--;
	while (!(notifiers & 1u << (proposal.n_notifiers - 1)))
		proposal.n_notifiers--;
	propose(shrinker, &proposal);
}

static void shrink_notifiers(struct shrinker *shrinker)
{
	for (unsigned n = PLAN_MAX_NOTIFIERS; n > 0; n--) {
		struct plan proposal = *shrinker->plan;
		bool is_possible = true;
		for (size_t i = 0; i < proposal.n_configs; i++) {
			proposal.configs[i].notifiers &= ~(1u << (n - 1));
			proposal.configs[i].is_routed = false;
			is_possible = is_possible && proposal.configs[i].notifiers;
		}
		if (is_possible)
			propose(shrinker, &proposal);
	}
}

/* ---- simpler settings ---- */

static void set_one(struct plan *plan, void (*set)(struct plan_config *config))
{
	for (size_t i = 0; i < plan->n_configs; i++)
		set(&plan->configs[i]);
}

static void set_no_flapping(struct plan_config *config)
{
	config->flapping_changes = 0;
}
static void set_no_reminders(struct plan_config *config)
{
	config->n_reminders = 0;
}
static void set_no_spf(struct plan_config *config)
{
	config->has_spf = false;
}
static void set_no_routes(struct plan_config *config)
{
	config->is_routed = false;
}
static void set_no_window(struct plan_config *config)
{
	config->maintained = 0;
}
static void set_majority(struct plan_config *config)
{
	config->quorum = 0;
}
static void set_canaries(struct plan_config *config)
{
	config->has_canaries = true;
}
static void set_hasty(struct plan_config *config)
{
	config->failure_threshold = config->success_threshold = 1;
}
static void set_young(struct plan_config *config)
{
	memset(config->confirm_ms, 0, sizeof(config->confirm_ms));
}

static void shrink_settings(struct shrinker *shrinker)
{
	static void (*const sets[])(struct plan_config * config) = {
		set_no_flapping, set_no_reminders, set_no_spf, set_no_routes, set_no_window,
		set_majority,    set_canaries,     set_hasty,  set_young,
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(sets); i++) {
		struct plan proposal = *shrinker->plan;
		set_one(&proposal, sets[i]);
		propose(shrinker, &proposal);
	}
}

/* All reloads bring what is there already. */
static void shrink_configs(struct shrinker *shrinker)
{
	for (size_t i = 1; i < shrinker->plan->n_configs; i++) {
		struct plan proposal = *shrinker->plan;
		proposal.configs[i] = proposal.configs[0];
		propose(shrinker, &proposal);
	}
	for (size_t i = 0; i < shrinker->plan->n_deeds; i++) {
		struct plan proposal = *shrinker->plan;
		if (proposal.deeds[i].kind == DEED_KILL || proposal.deeds[i].kind == DEED_RELOAD)
			proposal.deeds[i].what = 0;
		propose(shrinker, &proposal);
	}
}

void shrink(struct plan *plan, bool (*fails)(void *arg, const struct plan *plan), void *arg)
{
	struct shrinker shrinker = { .plan = plan, .fails = fails, .arg = arg, .has_helped = true };
	while (shrinker.has_helped && shrinker.n_tries < MAX_TRIES) {
		shrinker.has_helped = false;
		shrink_deeds(&shrinker);
		shrink_configs(&shrinker);
		shrink_settings(&shrinker);
		shrink_domains(&shrinker);
		shrink_resolvers(&shrinker);
		shrink_notifiers(&shrinker);
		shrink_names(&shrinker);
		shrink_times(&shrinker);
	}
}
