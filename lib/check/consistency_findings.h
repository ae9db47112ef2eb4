/* The findings of the check consistency: rows of one table, known to its judge by number (findings.md 9). */
#pragma once

#include "lib/finding/finding.h"

enum mxw_consistency_row {
	MXW_CONSISTENCY_EXPECT,
	/* No judge makes it: it is the text of record-change events, which lib/records/finding.c fills. */
	MXW_CONSISTENCY_CHANGED,
	/* Of what lib/versions knows: no judge of one view makes these either. lib/versions/findings.h */
	MXW_CONSISTENCY_PROPAGATING,
	MXW_CONSISTENCY_STALE_RESOLVER,
	MXW_CONSISTENCY_SPLIT,
	MXW_CONSISTENCY_ALIEN_ANSWER,
	MXW_CONSISTENCY_AUTH_DISAGREE,
	/* lib/versions/serials.h, plan.h */
	MXW_CONSISTENCY_SERIAL,
	MXW_CONSISTENCY_SERIAL_BACKWARD,
	MXW_CONSISTENCY_NEGTTL_HIGH,
	MXW_CONSISTENCY_CHANGE_UNREADY,
	MXW_CONSISTENCY_N_ROWS,
};

/* Behind the rows of the enum follow the dns-* rows, then one without id. */
extern const struct mxw_finding_def mxw_consistency_findings[];
