/* The texts of cons-expect: what is missing, what is there that should not be, where the plan stands, and what to
 * publish. */
#include <string.h>

#include "lib/base/escape.h"
#include "lib/base/wallclock.h"
#include "lib/check/consistency_view.h"
#include "lib/check/lookup.h"
#include "lib/check/spf_draft.h"
#include "lib/spf/record.h"

enum {
	MAX_LISTED = 10,      /* records of a stranger's set that a message lists, and that a fix deletes */
	MAX_TEXT = 300,       /* octets of one of them */
	USUAL_TTL = 3600,     /* seconds, of a record to publish where none is there to take it from */
	N_DATE_AND_TIME = 19, /* of RFC 3339, without the fraction */
};

static const char *const words[MXW_N_RECORD_TYPES] = {
	[MXW_RECORD_MX] = "MX",
	[MXW_RECORD_SPF] = "SPF",
	[MXW_RECORD_NS] = "NS",
	[MXW_RECORD_PTR] = "PTR",
};

static const char *const effects[MXW_N_RECORD_TYPES] = {
	[MXW_RECORD_MX] = "mail goes to hosts that nobody planned for, or past those that wait for it",
	[MXW_RECORD_SPF] =
		"receivers judge who may send as the domain by another record than the one that was agreed on",
	[MXW_RECORD_NS] =
		"other name servers answer for the domain, or some of them do not: whoever runs them decides on all "
		"of its records",
	[MXW_RECORD_PTR] = "receivers may reject or defer mail from the address for its reverse DNS (5.7.25, 4.7.25)",
};

static struct mxw_arena *arena_of(const struct mxw_consistency_view *view)
{
	return &view->judge.findings->arena;
}

static void set(const struct mxw_consistency_view *view, struct mxw_finding *finding, const char *key,
		struct mxw_strbuf *text)
{
	mxw_finding_set(view->judge.findings, finding, key, mxw_strbuf_get(text));
	arena_of(view)->failed |= mxw_strbuf_failed(text);
	mxw_strbuf_clear(text);
}

/* The set to publish, and that the message compares with: of two that are right the planned one. */
static const struct mxw_expected_set *wanted(const struct mxw_consistency_view *view)
{
	return view->phase == MXW_PLAN_OLD ? &view->expectation->old : &view->expectation->new;
}

/* ---- {diff} ---- */

/* By its key; else it is a term. */
static bool is_spf_record(const char *key)
{
	size_t n = strlen("v=spf1");
	return strncmp(key, "v=spf1", n) == 0 && (!key[n] || key[n] == ' ');
}

/* "10 mx1.example.org", "mx1.example.org", "0 .", an SPF record in quotes, a term. */
static void write_item(enum mxw_record_type type, const struct mxw_expected *item, struct mxw_strbuf *ret)
{
	bool is_quoted = type == MXW_RECORD_SPF && is_spf_record(item->key);
	if (type == MXW_RECORD_MX && item->preference != MXW_PREFERENCE_ANY)
		mxw_strbuf_addf(ret, "%d ", item->preference);
	mxw_strbuf_adds(ret, is_quoted ? "\"" : "");
	if (type == MXW_RECORD_SPF)
		mxw_escape_line(ret, item->text, strlen(item->text), MAX_TEXT);
	else
		mxw_strbuf_adds(ret, item->text); /* names are printable */
	mxw_strbuf_adds(ret, is_quoted ? "\"" : "");
}

/* "LABEL a, b and 3 more" of the items that are, or are not, among the others; nothing if there is none. */
static void write_list(const struct mxw_consistency_view *view, const char *label, const struct mxw_expected *items,
		       size_t n, const struct mxw_expected *others, size_t n_others, bool among, struct mxw_strbuf *ret)
{
	size_t n_found = 0;
	for (size_t i = 0; i < n; i++) {
		if (mxw_expected_is_among(&items[i], others, n_others) != among || n_found++ >= MAX_LISTED)
			continue;
		if (n_found == 1)
			mxw_strbuf_addf(ret, "%s%s", ret->len ? "; " : "", label);
		mxw_strbuf_adds(ret, n_found == 1 ? " " : ", ");
		write_item(view->expectation->type, &items[i], ret);
	}
	if (n_found > MAX_LISTED)
		mxw_strbuf_addf(ret, " and %zu more", n_found - MAX_LISTED);
}

