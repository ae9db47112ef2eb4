/* The findings of the check ptr: rows of one table, known to its judge by number (findings.md 7). */
#pragma once

#include "lib/finding/finding.h"

enum mxw_ptr_row {
	MXW_PTR_NONE,
	MXW_PTR_NO_FCRDNS,
	MXW_PTR_MISMATCH,
	MXW_PTR_GENERIC,
	MXW_PTR_MALFORMED,
	MXW_PTR_CNAME_BROKEN,
	MXW_PTR_MULTIPLE,
	MXW_PTR_V6_GAP,
	MXW_PTR_LOOKUP_FAILED,
	MXW_PTR_N_ROWS,
};

/* Behind the rows of the enum follow the dns-* rows, then one without id. The severities are those of declared senders. */
extern const struct mxw_finding_def mxw_ptr_findings[];
