/* The local gate from tables of ticks: what each resolver does, and what is told of it.
 *
 * A tick is a word with a letter a resolver: g good, f failing, r refusing, l lying. What is told is a list of words: "blind"
 * or "sees" for the gate, or a resolver's number with "down", "refused", "filter" or "well". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/util.h"
#include "lib/health/findings.h"
#include "lib/health/gate.h"

enum { TICK_MS = 60 * 1000, DOWN_TICKS = 15 };

static enum mxw_health_status status_of(char letter)
{
	switch (letter) {
	case 'f':
		return MXW_HEALTH_FAILING;
	case 'r':
		return MXW_HEALTH_REFUSING;
	case 'l':
		return MXW_HEALTH_LYING;
	}
	return MXW_HEALTH_GOOD;
}

static void add_news(const struct mxw_gate_news *news, char *ret, size_t n)
{
	static const char *const words[] = { "well", "down", "refused", "filter", "blind" };
	size_t len = strlen(ret);
	if (news->resolver == MXW_GATE_NETWORK)
		snprintf(ret + len, n - len, "%s%s", len ? " " : "", news->trouble ? "blind" : "sees");
	else
		snprintf(ret + len, n - len, "%s%zu %s", len ? " " : "", news->resolver + 1, words[news->trouble]);
}

static struct mxw_gate_policy policy_for(size_t n, int quorum)
{
	return (struct mxw_gate_policy){ .quorum = quorum > 0 ? (unsigned)quorum : (unsigned)n / 2 + 1,
					 .down_after_ms = DOWN_TICKS * TICK_MS,
					 .telling = UINT32_MAX };
}

/* One tick; what it told as words. */
static void tick(struct mxw_gate *gate, const struct mxw_gate_policy *policy, const char *word, int64_t now_ms,
		 char ret[64])
{
	enum mxw_health_status statuses[MXW_MAX_UPSTREAMS];
	struct mxw_gate_news news[MXW_GATE_MAX_NEWS];
	for (size_t i = 0; i < gate->n_resolvers; i++)
		statuses[i] = status_of(word[i]);
	size_t n = mxw_gate_tick(gate, policy, statuses, now_ms, news);
	ret[0] = '\0';
	for (size_t i = 0; i < n; i++)
		add_news(&news[i], ret, 64);
}

/* A row of ticks, "3*fff" for three of a kind, and what is told at which of them, from 1. */
struct story {
	const char *what;
	const char *ticks;
	const char *told;
	int quorum; /* 0: the majority */
};

