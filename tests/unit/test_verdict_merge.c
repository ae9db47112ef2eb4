/* The merge table of findings.md 4.4: rows for every rule, then every vector of up to four resolvers and two servers
 * against the table as it is written there, and against property Q1 of the alert rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "lib/verdict/verdict.h"

static const struct mxw_finding_def def = { .id = "k", .severity = MXW_CRITICAL };
static const struct mxw_finding_def def_info = { .id = "advice", .severity = MXW_INFO };

/* What a view may say about the key, as a letter: c w i yes with a severity, n no, u unknown, U unknown for every subject,
 * "-" no vote. */
static const char letters[] = "nuU-iwc";
enum { N_LETTERS = sizeof(letters) - 1, MAX_VIEWS = 5, MAX_SERVERS = 3 };

static struct mxw_findings findings_of[N_LETTERS];

static int make_findings(void **state)
{
	static const struct {
		char letter;
		enum mxw_severity severity;
	} yes[] = { { 'i', MXW_INFO }, { 'w', MXW_WARNING }, { 'c', MXW_CRITICAL } };
	(void)state;
	mxw_findings_add_unknown(&findings_of[strchr(letters, 'u') - letters], &def, "s");
	mxw_findings_add_unknown(&findings_of[strchr(letters, 'U') - letters], &def, NULL);
	for (size_t i = 0; i < MXW_ARRAY_SIZE(yes); i++)
		mxw_findings_add(&findings_of[strchr(letters, yes[i].letter) - letters], &def, "s")->severity =
			yes[i].severity;
	return 0;
}

static int free_findings(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_LETTERS; i++)
		mxw_findings_done(&findings_of[i]);
	return 0;
}

/* Everything that goes into one merge. */
struct vector {
	const char *resolvers, *servers, *ages; /* ages: "=" current, t in time, l late, else unknown; may be shorter */
	unsigned quorum;
	bool is_rederived;
};

static enum mxw_age age_of(void *arg, size_t view, const struct mxw_finding *finding)
{
	const struct vector *vector = arg;
	assert_true(view < strlen(vector->resolvers));
	assert_int_equal(finding->vote, MXW_VOTE_YES);
	switch (view < strlen(vector->ages) ? vector->ages[view] : '.') {
	case '=':
		return MXW_AGE_CURRENT;
	case 't':
		return MXW_AGE_OLD_IN_TIME;
	case 'l':
		return MXW_AGE_OLD_LATE;
	default:
		return MXW_AGE_UNKNOWN;
	}
}

static void read_views(const char *word, struct mxw_verdict_view *ret)
{
	for (size_t i = 0; word[i]; i++)
		ret[i].findings = word[i] == '-' ? NULL : &findings_of[strchr(letters, word[i]) - letters];
}

static void merge(const struct vector *vector, struct mxw_verdict *ret)
{
	struct mxw_verdict_view views[MAX_VIEWS], servers[MAX_SERVERS];
	const struct mxw_verdict_zone zone = {
		.servers = servers,
		.n_servers = strlen(vector->servers),
		.is_rederived = vector->is_rederived,
		.age = vector->ages ? age_of : NULL,
		.arg = (void *)vector,
	};
	read_views(vector->resolvers, views);
	read_views(vector->servers, servers);
	assert_int_equal(mxw_verdict_merge(ret, views, strlen(vector->resolvers), vector->quorum, &zone), 0);
}

static const struct mxw_verdict_entry *entry_of(const struct mxw_verdict *verdict, const char *subject)
{
	for (size_t i = 0; i < verdict->n_entries; i++)
		if (strcmp(verdict->entries[i].subject, subject) == 0)
			return &verdict->entries[i];
	return NULL;
}

/* ---- the table, row by row ---- */

static const char *const status_names[] = {
	[MXW_CONFIRMED] = "CONFIRMED",   [MXW_DISAGREE] = "DISAGREE", [MXW_MINORITY] = "MINORITY",
	[MXW_RECOVERING] = "RECOVERING", [MXW_STALE] = "STALE",       [MXW_ALIEN] = "ALIEN",
	[MXW_UNDECIDED] = "UNDECIDED",   [MXW_CLEAR] = "CLEAR",
};

