/* One round over a registry of small checks of this test's own: what is asked, when it is complete, what is judged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "lib/round/round.h"

static const struct mxw_finding_def gone = { .id = "t-gone", .severity = MXW_CRITICAL };
static const struct mxw_finding_def dead = { .id = "t-dead", .severity = MXW_WARNING };
static const struct mxw_finding_def fine = { .id = "t-fine", .severity = MXW_OK };
static const struct mxw_finding_def limit = { .id = "t-limit", .severity = MXW_INFO };

/* The hosts of a domain and their addresses: two turns. */
static int ask_hosts(const struct mxw_target *target, const struct mxw_values *options,
		     const struct mxw_observation *observation, uint64_t seed, struct mxw_missing *ret)
{
	const struct mxw_answer *mx = mxw_observation_want(observation, ret, target->domain, MXW_TYPE_MX);
	for (size_t i = 0; mx && i < mx->n_rrs; i++)
		mxw_observation_want(observation, ret, mx->rrs[i].name, MXW_TYPE_A);
	return 0;
}

static bool is_unknown(const struct mxw_answer *answer)
{
	return !answer || !mxw_outcome_is_determinate(answer->outcome);
}

static int judge_hosts(const struct mxw_target *target, const struct mxw_values *options,
		       const struct mxw_observation *observation, struct mxw_findings *ret)
{
	const struct mxw_answer *mx = mxw_observation_get(observation, target->domain, MXW_TYPE_MX);
	if (is_unknown(mx)) {
		mxw_findings_add_unknown(ret, &gone, NULL);
		mxw_findings_add_unknown(ret, &dead, NULL);
		return 0;
	}
	mxw_findings_add(ret, mx->outcome == MXW_OUTCOME_NXDOMAIN ? &gone : &fine, target->domain);
	for (size_t i = 0; i < mx->n_rrs; i++) {
		const struct mxw_answer *a = mxw_observation_get(observation, mx->rrs[i].name, MXW_TYPE_A);
		if (is_unknown(a))
			mxw_findings_add_unknown(ret, &dead, mx->rrs[i].name);
		else if (a->outcome != MXW_OUTCOME_ANSWER)
			mxw_findings_add(ret, &dead, mx->rrs[i].name);
	}
	return 0;
}

/* A chain without end: the TXT of 1.example makes it ask for 2.example, and so on. */
static int ask_endless(const struct mxw_target *target, const struct mxw_values *options,
		       const struct mxw_observation *observation, uint64_t seed, struct mxw_missing *ret)
{
	char name[32];
	for (unsigned i = 1;; i++) {
		snprintf(name, sizeof(name), "%u.example", i);
		if (!mxw_observation_want(observation, ret, name, MXW_TYPE_TXT))
			return 0;
	}
}

/* Thousands of names at once. */
static int ask_flood(const struct mxw_target *target, const struct mxw_values *options,
		     const struct mxw_observation *observation, uint64_t seed, struct mxw_missing *ret)
{
	for (unsigned i = 0; i < 5000; i++) {
		char name[32];
		snprintf(name, sizeof(name), "f%u.example", i);
		mxw_observation_want(observation, ret, name, MXW_TYPE_A);
	}
	return 0;
}

static int judge_nothing(const struct mxw_target *target, const struct mxw_values *options,
			 const struct mxw_observation *observation, struct mxw_findings *ret)
{
	return 0;
}

static unsigned n_seed_asked; /* calls */

/* Shows what arrives: its option, the seed. */
static int ask_seed(const struct mxw_target *target, const struct mxw_values *options,
		    const struct mxw_observation *observation, uint64_t seed, struct mxw_missing *ret)
{
	char name[32];
	n_seed_asked++;
	snprintf(name, sizeof(name), "s%u.example", (unsigned)seed);
	mxw_observation_want(observation, ret, name, MXW_TYPE_A);
	return 0;
}

static int judge_limit(const struct mxw_target *target, const struct mxw_values *options,
		       const struct mxw_observation *observation, struct mxw_findings *ret)
{
	char subject[32];
	snprintf(subject, sizeof(subject), "%d", (int)mxw_values_get(options, "limit")->number);
	mxw_findings_add(ret, &limit, subject);
	return 0;
}

static const struct mxw_option options[] = {
	{ .name = "limit", .type = MXW_OPTION_INT, .fallback = "7", .doc = "A number." },
	{ 0 },
};