static void write_absence(const struct mxw_consistency_view *view, struct mxw_strbuf *ret)
{
	const struct mxw_answer *answer = view->published.answer;
	const char *denier = answer->soa_owner, *name = view->question.name;
	if (view->published.n)
		return;
	mxw_strbuf_adds(ret, ret->len ? "; " : "");
	if (answer->outcome == MXW_OUTCOME_ANSWER)
		mxw_strbuf_adds(ret, "there is none");
	else if (answer->outcome == MXW_OUTCOME_NXDOMAIN)
		mxw_strbuf_addf(ret, "%s does not exist", name);
	else if (view->question.type == MXW_TYPE_NS && denier && strcmp(denier, name) != 0)
		mxw_strbuf_addf(ret, "%s is not the apex of a zone, and only an apex has NS records; the zone is %s",
				name, denier);
	else
		mxw_strbuf_adds(ret, "there is none");
}

static void set_diff(const struct mxw_consistency_view *view, struct mxw_finding *finding)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	const struct mxw_expected_set *set_wanted = wanted(view);
	const struct mxw_published *published = &view->published;
	enum mxw_expect_mode mode = view->expectation->mode;
	if (mode == MXW_EXPECT_FORBID)
		write_list(view, "forbidden but there:", set_wanted->items, set_wanted->n, published->items,
			   published->n, true, &text);
	else
		write_list(view, "missing", set_wanted->items, set_wanted->n, published->items, published->n, false,
			   &text);
	if (mode == MXW_EXPECT_EXACT)
		write_list(view, "unexpected", published->items, published->n, set_wanted->items, set_wanted->n, false,
			   &text);
	write_absence(view, &text);
	set(view, finding, "diff", &text);
}

/* ---- {plan} ---- */

static void write_time(int64_t wall_ms, struct mxw_strbuf *ret)
{
	char text[MXW_RFC3339_MAX];
	mxw_wallclock_rfc3339(wall_ms, text);
	mxw_strbuf_addf(ret, "%.*sZ", N_DATE_AND_TIME, text);
}

static void set_plan(const struct mxw_consistency_view *view, struct mxw_finding *finding)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	const struct mxw_expectation *expectation = view->expectation;
	if (expectation->is_planned && view->phase == MXW_PLAN_OLD) {
		bool is_early = expectation->new.is_given &&mxw_expected_fits(&expectation->new, expectation->mode,
									      &view->published);
		mxw_strbuf_adds(&text, is_early ? "; this is the change that is planned for "
						: "; a change is planned, but not before ");
		write_time(expectation->not_before_wall_ms, &text);
		mxw_strbuf_adds(&text, is_early ? ", too early" : "");
	} else if (expectation->is_planned && view->phase == MXW_PLAN_EITHER) {
		mxw_strbuf_adds(&text, "; nor is it what was there before the change that is planned until ");
		write_time(expectation->deadline_wall_ms, &text);
	} else if (expectation->is_planned) {
		mxw_strbuf_adds(&text, "; the planned change was to be done by ");
		write_time(expectation->deadline_wall_ms, &text);
	}
	set(view, finding, "plan", &text);
}

/* ---- {lines} and {setting} ---- */

/* The preference to publish for a host that may have any: what it has, or a usual one. */
static int preference_of(const struct mxw_consistency_view *view, const struct mxw_expected *item)
{
	enum { USUAL_PREFERENCE = 10 };
	if (item->preference != MXW_PREFERENCE_ANY)
		return item->preference;
	for (size_t i = 0; i < view->published.n; i++)
		if (strcmp(view->published.items[i].key, item->key) == 0)
			return view->published.items[i].preference;
	return USUAL_PREFERENCE;
}

static void write_rdata(const struct mxw_consistency_view *view, const struct mxw_expected *item,
			struct mxw_strbuf *ret)
{
	const char *dot = strcmp(item->text, ".") == 0 ? "" : ".";
	if (view->expectation->type == MXW_RECORD_SPF)
		mxw_spf_quote(item->text, strlen(item->text), ret);
	else if (view->expectation->type == MXW_RECORD_MX)
		mxw_strbuf_addf(ret, "%d %s%s", preference_of(view, item), item->text, dot);
	else
		mxw_strbuf_addf(ret, "%s%s", item->text, dot);
}