/* `expected`: status of the key, its severity, the state and what it may be, a "+" when the parent is to be asked. */
static const struct {
	const char *what, *resolvers, *servers, *ages;
	bool is_rederived;
	const char *expected;
} rows[] = {
	/* Rule 1: a quorum, and the authority is not against it. */
	{ "1 of 1", "c", "", NULL, false, "CONFIRMED critical critical ok" },
	{ "1 of 1, servers silent", "c", "u", NULL, false, "CONFIRMED critical critical ok" },
	{ "1 of 1, a server has no say", "c", "-", NULL, false, "CONFIRMED critical critical ok" },
	{ "1 of 1 and the authority", "c", "c", NULL, false, "CONFIRMED critical critical ok" },
	{ "2 of 2", "cc", "", NULL, false, "CONFIRMED critical critical ok" },
	{ "2 of 2 and the authority", "cc", "cc", NULL, false, "CONFIRMED critical critical ok" },
	{ "2 of 3", "ccn", "uU", NULL, false, "CONFIRMED critical critical ok" },
	{ "2 of 3 and the authority", "ccn", "c", NULL, false, "CONFIRMED critical critical ok" },
	{ "3 of 5", "cccnn", "-", NULL, false, "CONFIRMED critical critical ok" },
	{ "3 of 5 and the authority", "cccnn", "cu", NULL, false, "CONFIRMED critical critical ok" },
	{ "the quorum's severity, where the authority's is milder", "cc", "w", NULL, false,
	  "CONFIRMED critical critical ok" },
	{ "the authority's, where the quorum's is milder", "wwc", "cc", NULL, false, "CONFIRMED critical critical ok" },
	{ "what all servers reach", "wwc", "ci", NULL, false, "CONFIRMED warning warning ok" },

	/* Rule 2: the authority alone. */
	{ "1: before the resolver", "n", "c", NULL, false, "CONFIRMED critical critical ok" },
	{ "1: the resolver cannot tell", "u", "c", NULL, false, "CONFIRMED critical critical ok" },
	{ "2: nobody sees it yet", "nn", "cc", NULL, false, "CONFIRMED critical critical ok" },
	{ "2: they disagree", "cn", "c", NULL, false, "CONFIRMED critical critical ok" },
	{ "3: nobody sees it yet", "nnn", "c", NULL, false, "CONFIRMED critical critical ok" },
	{ "3: one sees it, more of it than there is", "cnn", "ww", NULL, false, "CONFIRMED warning warning ok" },
	{ "3: nobody can tell", "u-U", "c", NULL, false, "CONFIRMED critical critical ok" },
	{ "5: two see it", "ccnnn", "cuc", NULL, false, "CONFIRMED critical critical ok" },
	{ "servers that cannot tell do not count", "nnn", "wu-", NULL, false, "CONFIRMED warning warning ok" },
	{ "the least that servers agree on", "nnn", "cw", NULL, false, "CONFIRMED warning warning ok" },
	{ "advice", "nnn", "i", NULL, false, "CONFIRMED info ok ok" },

	/* Rule 3a: fixed at the authority, caches in their time. */
	{ "1: cached", "c", "n", "t", false, "RECOVERING unknown unknown critical" },
	{ "2: both cached", "cc", "n", "tt", false, "RECOVERING unknown unknown critical" },
	{ "2: one cached", "cn", "nn", "t", false, "RECOVERING unknown unknown critical" },
	{ "3: all cached", "ccc", "n", "ttt", false, "RECOVERING unknown unknown critical" },
	{ "3: one cached", "nnc", "n", "..t", false, "RECOVERING unknown unknown critical" },
	{ "3: the same after the parent was asked", "nnc", "n", "..t", true, "RECOVERING unknown unknown critical" },
	{ "5: a quorum cached, one is late", "ccccn", "nn", "tttl", false, "RECOVERING unknown unknown critical" },
	{ "5: cached, and one shows what never was", "ccccn", "nn", "ttt.", true,
	  "RECOVERING unknown unknown critical" },
	{ "a warning", "wnn", "n", "t", false, "RECOVERING unknown unknown warning" },
	{ "advice keeps nothing", "inn", "n", "t", false, "RECOVERING unknown ok ok" },

	/* Rule 3b: late. */
	{ "2: one is late", "cn", "n", "l", false, "STALE warning ok ok" },
	{ "3: one is late", "cnn", "nn", "l", false, "STALE warning ok ok" },
	{ "3: one is late, the others cannot tell", "cuu", "n", "l", false, "STALE warning ok ok" },
	{ "5: two are late", "cncnn", "nu", "l.l", false, "STALE warning ok ok" },

	/* Rule 3c: the parent is asked, then a quorum is right, and less than that sees what is not there. */
	{ "1: unknown value", "c", "n", NULL, false, "UNDECIDED unknown unknown critical +" },
	{ "1: unknown value, asked", "c", "n", NULL, true, "CONFIRMED critical critical ok" },
	{ "1: late is a quorum", "c", "n", "l", false, "UNDECIDED unknown unknown critical +" },
	{ "1: late is a quorum, asked", "c", "n", "l", true, "CONFIRMED critical critical ok" },
	{ "1: current, asked", "c", "n", "=", true, "CONFIRMED critical critical ok" },
	{ "2: quorum", "cc", "n", "..", false, "UNDECIDED unknown unknown critical +" },
	{ "2: quorum, asked", "cc", "n", "..", true, "CONFIRMED critical critical ok" },
	{ "2: one", "cn", "n", ".", false, "UNDECIDED unknown unknown critical +" },
	{ "2: one, asked", "cn", "n", ".", true, "ALIEN warning ok ok" },
	{ "3: quorum, asked", "ccn", "nn", NULL, true, "CONFIRMED critical critical ok" },
	{ "3: one", "ncn", "n", NULL, false, "UNDECIDED unknown unknown critical +" },
	{ "3: one, asked", "ncn", "n", NULL, true, "ALIEN warning ok ok" },
	{ "3: one, asked, the others cannot tell", "ucu", "n", NULL, true, "ALIEN warning ok ok" },
	{ "3: one is late, one never was: a quorum", "ccn", "n", "l.", true, "CONFIRMED critical critical ok" },
	{ "3: one in time leaves less than a quorum", "ccn", "n", "t.", true, "RECOVERING unknown unknown critical" },
	{ "5: one in time leaves a quorum", "ccccn", "n", "t...", false, "UNDECIDED unknown unknown critical +" },
	{ "5: one in time leaves a quorum, asked", "ccccn", "n", "t...", true, "CONFIRMED critical critical ok" },
	{ "5: two, late and never seen", "ccnnn", "n", "l.", true, "ALIEN warning ok ok" },
	{ "advice is worth no question", "inn", "n", NULL, false, "ALIEN info ok ok" },
	{ "advice of a quorum neither", "iin", "n", NULL, false, "CONFIRMED info ok ok" },

	/* Rule 4: the servers disagree. */
	{ "1: seen", "c", "cn", NULL, true, "DISAGREE critical critical ok" },
	{ "1: not seen", "n", "cn", NULL, true, "DISAGREE warning warning ok" },
	{ "1: not known", "-", "cn", NULL, true, "DISAGREE warning warning ok" },
	{ "1: the parent is asked", "c", "cn", NULL, false, "DISAGREE critical critical ok +" },
	{ "2: one sees it", "cn", "nc", NULL, true, "DISAGREE warning warning ok" },
	{ "2: both see it", "cc", "nnc", NULL, true, "DISAGREE critical critical ok" },
	{ "3: one sees it", "cnn", "cnu", NULL, true, "DISAGREE warning warning ok" },
	{ "3: a quorum sees it", "ccn", "cn", NULL, true, "DISAGREE critical critical ok" },
	{ "3: a quorum sees it, cached or not", "ccn", "cn", "tt", true, "DISAGREE critical critical ok" },
	{ "5: nobody sees it", "nnnnn", "cnn", NULL, true, "DISAGREE warning warning ok" },
	{ "5: a quorum sees a warning", "wwwcn", "cn", NULL, true, "DISAGREE warning warning ok" },
	{ "a liar makes it no worse than a server does", "cnn", "in", NULL, true, "DISAGREE info ok ok" },

	/* Rule 5: a minority, and the authority cannot tell. */
	{ "3: one", "cnn", "", NULL, false, "MINORITY warning ok ok" },
	{ "3: one, servers silent", "cnn", "uU-", NULL, false, "MINORITY warning ok ok" },
	{ "3: ages change nothing", "cnn", "u", "t", false, "MINORITY warning ok ok" },
	{ "5: two", "ccnnn", "u", NULL, true, "MINORITY warning ok ok" },

	/* Rule 6: clear. */
	{ "1: no", "n", "", NULL, false, "CLEAR" },
	{ "1: no, and the authority", "n", "n", NULL, false, "CLEAR" },
	{ "1: the authority decides", "u", "n", NULL, false, "CLEAR" },
	{ "2: the authority decides", "nu", "nu", NULL, false, "CLEAR" },
	{ "3: a quorum", "nnu", "u", NULL, false, "CLEAR" },
	{ "3: the authority decides", "uuU", "n", NULL, false, "CLEAR" },
	{ "5: the authority decides", "nnuuu", "n-", NULL, false, "CLEAR" },

	/* Rule 7: nobody knows. */
	{ "1: unknown", "u", "u", NULL, false, "UNDECIDED unknown unknown critical" },
	{ "2: they disagree, servers silent", "cn", "uu", NULL, false, "UNDECIDED unknown unknown critical" },
	{ "3: one yes, one no", "cnu", "", NULL, false, "UNDECIDED unknown unknown critical" },
	{ "3: one yes", "cuu", "-", NULL, true, "UNDECIDED unknown unknown critical" },
	{ "5: two and two", "ccnnu", "u", NULL, true, "UNDECIDED unknown unknown critical" },
};

