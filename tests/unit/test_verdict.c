/* Votes: every vector of up to five resolvers against the rules of findings.md 4.4 and property Q1 of the alert rules,
 * then the cases that the vectors leave out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "lib/verdict/verdict.h"

static const struct mxw_finding_def def_a = { .id = "a", .severity = MXW_WARNING };
static const struct mxw_finding_def def_b = { .id = "b", .severity = MXW_CRITICAL };
static const struct mxw_finding_def def_info = { .id = "i", .severity = MXW_INFO };
static const struct mxw_finding_def def_ok = { .id = "ok", .severity = MXW_OK };

/* What one resolver may say about the key (a, "s"). */
enum letter { SAYS_NO, SAYS_UNKNOWN, SAYS_UNKNOWN_ALL, IS_ABSENT, SAYS_INFO, SAYS_WARNING, SAYS_CRITICAL, N_LETTERS };

static struct mxw_findings views_of[N_LETTERS];

static int make_views(void **state)
{
	mxw_findings_add_unknown(&views_of[SAYS_UNKNOWN], &def_a, "s");
	mxw_findings_add_unknown(&views_of[SAYS_UNKNOWN_ALL], &def_a, NULL);
	mxw_findings_add(&views_of[SAYS_INFO], &def_a, "s")->severity = MXW_INFO;
	mxw_findings_add(&views_of[SAYS_WARNING], &def_a, "s");
	mxw_findings_add(&views_of[SAYS_CRITICAL], &def_a, "s")->severity = MXW_CRITICAL;
	return 0;
}

static int free_views(void **state)
{
	for (size_t i = 0; i < N_LETTERS; i++)
		mxw_findings_done(&views_of[i]);
	return 0;
}

struct vector {
	enum letter letters[5];
	unsigned n;
};

static bool is_yes(enum letter letter)
{
	return letter >= SAYS_INFO;
}

static void count_vector(const struct vector *vector, unsigned quorum, struct mxw_verdict *ret)
{
	struct mxw_verdict_view views[5];
	for (unsigned i = 0; i < vector->n; i++)
		views[i].findings = vector->letters[i] == IS_ABSENT ? NULL : &views_of[vector->letters[i]];
	assert_int_equal(mxw_verdict_count(ret, views, vector->n, quorum), 0);
}

/* Calls `check` for every vector of n = 1 to 5 resolvers and every quorum that n votes can reach. */
static void for_all_vectors(void (*check)(const struct vector *vector, unsigned quorum,
					  const struct mxw_verdict *verdict))
{
	for (unsigned n = 1; n <= 5; n++) {
		unsigned n_vectors = 1;
		for (unsigned i = 0; i < n; i++)
			n_vectors *= N_LETTERS;
		for (unsigned code = 0; code < n_vectors; code++) {
			struct vector vector = { .n = n };
			for (unsigned i = 0, rest = code; i < n; i++, rest /= N_LETTERS)
				vector.letters[i] = (enum letter)(rest % N_LETTERS);
			for (unsigned quorum = 1; quorum <= n; quorum++) {
				struct mxw_verdict verdict;
				count_vector(&vector, quorum, &verdict);
				check(&vector, quorum, &verdict);
				mxw_verdict_done(&verdict);
			}
		}
	}
}

static const struct mxw_verdict_entry *find_entry(const struct mxw_verdict *verdict, const char *id,
						  const char *subject)
{
	for (size_t i = 0; i < verdict->n_entries; i++)
		if (strcmp(verdict->entries[i].def->id, id) == 0 && strcmp(verdict->entries[i].subject, subject) == 0)
			return &verdict->entries[i];
	return NULL;
}

/* The severity that the quorum-th strongest yes-vote reaches, found without counting from above. */
static enum mxw_severity expected_severity(const struct vector *vector, unsigned quorum)
{
	static const enum mxw_severity of[N_LETTERS] = {
		[SAYS_INFO] = MXW_INFO,
		[SAYS_WARNING] = MXW_WARNING,
		[SAYS_CRITICAL] = MXW_CRITICAL,
	};
	enum mxw_severity best = MXW_OK;
	for (unsigned i = 0; i < vector->n; i++) {
		unsigned n_reach = 0;
		for (unsigned k = 0; k < vector->n; k++)
			n_reach += is_yes(vector->letters[i]) && is_yes(vector->letters[k]) &&
				   of[vector->letters[k]] >= of[vector->letters[i]];
		if (n_reach >= quorum && of[vector->letters[i]] > best)
			best = of[vector->letters[i]];
	}
	return best;
}

