/* Independent evidence (findings.md 4.7) from tables: what each resolver says in each round, and from which fetch.
 *
 * A round is a word: for each resolver a letter for its fetch, "." if it does not vote. The same letter is the same
 * cached answer, another one was fetched anew; upper case was served stale. Rounds are a minute apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ctype.h>
#include <string.h>

#include "lib/base/strbuf.h"
#include "lib/base/util.h"
#include "lib/state/state.h"

enum { START_MS = 1000000, MINUTE = 60000, TTL_MS = 3600 * 1000 };

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
};

struct world {
	struct mxw_state state;
	struct mxw_soft soft;
	int64_t now_ms;
};

/* The expiry of fetch `letter`: a later letter was fetched later. */
static int64_t expiry_of(char letter)
{
	return START_MS + TTL_MS + (tolower(letter) - 'a') * MINUTE;
}

static size_t read_sources(const char *word, size_t n, struct mxw_source *ret)
{
	size_t n_sources = 0;
	for (size_t i = 0; i < n; i++)
		if (word[i] != '.')
			ret[n_sources++] = (struct mxw_source){ .resolver = (uint32_t)i,
								.expires_ms = expiry_of(word[i]),
								.is_stale = isupper((unsigned char)word[i]) };
	return n_sources;
}

static void round_of(struct world *world, enum mxw_severity verdict, uint32_t about, const char *word, size_t n,
		     unsigned quorum, struct mxw_transition *ret)
{
	struct mxw_source sources[MXW_MAX_SOURCES];
	struct mxw_state_input input = {
		.verdict = verdict,
		.set = verdict >= MXW_WARNING,
		.now_ms = world->now_ms,
		.now_wall_ms = world->now_ms,
		.quorum = quorum,
		.sources = sources,
		.n_sources = read_sources(word, n, sources),
		.about = about,
	};
	mxw_state_step(&world->state, &world->soft, &usual, &input, ret);
	world->now_ms += MINUTE;
}

/* "3h": told after three rounds with high confidence; "6l2": after six with low, two resolvers; "-": not at all. */
static void run(enum mxw_severity from, enum mxw_severity verdict, const char *rounds, unsigned quorum,
		struct mxw_strbuf *ret)
{
	struct world world = { .now_ms = START_MS };
	size_t n_rounds = 0;
	mxw_state_init(&world.state);
	mxw_soft_init(&world.soft);
	world.state.hard = world.state.told = from;
	for (const char *word = rounds; *word; word += strspn(word, " ")) {
		struct mxw_transition transition;
		size_t n = strcspn(word, " ");
		round_of(&world, verdict, 1, word, n, quorum, &transition);
		word += n;
		n_rounds++;
		if (transition.kind == MXW_TRANSITION_NONE)
			continue;
		mxw_strbuf_addf(ret, "%zu%c", n_rounds, transition.n_low ? 'l' : 'h');
		if (transition.n_low)
			mxw_strbuf_addf(ret, "%u", (unsigned)transition.n_low);
		return;
	}
	mxw_strbuf_addc(ret, '-');
}