static void describe(const struct mxw_verdict *verdict, struct mxw_strbuf *ret)
{
	const struct mxw_verdict_entry *entry = entry_of(verdict, "s");
	if (!entry) {
		mxw_strbuf_adds(ret, "CLEAR");
		return;
	}
	mxw_strbuf_addf(ret, "%s %s %s %s%s", status_names[entry->status], mxw_severity_name(entry->severity),
			mxw_severity_name(verdict->state), mxw_severity_name(verdict->may_be),
			verdict->wants_rederivation ? " +" : "");
}

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_strbuf got = MXW_STRBUF_INIT;
		struct mxw_verdict verdict;
		const struct vector vector = { rows[i].resolvers, rows[i].servers, rows[i].ages,
					       mxw_verdict_quorum(0, strlen(rows[i].resolvers)), rows[i].is_rederived };
		merge(&vector, &verdict);
		describe(&verdict, &got);
		if (strcmp(mxw_strbuf_get(&got), rows[i].expected) != 0)
			fail_msg("%s (%s, %s): expected \"%s\", got \"%s\"", rows[i].what, rows[i].resolvers,
				 rows[i].servers, rows[i].expected, mxw_strbuf_get(&got));
		mxw_strbuf_done(&got);
		mxw_verdict_done(&verdict);
	}
}