static const struct story stories[] = {
	{ "all is well", "40*ggg", "" },
	{ "a closed tick is a hiccup", "ggg fff ggg ggg", "" },
	{ "two are blindness, told once, ended once by the second open tick", "ggg 40*fff 5*ggg", "3:blind 43:sees" },
	{ "the first tick may be closed", "fff fff ggg ggg", "2:blind 4:sees" },
	{ "one good resolver of three is too few", "ggg 3*ffg ggg ggg", "3:blind 6:sees" },
	{ "two of three are enough", "ggg 10*fgg", "" },
	{ "with a quorum of one, one is enough", "ggg 10*ffg", "", 1 },
	{ "of two both are needed", "gg 3*fg gg gg", "3:blind 6:sees" },
	{ "a single resolver", "g 20*f g g", "3:blind 23:sees" },
	{ "a single liar", "g 20*l g g", "3:blind 23:sees" },
	{ "the gate does not care why", "ggg frl frl", "3:blind" },

	{ "a network that flaps from tick to tick is blind until it holds", "ggg fff ggg fff ggg fff ggg ggg ggg",
	  "4:blind 8:sees" },
	{ "one that holds between is not", "ggg fff ggg ggg fff ggg ggg fff ggg ggg", "" },
	{ "blindness goes on over one open tick", "ggg fff fff ggg fff fff ggg ggg", "3:blind 8:sees" },

	{ "down is told when it has lasted", "ggg 15*fgg", "" },
	{ "and no sooner", "ggg 16*fgg ggg ggg", "17:1 down 19:1 well" },
	{ "told once, however long", "ggg 100*ggf", "17:3 down" },
	{ "one good tick ends no trouble", "ggg 16*fgg ggg fgg ggg fgg ggg ggg", "17:1 down 23:1 well" },
	{ "a good tick begins the time anew", "ggg 10*fgg ggg 15*fgg ggg", "" },
	{ "refused is told with the second tick", "ggg rgg rgg rgg ggg ggg", "3:1 refused 6:1 well" },
	{ "one refused tick is a hiccup", "ggg rgg ggg rgg ggg", "" },
	{ "a filter is told with the second tick", "ggg glg glg glg ggg ggg", "3:2 filter 6:2 well" },
	{ "each of several", "ggggg rlggg rlggg ggggg ggggg", "3:1 refused 3:2 filter 5:1 well 5:2 well" },
	{ "failing between refusals is told, too", "ggg 7*fgg rgg 8*fgg", "17:1 down" },

	{ "down, then refused: it turned out worse", "ggg 16*fgg rgg rgg ggg ggg", "17:1 down 19:1 refused 21:1 well" },
	{ "refused, then down: no news", "ggg rgg rgg 40*fgg ggg ggg", "3:1 refused 45:1 well" },
	{ "back and forth: the worst once", "ggg 2*rgg 2*lgg 2*rgg 2*lgg 2*ggg", "3:1 refused 5:1 filter 11:1 well" },

	{ "a resolver's trouble is not told while the gate is closed", "ggg rgg rff rff rff", "4:blind" },
	{ "nor counted", "ggg 14*fgg fff 15*fgg ggg", "" },
	{ "and what lasts is told when the gate has been open as long", "ggg 3*rff rgg rgg",
	  "3:blind 6:sees 6:1 refused" },
	{ "its end is not told meanwhile either", "ggg rgg rgg rff gff gff ggg ggg",
	  "3:1 refused 5:blind 8:sees 8:1 well" },
};

/* Calls for each tick of a story: "N*WORD" and "WORD". */
static unsigned play(const struct story *story, char *ret_told, size_t n_told)
{
	const char *at = story->ticks;
	unsigned number = 0, times;
	struct mxw_gate gate;
	struct mxw_gate_policy policy = { 0 };
	char word[MXW_MAX_UPSTREAMS + 1], told[64];
	ret_told[0] = '\0';
	while (*at) {
		int n = 0;
		if (sscanf(at, "%u*%16[a-z]%n", &times, word, &n) != 2) {
			times = 1;
			assert_int_equal(sscanf(at, "%16[a-z]%n", word, &n), 1);
		}
		at += n + strspn(at + n, " ");
		if (!number) {
			mxw_gate_init(&gate, strlen(word));
			policy = policy_for(strlen(word), story->quorum);
		}
		while (times--) {
			number++;
			tick(&gate, &policy, word, (int64_t)number * TICK_MS, told);
			/* "2:1 refused 2:2 filter": each piece of news with the tick's number. */
			for (char *piece = told; *piece;) {
				char *space = strchr(piece, ' ');
				if (space && piece[0] >= '0' && piece[0] <= '9')
					space = strchr(space + 1, ' ');
				if (space)
					*space = '\0';
				size_t len = strlen(ret_told);
				snprintf(ret_told + len, n_told - len, "%s%u:%s", len ? " " : "", number, piece);
				piece += strlen(piece) + (space != NULL);
			}
		}
	}
	return number;
}

static void test_stories(void **state)
{
	char told[256];
	(void)state;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(stories); i++) {
		assert_true(play(&stories[i], told, sizeof(told)) > 0);
		if (strcmp(told, stories[i].told) != 0)
			fail_msg("%s: told \"%s\", expected \"%s\"", stories[i].what, told, stories[i].told);
	}
}

