/* Which TXT records are SPF, how they are joined, checked and walked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/strbuf.h"
#include "lib/dns/type.h"
#include "lib/spf/normal.h"
#include "lib/spf/record.h"

#define X50 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

/* A TXT record of the character-strings that "|" divides; the buffer belongs to the record until the next call. */
static struct mxw_rr make_txt(const char *text, size_t n)
{
	static uint8_t rdata[1024];
	struct mxw_rr rr = { .type = MXW_TYPE_TXT, .rdata = rdata };
	size_t begin = 0;
	for (size_t i = 0; i <= n; i++) {
		if (i < n && text[i] != '|')
			continue;
		assert_true(i - begin <= 255 && rr.n_rdata + 1u + i - begin <= sizeof(rdata));
		rdata[rr.n_rdata++] = (uint8_t)(i - begin);
		memcpy(rdata + rr.n_rdata, text + begin, i - begin);
		rr.n_rdata = (uint16_t)(rr.n_rdata + i - begin);
		begin = i + 1;
	}
	return rr;
}

static const struct {
	const char *paragraph, *text;
	bool is_record;
} selection[] = {
	{ "4.5", "v=spf1 -all", true },
	{ "4.5, the version alone", "v=spf1", true },
	{ "12, trailing spaces", "v=spf1   ", true },
	{ "12, case", "V=sPf1 -all", true },
	{ "4.5, a syntax error is for later", "v=spf1 foo", true },
	{ "3.3, divided in the version", "v=s|pf1| -all", true },
	{ "3.3, nothing is put between", "v=spf|1", true },
	{ "3.3, empty character-strings", "||v=spf1||", true },
	{ "4.5, longer version", "v=spf10 -all", false },
	{ "4.5, longer version", "v=spf1|0 -all", false },
	{ "4.5, other end", "v=spf1;-all", false },
	{ "4.5, a tab is no space", "v=spf1\t-all", false },
	{ "4.5, space before", " v=spf1 -all", false },
	{ "4.5, quote before", "\"v=spf1 -all\"", false },
	{ "4.5, too short", "v=spf", false },
	{ "4.5, nothing", "", false },
	{ "4.5, Sender ID", "spf2.0/pra -all", false },
};

static void test_selection(void **state)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(selection); i++) {
		struct mxw_rr rr = make_txt(selection[i].text, strlen(selection[i].text));
		if (mxw_spf_record_is(&rr) != selection[i].is_record)
			fail_msg("%s: %s", selection[i].paragraph, selection[i].text);
	}
	struct mxw_rr rr = make_txt("v=spf1\0-all", 11);
	assert_false(mxw_spf_record_is(&rr));
	rr = make_txt("v=spf1 -all", 11);
	rr.type = MXW_TYPE_SPF; /* RFC 7208 3.1: TXT only */
	assert_false(mxw_spf_record_is(&rr));
	rr = (struct mxw_rr){ .type = MXW_TYPE_TXT, .rdata = rr.rdata };
	assert_false(mxw_spf_record_is(&rr));
}

static void assert_selected(const char *const *texts, size_t n, enum mxw_outcome outcome, size_t expect,
			    const char *first)
{
	struct mxw_rr rrs[4];
	uint8_t rdata[4][64];
	for (size_t i = 0; i < n; i++) {
		rrs[i] = make_txt(texts[i], strlen(texts[i]));
		memcpy(rdata[i], rrs[i].rdata, rrs[i].n_rdata);
		rrs[i].rdata = rdata[i];
	}
	struct mxw_answer_parts parts = { .head = { .outcome = outcome }, .rrs = rrs, .n_rrs = n };
	struct mxw_answer *answer MXW_CLEANUP(mxw_answer_unrefp) = NULL;
	assert_int_equal(mxw_answer_new(&answer, &parts), 0);
	const struct mxw_rr *rr = &rrs[0];
	assert_int_equal(mxw_spf_record_select(answer, &rr), expect);
	assert_int_equal(!rr, !first);
	if (first)
		assert_memory_equal(rr->rdata + 1, first, strlen(first));
}

/* RFC 7208 4.5: none, one, several. */
static void test_count(void **state)
{
	static const char *const texts[] = { "verify=x", "v=spf1 -all", "v=spf1 mx", "v=spf1 mx" };
	const struct mxw_rr *rr;
	assert_selected(texts, 1, MXW_OUTCOME_ANSWER, 0, NULL);
	assert_selected(texts, 2, MXW_OUTCOME_ANSWER, 1, "v=spf1 -all");
	assert_selected(texts + 2, 2, MXW_OUTCOME_ANSWER, 1, "v=spf1 mx");
	assert_selected(texts, 4, MXW_OUTCOME_ANSWER, 2, "v=spf1 mx");
	assert_selected(texts, 0, MXW_OUTCOME_NODATA, 0, NULL);
	assert_selected(texts, 0, MXW_OUTCOME_SERVFAIL, 0, NULL);
	assert_int_equal(mxw_spf_record_select(NULL, &rr), 0);
	assert_null(rr);
}