/* ---- every vector ---- */

/* The words of `n` letters, one after the other; false after the last. */
static bool next_word(char *word, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		const char *at = strchr(letters, word[i]);
		if (at[1]) {
			word[i] = at[1];
			return true;
		}
		word[i] = letters[0];
	}
	return false;
}

static void first_word(char *word, unsigned n)
{
	memset(word, letters[0], n);
	word[n] = '\0';
}

/* Calls `check` for every vector of up to `max_views` resolvers and `max_servers` servers and every quorum. */
static void for_all_vectors(unsigned max_views, unsigned max_servers, struct vector vector,
			    void (*check)(const struct vector *vector, const struct mxw_verdict *verdict))
{
	char resolvers[MAX_VIEWS + 1], servers[MAX_SERVERS + 1];
	vector.resolvers = resolvers;
	vector.servers = servers;
	for (unsigned n_views = 1; n_views <= max_views; n_views++)
		for (unsigned n_servers = 0; n_servers <= max_servers; n_servers++) {
			first_word(resolvers, n_views);
			do {
				first_word(servers, n_servers);
				do {
					for (vector.quorum = 1; vector.quorum <= n_views; vector.quorum++) {
						struct mxw_verdict verdict;
						merge(&vector, &verdict);
						check(&vector, &verdict);
						mxw_verdict_done(&verdict);
					}
				} while (next_word(servers, n_servers));
			} while (next_word(resolvers, n_views));
		}
}