/* When rounds may run, and when they may tell. */
static void test_gate(void **state)
{
	static const struct {
		const char *word;
		enum mxw_gate_status status;
		bool is_settled;
	} rows[] = {
		{ "ggg", MXW_GATE_OPEN, true },    { "fgg", MXW_GATE_OPEN, true },  { "ffg", MXW_GATE_CLOSED, false },
		{ "fgg", MXW_GATE_OPEN, false },   { "fgg", MXW_GATE_OPEN, true },  { "fff", MXW_GATE_CLOSED, false },
		{ "fff", MXW_GATE_CLOSED, false }, { "ggg", MXW_GATE_OPEN, false }, { "lll", MXW_GATE_CLOSED, false },
		{ "ggg", MXW_GATE_OPEN, false },   { "ggg", MXW_GATE_OPEN, true },
	};
	struct mxw_gate_policy policy = policy_for(3, 0);
	struct mxw_gate gate;
	char told[64];
	(void)state;
	mxw_gate_init(&gate, 3);
	assert_int_equal(gate.status, MXW_GATE_UNKNOWN);
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		tick(&gate, &policy, rows[i].word, (int64_t)i * TICK_MS, told);
		if (gate.status != rows[i].status || gate.is_settled != rows[i].is_settled)
			fail_msg("tick %zu, %s: status %d, settled %d", i, rows[i].word, (int)gate.status,
				 gate.is_settled);
	}
}

/* The age of a trouble reaches back to the first tick that saw it. */
static void test_ages(void **state)
{
	static const enum mxw_health_status good[] = { MXW_HEALTH_GOOD, MXW_HEALTH_GOOD, MXW_HEALTH_GOOD },
					    down[] = { MXW_HEALTH_FAILING, MXW_HEALTH_GOOD, MXW_HEALTH_GOOD },
					    dark[] = { MXW_HEALTH_FAILING, MXW_HEALTH_FAILING, MXW_HEALTH_GOOD };
	struct mxw_gate_policy policy = policy_for(3, 0);
	struct mxw_gate_news news[MXW_GATE_MAX_NEWS];
	struct mxw_gate gate;
	(void)state;
	mxw_gate_init(&gate, 3);
	assert_int_equal(mxw_gate_tick(&gate, &policy, good, 1000, news), 0);
	assert_int_equal(mxw_gate_tick(&gate, &policy, down, 2000, news), 0);
	assert_int_equal(mxw_gate_tick(&gate, &policy, down, 2000 + DOWN_TICKS * TICK_MS - 1, news), 0);
	assert_int_equal(mxw_gate_tick(&gate, &policy, down, 2000 + DOWN_TICKS * TICK_MS, news), 1);
	assert_int_equal(news[0].age_ms, DOWN_TICKS * TICK_MS);
	assert_int_equal(mxw_gate_tick(&gate, &policy, dark, 2000000, news), 0);
	assert_int_equal(mxw_gate_tick(&gate, &policy, dark, 2007000, news), 1);
	assert_int_equal(news[0].resolver, MXW_GATE_NETWORK);
	assert_int_equal(news[0].age_ms, 7000);
}

static void test_hidden(void **state)
{
	static const char *const words[] = { "ggg", "rgg", "rgg", "fff", "fff", "fff" };
	struct mxw_gate_policy policy = policy_for(3, 0);
	struct mxw_gate gate;
	char told[64];
	(void)state;
	mxw_gate_init(&gate, 3);
	policy.telling = 0;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(words); i++) {
		tick(&gate, &policy, words[i], (int64_t)i * TICK_MS, told);
		assert_string_equal(told, "");
	}
	assert_int_equal(gate.status, MXW_GATE_CLOSED); /* hidden, and still in force */
	policy.telling = 1u << MXW_TROUBLE_BLIND;
	tick(&gate, &policy, "fff", 100 * TICK_MS, told);
	assert_string_equal(told, "blind");
}

