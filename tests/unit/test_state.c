/* The transitions of the hard state from plain tables, with evidence enough: a letter a round (o OK, w or W WARNING,
 * c CRITICAL, u UNKNOWN, h WARNING with an undecided critical, H WARNING with another set and an undecided warning,
 * r UNKNOWN with a critical that is recovering), a minute apart unless the row says otherwise, and the transitions that must come out, with the round in which each
 * comes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "lib/base/strbuf.h"
#include "lib/base/util.h"
#include "lib/state/state.h"

enum { START_MS = 1000000, MINUTE = 60000, HOUR = 60 * MINUTE };

static const struct mxw_state_policy usual = {
	.failure_threshold = 3,
	.success_threshold = 2,
	.confirm_critical_ms = 2 * MINUTE,
	.confirm_warning_ms = 10 * MINUTE,
	.confirm_recovery_ms = MINUTE,
	.escalate_warning_ms = 15 * MINUTE,
	.escalate_critical_ms = 60 * MINUTE,
	.interval_ms = 5 * MINUTE,
	.retry_interval_ms = MINUTE,
	.reminders_ms = { HOUR, 4 * HOUR },
	.n_reminders = 2,
};

static enum mxw_severity severity_of(char c)
{
	return c == 'c' ? MXW_CRITICAL : strchr("wWhH", c) ? MXW_WARNING : c == 'o' ? MXW_OK : MXW_UNKNOWN;
}

/* Three resolvers, of which each fetches its answers anew for every round. */
static void give_sources(struct mxw_state_input *input, struct mxw_source sources[3])
{
	for (uint32_t i = 0; i < 3; i++)
		sources[i] = (struct mxw_source){ .resolver = i, .expires_ms = input->now_ms + HOUR };
	input->sources = sources;
	input->n_sources = 3;
	input->quorum = 2;
}

/* "P" problem, "C" change, "R" recovery, "m" reminder, "s" silent, with the round's number and the state entered. */
static void run(const struct mxw_state_policy *policy, const char *rounds, int64_t step_ms, int64_t took_ms,
		struct mxw_strbuf *ret)
{
	struct mxw_state state;
	struct mxw_soft soft;
	mxw_state_init(&state);
	mxw_soft_init(&soft);
	for (size_t i = 0; rounds[i]; i++) {
		static const char kinds[] = { '-', 's', 'P', 'C', 'R', 'm', 'F' };
		struct mxw_transition transition;
		struct mxw_source sources[3];
		enum mxw_severity verdict = severity_of(rounds[i]);
		struct mxw_state_input input = {
			.verdict = verdict,
			.may_be = strchr("hr", rounds[i]) ? MXW_CRITICAL
				  : rounds[i] == 'H'      ? MXW_WARNING
							  : MXW_OK,
			.set = verdict < MXW_WARNING ? 0 : (uint64_t)(unsigned char)rounds[i],
			.now_ms = START_MS + (int64_t)i * step_ms,
			.now_wall_ms = START_MS + (int64_t)i * step_ms,
			.took_ms = took_ms,
		};
		give_sources(&input, sources);
		mxw_state_step(&state, &soft, policy, &input, &transition);
		if (transition.kind != MXW_TRANSITION_NONE)
			mxw_strbuf_addf(ret, "%s%c%zu%c", ret->len ? " " : "", kinds[transition.kind], i,
					mxw_severity_name(transition.to)[0]);
		assert_int_equal(state.hard, state.told);
	}
}