/* One line: the record to publish, or behind ';' the one to delete. */
static void write_line(const struct mxw_consistency_view *view, const struct mxw_expected *item, bool is_wrong,
		       struct mxw_strbuf *ret)
{
	char buffer[10];
	unsigned ttl = view->published.ttl ? view->published.ttl : USUAL_TTL;
	mxw_strbuf_adds(ret, ret->len ? "\n" : "");
	if (view->expectation->type == MXW_RECORD_SPF && !is_spf_record(item->key)) {
		mxw_strbuf_addf(
			ret, is_wrong ? "; take %s out of the SPF record of %s" : "; put %s into the SPF record of %s",
			item->text, view->target->domain);
		return;
	}
	mxw_strbuf_addf(ret, "%s%s. %u IN %s ", is_wrong ? "; delete " : "", view->question.name, ttl,
			mxw_rrtype_name(view->question.type, buffer));
	write_rdata(view, item, ret);
	if (view->expectation->type == MXW_RECORD_PTR)
		mxw_strbuf_adds(ret, " ; at the holder of the address");
}

static void set_lines(const struct mxw_consistency_view *view, struct mxw_finding *finding)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	const struct mxw_expected_set *set_wanted = wanted(view);
	const struct mxw_published *published = &view->published;
	enum mxw_expect_mode mode = view->expectation->mode;
	for (size_t i = 0; i < set_wanted->n; i++) {
		bool is_there = mxw_expected_is_among(&set_wanted->items[i], published->items, published->n);
		if (mode == MXW_EXPECT_EXACT || is_there == (mode == MXW_EXPECT_FORBID))
			write_line(view, &set_wanted->items[i], mode == MXW_EXPECT_FORBID, &text);
	}
	for (size_t i = 0, n = 0; mode == MXW_EXPECT_EXACT && i < published->n && n < MAX_LISTED; i++) {
		if (mxw_expected_is_among(&published->items[i], set_wanted->items, set_wanted->n))
			continue;
		write_line(view, &published->items[i], true, &text);
		n++;
	}
	set(view, finding, "lines", &text);
}

/* What is published, as a list of the configuration. Only what needs no escapes there can be written so. */
static bool write_current(const struct mxw_consistency_view *view, struct mxw_strbuf *ret)
{
	const struct mxw_published *published = &view->published;
	char ip[MXW_IP_TEXT_MAX];
	if (published->n > MXW_MAX_EXPECTED || view->expectation->mode != MXW_EXPECT_EXACT)
		return false;
	mxw_strbuf_adds(ret, "[");
	for (size_t i = 0; i < published->n; i++) {
		const struct mxw_expected *item = &published->items[i];
		for (const char *c = item->text; *c; c++)
			if (*c < 0x20 || *c > 0x7e || *c == '"' || *c == '\\')
				return false;
		mxw_strbuf_adds(ret, i ? ", \"" : "\"");
		if (view->expectation->type == MXW_RECORD_MX)
			mxw_strbuf_addf(ret, "%d ", item->preference);
		if (view->expectation->type == MXW_RECORD_PTR) {
			mxw_ip_format(&view->expectation->ip, ip);
			mxw_strbuf_addf(ret, "%s ", ip);
		}
		mxw_strbuf_addf(ret, "%s\"", item->text);
	}
	mxw_strbuf_adds(ret, "]");
	return published->n > 0 || view->expectation->type != MXW_RECORD_PTR;
}

static void set_setting(const struct mxw_consistency_view *view, struct mxw_finding *finding)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT, current = MXW_STRBUF_INIT;
	const char *key = mxw_record_type_name(view->expectation->type);
	if (write_current(view, &current))
		mxw_strbuf_addf(&text, "%s: %s%s", key, mxw_strbuf_get(&current),
				view->expectation->type == MXW_RECORD_PTR ? " for this address" : "");
	else
		mxw_strbuf_addf(&text, "another %s", key);
	arena_of(view)->failed |= mxw_strbuf_failed(&current);
	set(view, finding, "setting", &text);
}

void mxw_consistency_explain(const struct mxw_consistency_view *view, struct mxw_finding *finding)
{
	struct mxw_findings *findings = view->judge.findings;
	enum mxw_record_type type = view->expectation->type;
	char ip[MXW_IP_TEXT_MAX], buffer[10];
	mxw_ip_format(&view->expectation->ip, ip);
	mxw_finding_set(findings, finding, "what", words[type]);
	mxw_finding_set(findings, finding, "owner", type == MXW_RECORD_PTR ? ip : view->target->domain);
	mxw_finding_set(findings, finding, "effect", effects[type]);
	mxw_finding_set(findings, finding, "name", view->question.name);
	mxw_finding_set(findings, finding, "qtype", mxw_rrtype_name(view->question.type, buffer));
	set_diff(view, finding);
	set_plan(view, finding);
	set_lines(view, finding);
	set_setting(view, finding);
}