static const struct mxw_check check_hosts = { .name = "hosts", .ask = ask_hosts, .judge = judge_hosts };
static const struct mxw_check check_endless = { .name = "endless", .ask = ask_endless, .judge = judge_nothing };
static const struct mxw_check check_flood = { .name = "flood", .ask = ask_flood, .judge = judge_nothing };
static const struct mxw_check check_limit = {
	.name = "limit", .options = options, .ask = ask_seed, .judge = judge_limit
};
static const struct mxw_check check_hosts_again = { .name = "again", .ask = ask_hosts, .judge = judge_hosts };

const struct mxw_check *const mxw_checks[] = { &check_hosts, &check_endless, &check_flood, &check_limit,
					       &check_hosts_again };
const size_t mxw_n_checks = MXW_ARRAY_SIZE(mxw_checks);
enum { HOSTS = 1, ENDLESS = 2, FLOOD = 4, LIMIT = 8, AGAIN = 16 };

/* What a resolver of this test says: the domain has `n_hosts` exchanges "hN.example", whose addresses have one outcome. */
struct world {
	enum mxw_outcome mx, a;
	unsigned n_hosts;
};

static const struct world healthy = { MXW_OUTCOME_ANSWER, MXW_OUTCOME_ANSWER, 2 };
static const struct world broken = { MXW_OUTCOME_NXDOMAIN, MXW_OUTCOME_NXDOMAIN, 0 };
static const struct world failing = { MXW_OUTCOME_SERVFAIL, MXW_OUTCOME_SERVFAIL, 0 };
static const struct world hosts_fail = { MXW_OUTCOME_ANSWER, MXW_OUTCOME_TIMEOUT, 1 };
static const struct world hosts_dead = { MXW_OUTCOME_ANSWER, MXW_OUTCOME_NODATA, 1 };

static struct mxw_answer *new_answer(const struct world *world, uint16_t type)
{
	static char names[64][16];
	static const uint8_t address[] = { 192, 0, 2, 1 };
	struct mxw_rr rrs[64];
	struct mxw_answer_parts parts = { .head = { .outcome = type == MXW_TYPE_MX ? world->mx : world->a, .ede = -1 },
					  .rrs = rrs };
	parts.n_rrs = parts.head.outcome != MXW_OUTCOME_ANSWER ? 0 : type == MXW_TYPE_MX ? world->n_hosts : 1;
	for (unsigned i = 0; i < parts.n_rrs; i++) {
		snprintf(names[i], sizeof(names[i]), "h%u.example", i);
		rrs[i] = (struct mxw_rr){ .type = type,
					  .rdata = address,
					  .n_rdata = sizeof(address),
					  .name = type == MXW_TYPE_MX ? names[i] : NULL };
	}
	struct mxw_answer *answer;
	assert_int_equal(mxw_answer_new(&answer, &parts), 0);
	return answer;
}

static void answer_question(struct mxw_round *round, size_t view, const struct world *world, const char *name,
			    uint16_t type)
{
	struct mxw_answer *answer MXW_CLEANUP(mxw_answer_unrefp) = new_answer(world, type);
	assert_int_equal(mxw_round_answer(round, view, name, type, answer), 0);
}

static const struct mxw_missing *questions(struct mxw_round *round, size_t view)
{
	const struct mxw_missing *missing = NULL;
	assert_int_equal(mxw_round_questions(round, view, &missing), 0);
	return missing;
}

static struct mxw_round_spec make_spec(uint32_t checks, size_t n_views)
{
	static const struct mxw_profile profile;
	return (struct mxw_round_spec){
		.target = { .domain = "d.example", .profile = &profile },
		.checks = checks,
		.n_views = n_views,
		.voters = UINT32_MAX,
		.quorum = mxw_verdict_quorum(0, n_views),
		.seed = 42,
	};
}

static struct mxw_round *new_round(const struct mxw_round_spec *spec)
{
	struct mxw_round *round = NULL;
	assert_int_equal(mxw_round_new(&round, spec), 0);
	return round;
}

/* Answers every view until it has nothing to ask, one answer or all open ones at a time. Returns the number of questions
 * of view 0. */
static size_t run(struct mxw_round *round, const struct world *const *worlds, bool at_once)
{
	size_t n_asked = 0;
	for (size_t view = 0; view < mxw_round_get_spec(round)->n_views; view++) {
		struct mxw_missing queue = { 0 };
		size_t next = 0;
		for (;;) {
			const struct mxw_missing *fresh = questions(round, view);
			for (size_t i = 0; i < fresh->n; i++)
				mxw_missing_add(&queue, fresh->items[i].name, fresh->items[i].type);
			if (next == queue.n)
				break;
			for (size_t end = at_once ? queue.n : next + 1; next < end; next++)
				answer_question(round, view, worlds[view], queue.items[next].name,
						queue.items[next].type);
		}
		n_asked = view == 0 ? queue.n : n_asked;
		mxw_missing_done(&queue);
	}
	assert_true(mxw_round_is_complete(round));
	return n_asked;
}

