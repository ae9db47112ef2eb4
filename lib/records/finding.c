/* The finding of a record change, filled; see records.h. */
#include <string.h>

#include "lib/base/util.h"
#include "lib/check/consistency_findings.h"
#include "lib/records/question.h"
#include "lib/records/records.h"

static void set_line(struct mxw_findings *findings, struct mxw_finding *finding, const char *key, const char *before,
		     const char *set)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_strbuf_adds(&text, before);
	mxw_records_line(set, &text);
	findings->arena.failed |= mxw_strbuf_failed(&text);
	mxw_finding_set(findings, finding, key, mxw_strbuf_get(&text));
}

static bool is_empty(const char *set)
{
	return strcmp(set, mxw_records_none) == 0 || strcmp(set, mxw_records_no_name) == 0;
}

/* {name} and {qtype}: the question to look at. Of addresses it is the first host's, or the one for the hosts. */
static void set_question(struct mxw_findings *findings, struct mxw_finding *finding, const char *name, uint16_t type)
{
	char buffer[10];
	mxw_finding_set(findings, finding, "name", name);
	mxw_finding_set(findings, finding, "qtype", mxw_rrtype_name(type, buffer));
}

static void cite_hosts(struct mxw_findings *findings, struct mxw_finding *finding, const struct mxw_target *target,
		       const struct mxw_observation *observation)
{
	struct mxw_mx_set set;
	bool is_first = true;
	mxw_mx_set_read(&set, target->domain, observation);
	for (size_t i = 0; i < set.n_hosts; i++) {
		const char *host = set.hosts[i].name;
		if (!mxw_records_is_own_host(&set.hosts[i], target))
			continue;
		if (is_first)
			set_question(findings, finding, host, MXW_TYPE_A);
		is_first = false;
		mxw_finding_cite(findings, finding, host, MXW_TYPE_A);
		mxw_finding_cite(findings, finding, host, MXW_TYPE_AAAA);
	}
}

struct mxw_finding *mxw_records_finding(struct mxw_findings *findings, enum mxw_record_type type,
					const struct mxw_target *target, const struct mxw_observation *observation,
					const char *old, const char *new)
{
	const struct mxw_finding_def *def = &mxw_consistency_findings[MXW_CONSISTENCY_CHANGED];
	struct mxw_finding *finding = mxw_findings_add(findings, def, mxw_record_type_name(type));
	mxw_finding_set(findings, finding, "what", mxw_records_type_words(type));
	mxw_finding_set(findings, finding, "domain", target->domain);
	set_line(findings, finding, "old", "", old);
	set_line(findings, finding, "new", "", new);
	if (is_empty(old))
		set_line(findings, finding, "restore", "remove: ", new);
	else
		set_line(findings, finding, "restore", "publish again: ", old);
	set_question(findings, finding, target->domain, mxw_records_question(type));
	mxw_finding_cite(findings, finding, target->domain, mxw_records_question(type));
	if (type == MXW_RECORD_ADDRESS)
		cite_hosts(findings, finding, target, observation);
	return finding;
}