static void test_tables(void **unused)
{
	static const struct {
		const char *what;
		enum mxw_severity from, verdict;
		unsigned quorum;
		const char *rounds, *expected;
	} rows[] = {
		{ "three resolvers are three sources", MXW_OK, MXW_CRITICAL, 2, "aaa aaa aaa", "3h" },
		{ "one piece of evidence a round", MXW_OK, MXW_CRITICAL, 2, "aaa aaa", "-" },
		{ "two of three, cached: the fallback age", MXW_OK, MXW_CRITICAL, 2, "aa. aa. aa. aa. aa. aa.", "6l2" },
		{ "and not before", MXW_OK, MXW_CRITICAL, 2, "aa. aa. aa. aa. aa.", "-" },
		{ "two of three, one fetches anew", MXW_OK, MXW_CRITICAL, 2, "aa. aa. ba.", "3h" },
		{ "a third that agrees late", MXW_OK, MXW_CRITICAL, 2, "aa. aa. aa. aaa", "4h" },
		{ "R=1, cached", MXW_OK, MXW_CRITICAL, 1, "a a a a a a", "6l1" },
		{ "R=1, always anew", MXW_OK, MXW_CRITICAL, 1, "a b c", "3h" },
		{ "R=1, the cache lapses once", MXW_OK, MXW_CRITICAL, 1, "a a a b b b", "6l1" },
		{ "R=1, the cache lapses twice", MXW_OK, MXW_CRITICAL, 1, "a a b b c", "5h" },
		{ "R=2, cached", MXW_OK, MXW_CRITICAL, 2, "aa aa aa aa aa aa", "6l2" },
		{ "R=2, one lapses", MXW_OK, MXW_CRITICAL, 2, "aa aa ab", "3h" },
		{ "an answer that is older than the counted one is no fetch", MXW_OK, MXW_CRITICAL, 1, "c b a c b",
		  "-" },
		{ "served stale is no fetch", MXW_OK, MXW_CRITICAL, 1, "a B C D E", "-" },
		{ "but agrees", MXW_OK, MXW_CRITICAL, 2, "AAA AAA AAA", "3h" },
		{ "a warning has another fallback age", MXW_OK, MXW_WARNING, 1, "a a a a a a a a a a a a a a a a",
		  "16l1" },
		{ "a warning with sources", MXW_OK, MXW_WARNING, 2, "aaa aaa aaa aaa aaa aaa aaa aaa aaa aaa aaa",
		  "11h" },
		{ "a recovery, R=3", MXW_CRITICAL, MXW_OK, 2, "aaa aaa", "2h" },
		{ "a recovery, R=1, cached", MXW_CRITICAL, MXW_OK, 1, "a a a", "3l1" },
		{ "a recovery, R=1, anew", MXW_CRITICAL, MXW_OK, 1, "a b", "2h" },
		{ "a recovery without usable sources is none", MXW_CRITICAL, MXW_OK, 2, "... ... ... ... ...", "-" },
		{ "eased", MXW_CRITICAL, MXW_WARNING, 2, "aaa aaa", "2h" },
		{ "more resolvers than needed", MXW_OK, MXW_CRITICAL, 3, "aaaaa aaaaa aaaaa", "3h" },
		{ "a quorum above the threshold", MXW_OK, MXW_CRITICAL, 4, "aaaa aaaa aaaa", "3h" },
	};
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_strbuf got = MXW_STRBUF_INIT;
		run(rows[i].from, rows[i].verdict, rows[i].rounds, rows[i].quorum, &got);
		if (strcmp(mxw_strbuf_get(&got), rows[i].expected) != 0)
			fail_msg("%s (%s): expected %s, got %s", rows[i].what, rows[i].rounds, rows[i].expected,
				 mxw_strbuf_get(&got));
		mxw_strbuf_done(&got);
	}
}

/* Another finding decides: its answers lapse at another time, which is no fetch. */
static void test_another_finding(void **unused)
{
	struct world world = { .now_ms = START_MS };
	struct mxw_transition transition;
	static const struct {
		uint32_t about;
		const char *word;
		enum mxw_transition_kind expected;
	} rounds[] = {
		{ 1, "a", MXW_TRANSITION_NONE }, { 2, "k", MXW_TRANSITION_NONE }, { 1, "a", MXW_TRANSITION_NONE },
		{ 2, "k", MXW_TRANSITION_NONE }, { 2, "l", MXW_TRANSITION_NONE }, { 2, "m", MXW_TRANSITION_PROBLEM },
	};
	(void)unused;
	mxw_state_init(&world.state);
	mxw_soft_init(&world.soft);
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rounds); i++) {
		round_of(&world, MXW_CRITICAL, rounds[i].about, rounds[i].word, 1, 1, &transition);
		assert_int_equal(transition.kind, rounds[i].expected);
	}
	assert_int_equal(transition.n_low, 0);
}

/* What the zone's own servers confirm (an upper-case letter in the word of rounds) is told after a quarter of the age; c and
 * w are verdicts, h is a warning with an undecided critical, o OK, u UNKNOWN; "_" is a pause of eleven minutes. "4@45": told in the fourth round, 45 seconds after the first. */