static enum mxw_severity state_of(const struct mxw_round_spec *spec, const struct world *const *worlds)
{
	struct mxw_round *round = new_round(spec);
	run(round, worlds, true);
	assert_int_equal(mxw_round_state(round), MXW_UNKNOWN);
	assert_int_equal(mxw_round_judge(round), 0);
	enum mxw_severity state = mxw_round_state(round);
	mxw_round_free(round);
	return state;
}

static void test_questions_come_once_and_in_turns(void **state)
{
	struct mxw_round_spec spec = make_spec(HOSTS | AGAIN, 2);
	struct mxw_round *round = new_round(&spec);
	assert_false(mxw_round_is_complete(round));
	const struct mxw_missing *fresh = questions(round, 0);
	assert_int_equal(fresh->n, 1); /* two checks, one question */
	assert_string_equal(fresh->items[0].name, "d.example");
	assert_int_equal(fresh->items[0].type, MXW_TYPE_MX);
	assert_int_equal(questions(round, 0)->n, 0);
	assert_int_equal(questions(round, 1)->n, 1); /* each view asks for itself */
	assert_false(mxw_round_is_complete(round));
	answer_question(round, 0, &healthy, "d.example", MXW_TYPE_MX);
	answer_question(round, 0, &broken, "d.example", MXW_TYPE_MX); /* the first answer stays */
	assert_int_equal(questions(round, 0)->n, 2);
	answer_question(round, 0, &healthy, "h0.example", MXW_TYPE_A);
	assert_int_equal(questions(round, 0)->n, 0);
	answer_question(round, 0, &healthy, "h1.example", MXW_TYPE_A);
	answer_question(round, 1, &failing, "d.example", MXW_TYPE_MX);
	assert_false(mxw_round_is_complete(round)); /* the checks have not seen the last answers */
	assert_int_equal(questions(round, 0)->n, 0);
	assert_int_equal(questions(round, 1)->n, 0);
	assert_true(mxw_round_is_complete(round));
	assert_int_equal(mxw_observation_count(mxw_round_observation(round, 0)), 3);
	mxw_round_free(round);
	mxw_round_free(NULL);
}

/* A check that has what it wants is left alone while others go on, in each view for itself. */
static void test_settled_check(void **state)
{
	const struct world *const worlds[] = { &healthy, &healthy };
	struct mxw_round_spec spec = make_spec(LIMIT | ENDLESS, 2);
	struct mxw_round *round = new_round(&spec);
	n_seed_asked = 0;
	run(round, worlds, false);
	assert_int_equal(n_seed_asked, 2 * 3); /* nothing known, the other check's answer, its own answer */
	mxw_round_free(round);
}

static void test_votes(void **state)
{
	static const struct {
		const char *name;
		const struct world *worlds[3];
		enum mxw_severity state;
	} rows[] = {
		{ "healthy", { &healthy, &healthy, &healthy }, MXW_OK },
		{ "gone", { &broken, &broken, &broken }, MXW_CRITICAL },
		{ "one liar", { &broken, &healthy, &healthy }, MXW_OK },
		{ "one believes in it", { &broken, &healthy, &broken }, MXW_CRITICAL },
		{ "one fails", { &failing, &healthy, &healthy }, MXW_OK },
		{ "one fails, it is gone", { &failing, &broken, &broken }, MXW_CRITICAL },
		{ "two fail", { &failing, &failing, &healthy }, MXW_UNKNOWN },
		{ "two fail, one says gone", { &failing, &failing, &broken }, MXW_UNKNOWN },
		{ "all fail", { &failing, &failing, &failing }, MXW_UNKNOWN },
		{ "dead host", { &hosts_dead, &hosts_dead, &healthy }, MXW_WARNING },
		{ "addresses fail", { &hosts_fail, &hosts_fail, &healthy }, MXW_UNKNOWN },
	};
	const struct mxw_round_spec spec = make_spec(HOSTS, 3);
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		enum mxw_severity got = state_of(&spec, rows[i].worlds);
		if (got != rows[i].state)
			fail_msg("%s: %s", rows[i].name, mxw_severity_name(got));
	}
}