static void test_tables(void **unused)
{
	static const struct {
		const char *what, *rounds;
		int64_t step_ms;
		const char *expected;
		int64_t took_ms;
	} rows[] = {
		{ "a first OK is silent", "oooo", MINUTE, "s0o" },
		{ "a problem needs three rounds and two minutes", "occc", MINUTE, "s0o P3c" },
		{ "three rounds are not enough before the age", "occccccc", 30000, "s0o P5c" },
		{ "two rounds are never enough, however old", "occ", 10 * MINUTE, "s0o" },
		{ "one bad round is a hiccup", "ococoo", MINUTE, "s0o" },
		{ "unknown rounds neither count nor reset", "ocucuc", MINUTE, "s0o P5c" },
		{ "unknown alone never does anything", "ouuuuuuuuuu", MINUTE, "s0o" },
		{ "unknown never clears a problem", "occcuuuuuu", MINUTE, "s0o P3c" },
		{ "fixed, but still in caches: the state stays", "occcrrrrrrrr", MINUTE, "s0o P3c" },
		{ "and neither repeats", "occcrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr", 5 * MINUTE, "s0o P3c" },
		{ "nor counts for the recovery that follows", "occcrrroo", MINUTE, "s0o P3c R8o" },
		{ "and one that was never told is never told", "occrrrrrroo", MINUTE, "s0o" },
		{ "a problem from the start is told with from unknown", "ccc", MINUTE, "P2c" },
		{ "recovery needs two rounds and a minute", "occcoo", MINUTE, "s0o P3c R5o" },
		{ "one good round is no recovery", "occcocccc", MINUTE, "s0o P3c" },
		{ "a warning needs ten minutes", "owwwwwwwwwww", MINUTE, "s0o P11w" },
		{ "a warning that becomes critical is told as worse", "owwwwwwwwwwwccc", MINUTE, "s0o P11w P14c" },
		{ "critical eases to warning", "occcww", MINUTE, "s0o P3c C5w" },
		{ "a warning that may hide the critical eases nothing", "occchhhh", MINUTE, "s0o P3c" },
		{ "and neither counts nor resets", "occchwhw", MINUTE, "s0o P3c C7w" },
		{ "a critical that hides now and then is told", "ochchc", MINUTE, "s0o P5c" },
		{ "but not in a round that may only hide it", "occchhc", 30000, "s0o P6c" },
		{ "nor is a changed set", "owwwwwwwwwwwWWWWWWWWWWHW", MINUTE, "s0o P11w C23w" },
		{ "no change of the set while a finding of that severity is undecided", "owwwwwwwwwwwHHHHHHHHHHHHH",
		  MINUTE, "s0o P11w" },
		{ "an OK between does not ease to warning by itself", "occcwo", MINUTE, "s0o P3c" },
		{ "mixed critical and warning rounds confirm the warning", "ocwcwcwcwcwcw", MINUTE, "s0o P12w" },
		{ "another set at the same severity is a change, confirmed as long as a problem",
		  "owwwwwwwwwwwWWWWWWWWWWW", MINUTE, "s0o P11w C22w" },
		{ "alternating sets are no change", "owwwwwwwwwwwWwWwWwWwWwWwWw", MINUTE, "s0o P11w" },
		{ "evidence older than two intervals counts for nothing", "occc", 11 * MINUTE, "s0o" },
		{ "rounds that take long are not far apart", "occc", 11 * MINUTE, "s0o P3c", 10 * MINUTE },
		{ "reminders after one and four hours, then daily",
		  "occcccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc", 30 * MINUTE / 6,
		  "s0o P3c m15c m51c" },
	};
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_strbuf got = MXW_STRBUF_INIT;
		run(&usual, rows[i].rounds, rows[i].step_ms, rows[i].took_ms, &got);
		if (strcmp(mxw_strbuf_get(&got), rows[i].expected) != 0)
			fail_msg("%s (%s): expected \"%s\", got \"%s\"", rows[i].what, rows[i].rounds, rows[i].expected,
				 mxw_strbuf_get(&got));
		mxw_strbuf_done(&got);
	}
}

/* Every sequence of 14 rounds of OK, CRITICAL and UNKNOWN: D1 (distance of transitions), no problem without three bad
 * rounds in a row, no missed one (unknown rounds left out). */
static void test_all_sequences(void **unused)
{
	struct mxw_state_policy policy = usual;
	enum { LENGTH = 12 };
	(void)unused;
	policy.confirm_critical_ms = policy.confirm_recovery_ms = 0;
	policy.n_reminders = 0;
	for (int code = 0; code < 531441; code++) {
		struct mxw_state state;
		struct mxw_soft soft;
		int rest = code, bad = 0, good = 0, last = -100, determinate = 0;
		bool is_bad = false;
		mxw_state_init(&state);
		mxw_soft_init(&soft);
		for (int i = 0; i < LENGTH; i++, rest /= 3) {
			struct mxw_transition transition;
			enum mxw_severity verdict = rest % 3 == 0 ? MXW_OK : rest % 3 == 1 ? MXW_CRITICAL : MXW_UNKNOWN;
			struct mxw_state_input input = { .verdict = verdict,
							 .set = verdict == MXW_CRITICAL,
							 .now_ms = START_MS + i * MINUTE };
			struct mxw_source sources[3];
			give_sources(&input, sources);
			mxw_state_step(&state, &soft, &policy, &input, &transition);
			if (verdict == MXW_UNKNOWN) {
				assert_int_equal(transition.kind, MXW_TRANSITION_NONE);
				continue;
			}
			determinate++;
			bad = verdict == MXW_CRITICAL ? bad + 1 : 0;
			good = verdict == MXW_OK ? good + 1 : 0;
			if (transition.kind == MXW_TRANSITION_PROBLEM || transition.kind == MXW_TRANSITION_RECOVERY) {
				assert_true(determinate - last >= 2);
				last = determinate;
				is_bad = transition.kind == MXW_TRANSITION_PROBLEM;
				assert_true(is_bad ? bad >= 3 : good >= 2);
			}
			assert_false(bad >= 3 && !is_bad);
			/* Right after a transition the evidence starts anew, so good rounds count from there. */
			assert_false(good >= 2 && is_bad && determinate - last >= 2);
		}
	}
}