/* The terms of a record as "name[spec]", its modifiers behind "|". */
static void describe(const struct mxw_spf_record *record, struct mxw_strbuf *ret)
{
	struct mxw_spf_term term;
	for (size_t at = 0; mxw_spf_record_next(record, &at, &term);)
		mxw_strbuf_addf(ret, "<%.*s>", (int)term.n_text, term.text);
	if (record->has_all)
		mxw_strbuf_adds(ret, " all");
	if (record->has_redirect)
		mxw_strbuf_addf(ret, " redirect:%.*s", (int)record->redirect.n_spec, record->redirect.spec);
	if (record->has_exp)
		mxw_strbuf_addf(ret, " exp:%.*s", (int)record->exp.n_spec, record->exp.spec);
}

static const struct {
	const char *paragraph, *text, *expect;
} good[] = {
	{ "4.5, an empty record", "v=spf1", "" },
	{ "12, trailing spaces", "v=spf1   ", "" },
	{ "4.6", "v=spf1 mx -all", "<mx><-all> all" },
	{ "12, many spaces", "v=spf1   mx    -all  ", "<mx><-all> all" },
	{ "3.3, joined without a space", "v=spf1 m|x a:exa|mple.com -|all", "<mx><a:example.com><-all> all" },
	{ "3.3, a space at the seam", "v=spf1 mx |-all", "<mx><-all> all" },
	{ "3.3, empty strings", "|v=spf1 mx||", "<mx>" },
	{ "6.1", "v=spf1 redirect=_spf.example.com", "<redirect=_spf.example.com> redirect:_spf.example.com" },
	{ "6, modifiers anywhere", "v=spf1 exp=a.example Redirect=b.example ?all",
	  "<exp=a.example><Redirect=b.example><?all> all redirect:b.example exp:a.example" },
	{ "6, unknown modifiers may repeat", "v=spf1 x=1 x=1 -all", "<x=1><x=1><-all> all" },
	{ "6, the version again is an unknown modifier", "v=spf1 v=spf1 -all", "<v=spf1><-all> all" },
	{ "4.6.2, all need not be last", "v=spf1 -all mx all", "<-all><mx><all> all" },
};

static void test_good(void **state)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(good); i++) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf got = MXW_STRBUF_INIT;
		struct mxw_spf_record record;
		struct mxw_spf_error error;
		struct mxw_rr rr = make_txt(good[i].text, strlen(good[i].text));
		if (mxw_spf_record_open(&record, &rr, &error) != 0)
			fail_msg("%s: %s: refused at %zu: %s", good[i].paragraph, good[i].text, error.at, error.reason);
		assert_int_equal(!record.joined, !strchr(good[i].text, '|'));
		describe(&record, &got);
		if (strcmp(mxw_strbuf_get(&got), good[i].expect) != 0)
			fail_msg("%s: %s: expected \"%s\", got \"%s\"", good[i].paragraph, good[i].text, good[i].expect,
				 mxw_strbuf_get(&got));
		mxw_spf_record_done(&record);
		assert_null(record.joined);
	}
}

static const struct {
	const char *paragraph, *text;
	size_t at;
	const char *term; /* that holds the fault */
	const char *reason;
} bad[] = {
	{ "4.6, one wrong term spoils the record", "v=spf1 a foo -all", 9, "foo", "unknown mechanism" },
	{ "4.6, behind all, too", "v=spf1 -all ip4:1.2.3.4/33", 24, "ip4:1.2.3.4/33", "prefix length over 32" },
	{ "3.3, no space at the seam", "v=spf1 mx|-all", 7, "mx-all", "unknown mechanism" },
	{ "3.3, offsets are those of the joined text", "v=spf1 |mx |-all:|x", 14, "-all:x",
	  "\"all\" takes no argument" },
	{ "12, a tab is no space", "v=spf1 mx\t-all", 9, "mx\t-all", "tab where only spaces may be" },
	{ "12, a space behind the colon", "v=spf1 include: example.com", 15,
	  "include:", "no domain after \"include:\"" },
	{ "12, a space before the colon", "v=spf1 mx :example.com", 10, ":example.com", "no mechanism" },
	{ "12, a comma", "v=spf1 mx, -all", 7, "mx,", "unknown mechanism" },
	{ "6, redirect twice", "v=spf1 redirect=a.b mx REDIRECT=a.b", 23, "REDIRECT=a.b", "a second \"redirect\"" },
	{ "6, exp twice", "v=spf1 exp=a.b exp=c.d -all", 15, "exp=c.d", "a second \"exp\"" },
	{ "6, an unknown modifier's value", "v=spf1 x=%{ -all", 11, "x=%{", "macro without letter" },
};

