/* What a parsed response says about a question: aliases, outcome class, TTL (findings.md section 2). Pure, and blind
 * for packets: its input is a header and records with canonical names. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/dns/wire.h"

/* Extended DNS errors that change what an answer means (RFC 8914 4). */
enum mxw_ede {
	MXW_EDE_NONE = -1,
	MXW_EDE_STALE_ANSWER = 3,
	MXW_EDE_FORGED_ANSWER = 4,
	MXW_EDE_DNSSEC_BOGUS = 6, /* 6 to 12: validation failed, and how */
	MXW_EDE_NSEC_MISSING = 12,
	MXW_EDE_BLOCKED = 15, /* 15 to 18: blocked, censored, filtered, prohibited */
	MXW_EDE_PROHIBITED = 18,
	MXW_EDE_STALE_NXDOMAIN = 19,
};

/* How much an info-code changes: 2 what answers is not the domain, 1 the validation failed, 0 nothing, -1 none. */
int mxw_ede_weight(int32_t ede);

struct mxw_record {
	const char *owner; /* canonical */
	struct mxw_rr rr;
};

/* A response with class IN records only. */
struct mxw_parsed {
	uint16_t rcode; /* extended */
	bool aa, tc, ra, ad;
	bool cut;             /* unparsable behind the question, which TC=1 excuses over UDP; no records then */
	bool stale;           /* EDE 3 or 19 among the options */
	int32_t ede;          /* info-code of the first of those that weigh most (mxw_ede_weight) */
	const char *ede_text; /* "" when none */
	const struct mxw_record *answer;
	size_t n_answer;
	const struct mxw_record *authority; /* SOA and NS only */
	size_t n_authority;
	const struct mxw_record *glue; /* A and AAAA of the additional section, where there may be a referral */
	size_t n_glue;
};

struct mxw_referral_space;

/* Memory for what a reading returns. */
struct mxw_reading_space {
	const char *chain[MXW_MAX_CHAIN];
	struct mxw_rr *rrs; /* room for n_answer */
	char (*synthesised)
		[MXW_NAME_TEXT_MAX]; /* room for MXW_MAX_CHAIN names; may be NULL if there is no DNAME in the answer */
	struct mxw_referral_space *referral; /* may be NULL if there is no NS in the authority section */
};

/* As mxw_message_read (wire.h). What *ret points to lives in `parsed`, `space`, `question` and `chain`. */
enum mxw_reading mxw_classify(const struct mxw_parsed *parsed, const struct mxw_question *question,
			      const char *const *chain, size_t n_chain, enum mxw_via via,
			      struct mxw_reading_space *space, struct mxw_answer_parts *ret);