static void test_verdicts_of_the_round_only(void **state)
{
	const struct mxw_round_spec spec = make_spec(HOSTS, 1);
	const struct world *const worlds[] = { &hosts_dead };
	struct mxw_round *round = new_round(&spec);
	run(round, worlds, true);
	assert_null(mxw_round_verdict(round, 0));
	assert_int_equal(mxw_round_judge(round), 0);
	const struct mxw_verdict *verdict = mxw_round_verdict(round, 0);
	assert_int_equal(verdict->n_entries, 2);
	assert_ptr_equal(verdict->entries[0].def, &dead);
	assert_string_equal(verdict->entries[0].subject, "h0.example");
	assert_ptr_equal(verdict->entries[1].def, &fine);
	assert_null(mxw_round_verdict(round, 1));
	mxw_round_free(round);

	const struct mxw_round_spec nothing = make_spec(0, 1);
	round = new_round(&nothing);
	assert_int_equal(mxw_round_judge(round), 0);
	assert_int_equal(mxw_round_state(round), MXW_UNKNOWN);
	mxw_round_free(round);
}

static void test_dropped_voter(void **state)
{
	struct mxw_round_spec spec = make_spec(HOSTS, 3);
	struct mxw_round *round = new_round(&spec);
	for (size_t view = 0; view < 3; view++)
		assert_int_equal(questions(round, view)->n, 1);
	for (size_t view = 0; view < 2; view++) {
		answer_question(round, view, &broken, "d.example", MXW_TYPE_MX);
		assert_int_equal(questions(round, view)->n, 0);
	}
	assert_false(mxw_round_is_complete(round));
	mxw_round_drop_voter(round, 2);
	assert_true(mxw_round_is_complete(round));
	assert_int_equal(questions(round, 2)->n, 0);
	answer_question(round, 2, &healthy, "d.example", MXW_TYPE_MX); /* late: evidence, no vote */
	assert_true(mxw_round_is_complete(round));
	assert_int_equal(mxw_observation_count(mxw_round_observation(round, 2)), 1);
	assert_int_equal(mxw_round_judge(round), 0);
	assert_int_equal(mxw_round_state(round), MXW_CRITICAL);
	assert_int_equal(mxw_round_verdict(round, 0)->entries[0].votes.yes, 3);
	assert_int_equal(mxw_round_verdict(round, 0)->entries[0].votes.unknown, 4);
	mxw_round_drop_voter(round, 1);
	assert_int_equal(mxw_round_judge(round), 0); /* again, with fewer votes */
	assert_int_equal(mxw_round_state(round), MXW_UNKNOWN);
	mxw_round_free(round);

	spec.voters = 1;
	const struct world *const worlds[] = { &healthy, &healthy, &healthy };
	assert_int_equal(state_of(&spec, worlds), MXW_UNKNOWN); /* one vote of three is no quorum for OK */
}

static void test_incomplete_round_counts_as_failed(void **state)
{
	const struct mxw_round_spec spec = make_spec(HOSTS, 1);
	struct mxw_round *round = new_round(&spec);
	assert_int_equal(mxw_round_judge(round), 0);
	assert_int_equal(mxw_round_state(round), MXW_UNKNOWN);
	questions(round, 0);
	answer_question(round, 0, &hosts_dead, "d.example", MXW_TYPE_MX);
	assert_int_equal(mxw_round_judge(round), 0);
	assert_int_equal(mxw_round_state(round), MXW_UNKNOWN); /* the address is missing: not dead */
	mxw_round_free(round);
}

static void test_caps(void **state)
{
	const struct world wide = { MXW_OUTCOME_ANSWER, MXW_OUTCOME_ANSWER, 60 };
	const struct world *const worlds[] = { &wide };
	static const struct {
		uint32_t checks;
		size_t n_questions;
		enum mxw_round_cap cap;
	} rows[] = {
		{ HOSTS, 61, MXW_ROUND_CAP_NONE }, /* wide is not deep, however the answers arrive */
		{ ENDLESS, MXW_ROUND_MAX_ASKS, MXW_ROUND_CAP_TURNS },
		{ FLOOD, MXW_ROUND_MAX_QUESTIONS, MXW_ROUND_CAP_QUESTIONS },
		{ ENDLESS | FLOOD, MXW_ROUND_MAX_QUESTIONS, MXW_ROUND_CAP_QUESTIONS },
		{ ENDLESS | HOSTS, MXW_ROUND_MAX_ASKS + 61, MXW_ROUND_CAP_TURNS },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		for (int at_once = 0; at_once < 2; at_once++) {
			const struct mxw_round_spec spec = make_spec(rows[i].checks, 1);
			struct mxw_round *round = new_round(&spec);
			assert_int_equal(run(round, worlds, at_once), rows[i].n_questions);
			assert_int_equal(mxw_round_cap(round, 0), rows[i].cap);
			assert_int_equal(mxw_round_cap_text(round) != NULL, rows[i].cap != MXW_ROUND_CAP_NONE);
			mxw_round_drop_voter(round, 0);
			assert_null(mxw_round_cap_text(round));
			assert_int_equal(mxw_round_judge(round), 0);
			mxw_round_free(round);
		}
	}
}

