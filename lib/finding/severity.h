/* Severities, vote and state words (findings.md 1.1, 1.2, 4.1). */
#pragma once

enum mxw_severity {
	MXW_OK,      /* a positive statement, kept so that recovery can be proven */
	MXW_INFO,    /* advice; never pages */
	MXW_UNKNOWN, /* a lookup that failed; never a problem by itself */
	MXW_WARNING,
	MXW_CRITICAL,
	MXW_OFF, /* configuration only: the finding is hidden */
};

/* A check's or a domain's state uses the same words but never INFO or OFF. */
const char *mxw_severity_name(enum mxw_severity severity); /* "ok", "info", "unknown", "warning", "critical", "off" */
int mxw_severity_parse(const char *text, enum mxw_severity *ret); /* -EINVAL */

/* Order of states for "the worst of": ok < unknown < warning < critical (INFO counts as OK). */
enum mxw_severity mxw_severity_worse(enum mxw_severity a, enum mxw_severity b);

enum mxw_vote { MXW_VOTE_NO, MXW_VOTE_UNKNOWN, MXW_VOTE_YES };