static void feed(struct mxw_state *state, struct mxw_soft *soft, enum mxw_severity verdict, int64_t now_ms,
		 struct mxw_transition *ret)
{
	struct mxw_source sources[3];
	struct mxw_state_input input = {
		.verdict = verdict, .set = verdict >= MXW_WARNING, .now_ms = now_ms, .now_wall_ms = now_ms
	};
	give_sources(&input, sources);
	mxw_state_step(state, soft, &usual, &input, ret);
}

static void test_next_round(void **unused)
{
	struct mxw_state state;
	struct mxw_soft soft;
	struct mxw_transition transition;
	int64_t now_ms = START_MS;
	(void)unused;
	mxw_state_init(&state);
	mxw_soft_init(&soft);
	feed(&state, &soft, MXW_OK, now_ms, &transition);
	assert_int_equal(mxw_state_next_round_ms(&state, &soft, &usual, START_MS), START_MS + 5 * MINUTE);
	assert_false(mxw_state_is_pending(&state, &soft));
	assert_true(mxw_soft_is_empty(&soft)); /* calm: nothing is kept of it */
	now_ms += 5 * MINUTE;
	feed(&state, &soft, MXW_CRITICAL, now_ms, &transition);
	assert_true(mxw_state_is_pending(&state, &soft));
	assert_false(mxw_soft_is_empty(&soft));
	assert_int_equal(mxw_state_next_round_ms(&state, &soft, &usual, now_ms), now_ms + MINUTE);
	/* Enough rounds, a little too young: the next one comes when the age is reached. */
	feed(&state, &soft, MXW_CRITICAL, now_ms += 50000, &transition);
	feed(&state, &soft, MXW_CRITICAL, now_ms += 50000, &transition);
	assert_int_equal(transition.kind, MXW_TRANSITION_NONE);
	assert_int_equal(mxw_state_next_round_ms(&state, &soft, &usual, now_ms), START_MS + 7 * MINUTE);
	now_ms = START_MS + 7 * MINUTE;
	feed(&state, &soft, MXW_CRITICAL, now_ms, &transition);
	assert_int_equal(transition.kind, MXW_TRANSITION_PROBLEM);
	/* Failed lookups are repeated soon, but not for ever. */
	for (int i = 0; i < 8; i++) {
		feed(&state, &soft, MXW_UNKNOWN, now_ms, &transition);
		assert_int_equal(mxw_state_next_round_ms(&state, &soft, &usual, now_ms),
				 now_ms + (i < 5 ? 1 : 5) * MINUTE);
	}
}

static void test_removal(void **unused)
{
	struct mxw_state state;
	struct mxw_soft soft;
	struct mxw_transition transition;
	(void)unused;
	mxw_state_init(&state);
	mxw_soft_init(&soft);
	for (int i = 0; i < 3; i++)
		feed(&state, &soft, MXW_CRITICAL, START_MS + i * MINUTE, &transition);
	assert_int_equal(state.seq, 1);
	mxw_state_remove(&state, START_MS + 9 * MINUTE, &transition);
	assert_int_equal(transition.kind, MXW_TRANSITION_RECOVERY);
	assert_true(transition.is_told);
	assert_true(transition.ends_incident);
	assert_int_equal(transition.from, MXW_CRITICAL);
	assert_int_equal(transition.to, MXW_UNKNOWN);
	assert_int_equal(transition.incident_since_wall_ms, START_MS + 2 * MINUTE);
	assert_int_equal(state.seq, 2);
	mxw_state_remove(&state, START_MS, &transition);
	assert_int_equal(transition.kind, MXW_TRANSITION_NONE);
	assert_int_equal(state.seq, 2);
}

/* kill -9 in the middle of a confirmation: with little time between the evidence counts on, with much it does not. */
static void test_rebase(void **unused)
{
	static const struct {
		int64_t elapsed_ms;
		enum mxw_transition_kind expected;
	} rows[] = { { 30000, MXW_TRANSITION_PROBLEM }, { 11 * MINUTE, MXW_TRANSITION_NONE } };
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_state state;
		struct mxw_soft soft, kept;
		struct mxw_transition transition;
		mxw_state_init(&state);
		mxw_soft_init(&soft);
		feed(&state, &soft, MXW_CRITICAL, START_MS, &transition);
		feed(&state, &soft, MXW_CRITICAL, START_MS + 2 * MINUTE, &transition);
		assert_true(mxw_soft_load(&kept, &soft, mxw_soft_size(&soft)));
		mxw_state_rebase(&state, &kept, START_MS + 2 * MINUTE, rows[i].elapsed_ms, 5000);
		feed(&state, &kept, MXW_CRITICAL, 5000, &transition);
		assert_int_equal(transition.kind, rows[i].expected);
	}
}

