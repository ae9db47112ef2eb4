/* What `mxwatch spf` prints: the result of one evaluation (RFC 7208), why it is that, and what was done step by step. */
#pragma once

#include "lib/base/strbuf.h"
#include "lib/report/report.h"
#include "lib/spf/evaluate.h"

/* For people and for scripts that read the first line:
 *
 *	fail
 *	explanation: Mail from 192.0.2.9 is not ours
 *	identity: mailfrom, domain example.com, sender user@example.com, client 192.0.2.9, HELO mail.example.net
 *	because: "-all" in the record of example.com matches
 *	trace: 0 lookups, 0 void, asked 9.9.9.9
 *	  lookup example.com TXT: 2 records
 *	  record example.com: v=spf1 ip4:192.0.2.1 exp=why.example.com -all
 *	  term ip4:192.0.2.1: no match (lookups 0, void 0)
 *	  term -all: match (lookups 0, void 0)
 *	  lookup why.example.com TXT: 1 record
 *
 * The result stands alone, the explanation is there if the domain gives one, and each of them is one line whatever strangers
 * wrote: what is not printable ASCII is \xHH. Included records are indented. `resolver` is the name of who was asked. 0 or
 * -ENOMEM. */
int mxw_report_spf_text(const struct mxw_spf_query *query, const struct mxw_spf_evaluation *evaluation,
			const struct mxw_spf_trace *trace, const char *resolver, const struct mxw_report_style *style,
			struct mxw_strbuf *ret);

/* The same as one JSON object on one line. */
int mxw_report_spf_json(const struct mxw_spf_query *query, const struct mxw_spf_evaluation *evaluation,
			const struct mxw_spf_trace *trace, const char *resolver, struct mxw_strbuf *ret);

/* Why the result is what it is, in one sentence of raw text without NUL. */
void mxw_report_spf_reason(const struct mxw_spf_evaluation *evaluation, struct mxw_strbuf *ret);