static unsigned count_letters(const char *word, const char *set)
{
	unsigned n = 0;
	for (; *word; word++)
		n += strchr(set, *word) != NULL;
	return n;
}

static enum mxw_authority authority_of(const char *servers)
{
	unsigned n_yes = count_letters(servers, "iwc"), n_no = count_letters(servers, "n");
	if (n_yes && n_no)
		return MXW_AUTHORITY_SPLIT;
	return n_yes ? MXW_AUTHORITY_YES : n_no ? MXW_AUTHORITY_NO : MXW_AUTHORITY_UNKNOWN;
}

/* Rules 1 to 7 in their order, for yes-votes that are all of one age. */
static enum mxw_verdict_status table(unsigned y, unsigned n, unsigned q, enum mxw_authority a, char age,
				     bool is_rederived)
{
	if (y >= q && (a == MXW_AUTHORITY_YES || a == MXW_AUTHORITY_UNKNOWN))
		return MXW_CONFIRMED;
	if (a == MXW_AUTHORITY_YES)
		return MXW_CONFIRMED;
	if (y >= 1 && a == MXW_AUTHORITY_NO) {
		if (age == 't')
			return MXW_RECOVERING;
		if (age == 'l' && y < q)
			return MXW_STALE;
		if (!is_rederived)
			return MXW_UNDECIDED;
		return y >= q ? MXW_CONFIRMED : MXW_ALIEN;
	}
	if (a == MXW_AUTHORITY_SPLIT)
		return MXW_DISAGREE;
	if (y > 0 && y < q && n >= q)
		return MXW_MINORITY;
	if (y == 0 && (n >= q || a == MXW_AUTHORITY_NO))
		return MXW_CLEAR;
	return MXW_UNDECIDED;
}

static void check_votes(const char *word, const struct mxw_verdict_votes *votes)
{
	for (unsigned i = 0; word[i]; i++) {
		const uint32_t set = strchr("iwc", word[i]) ? votes->yes : word[i] == 'n' ? votes->no : votes->unknown;
		assert_int_equal(set >> i & 1, 1);
	}
	assert_int_equal(votes->yes ^ votes->no ^ votes->unknown, (1u << strlen(word)) - 1);
}

static void check_rules(const struct vector *vector, const struct mxw_verdict *verdict)
{
	unsigned y = count_letters(vector->resolvers, "iwc"), n = count_letters(vector->resolvers, "n");
	enum mxw_authority authority = authority_of(vector->servers);
	const struct mxw_verdict_entry *entry = entry_of(verdict, "s");
	bool is_mild = !count_letters(vector->resolvers, "uwc") && !count_letters(vector->servers, "uwc");
	enum mxw_verdict_status expected = table(y, n, vector->quorum, authority, vector->ages[0],
						 vector->is_rederived || is_mild);
	/* What only a silent server names is no key. */
	bool is_named = y || count_letters(vector->resolvers, "u") || count_letters(vector->servers, "iwc");
	if (expected == MXW_CLEAR || !is_named) {
		assert_null(entry);
		return;
	}
	assert_non_null(entry);
	assert_int_equal(entry->status, expected);
	assert_int_equal(entry->authority, authority);
	check_votes(vector->resolvers, &entry->votes);
	check_votes(vector->servers, &entry->servers);
	bool is_yes = y || count_letters(vector->servers, "iwc");
	assert_int_equal(entry->finding->vote, is_yes ? MXW_VOTE_YES : MXW_VOTE_UNKNOWN);
	bool asks = !vector->is_rederived && !is_mild &&
		    (authority == MXW_AUTHORITY_SPLIT || (authority == MXW_AUTHORITY_NO && expected == MXW_UNDECIDED));
	assert_int_equal(verdict->wants_rederivation, asks);
}

static void test_every_vector_follows_the_table(void **state)
{
	static const char *const ages[] = { "....", "====", "tttt", "llll" };
	(void)state;
	for_all_vectors(4, 2, (struct vector){ .ages = ages[0], .is_rederived = true }, check_rules);
	for (size_t i = 0; i < MXW_ARRAY_SIZE(ages); i++)
		for (int is_rederived = 0; is_rederived < 2; is_rederived++)
			for_all_vectors(3, 1, (struct vector){ .ages = ages[i], .is_rederived = is_rederived },
					check_rules);
}

