/* Whoever publishes what the check spf proposes is rid of the finding, and has nothing worse instead: of every finding in
 * every world of the tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "tests/unit/spf_worlds.h"

/* Findings that stay, or bring others, for a reason. */
static const struct {
	const char *id, *world; /* world NULL: all of them */
} exceptions[] = {
	/* Its record is the second of two steps: the included record must be corrected by others, until then it is left out. */
	{ "spf-temperror", NULL },
	/* What a modifier that does nothing names is not asked for; here it has no SPF record. */
	{ "spf-syntax", "a mechanism written as modifier: legal, and ignored" },
};

static bool is_exception(const char *id, const char *world)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(exceptions); i++)
		if (strcmp(exceptions[i].id, id) == 0 &&
		    (!exceptions[i].world || strcmp(exceptions[i].world, world) == 0))
			return true;
	return false;
}

/* ---- the zone with the proposal in it ---- */

/* Octets of a record line up to the end of its last quoted string; 0 for anything else than an SPF record. */
static size_t record_length(const char *line)
{
	const char *at = strstr(line, " IN TXT \""), *end = line + strcspn(line, "\n");
	if (!at || at > end || *line == ';' || strncmp(at, " IN TXT \"v=spf1", 15) != 0)
		return 0;
	for (at += 8; at[0] == '"'; at += at[1] == ' ' && at[2] == '"' ? 2 : 1) {
		for (at++; *at && *at != '"'; at++)
			at += *at == '\\' && at[1];
		if (!(at[1] == ' ' && at[2] == '"'))
			return (size_t)(at + 1 - line);
	}
	return 0;
}

/* A TXT record of the name that is SPF or was meant to be. */
static bool is_replaced(const char *line, size_t n, const char *owner, size_t n_owner)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_strbuf_add(&text, line, n);
	return n > n_owner && strncmp(line, owner, n_owner) == 0 && line[n_owner] == ' ' &&
	       strstr(mxw_strbuf_get(&text), " IN TXT ") &&
	       (strstr(mxw_strbuf_get(&text), "spf") || strstr(mxw_strbuf_get(&text), "SPF") ||
		strstr(mxw_strbuf_get(&text), "v=s"));
}

static void publish(const char *zone, const char *record, size_t n_record, struct mxw_strbuf *ret)
{
	size_t n_owner = strcspn(record, " ");
	for (const char *line = zone; *line;) {
		size_t n = strcspn(line, "\n");
		if (!is_replaced(line, n, record, n_owner))
			mxw_strbuf_addf(ret, "%.*s\n", (int)n, line);
		line += n + (line[n] == '\n');
	}
	mxw_strbuf_addf(ret, "%.*s\n", (int)n_record, record);
}

/* ---- judging again ---- */

static size_t compare(const struct zone_case *world, const char *record, const struct mxw_finding *finding,
		      const struct mxw_findings *before, const struct mxw_findings *after)
{
	const struct mxw_finding *left = mxw_findings_get(after, finding->def, finding->subject);
	size_t n_wrong = 0;
	if (left && left->vote == MXW_VOTE_YES) {
		print_error("%s: %s %s stays after %s\n", world->name, finding->def->id, finding->subject, record);
		n_wrong++;
	}
	for (size_t i = 0; i < after->n; i++) {
		const struct mxw_finding *row = after->items[i];
		const struct mxw_finding *old = mxw_findings_get(before, row->def, row->subject);
		if (row->vote != MXW_VOTE_YES || row->severity <= finding->severity ||
		    (old && old->vote == MXW_VOTE_YES && old->severity >= row->severity))
			continue;
		print_error("%s: %s brings %s %s by %s\n", world->name, finding->def->id, row->def->id, row->subject,
			    record);
		n_wrong++;
	}
	return n_wrong;
}

/* Publishes the first record of the proposal: those after it are alternatives. */
static size_t try_finding(const struct zone_case *world, const struct mxw_finding *finding,
			  const struct mxw_findings *before, size_t *n_tried)
{
	struct mxw_strbuf fix = MXW_STRBUF_INIT, zone = MXW_STRBUF_INIT;
	size_t n_wrong = 0;
	mxw_finding_expand(finding, finding->def->fix, &fix);
	size_t n = record_length(mxw_strbuf_get(&fix));
	if (n && !is_exception(finding->def->id, world->name)) {
		struct mxw_findings after = { 0 };
		struct zone_case published = *world;
		publish(world->zone, mxw_strbuf_get(&fix), n, &zone);
		published.zone = mxw_strbuf_get(&zone);
		zone_view_judge(&mxw_check_spf, &published, &after);
		n_wrong = compare(world, mxw_strbuf_get(&fix), finding, before, &after);
		++*n_tried;
		mxw_findings_done(&after);
	}
	mxw_strbuf_done(&zone);
	mxw_strbuf_done(&fix);
	return n_wrong;
}

static void test_proposals(void **state)
{
	static const struct spf_worlds *const tables[] = { &spf_worlds_records, &spf_worlds_limits, &spf_worlds_policy,
							   &spf_worlds_senders };
	size_t n_wrong = 0, n_tried = 0;
	for (size_t t = 0; t < MXW_ARRAY_SIZE(tables); t++)
		for (size_t i = 0; i < tables[t]->n; i++) {
			struct mxw_findings findings = { 0 };
			zone_view_judge(&mxw_check_spf, &tables[t]->cases[i], &findings);
			for (size_t k = 0; k < findings.n; k++)
				if (findings.items[k]->vote == MXW_VOTE_YES)
					n_wrong += try_finding(&tables[t]->cases[i], findings.items[k], &findings,
							       &n_tried);
			mxw_findings_done(&findings);
		}
	assert_true(n_tried > 100);
	assert_int_equal(n_wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_proposals) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
