/* Record sets over resolvers and rounds: who must agree, how often, and what people read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/util.h"
#include "lib/records/records.h"

/* Each letter is what a resolver shows, "-" is a failed lookup. */
static const char *set_of(char letter)
{
	static const char *const sets[] = { "10 a.example.com", "10 b.example.com", "10 c.example.com" };
	return letter == '-' ? NULL : sets[letter - 'a'];
}

static void test_vote(void **unused)
{
	static const struct {
		const char *views;
		unsigned quorum;
		char set; /* '-': no quorum */
		uint32_t yes, no;
	} rows[] = {
		{ "a", 1, 'a', 1, 0 },     { "-", 1, '-', 0, 0 },       { "aa", 2, 'a', 3, 0 },
		{ "ab", 2, '-', 0, 0 },    { "a-", 2, '-', 0, 0 },      { "aab", 2, 'a', 3, 4 },
		{ "baa", 2, 'a', 6, 1 },   { "-aa", 2, 'a', 6, 0 },     { "--a", 2, '-', 0, 0 },
		{ "abc", 2, '-', 0, 0 },   { "aabbb", 3, 'b', 28, 3 },  { "aabb-", 3, '-', 0, 0 },
		{ "aab", 1, 'a', 3, 4 }, /* two have a quorum of one: the larger */
		{ "ab-", 1, '-', 0, 0 },   { "aabb", 2, '-', 0, 0 },    { "aabbcc", 2, '-', 0, 0 },
		{ "abbcc", 2, '-', 0, 0 }, { "abbccc", 2, 'c', 56, 7 },
	};
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		const char *sets[32];
		size_t n = strlen(rows[i].views);
		struct mxw_records_vote vote;
		for (size_t k = 0; k < n; k++)
			sets[k] = set_of(rows[i].views[k]);
		mxw_records_vote(&vote, sets, n, rows[i].quorum);
		if (rows[i].set == '-')
			assert_null(vote.set);
		else if (!vote.set || strcmp(vote.set, set_of(rows[i].set)) != 0)
			fail_msg("%s, quorum %u: %s", rows[i].views, rows[i].quorum, vote.set ? vote.set : "none");
		assert_int_equal(vote.votes.yes, rows[i].yes);
		assert_int_equal(vote.votes.no, rows[i].no);
		assert_int_equal(vote.votes.yes ^ vote.votes.no ^ vote.votes.unknown, (1u << n) - 1);
	}
}

/* The largest number of resolvers has its bits. */
static void test_many_voters(void **unused)
{
	const char *sets[32];
	struct mxw_records_vote vote;
	(void)unused;
	for (size_t i = 0; i < 32; i++)
		sets[i] = set_of('a');
	mxw_records_vote(&vote, sets, 32, 17);
	assert_int_equal(vote.votes.yes, UINT32_MAX);
	assert_int_equal(vote.votes.no | vote.votes.unknown, 0);
	mxw_records_vote(&vote, sets, 0, 1);
	assert_null(vote.set);
}

/* A letter a round: the confirmed set, "-" for a round that could not decide. The outcome: F first, C changed and adopted,
 * X changed but the commit failed, p pending, "." quiet. */
static void test_track(void **unused)
{
	static const struct {
		const char *rounds, *commits, *outcomes;
	} rows[] = {
		{ "aaa", "", "F.." },
		{ "--a-a", "", "..F.." },
		{ "abb", "yes", "FpC" },
		{ "abbb", "yes", "FpC." },
		{ "aba", "", "Fp." },
		{ "abab", "", "Fp.p" }, /* flip-flop caches */
		{ "abcabc", "", "Fpp.pp" },
		{ "abcc", "yes", "FppC" }, /* through an intermediate set */
		{ "ab-b", "yes", "FppC" }, /* a round that cannot decide is none */
		{ "ab---a", "", "Fpppp." },
		{ "abbbb", "no", "FpXXX" },             /* the store takes nothing: again and again */
		{ "abba", "no", "FpX." },               /* and back before it could be told */
		{ "abbaa", "yes", "FpCpC" },            /* back afterwards is a change, too */
		{ "abcbcbcbcbcb", "", "Fppppppppp.." }, /* no two rounds agree: the interval is enough */
		{ "abcbcbcbcbcbb", "yes", "Fppppppppp..C" },
		{ "abcbcbcbcbcbab", "", "Fppppppppp...p" },
	};
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_records_track track = { 0 };
		char outcomes[32] = "";
		for (size_t k = 0; rows[i].rounds[k]; k++) {
			const char *set = set_of(rows[i].rounds[k]);
			enum mxw_records_step step;
			assert_int_equal(mxw_records_step(&track, set, &step), 0);
			bool is_changed = step == MXW_RECORDS_CHANGED, is_kept = strcmp(rows[i].commits, "yes") == 0;
			if (is_changed && is_kept)
				mxw_records_adopt(&track, strdup(set));
			outcomes[k] = step == MXW_RECORDS_FIRST        ? 'F'
				      : is_changed                     ? (is_kept ? 'C' : 'X')
				      : mxw_records_is_pending(&track) ? 'p'
								       : '.';
		}
		if (strcmp(outcomes, rows[i].outcomes) != 0)
			fail_msg("%s: %s, expected %s", rows[i].rounds, outcomes, rows[i].outcomes);
		mxw_records_track_done(&track);
	}
}

static void test_summary(void **unused)
{
	static const struct {
		enum mxw_record_type type;
		const char *old, *new, *summary;
	} rows[] = {
		{ MXW_RECORD_MX, "10 a.example.com", "20 b.example.com",
		  "example.com MX changed: 10 a.example.com -> 20 b.example.com" },
		{ MXW_RECORD_NS, "ns1.example.com\nns2.example.com", "no records",
		  "example.com NS changed: ns1.example.com, ns2.example.com -> no records" },
		{ MXW_RECORD_SPF, "no such name", "v=spf1 \\x0a -all",
		  "example.com SPF changed: no such name -> v=spf1 \\x0a -all" },
		{ MXW_RECORD_ADDRESS, "mx.example.com 192.0.2.1", "mx.example.com 192.0.2.2",
		  "example.com mail host address changed: mx.example.com 192.0.2.1 -> mx.example.com 192.0.2.2" },
	};
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		char *summary = mxw_records_summary("example.com", rows[i].type, rows[i].old, rows[i].new);
		assert_non_null(summary);
		assert_string_equal(summary, rows[i].summary);
		free(summary);
	}
	char long_set[2000];
	memset(long_set, 'x', sizeof(long_set) - 1);
	long_set[sizeof(long_set) - 1] = '\0';
	char *summary = mxw_records_summary("example.com", MXW_RECORD_SPF, long_set, long_set);
	assert_in_range(strlen(summary), 2 * 255, 2 * 255 + 100);
	free(summary);
}

static void test_next(void **unused)
{
	static const struct {
		const char *set, *records; /* each after a bar */
	} rows[] = {
		{ "a", "|a" }, { "a\nb c\nd", "|a|b c|d" }, { "no records", "" }, { "no such name", "" }, { "", "" },
	};
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_strbuf text = MXW_STRBUF_INIT;
		const char *at = rows[i].set, *record;
		size_t n;
		while (mxw_records_next(&at, &record, &n)) {
			mxw_strbuf_addc(&text, '|');
			mxw_strbuf_add(&text, record, n);
		}
		assert_string_equal(mxw_strbuf_get(&text), rows[i].records);
		mxw_strbuf_done(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vote),    cmocka_unit_test(test_many_voters), cmocka_unit_test(test_track),
		cmocka_unit_test(test_summary), cmocka_unit_test(test_next),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