static void test_authority(void **unused)
{
	static const struct {
		const char *what, *rounds;
		int64_t step_ms;
		const char *expected;
	} rows[] = {
		{ "resolvers alone", "ccccccccc", 15000, "9@120" },
		{ "the authority in every round", "CCCCCCCCC", 15000, "3@30" },
		{ "but three pieces of evidence", "CCC", 60000, "3@120" },
		{ "and thirty seconds", "CCCCCCCCC", 10000, "4@30" },
		{ "it takes three rounds of its own", "cCCCCC", 15000, "4@45" },
		{ "it cannot tell for a while", "CCcccccccc", 15000, "9@120" },
		{ "rounds between that say nothing", "CuCuC", 15000, "5@60" },
		{ "it is heard anew after an end", "CCoCCCC", 15000, "6@75" },
		{ "what it said before an end counts no more", "CCoCcccccccccc", 15000, "12@165" },
		{ "nor what it said long ago", "CC_Ccccccccccc", 15000, "12@810" },
		{ "a warning that may hide the critical is not that", "CHHcccccccccc", 15000, "9@120" },
		{ "of a warning it changes nothing", "WWWWWWWWWWWWWWWWWWWWW", 30000, "21@600" },
		{ "nor does a warning count for critical", "WWCCCC", 15000, "5@60" },
	};
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf got = MXW_STRBUF_INIT;
		struct mxw_transition transition = { 0 };
		struct mxw_state state = { .hard = MXW_OK, .told = MXW_OK };
		struct mxw_soft soft;
		int64_t now_ms = START_MS;
		mxw_soft_init(&soft);
		for (size_t k = 0; rows[i].rounds[k] && !transition.kind; k++) {
			char letter = (char)tolower(rows[i].rounds[k]);
			if (letter == '_') {
				now_ms += 11 * MINUTE;
				continue;
			}
			const struct mxw_source source = { .resolver = 1, .is_server = true, .expires_ms = now_ms };
			const struct mxw_state_input input = {
				.verdict = letter == 'c'                    ? MXW_CRITICAL
					   : letter == 'w' || letter == 'h' ? MXW_WARNING
					   : letter == 'o'                  ? MXW_OK
									    : MXW_UNKNOWN,
				.may_be = letter == 'h' ? MXW_CRITICAL : MXW_OK,
				.set = 1,
				.now_ms = now_ms,
				.quorum = 1,
				.sources = &source,
				.n_sources = 1,
				.is_authoritative = letter != rows[i].rounds[k],
			};
			mxw_state_step(&state, &soft, &usual, &input, &transition);
			if (transition.kind == MXW_TRANSITION_PROBLEM)
				mxw_strbuf_addf(&got, "%zu@%d", k + 1, (int)(now_ms - START_MS) / 1000);
			now_ms += rows[i].step_ms;
		}
		if (strcmp(mxw_strbuf_get(&got), rows[i].expected) != 0)
			fail_msg("%s (%s): expected \"%s\", got \"%s\"", rows[i].what, rows[i].rounds, rows[i].expected,
				 mxw_strbuf_get(&got));
	}
}

/* The round in which the age is reached is planned for, when evidence is not what is missing. */
static void test_next_round_with_authority(void **unused)
{
	struct mxw_state_policy policy = usual;
	(void)unused;
	policy.failure_threshold = 1;
	for (int is_authoritative = 0; is_authoritative < 2; is_authoritative++) {
		struct mxw_transition transition;
		struct mxw_state state = { .hard = MXW_OK, .told = MXW_OK };
		struct mxw_soft soft;
		const struct mxw_source source = { .resolver = 1, .expires_ms = START_MS };
		const struct mxw_state_input input = { .verdict = MXW_CRITICAL,
						       .set = 1,
						       .now_ms = START_MS,
						       .quorum = 1,
						       .sources = &source,
						       .n_sources = 1,
						       .is_authoritative = is_authoritative };
		mxw_soft_init(&soft);
		mxw_state_step(&state, &soft, &policy, &input, &transition);
		assert_int_equal(mxw_state_next_round_ms(&state, &soft, &policy, START_MS),
				 START_MS + (is_authoritative ? MINUTE / 2 : MINUTE));
	}
}

