/* The findings of the check consistency: rows of one table, known to its judge by number (findings.md 9). */
#pragma once

#include "lib/finding/finding.h"

enum mxw_consistency_row {
	MXW_CONSISTENCY_EXPECT,
	/* No judge makes it: it is the text of record-change events, which lib/records/finding.c fills. */
	MXW_CONSISTENCY_CHANGED,
	MXW_CONSISTENCY_N_ROWS,
};

/* Behind the rows of the enum follow the dns-* rows, then one without id. */
extern const struct mxw_finding_def mxw_consistency_findings[];