static void test_bad(void **state)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(bad); i++) {
		struct mxw_spf_record record;
		struct mxw_spf_error error;
		struct mxw_rr rr = make_txt(bad[i].text, strlen(bad[i].text));
		if (mxw_spf_record_open(&record, &rr, &error) != MXW_SPF_E_SYNTAX)
			fail_msg("%s: %s: accepted", bad[i].paragraph, bad[i].text);
		if (error.at != bad[i].at || strcmp(error.reason, bad[i].reason) != 0)
			fail_msg("%s: %s: expected %zu \"%s\", got %zu \"%s\"", bad[i].paragraph, bad[i].text,
				 bad[i].at, bad[i].reason, error.at, error.reason);
		assert_int_equal(error.n_term, strlen(bad[i].term));
		assert_true(error.term + error.n_term <= record.n_text);
		assert_memory_equal(record.text + error.term, bad[i].term, error.n_term);
		mxw_spf_record_done(&record);
	}
}

/* RDATA whose length octet promises more than there is, and a text of the longest character-strings. */
static void test_rdata(void **state)
{
	struct mxw_spf_record record;
	struct mxw_spf_error error;
	static const uint8_t broken[] = "\xffv=spf1 mx";
	struct mxw_rr rr = { .type = MXW_TYPE_TXT, .rdata = broken, .n_rdata = sizeof(broken) - 1 };
	assert_true(mxw_spf_record_is(&rr));
	assert_int_equal(mxw_spf_record_open(&record, &rr, &error), 0);
	assert_int_equal(record.n_text, 9);
	assert_ptr_equal(record.text, broken + 1);
	mxw_spf_record_done(&record);

	static const char text[] = "v=spf1 x=" X50 X50 X50 X50 "|" X50 X50 X50 X50 " -all";
	rr = make_txt(text, strlen(text));
	assert_int_equal(mxw_spf_record_open(&record, &rr, &error), 0);
	assert_int_equal(record.n_text, strlen(text) - 1);
	assert_true(record.has_all);
	mxw_spf_record_done(&record);
}

static void test_pieces(void **state)
{
	static const char text[] = "  v=spf1\tmx,  \xff foo ";
	static const char *const expect[] = { "v=spf1\tmx,", "\xff", "foo" };
	const char *piece;
	size_t n, at = 0, i = 0;
	while (mxw_spf_record_next_piece(text, strlen(text), &at, &piece, &n)) {
		assert_true(i < MXW_ARRAY_SIZE(expect));
		assert_int_equal(n, strlen(expect[i]));
		assert_memory_equal(piece, expect[i++], n);
	}
	assert_int_equal(i, MXW_ARRAY_SIZE(expect));
	assert_false(mxw_spf_record_next_piece(text, strlen(text), &at, &piece, &n));
}

/* ---- one form for all spellings ---- */

static const struct {
	const char *paragraph, *text, *expect;
} spellings[] = {
	{ "12, case", "V=SPF1 MX IP6:2001:DB8::1 -ALL", "v=spf1 mx ip6:2001:db8::1 -all" },
	{ "4.6.1, spaces", "v=spf1   mx  -all  ", "v=spf1 mx -all" },
	{ "4.6.2, the default qualifier", "v=spf1 +mx +a:x.example ?all", "v=spf1 mx a:x.example ?all" },
	{ "4.6.2, a lonely plus is no qualifier", "v=spf1 + -all", "v=spf1 + -all" },
	{ "7.3, a macro letter says how it is escaped", "EXISTS:%{I}.%{DR-}.X", "exists:%{I}.%{Dr-}.x" },
	{ "7.1, %% begins no macro", "exists:%%{I}.X", "exists:%%{i}.x" },
	{ "7.1, %_ and %- are no macros", "exists:%_A%-B%", "exists:%_a%-b%" },
	{ "no well-formed SPF", "%{", "%{" },
	{ "nothing", "", "" },
};

static void test_spellings(void **state)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(spellings); i++) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT, again = MXW_STRBUF_INIT;
		mxw_spf_normalise(spellings[i].text, strlen(spellings[i].text), &text);
		if (strcmp(mxw_strbuf_get(&text), spellings[i].expect) != 0)
			fail_msg("%s: \"%s\"", spellings[i].paragraph, mxw_strbuf_get(&text));
		mxw_spf_normalise(mxw_strbuf_get(&text), text.len, &again);
		assert_string_equal(mxw_strbuf_get(&again), mxw_strbuf_get(&text));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spellings), cmocka_unit_test(test_selection), cmocka_unit_test(test_count),
		cmocka_unit_test(test_good),      cmocka_unit_test(test_bad),       cmocka_unit_test(test_rdata),
		cmocka_unit_test(test_pieces),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