/* Two seconds of difference are rounding. */
static void test_tolerance(void **unused)
{
	static const struct {
		int64_t later_ms;
		uint32_t expected;
	} rows[] = { { 0, 1 }, { MXW_REFETCH_TOLERANCE_MS, 1 }, { MXW_REFETCH_TOLERANCE_MS + 1, 2 } };
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_state state;
		struct mxw_soft soft;
		struct mxw_transition transition;
		struct mxw_source source = { .resolver = 7, .expires_ms = START_MS };
		struct mxw_state_input input = { .verdict = MXW_CRITICAL,
						 .set = 1,
						 .now_ms = START_MS,
						 .quorum = 1,
						 .sources = &source,
						 .n_sources = 1 };
		mxw_state_init(&state);
		mxw_soft_init(&soft);
		mxw_state_step(&state, &soft, &usual, &input, &transition);
		source.expires_ms += rows[i].later_ms;
		input.now_ms += MINUTE;
		mxw_state_step(&state, &soft, &usual, &input, &transition);
		assert_int_equal(soft.runs[MXW_RUN_CRITICAL].n_sources, rows[i].expected);
	}
}

/* What was fetched before a restart cannot be compared with what is seen after it, however the clock was set meanwhile. */
static void test_restart(void **unused)
{
	static const int64_t elapsed_ms[] = { 0, 20000, 2 * MINUTE };
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(elapsed_ms); i++) {
		struct world world = { .now_ms = START_MS };
		struct mxw_transition transition;
		mxw_state_init(&world.state);
		mxw_soft_init(&world.soft);
		round_of(&world, MXW_CRITICAL, 1, "a", 1, 1, &transition);
		mxw_state_rebase(&world.state, &world.soft, world.now_ms, elapsed_ms[i], 5000);
		world.now_ms = 5000;
		round_of(&world, MXW_CRITICAL, 1, "a", 1, 1, &transition);
		assert_int_equal(world.soft.runs[MXW_RUN_CRITICAL].n_sources, 1);
		round_of(&world, MXW_CRITICAL, 1, "d", 1, 1, &transition);
		assert_int_equal(world.soft.runs[MXW_RUN_CRITICAL].n_sources, 2);
	}
}

/* Every way in which up to three resolvers vote and refetch in six rounds: never told without the evidence, and always
 * when the evidence or the fallback age is there. */
static void test_all_votes(void **unused)
{
	enum { ROUNDS = 5, WAYS = 27 }; /* each resolver: silent, cached, anew */
	(void)unused;
	for (int code = 0; code < WAYS * WAYS * WAYS * WAYS * WAYS;
	     code += 7) { /* 7 and 27 have no divisor in common */
		struct world world = { .now_ms = START_MS };
		int rest = code, n_rounds = 0, n_sources = 0, fetch[3] = { 0 }, counted[3] = { -1, -1, -1 };
		mxw_state_init(&world.state);
		mxw_soft_init(&world.soft);
		for (int i = 0; i < ROUNDS; i++, rest /= WAYS) {
			struct mxw_transition transition;
			char word[4] = "...";
			bool is_new = false;
			for (int k = 0, way = rest % WAYS; k < 3; k++, way /= 3) {
				fetch[k] += way % 3 == 2;
				word[k] = (char)(way % 3 ? 'a' + fetch[k] : '.');
				if (way % 3 && !is_new && fetch[k] > counted[k]) {
					counted[k] = fetch[k];
					is_new = true;
				}
			}
			n_rounds++;
			n_sources += is_new;
			round_of(&world, MXW_CRITICAL, 1, word, 3, 2, &transition);
			bool expected = n_rounds >= 3 && n_sources >= 3; /* the fallback age is not reached */
			assert_int_equal(transition.kind == MXW_TRANSITION_PROBLEM, expected);
			if (expected)
				break;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_another_finding),
		cmocka_unit_test(test_tolerance),
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_all_votes),
		cmocka_unit_test(test_authority),
		cmocka_unit_test(test_next_round_with_authority),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
