/* Places of proposed records; see place.h. */
#include "lib/check/place.h"

#include <string.h>

#include "lib/base/util.h"
#include "lib/target/target.h"

enum {
	LEAST_TTL_S = 300, /* below, it is more likely a rest than a choice */
	USUAL_TTL_S = 3600,
};

const char *mxw_place_end(const char *name, const struct mxw_answer *answer)
{
	return answer && answer->n_chain ? answer->chain[answer->n_chain - 1] : name;
}

unsigned mxw_place_ttl(const struct mxw_answer *answer)
{
	uint32_t ttl = 0;
	for (size_t i = 0; answer && i < answer->n_rrs; i++)
		ttl = MXW_MAX(ttl, answer->rrs[i].ttl);
	return ttl < LEAST_TTL_S ? USUAL_TTL_S : ttl;
}

struct mxw_place mxw_place_of(const char *name, const struct mxw_answer *answer)
{
	const char *end = mxw_place_end(name, answer);
	bool is_ours = strcmp(mxw_target_org_domain(end), mxw_target_org_domain(name)) == 0;
	return (struct mxw_place){
		.owner = is_ours ? end : name,
		.instead = is_ours ? "" : " ; in place of the CNAME",
		.ttl = mxw_place_ttl(answer),
	};
}

void mxw_place_set(struct mxw_findings *findings, struct mxw_finding *finding, const char *name,
		   const struct mxw_answer *answer)
{
	struct mxw_place place = mxw_place_of(name, answer);
	mxw_finding_set(findings, finding, "at", mxw_place_end(name, answer));
	mxw_finding_set(findings, finding, "place", place.owner);
	mxw_finding_set(findings, finding, "instead", place.instead);
	mxw_finding_setf(findings, finding, "ttl", "%u", place.ttl);
}
