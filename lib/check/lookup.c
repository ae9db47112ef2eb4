/* Which failed lookup is called what; see lookup.h. */
#include "lib/check/lookup.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/escape.h"
#include "lib/check/judge.h"
#include "lib/check/lookup_rows.h"
#include "lib/dns/name.h"
#include "lib/dns/type.h"

enum { MAX_EDE_TEXT = 80 }; /* octets of a stranger's explanation that a message carries */

enum row { SERVFAIL, TIMEOUT, TRUNCATED, MALFORMED, CNAME_LOOP, BOGUS, N_ROWS };

const struct mxw_finding_def mxw_lookup_findings[] = { MXW_LOOKUP_ROWS, { 0 } };

bool mxw_lookup_is_row(const struct mxw_finding_def *def)
{
	return def >= mxw_lookup_findings && def < mxw_lookup_findings + N_ROWS;
}

static enum row row_of(enum mxw_outcome outcome, bool loop_counts)
{
	switch (outcome) {
	case MXW_OUTCOME_SERVFAIL:
		return SERVFAIL;
	case MXW_OUTCOME_TIMEOUT:
		return TIMEOUT;
	case MXW_OUTCOME_TRUNCATED:
		return TRUNCATED;
	case MXW_OUTCOME_MALFORMED:
	case MXW_OUTCOME_FORMERR:
	case MXW_OUTCOME_NOTIMP:
		return MALFORMED;
	case MXW_OUTCOME_LOOP:
		return loop_counts ? CNAME_LOOP : N_ROWS;
	case MXW_OUTCOME_BOGUS:
		return BOGUS;
	default: /* our own network, and what a resolver says about itself: nothing about the domain */
		return N_ROWS;
	}
}

/* " (EDE 22: no reachable authority)", or nothing. */
static void set_detail(struct mxw_findings *findings, struct mxw_finding *finding, const struct mxw_answer *answer)
{
	if (answer->ede < 0) {
		mxw_finding_set(findings, finding, "detail", "");
		return;
	}
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	const char *ede_text = answer->ede_text ? answer->ede_text : "";
	mxw_escape_line(&text, ede_text, strlen(ede_text), MAX_EDE_TEXT);
	mxw_finding_setf(findings, finding, "detail", " (EDE %d%s%s)", (int)answer->ede, text.len ? ": " : "",
			 mxw_strbuf_get(&text));
}

void mxw_lookup_judge(struct mxw_findings *findings, const char *name, uint16_t type, const struct mxw_answer *answer,
		      bool loop_counts)
{
	enum row row = answer ? row_of(answer->outcome, loop_counts) : N_ROWS;
	if (row == N_ROWS)
		return;
	char buffer[10], subject[MXW_NAME_TEXT_MAX + sizeof(buffer)];
	const char *type_name = mxw_rrtype_name(type, buffer);
	const struct mxw_judge judge = { .findings = findings, .rows = mxw_lookup_findings, .domain = name };
	snprintf(subject, sizeof(subject), "%s/%s", name, type_name);
	struct mxw_finding *finding = mxw_judge_yes(&judge, row, subject);
	mxw_finding_set(findings, finding, "name", name);
	mxw_finding_set(findings, finding, "type", type_name);
	mxw_finding_set(findings, finding, "outcome", mxw_outcome_name(answer->outcome));
	set_detail(findings, finding, answer);
	mxw_judge_set_chain(&judge, finding, name, answer);
	mxw_finding_cite(findings, finding, name, type);
}