static void check_rules(const struct vector *vector, unsigned quorum, const struct mxw_verdict *verdict)
{
	unsigned n_yes = 0, n_no = 0, n_unknown = 0, n_named = 0;
	struct mxw_verdict_votes votes = { 0 };
	for (unsigned i = 0; i < vector->n; i++) {
		uint32_t bit = UINT32_C(1) << i;
		n_named += is_yes(vector->letters[i]) || vector->letters[i] == SAYS_UNKNOWN;
		if (is_yes(vector->letters[i]))
			n_yes++, votes.yes |= bit;
		else if (vector->letters[i] == SAYS_NO)
			n_no++, votes.no |= bit;
		else
			n_unknown++, votes.unknown |= bit;
	}
	const struct mxw_verdict_entry *entry = find_entry(verdict, "a", "s");
	bool confirmed = n_yes >= quorum, minority = !confirmed && n_yes && n_no >= quorum,
	     clear = !n_yes && n_no >= quorum;
	if (!n_named || clear) {
		assert_null(entry);
		return;
	}
	assert_non_null(entry);
	assert_int_equal(entry->status, confirmed ? MXW_CONFIRMED : minority ? MXW_MINORITY : MXW_UNDECIDED);
	assert_memory_equal(&entry->votes, &votes, sizeof(votes));
	if (confirmed) {
		assert_int_equal(entry->severity, expected_severity(vector, quorum));
	} else if (minority) {
		assert_in_range(entry->severity, MXW_INFO, MXW_WARNING);
	} else {
		assert_int_equal(entry->severity, MXW_UNKNOWN);
	}
	assert_int_equal(entry->finding->vote, n_yes ? MXW_VOTE_YES : MXW_VOTE_UNKNOWN);
	assert_int_equal(mxw_verdict_entry_is_listed(entry), confirmed || !minority);
}

static void test_every_vector_follows_the_rules(void **state)
{
	for_all_vectors(check_rules);
}

static bool is_problem(enum mxw_severity severity)
{
	return severity == MXW_WARNING || severity == MXW_CRITICAL;
}

/* Q1, with at most f = min(n - quorum, quorum - 1) resolvers that say anything at all. */
static void check_q1(const struct vector *vector, unsigned quorum, const struct mxw_verdict *verdict)
{
	unsigned f = MXW_MIN(vector->n - quorum, quorum - 1), n = vector->n;
	unsigned n_no = 0, n_warning = 0, n_critical = 0, n_unknown = 0, n_info = 0;
	for (unsigned i = 0; i < n; i++) {
		n_no += vector->letters[i] == SAYS_NO;
		n_info += vector->letters[i] == SAYS_INFO;
		n_warning += vector->letters[i] == SAYS_WARNING;
		n_critical += vector->letters[i] == SAYS_CRITICAL;
		n_unknown += vector->letters[i] >= SAYS_UNKNOWN && vector->letters[i] <= IS_ABSENT;
	}
	if (is_problem(verdict->state))
		assert_true(n_warning + n_critical >= quorum); /* a quorum of agreeing determinate votes */
	if (verdict->state == MXW_OK)                          /* and OK is proven by a quorum as well */
		assert_true(n - n_unknown >= quorum);
	if (n_no + f >= n)
		assert_int_equal(verdict->state, MXW_OK); /* healthy, all honest ones see it */
	if (n_critical + f >= n)
		assert_int_equal(verdict->state, MXW_CRITICAL);
	if (n_warning + f >= n)
		assert_int_equal(verdict->state, MXW_WARNING); /* neither hidden nor raised by liars */
	if (n_no + n_unknown + f >= n)
		assert_false(is_problem(verdict->state)); /* also when honest lookups fail */
	if (!n_info && n_warning + n_critical + n_unknown + f >= n)
		assert_int_not_equal(verdict->state,
				     MXW_OK); /* a lie about the severity makes the quorum of a milder one */
}

static void test_q1_holds_for_every_vector(void **state)
{
	for_all_vectors(check_q1);
}