static bool is_problem(enum mxw_severity severity)
{
	return severity == MXW_WARNING || severity == MXW_CRITICAL;
}

/* Q1, with at most f = min(n - quorum, quorum - 1) resolvers that say anything at all. */
static void check_q1(const struct vector *vector, const struct mxw_verdict *verdict)
{
	unsigned n = (unsigned)strlen(vector->resolvers), f = MXW_MIN(n - vector->quorum, vector->quorum - 1);
	unsigned n_problem = count_letters(vector->resolvers, "wc"), n_no = count_letters(vector->resolvers, "n"),
		 n_critical = count_letters(vector->resolvers, "c"),
		 n_unknown = count_letters(vector->resolvers, "uU-");
	enum mxw_authority authority = authority_of(vector->servers);
	bool server_warns = count_letters(vector->servers, "wc") > 0;
	if (is_problem(verdict->state)) /* a quorum of agreeing determinate votes, or the authority */
		assert_true(n_problem >= vector->quorum || server_warns);
	if (verdict->state == MXW_CRITICAL && n_critical < vector->quorum)
		assert_true(authority == MXW_AUTHORITY_YES && count_letters(vector->servers, "c"));
	if (verdict->state == MXW_OK)
		assert_true(n - n_unknown >= vector->quorum || authority != MXW_AUTHORITY_UNKNOWN);
	if (authority == MXW_AUTHORITY_NO && n_no + n_unknown + f >= n)
		assert_false(is_problem(verdict->state)); /* healthy, whatever liars say */
	if (authority == MXW_AUTHORITY_NO && n_no + f >= n)
		assert_int_equal(verdict->state, MXW_OK);
	if (authority == MXW_AUTHORITY_YES && server_warns && !count_letters(vector->servers, "i"))
		assert_true(is_problem(verdict->state));             /* broken, and liars do not hide it */
	if (authority != MXW_AUTHORITY_SPLIT && n_critical + f >= n) /* what senders see, whatever the servers say */
		assert_int_equal(verdict->state, MXW_CRITICAL);
}

static void test_q1_holds_for_every_vector(void **state)
{
	(void)state;
	for_all_vectors(4, 2, (struct vector){ .ages = NULL, .is_rederived = true }, check_q1);
}

/* A cache in its time: never a problem, and never an OK that would end one. */
static void check_recovering(const struct vector *vector, const struct mxw_verdict *verdict)
{
	bool sees_problem = count_letters(vector->resolvers, "wc") > 0;
	if (authority_of(vector->servers) != MXW_AUTHORITY_NO || !sees_problem)
		return;
	assert_int_equal(verdict->state, MXW_UNKNOWN);
	assert_true(is_problem(verdict->may_be));
}

static void test_recovering_keeps_the_state(void **state)
{
	(void)state;
	for_all_vectors(3, 2, (struct vector){ .ages = "ttt", .is_rederived = true }, check_recovering);
}

/* Servers that cannot tell, or of which there are none, change nothing. */
static void check_alone(const struct vector *vector, const struct mxw_verdict *verdict)
{
	struct mxw_verdict_view views[MAX_VIEWS];
	struct mxw_verdict alone;
	if (count_letters(vector->servers, "uU-") != strlen(vector->servers))
		return;
	read_views(vector->resolvers, views);
	assert_int_equal(mxw_verdict_count(&alone, views, strlen(vector->resolvers), vector->quorum), 0);
	assert_int_equal(verdict->state, alone.state);
	assert_int_equal(verdict->may_be, alone.may_be);
	assert_int_equal(verdict->n_entries, alone.n_entries);
	assert_false(verdict->wants_rederivation);
	for (size_t i = 0; i < alone.n_entries; i++) {
		const struct mxw_verdict_entry *a = &verdict->entries[i], *b = &alone.entries[i];
		assert_ptr_equal(a->finding, b->finding);
		assert_int_equal(a->status, b->status);
		assert_int_equal(a->severity, b->severity);
		assert_memory_equal(&a->votes, &b->votes, sizeof(a->votes));
		assert_int_equal(a->authority, MXW_AUTHORITY_UNKNOWN);
		assert_int_equal(b->servers.yes | b->servers.no | b->servers.unknown, 0);
	}
	mxw_verdict_done(&alone);
}