/* What cannot be a soft state is none. */
static void test_load(void **unused)
{
	struct mxw_soft soft, loaded;
	(void)unused;
	mxw_soft_init(&soft);
	soft.n_rows = 2;
	soft.runs[MXW_RUN_OK].n = 1;
	size_t size = mxw_soft_size(&soft);
	assert_true(mxw_soft_load(&loaded, &soft, size));
	assert_false(mxw_soft_load(&loaded, &soft, size - 1));
	assert_true(mxw_soft_is_empty(&loaded));
	assert_false(mxw_soft_load(&loaded, &soft, size + 1));
	assert_false(mxw_soft_load(&loaded, &soft, 0));
	soft.n_rows = MXW_MAX_SOURCES + 1;
	assert_false(mxw_soft_load(&loaded, &soft, size));
	soft.n_rows = 2;
	soft.n_turns = MXW_MAX_TURNS + 1;
	assert_false(mxw_soft_load(&loaded, &soft, size));
	soft.n_turns = 1;
	for (int to = 0; to <= UINT8_MAX; to++) {
		bool is_hard = to == MXW_OK || to == MXW_WARNING || to == MXW_CRITICAL;
		soft.turns_to[0] = (uint8_t)to;
		assert_int_equal(mxw_soft_load(&loaded, &soft, size), is_hard);
	}
}

/* Times that no clock shows would overflow where they are moved. */
static void test_load_times(void **unused)
{
	static const int64_t times_ms[] = { INT64_MIN, INT64_MIN / 2, INT64_MAX / 2, INT64_MAX };
	struct mxw_soft soft, loaded;
	int64_t *const members[] = { &soft.runs[MXW_RUN_UNKNOWN].since_ms, &soft.last_round_ms, &soft.last_failing_ms,
				     &soft.turns_ms[0] };
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(members); i++)
		for (size_t k = 0; k < MXW_ARRAY_SIZE(times_ms); k++) {
			mxw_soft_init(&soft);
			soft.n_turns = 1;
			soft.turns_to[0] = MXW_CRITICAL;
			assert_true(mxw_soft_load(&loaded, &soft, mxw_soft_size(&soft)));
			*members[i] = times_ms[k];
			assert_false(mxw_soft_load(&loaded, &soft, mxw_soft_size(&soft)));
		}
}

/* What holds is part of a told set: confirmed findings, and what the zone's servers disagree about. */
static void test_fingerprint(void **unused)
{
	static const struct mxw_finding_def def = { .id = "k" };
	(void)unused;
	for (int status = MXW_CONFIRMED; status <= MXW_CLEAR; status++) {
		struct mxw_verdict_entry entry = {
			.def = &def, .subject = "s", .status = (enum mxw_verdict_status)status, .severity = MXW_WARNING
		};
		const struct mxw_verdict verdict = { .state = MXW_WARNING, .entries = &entry, .n_entries = 1 };
		bool holds = status == MXW_CONFIRMED || status == MXW_DISAGREE;
		assert_int_equal(mxw_state_fingerprint(&verdict) != 1, holds);
	}
}

/* A million calm domains with four checks each. */
static void test_size(void **unused)
{
	(void)unused;
	assert_true(sizeof(struct mxw_state) <= 72);
}

/* A long pause does not bring a burst of reminders: one, with its number. */
static void test_reminders_after_a_pause(void **unused)
{
	struct mxw_state state;
	struct mxw_soft soft;
	struct mxw_transition transition;
	(void)unused;
	mxw_state_init(&state);
	mxw_soft_init(&soft);
	for (int i = 0; i < 3; i++)
		feed(&state, &soft, MXW_CRITICAL, START_MS + i * MINUTE, &transition);
	feed(&state, &soft, MXW_CRITICAL, START_MS + 80 * HOUR, &transition);
	assert_int_equal(transition.kind, MXW_TRANSITION_REMINDER);
	assert_int_equal(transition.reminder, 5); /* 1 h, 4 h, 28 h, 52 h, 76 h */
	feed(&state, &soft, MXW_CRITICAL, START_MS + 80 * HOUR + MINUTE, &transition);
	assert_int_equal(transition.kind, MXW_TRANSITION_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables),     cmocka_unit_test(test_all_sequences),
		cmocka_unit_test(test_next_round), cmocka_unit_test(test_removal),
		cmocka_unit_test(test_rebase),     cmocka_unit_test(test_load),
		cmocka_unit_test(test_load_times), cmocka_unit_test(test_fingerprint),
		cmocka_unit_test(test_size),       cmocka_unit_test(test_reminders_after_a_pause),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