static void test_quorum(void **state)
{
	static const unsigned majority[] = { 1, 1, 2, 2, 3, 3, 4, 4, 5 };
	for (unsigned n = 0; n < MXW_ARRAY_SIZE(majority); n++)
		assert_int_equal(mxw_verdict_quorum(0, n), majority[n]);
	assert_int_equal(mxw_verdict_quorum(1, 5), 1);
	assert_int_equal(mxw_verdict_quorum(5, 5), 5);
}

/* Rows of one view, as "id/subject" with a leading '?' for UNKNOWN and "=severity" for another than the default. */
struct row {
	unsigned view;
	const struct mxw_finding_def *def;
	const char *subject;
	enum mxw_vote vote;
	enum mxw_severity severity;
};

struct expected {
	const char *id, *subject;
	enum mxw_verdict_status status;
	enum mxw_severity severity;
	bool listed;
};

struct scene {
	const char *name;
	unsigned n_views, quorum;
	uint32_t absent;
	struct row rows[8];
	enum mxw_severity state;
	struct expected expected[6];
};

#define YES(view, def, subject, severity)                   \
	{                                                   \
		view, &def, subject, MXW_VOTE_YES, severity \
	}
#define UNK(view, def, subject, severity)                       \
	{                                                       \
		view, &def, subject, MXW_VOTE_UNKNOWN, severity \
	}

static const struct scene scenes[] = {
	{ "nothing to say", 3, 2, 0, { { 0 } }, MXW_OK, { { 0 } } },
	{ "nobody has a vote", 3, 2, 7, { { 0 } }, MXW_UNKNOWN, { { 0 } } },
	{ "one silent vote is no quorum", 3, 2, 3, { { 0 } }, MXW_UNKNOWN, { { 0 } } },
	{ "two silent votes are", 3, 2, 1, { { 0 } }, MXW_OK, { { 0 } } },
	{ "positive rows",
	  2,
	  2,
	  0,
	  { YES(0, def_ok, "d", MXW_OK), YES(1, def_ok, "d", MXW_OK) },
	  MXW_OK,
	  { { "ok", "d", MXW_CONFIRMED, MXW_OK, true } } },
	{ "a lone positive row is no quorum",
	  3,
	  2,
	  6,
	  { YES(0, def_ok, "d", MXW_OK) },
	  MXW_UNKNOWN,
	  { { "ok", "d", MXW_UNDECIDED, MXW_UNKNOWN, true } } },
	{ "two disagree",
	  2,
	  2,
	  0,
	  { YES(0, def_b, "x", MXW_CRITICAL) },
	  MXW_UNKNOWN,
	  { { "b", "x", MXW_UNDECIDED, MXW_UNKNOWN, true } } },
	{ "two disagree about advice",
	  2,
	  2,
	  0,
	  { YES(0, def_info, "x", MXW_INFO) },
	  MXW_OK,
	  { { "i", "x", MXW_UNDECIDED, MXW_UNKNOWN, true } } },
	{ "two disagree, the profile made it mild",
	  2,
	  2,
	  0,
	  { YES(0, def_b, "x", MXW_INFO) },
	  MXW_OK,
	  { { "b", "x", MXW_UNDECIDED, MXW_UNKNOWN, true } } },
	{ "unknown, made mild by the configuration",
	  1,
	  1,
	  0,
	  { UNK(0, def_b, "x", MXW_INFO) },
	  MXW_OK,
	  { { "b", "x", MXW_UNDECIDED, MXW_UNKNOWN, false } } },
	{ "unknown advice, made loud by the configuration",
	  1,
	  1,
	  0,
	  { UNK(0, def_info, "", MXW_CRITICAL) },
	  MXW_UNKNOWN,
	  { { "i", "", MXW_UNDECIDED, MXW_UNKNOWN, true } } },
	{ "subjects are voted on one by one",
	  2,
	  2,
	  0,
	  { YES(0, def_a, "x", MXW_WARNING), YES(1, def_a, "y", MXW_WARNING) },
	  MXW_UNKNOWN,
	  { { "a", "x", MXW_UNDECIDED, MXW_UNKNOWN, true }, { "a", "y", MXW_UNDECIDED, MXW_UNKNOWN, true } } },
	{ "an unknown row covers its own id only",
	  3,
	  2,
	  0,
	  { YES(0, def_a, "x", MXW_WARNING), UNK(1, def_b, "", MXW_CRITICAL), UNK(2, def_info, "", MXW_INFO) },
	  MXW_OK,
	  { { "a", "x", MXW_MINORITY, MXW_WARNING, false } } },
	{ "an unknown row covers every subject of its id",
	  3,
	  2,
	  0,
	  { YES(0, def_a, "x", MXW_WARNING), YES(0, def_a, "y", MXW_WARNING), YES(1, def_a, "y", MXW_WARNING),
	    UNK(1, def_a, "", MXW_WARNING) },
	  MXW_WARNING,
	  { { "a", "y", MXW_CONFIRMED, MXW_WARNING, true }, { "a", "x", MXW_UNDECIDED, MXW_UNKNOWN, true } } },
	{ "a minority is a warning at most",
	  3,
	  2,
	  0,
	  { YES(2, def_b, "x", MXW_CRITICAL) },
	  MXW_OK,
	  { { "b", "x", MXW_MINORITY, MXW_WARNING, false } } },
	{ "confirmed beats undecided",
	  2,
	  2,
	  0,
	  { YES(0, def_a, "x", MXW_WARNING), YES(1, def_a, "x", MXW_WARNING), UNK(0, def_b, "", MXW_CRITICAL) },
	  MXW_WARNING,
	  { { "a", "x", MXW_CONFIRMED, MXW_WARNING, true }, { "b", "", MXW_UNDECIDED, MXW_UNKNOWN, true } } },
	{ "worst first, then by id and subject",
	  1,
	  1,
	  0,
	  { YES(0, def_info, "x", MXW_INFO), YES(0, def_a, "z", MXW_WARNING), YES(0, def_ok, "", MXW_OK),
	    YES(0, def_a, "y", MXW_WARNING), YES(0, def_b, "x", MXW_WARNING), YES(0, def_a, "x", MXW_CRITICAL) },
	  MXW_CRITICAL,
	  { { "a", "x", MXW_CONFIRMED, MXW_CRITICAL, true },
	    { "a", "y", MXW_CONFIRMED, MXW_WARNING, true },
	    { "a", "z", MXW_CONFIRMED, MXW_WARNING, true },
	    { "b", "x", MXW_CONFIRMED, MXW_WARNING, true },
	    { "i", "x", MXW_CONFIRMED, MXW_INFO, true },
	    { "ok", "", MXW_CONFIRMED, MXW_OK, true } } },
	{ "failing lookups that all see are UNKNOWN",
	  2,
	  2,
	  0,
	  { YES(0, def_a, "x", MXW_UNKNOWN), YES(1, def_a, "x", MXW_UNKNOWN) },
	  MXW_UNKNOWN,
	  { { "a", "x", MXW_CONFIRMED, MXW_UNKNOWN, true } } },
};