static void test_unknown_authority_changes_nothing(void **state)
{
	(void)state;
	for_all_vectors(4, 2, (struct vector){ .ages = "tttt" }, check_alone);
}

/* ---- what the vectors leave out ---- */

static bool cannot_tell(const struct mxw_finding_def *asked)
{
	return asked != &def;
}

/* What servers cannot know they do not confirm, deny or dispute, whatever their own views say. */
static void test_servers_that_cannot_know(void **state)
{
	static const char *const servers[] = { "c", "n", "cn", "u", "U", "-" };
	(void)state;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(servers); i++) {
		struct mxw_verdict_view views[3], views_of_servers[MAX_SERVERS];
		struct mxw_verdict verdict;
		const struct mxw_verdict_zone zone = { .servers = views_of_servers,
						       .n_servers = strlen(servers[i]),
						       .can_tell = cannot_tell };
		read_views("cnn", views);
		read_views(servers[i], views_of_servers);
		assert_int_equal(mxw_verdict_merge(&verdict, views, 3, 2, &zone), 0);
		assert_int_equal(verdict.n_entries, 1);
		assert_int_equal(verdict.entries[0].status, MXW_MINORITY);
		assert_int_equal(verdict.entries[0].authority, MXW_AUTHORITY_UNKNOWN);
		assert_int_equal(verdict.entries[0].servers.unknown, (1u << zone.n_servers) - 1);
		mxw_verdict_done(&verdict);
		read_views("nnn", views);
		assert_int_equal(mxw_verdict_merge(&verdict, views, 3, 2, &zone), 0);
		assert_int_equal(verdict.n_entries, 0);
		assert_int_equal(verdict.state, MXW_OK);
		mxw_verdict_done(&verdict);
	}
}

/* Resolvers cannot tell which subjects there are; servers can, if they are sure of all. */
static void test_covered_subjects(void **state)
{
	static const struct {
		const char *servers;
		bool has_all, has_one;
		enum mxw_severity state;
	} cases[] = {
		{ "u", true, false, MXW_UNKNOWN },   { "U", true, false, MXW_UNKNOWN },
		{ "-", true, false, MXW_UNKNOWN },   { "n", false, false, MXW_OK },
		{ "c", false, true, MXW_CRITICAL },  { "un", false, false, MXW_OK },
		{ "uc", false, true, MXW_CRITICAL },
	};
	(void)state;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(cases); i++) {
		struct mxw_verdict verdict;
		const struct vector vector = { "UUU", cases[i].servers, NULL, 2, false };
		merge(&vector, &verdict);
		assert_int_equal(entry_of(&verdict, "") != NULL, cases[i].has_all);
		assert_int_equal(entry_of(&verdict, "s") != NULL, cases[i].has_one);
		assert_int_equal(verdict.state, cases[i].state);
		mxw_verdict_done(&verdict);
	}
}

/* Where nobody says yes a resolver's row speaks, also if a server's would weigh more, and its weight counts. */
static void test_resolvers_speak_for_themselves(void **state)
{
	struct mxw_findings mild = { 0 };
	struct mxw_verdict verdict;
	(void)state;
	struct mxw_finding *finding = mxw_findings_add_unknown(&mild, &def, "s");
	finding->severity = MXW_INFO;
	const struct mxw_verdict_view view = { &mild }, server = { &findings_of[strchr(letters, 'u') - letters] };
	const struct mxw_verdict_zone zone = { .servers = &server, .n_servers = 1 };
	assert_int_equal(mxw_verdict_merge(&verdict, &view, 1, 1, &zone), 0);
	assert_int_equal(verdict.n_entries, 1);
	assert_ptr_equal(verdict.entries[0].finding, finding);
	assert_int_equal(verdict.state, MXW_OK);
	assert_int_equal(verdict.may_be, MXW_OK);
	mxw_verdict_done(&verdict);
	mxw_findings_done(&mild);
}