static void test_overrides(void **state)
{
	static const struct {
		const char *name;
		const struct world *world;
		struct mxw_override overrides[3];
		enum mxw_severity state;
		size_t n_entries;
	} rows[] = {
		{ "none", &broken, { { 0 } }, MXW_CRITICAL, 1 },
		{ "milder", &broken, { { &gone, MXW_WARNING } }, MXW_WARNING, 1 },
		{ "advice", &broken, { { &gone, MXW_INFO } }, MXW_OK, 1 },
		{ "hidden", &broken, { { &gone, MXW_OFF } }, MXW_OK, 0 },
		{ "another one", &broken, { { &dead, MXW_OFF } }, MXW_CRITICAL, 1 },
		{ "louder", &hosts_dead, { { &dead, MXW_CRITICAL } }, MXW_CRITICAL, 2 },
		{ "the last entry wins",
		  &broken,
		  { { &gone, MXW_OFF }, { &dead, MXW_OFF }, { &gone, MXW_WARNING } },
		  MXW_WARNING,
		  1 },
		{ "unknown", &failing, { { 0 } }, MXW_UNKNOWN, 2 },
		{ "unknown, one made mild", &failing, { { &gone, MXW_INFO } }, MXW_UNKNOWN, 2 },
		{ "unknown, both made mild", &failing, { { &gone, MXW_INFO }, { &dead, MXW_OK } }, MXW_OK, 2 },
		{ "unknown, both hidden", &failing, { { &gone, MXW_OFF }, { &dead, MXW_OFF } }, MXW_OK, 0 },
		{ "unknown subject made mild", &hosts_fail, { { &dead, MXW_INFO } }, MXW_OK, 2 },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_round_spec spec = make_spec(HOSTS, 1);
		spec.overrides = rows[i].overrides;
		while (spec.n_overrides < 3 && rows[i].overrides[spec.n_overrides].def)
			spec.n_overrides++;
		struct mxw_round *round = new_round(&spec);
		run(round, &rows[i].world, true);
		assert_int_equal(mxw_round_judge(round), 0);
		if (mxw_round_state(round) != rows[i].state ||
		    mxw_round_verdict(round, 0)->n_entries != rows[i].n_entries)
			fail_msg("%s: %s, %zu entries", rows[i].name, mxw_severity_name(mxw_round_state(round)),
				 mxw_round_verdict(round, 0)->n_entries);
		mxw_round_free(round);
	}
}

static void assert_limit(const struct mxw_values *const *values, const char *expected)
{
	struct mxw_round_spec spec = make_spec(LIMIT, 1);
	spec.options = values;
	struct mxw_round *round = new_round(&spec);
	assert_string_equal(questions(round, 0)->items[0].name, "s42.example");
	assert_int_equal(mxw_round_judge(round), 0);
	assert_string_equal(mxw_round_verdict(round, 3)->entries[0].subject, expected);
	mxw_round_free(round);
}

static void test_options_and_seed_reach_the_check(void **state)
{
	struct mxw_values values;
	assert_int_equal(mxw_values_init(&values, options), 0);
	values.items[0].number = 9;
	const struct mxw_values *given[MXW_ARRAY_SIZE(mxw_checks)] = { [3] = &values };
	const struct mxw_values *const none[MXW_ARRAY_SIZE(mxw_checks)] = { 0 };
	assert_limit(given, "9");
	assert_limit(none, "7");
	assert_limit(NULL, "7");
	mxw_values_done(&values);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_questions_come_once_and_in_turns),
		cmocka_unit_test(test_settled_check),
		cmocka_unit_test(test_votes),
		cmocka_unit_test(test_verdicts_of_the_round_only),
		cmocka_unit_test(test_dropped_voter),
		cmocka_unit_test(test_incomplete_round_counts_as_failed),
		cmocka_unit_test(test_caps),
		cmocka_unit_test(test_overrides),
		cmocka_unit_test(test_options_and_seed_reach_the_check),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
