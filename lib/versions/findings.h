/* What is said about the versions of one record set: rows of the check consistency that no single view can make
 * (findings.md 4.6, 9). */
#pragma once

#include "lib/finding/finding.h"
#include "lib/verdict/verdict.h"
#include "lib/versions/versions.h"

/* What the history is of. Everything is borrowed and canonical. */
struct mxw_versions_key {
	const char *name; /* of the question */
	uint16_t type;
	const char *what;    /* for people: "MX", "SPF", "NS", "address" */
	const char *subject; /* of the findings: "mx", "spf", "ns", "address/mx1.example.com" */
	const char *zone;    /* apex; NULL: the name stands for it */
	bool is_foreign;     /* outside the domain's zone: whoever runs it may answer by place, so nothing is alien */
};

enum { MXW_VERSIONS_MAX_ENTRIES = 5 };

/* Zero-initialised is empty. */
struct mxw_versions_entries {
	struct mxw_findings findings; /* of the entries */
	/* To be added to a verdict. All are confirmed: the finding holds at its severity. Votes of resolvers and servers: yes for
	 * those that it is about; of cons-propagating for those that have the new set. */
	struct mxw_verdict_entry items[MXW_VERSIONS_MAX_ENTRIES];
	size_t n;
};

/* The entries of a round, in the order of their ids in the catalogue; replaces what was there. `round` and `report` are those
 * of the last mxw_versions_update. 0 or -ENOMEM. */
int mxw_versions_findings(const struct mxw_versions *versions, const struct mxw_versions_key *key,
			  const struct mxw_versions_round *round, const struct mxw_versions_report *report,
			  struct mxw_versions_entries *ret);
void mxw_versions_entries_done(struct mxw_versions_entries *entries);