static void check_scene(const struct scene *scene)
{
	struct mxw_findings findings[3] = { 0 };
	struct mxw_verdict_view views[3] = { 0 };
	for (const struct row *row = scene->rows; row->def; row++) {
		struct mxw_finding *finding = row->vote == MXW_VOTE_YES
						      ? mxw_findings_add(&findings[row->view], row->def, row->subject)
						      : mxw_findings_add_unknown(&findings[row->view], row->def,
										 row->subject);
		finding->severity = row->severity;
	}
	for (unsigned i = 0; i < scene->n_views; i++)
		views[i].findings = scene->absent >> i & 1 ? NULL : &findings[i];
	struct mxw_verdict verdict;
	assert_int_equal(mxw_verdict_count(&verdict, views, scene->n_views, scene->quorum), 0);
	size_t n = 0;
	for (const struct expected *e = scene->expected; n < MXW_ARRAY_SIZE(scene->expected) && e->id; e++, n++) {
		const struct mxw_verdict_entry *entry = n < verdict.n_entries ? &verdict.entries[n] : NULL;
		if (!entry || strcmp(entry->def->id, e->id) || strcmp(entry->subject, e->subject) ||
		    entry->status != e->status || entry->severity != e->severity ||
		    mxw_verdict_entry_is_listed(entry) != e->listed)
			fail_msg("%s: entry %zu", scene->name, n);
	}
	if (verdict.n_entries != n || verdict.state != scene->state)
		fail_msg("%s: %zu entries, state %s", scene->name, verdict.n_entries, mxw_severity_name(verdict.state));
	mxw_verdict_done(&verdict);
	for (unsigned i = 0; i < MXW_ARRAY_SIZE(findings); i++)
		mxw_findings_done(&findings[i]);
}