/* A restart neither repeats what was told nor forgets to tell its end. */
static void test_restored(void **state)
{
	struct mxw_gate_policy policy = policy_for(3, 0);
	struct mxw_gate gate;
	char told[64];
	(void)state;
	mxw_gate_init(&gate, 3);
	mxw_gate_restore(&gate, MXW_GATE_NETWORK, MXW_TROUBLE_BLIND);
	mxw_gate_restore(&gate, 1, MXW_TROUBLE_REFUSED);
	assert_int_equal(gate.status, MXW_GATE_CLOSED);
	for (int i = 1; i <= 5; i++) {
		tick(&gate, &policy, "frf", i * TICK_MS, told);
		assert_string_equal(told, "");
	}
	tick(&gate, &policy, "grg", 6 * TICK_MS, told);
	assert_string_equal(told, "");
	assert_false(gate.is_settled);
	tick(&gate, &policy, "ggg", 7 * TICK_MS, told);
	assert_string_equal(told, "sees");
	tick(&gate, &policy, "ggg", 8 * TICK_MS, told);
	assert_string_equal(told, "2 well");
}

static void test_doubt(void **state)
{
	struct mxw_gate_policy policy = policy_for(3, 0);
	struct mxw_gate gate;
	char told[64];
	(void)state;
	mxw_gate_init(&gate, 3);
	tick(&gate, &policy, "ggg", 0, told);
	mxw_gate_doubt(&gate);
	assert_int_equal(gate.status, MXW_GATE_UNKNOWN);
	tick(&gate, &policy, "ggg", TICK_MS, told);
	assert_true(gate.status == MXW_GATE_OPEN && gate.is_settled);
	tick(&gate, &policy, "fff", 2 * TICK_MS, told);
	mxw_gate_doubt(&gate);
	assert_int_equal(gate.status, MXW_GATE_CLOSED);
	tick(&gate, &policy, "ggg", 3 * TICK_MS, told);
	mxw_gate_doubt(&gate); /* the whole open tick is still missing */
	tick(&gate, &policy, "ggg", 4 * TICK_MS, told);
	assert_true(gate.status == MXW_GATE_OPEN && !gate.is_settled);
	tick(&gate, &policy, "ggg", 5 * TICK_MS, told);
	assert_true(gate.is_settled);
}

/* Other resolvers: what was seen of one goes where it goes, and a new one begins with nothing. */
static void test_reshape(void **state)
{
	static const size_t from[] = { 2, MXW_GATE_NETWORK, 0, MXW_GATE_NETWORK };
	struct mxw_gate_policy policy = policy_for(4, 0);
	struct mxw_gate gate;
	char told[64];
	(void)state;
	policy.quorum = 1;
	mxw_gate_init(&gate, 3);
	tick(&gate, &policy, "rgl", 0, told);
	tick(&gate, &policy, "rgg", TICK_MS, told);
	assert_string_equal(told, "1 refused");
	tick(&gate, &policy, "rgl", 2 * TICK_MS, told);
	mxw_gate_reshape(&gate, 4, from);
	tick(&gate, &policy, "llgl", 3 * TICK_MS, told);
	assert_string_equal(told, "1 filter");
	tick(&gate, &policy, "gggg", 4 * TICK_MS, told);
	assert_string_equal(told, "3 well");
}

static void test_findings(void **state)
{
	size_t n = 0;
	(void)state;
	for (const struct mxw_finding_def *def = mxw_health_findings; def->id; def++, n++) {
		assert_memory_equal(def->id, "mon-", 4);
		assert_true(def->severity == MXW_WARNING || def->severity == MXW_CRITICAL);
		assert_true(def->rfc && def->message && def->fix && def->doc && def->reproduce && def->tier);
		assert_ptr_equal(mxw_health_find_finding(def->id), def);
		assert_ptr_equal(mxw_health_finding(mxw_health_trouble(def->id)), def);
	}
	assert_int_equal(n, MXW_TROUBLE_BLIND);
	assert_null(mxw_health_find_finding("mx-none"));
	assert_int_equal(mxw_health_trouble("mon-blind"), MXW_TROUBLE_BLIND);
	assert_int_equal(mxw_health_trouble(""), MXW_TROUBLE_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stories), cmocka_unit_test(test_gate),     cmocka_unit_test(test_ages),
		cmocka_unit_test(test_hidden),  cmocka_unit_test(test_restored), cmocka_unit_test(test_doubt),
		cmocka_unit_test(test_reshape), cmocka_unit_test(test_findings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