/* Whose word an OK rests on. */
static void test_cleared_alone(void **state)
{
	static const struct {
		const char *resolvers, *servers;
		bool alone;
	} cases[] = {
		{ "nnn", "n", false }, { "nnu", "n", false }, { "nuu", "n", true },  { "nUU", "n", true },
		{ "n--", "n", false }, { "nuu", "c", false }, { "nuu", "u", false }, { "cuu", "n", false },
	};
	(void)state;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(cases); i++) {
		struct mxw_verdict verdict;
		const struct vector vector = { cases[i].resolvers, cases[i].servers, NULL, 2, true };
		merge(&vector, &verdict);
		assert_int_equal(verdict.is_cleared_alone, cases[i].alone);
		mxw_verdict_done(&verdict);
	}
}

/* What a report shows beside what is confirmed. */
static void test_what_is_listed(void **state)
{
	static const struct {
		const char *resolvers, *servers, *ages;
		bool holds, listed;
	} cases[] = {
		{ "nnn", "c", NULL, true, true },   { "cnn", "cn", NULL, true, true },
		{ "cnn", "n", "t", false, true },   { "inn", "n", "t", false, false },
		{ "cnn", "n", "l", false, false },  { "cnn", "n", ".", false, false },
		{ "cnn", "u", NULL, false, false },
	};
	(void)state;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(cases); i++) {
		struct mxw_verdict verdict;
		const struct vector vector = { cases[i].resolvers, cases[i].servers, cases[i].ages, 2, true };
		merge(&vector, &verdict);
		assert_int_equal(verdict.n_entries, 1);
		assert_int_equal(mxw_verdict_entry_holds(&verdict.entries[0]), cases[i].holds);
		assert_int_equal(mxw_verdict_entry_is_listed(&verdict.entries[0]), cases[i].listed);
		mxw_verdict_done(&verdict);
	}
}

/* Thirty-two resolvers and eight servers: no bit is lost. */
static void test_most_views(void **state)
{
	struct mxw_findings yes = { 0 }, no = { 0 };
	struct mxw_verdict_view views[MXW_VERDICT_MAX_VIEWS], servers[MXW_VERDICT_MAX_SERVERS];
	const struct mxw_verdict_zone zone = { .servers = servers, .n_servers = MXW_VERDICT_MAX_SERVERS };
	struct mxw_verdict verdict;
	(void)state;
	mxw_findings_add(&yes, &def_info, "x");
	for (size_t i = 0; i < MXW_VERDICT_MAX_VIEWS; i++)
		views[i].findings = i == MXW_VERDICT_MAX_VIEWS - 1 ? &yes : &no;
	for (size_t i = 0; i < MXW_VERDICT_MAX_SERVERS; i++)
		servers[i].findings = i == MXW_VERDICT_MAX_SERVERS - 1 ? &yes : &no;
	assert_int_equal(mxw_verdict_merge(&verdict, views, MXW_VERDICT_MAX_VIEWS, 17, &zone), 0);
	assert_int_equal(verdict.entries[0].votes.yes, UINT32_C(1) << 31);
	assert_int_equal(verdict.entries[0].votes.no, UINT32_MAX >> 1);
	assert_int_equal(verdict.entries[0].servers.yes, 1u << 7);
	assert_int_equal(verdict.entries[0].servers.no, 0x7f);
	assert_string_equal(mxw_authority_name(verdict.entries[0].authority), "split");
	mxw_verdict_done(&verdict);
	mxw_findings_done(&yes);
	mxw_findings_done(&no);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_every_vector_follows_the_table),
		cmocka_unit_test(test_q1_holds_for_every_vector),
		cmocka_unit_test(test_recovering_keeps_the_state),
		cmocka_unit_test(test_unknown_authority_changes_nothing),
		cmocka_unit_test(test_servers_that_cannot_know),
		cmocka_unit_test(test_covered_subjects),
		cmocka_unit_test(test_resolvers_speak_for_themselves),
		cmocka_unit_test(test_cleared_alone),
		cmocka_unit_test(test_what_is_listed),
		cmocka_unit_test(test_most_views),
	};
	return cmocka_run_group_tests(tests, make_findings, free_findings);
}
