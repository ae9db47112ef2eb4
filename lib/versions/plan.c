/* Readiness for a planned change; see plan.h. */
#include "lib/versions/plan.h"

#include <inttypes.h>
#include <string.h>

#include "lib/base/util.h"
#include "lib/check/consistency_findings.h"
#include "lib/check/spf_draft.h"
#include "lib/dns/type.h"
#include "lib/versions/internal.h"
#include "lib/versions/words.h"

static uint16_t question_of(enum mxw_record_type type)
{
	return type == MXW_RECORD_SPF ? MXW_TYPE_TXT : type == MXW_RECORD_NS ? MXW_TYPE_NS : MXW_TYPE_MX;
}

/* The present records with a low TTL, a line each. */
static void write_lines(struct mxw_strbuf *ret, const struct mxw_version *version, const char *domain, uint16_t type)
{
	char buffer[10];
	for (const char *record = version->set; *record;) {
		size_t n = strcspn(record, "\n");
		mxw_strbuf_addf(ret, "%s%s. %d IN %s ", ret->len ? "\n" : "", domain, MXW_PLAN_PROPOSED_TTL_S,
				mxw_rrtype_name(type, buffer));
		if (type == MXW_TYPE_TXT)
			mxw_spf_quote(record, n, ret);
		else
			mxw_strbuf_addf(ret, "%.*s%s", (int)n, record, record[n - 1] == '.' ? "" : ".");
		record += n + (record[n] == '\n');
	}
}

/* What stays in caches for how long: a TTL that is high, or one that was lowered too late. */
static void write_reason(struct mxw_strbuf *ret, const struct mxw_version *version, int64_t until_ms, int64_t now_ms,
			 int64_t now_wall_ms)
{
	if (version->ttl_s > MXW_PLAN_LOW_TTL_S)
		mxw_strbuf_addf(ret, "their TTL is %" PRIu32 " s, a copy that is made now lives until ",
				version->ttl_s);
	else
		mxw_strbuf_addf(ret, "their TTL is %" PRIu32 " s now, but copies with the former one live until ",
				version->ttl_s);
	mxw_versions_time(ret, until_ms, now_ms, now_wall_ms);
}

void mxw_plan_findings(const struct mxw_versions *versions, const struct mxw_expectation *expectation,
		       const char *domain, const char *what, int64_t now_ms, int64_t now_wall_ms,
		       struct mxw_findings *ret)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	const struct mxw_version *version = versions->first;
	char type[10];
	int64_t start_ms;
	if (!expectation->is_planned || expectation->type == MXW_RECORD_PTR || !version || version->is_negative ||
	    expectation->not_before_wall_ms <= now_wall_ms)
		return;
	if (__builtin_add_overflow(expectation->not_before_wall_ms - now_wall_ms, now_ms, &start_ms))
		return;
	bool is_high = version->ttl_s > MXW_PLAN_LOW_TTL_S;
	int64_t until_ms = mxw_versions_cached_until_ms(versions, now_ms);
	if (until_ms <= (is_high ? start_ms : mxw_add_seconds(start_ms, MXW_PLAN_LOW_TTL_S)))
		return;
	uint16_t question = question_of(expectation->type);
	struct mxw_finding *finding = mxw_findings_add(ret, &mxw_consistency_findings[MXW_CONSISTENCY_CHANGE_UNREADY],
						       mxw_record_type_name(expectation->type));
	mxw_finding_cite(ret, finding, domain, question);
	mxw_finding_set(ret, finding, "what", what);
	mxw_finding_set(ret, finding, "domain", domain);
	mxw_finding_set(ret, finding, "qtype", mxw_rrtype_name(question, type));
	mxw_versions_time(&text, start_ms, now_ms, now_wall_ms);
	mxw_versions_put(ret, finding, "time", &text);
	write_reason(&text, version, until_ms, now_ms, now_wall_ms);
	mxw_versions_put(ret, finding, "why", &text);
	mxw_versions_time(&text, until_ms, now_ms, now_wall_ms);
	mxw_versions_put(ret, finding, "ready", &text);
	if (is_high)
		write_lines(&text, version, domain, question);
	mxw_versions_put(ret, finding, "lines", &text);
	mxw_finding_set(ret, finding, "publish", is_high ? "publish these now, and " : "");
}