static void test_scenes(void **state)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(scenes); i++)
		check_scene(&scenes[i]);
}

static void test_no_memory_for_views_without_findings(void **state)
{
	const struct mxw_findings empty = { 0 };
	const struct mxw_verdict_view views[3] = { { &empty }, { &empty }, { &empty } };
	struct mxw_verdict verdict;
	assert_int_equal(mxw_verdict_count(&verdict, views, 3, 2), 0);
	assert_null(verdict.arena.blocks);
	assert_null(verdict.entries);
	mxw_verdict_done(&verdict);
	mxw_verdict_done(&verdict);
}

/* Sixteen resolvers that each name the most subjects there can be, in opposite orders. */
static void test_hostile_sizes(void **state)
{
	enum { N_VIEWS = 16, N_DEFS = 20 };
	static struct mxw_finding_def defs[N_DEFS];
	static char ids[N_DEFS][8];
	struct mxw_findings findings[N_VIEWS] = { 0 };
	struct mxw_verdict_view views[N_VIEWS];
	for (unsigned d = 0; d < N_DEFS; d++) {
		snprintf(ids[d], sizeof(ids[d]), "d%u", d);
		defs[d] = (struct mxw_finding_def){ .id = ids[d], .severity = MXW_WARNING };
	}
	for (unsigned v = 0; v < N_VIEWS; v++) {
		for (unsigned i = 0; i < N_DEFS * MXW_MAX_SUBJECTS; i++) {
			unsigned k = v % 2 ? N_DEFS * MXW_MAX_SUBJECTS - 1 - i : i;
			char subject[32];
			snprintf(subject, sizeof(subject), "s%u", k / N_DEFS);
			mxw_findings_add(&findings[v], &defs[k % N_DEFS], subject);
		}
		views[v].findings = &findings[v];
	}
	struct mxw_verdict verdict;
	assert_int_equal(mxw_verdict_count(&verdict, views, N_VIEWS, 9), 0);
	assert_int_equal(verdict.n_entries, N_DEFS * MXW_MAX_SUBJECTS);
	assert_int_equal(verdict.state, MXW_WARNING);
	for (size_t i = 0; i < verdict.n_entries; i++)
		assert_int_equal(verdict.entries[i].votes.yes, 0xffff);
	mxw_verdict_done(&verdict);
	for (unsigned v = 0; v < N_VIEWS; v++)
		mxw_findings_done(&findings[v]);
}

/* A confirmed warning and a critical that nobody could see: the state is the warning, what it may be is not. */
static void test_may_be(void **state)
{
	struct mxw_findings findings[2] = { 0 };
	struct mxw_verdict_view views[2] = { { &findings[0] }, { &findings[1] } };
	struct mxw_verdict verdict;
	for (unsigned i = 0; i < 2; i++)
		mxw_findings_add(&findings[i], &def_a, "x");
	assert_int_equal(mxw_verdict_count(&verdict, views, 2, 2), 0);
	assert_int_equal(verdict.may_be, MXW_OK);
	mxw_verdict_done(&verdict);
	mxw_findings_add_unknown(&findings[0], &def_b, "y");
	assert_int_equal(mxw_verdict_count(&verdict, views, 2, 2), 0);
	assert_int_equal(verdict.state, MXW_WARNING);
	assert_int_equal(verdict.may_be, MXW_CRITICAL);
	mxw_verdict_done(&verdict);
	for (unsigned i = 0; i < 2; i++)
		mxw_findings_done(&findings[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_may_be),
		cmocka_unit_test_setup_teardown(test_every_vector_follows_the_rules, make_views, free_views),
		cmocka_unit_test_setup_teardown(test_q1_holds_for_every_vector, make_views, free_views),
		cmocka_unit_test(test_quorum),
		cmocka_unit_test(test_scenes),
		cmocka_unit_test(test_no_memory_for_views_without_findings),
		cmocka_unit_test(test_hostile_sizes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
