/* The findings of the check mx: rows of one table, known to its judges by number (findings.md 5). */
#pragma once

#include "lib/finding/finding.h"

enum mxw_mx_row {
	MXW_MX_OK,
	MXW_MX_NONE,
	MXW_MX_NXDOMAIN,
	MXW_MX_IMPLICIT,
	MXW_MX_NULL,
	MXW_MX_NULL_UNEXPECTED,
	MXW_MX_NULL_MIXED,
	MXW_MX_NULL_NONZERO,
	MXW_MX_NULL_BUT_SENDS,
	MXW_MX_NULL_RECOMMENDED,
	MXW_MX_UNEXPECTED,
	MXW_MX_TARGET_NXDOMAIN,
	MXW_MX_TARGET_NO_ADDRESS,
	MXW_MX_ALL_DEAD,
	MXW_MX_PRIMARY_DEAD,
	MXW_MX_TARGET_CNAME,
	MXW_MX_TARGET_CNAME_BROKEN,
	MXW_MX_TARGET_IP,
	MXW_MX_TARGET_LOCALHOST,
	MXW_MX_TARGET_SPECIAL,
	MXW_MX_M365_PROOF,
	MXW_MX_TARGET_DOUBLED,
	MXW_MX_TARGET_SINGLE_LABEL,
	MXW_MX_TARGET_SYNTAX,
	MXW_MX_EQUAL_PRIORITY,
	MXW_MX_SINGLE,
	MXW_MX_DUPLICATE,
	MXW_MX_DOMAIN_CNAME,
	MXW_MX_TTL,
	MXW_MX_N_ROWS,
};

/* Behind the rows of the enum follow the dns-* rows, then one without id. */
extern const struct mxw_finding_def mxw_mx_findings[];
