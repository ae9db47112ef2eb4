/* Findings from rows; see judge.h. */
#include "lib/check/judge.h"

#include <string.h>

#include "lib/base/util.h"
#include "lib/check/lookup.h"

struct mxw_finding *mxw_judge_yes(const struct mxw_judge *judge, unsigned row, const char *subject)
{
	struct mxw_finding *finding = mxw_findings_add(judge->findings, &judge->rows[row], subject);
	finding->severity = judge->rows[row].severity; /* it may have been added as unknown before */
	mxw_finding_set(judge->findings, finding, "domain", judge->domain);
	return finding;
}

void mxw_judge_unknown(const struct mxw_judge *judge, unsigned row, const char *subject, enum mxw_severity severity)
{
	struct mxw_finding *finding = mxw_findings_add_unknown(judge->findings, &judge->rows[row], subject);
	if (finding->vote != MXW_VOTE_UNKNOWN)
		return;
	finding->severity = severity;
	mxw_finding_set(judge->findings, finding, "domain", judge->domain);
}

void mxw_judge_set_chain(const struct mxw_judge *judge, struct mxw_finding *finding, const char *name,
			 const struct mxw_answer *answer)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf chain = MXW_STRBUF_INIT;
	size_t n = mxw_lookup_has_alias(answer) ? answer->n_chain : 0;
	mxw_strbuf_adds(&chain, name);
	for (size_t i = 0; i < n; i++)
		mxw_strbuf_addf(&chain, " -> %s", answer->chain[i]);
	mxw_finding_set(judge->findings, finding, "chain", mxw_strbuf_get(&chain));
	mxw_finding_set(judge->findings, finding, "link", n ? answer->chain[n - 1] : name);
	judge->findings->arena.failed |= mxw_strbuf_failed(&chain);
}

void mxw_judge_set_denial(const struct mxw_judge *judge, struct mxw_finding *finding, const struct mxw_answer *answer)
{
	struct mxw_findings *findings = judge->findings;
	if (!answer || !answer->soa_owner) {
		mxw_finding_set(findings, finding, "denial", "the denial names no zone");
		mxw_finding_set(findings, finding, "zone", "<zone>");
		mxw_finding_set(findings, finding, "neg_ttl", "a time that the answer does not tell");
		return;
	}
	mxw_finding_setf(findings, finding, "denial", "denied by %s",
			 strcmp(answer->soa_owner, ".") == 0 ? "the root zone" : answer->soa_owner);
	mxw_finding_set(findings, finding, "zone", answer->soa_owner);
	mxw_finding_setf(findings, finding, "neg_ttl", "%u s", (unsigned)MXW_MIN(answer->soa_ttl, answer->soa_minimum));
}
