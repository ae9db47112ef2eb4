/* Inside of the evaluator (evaluate.c, mechanism.c, validated.c, explain.c): one evaluation under way. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/spf/evaluate.h"
#include "lib/spf/macro.h"
#include "lib/spf/record.h"

/* How a step ended; beside it, -ENOMEM. */
enum mxw_spf_flow {
	MXW_SPF_FLOW_NEXT = 0, /* no match: the next term's turn */
	MXW_SPF_FLOW_MATCH,
	MXW_SPF_FLOW_TEMPERROR, /* the evaluation's problem is set */
	MXW_SPF_FLOW_PERMERROR, /* likewise */
	MXW_SPF_FLOW_WAIT,      /* an answer is missing and was asked for */
	MXW_SPF_FLOW_NO_NAME,   /* DNS cannot hold the name that the macros made */
	MXW_SPF_FLOW_UNUSABLE,  /* the term needs a local part that is not ASCII: it matches nothing (RFC 8616 4) */
};

struct mxw_spf_eval {
	const struct mxw_spf_query *query;
	const struct mxw_observation *observation;
	struct mxw_missing *missing;
	struct mxw_spf_trace *trace; /* may be NULL */
	struct mxw_spf_evaluation *ret;
};

enum { MXW_SPF_MAX_DOMAIN = 256 }; /* octets of a name as raw text with its NUL; longer ones were truncated */

/* One record that is evaluated. Included records nest, each a frame on the stack. */
struct mxw_spf_frame {
	char domain[MXW_SPF_MAX_DOMAIN]; /* raw text */
	unsigned depth;
	bool decides; /* the top record, or one it redirects to: its result is the result, its `exp` explains */
	struct mxw_spf_record record;
};

/* The answer to a question about a raw name, noted in the trace: NEXT with *ret, WAIT, NO_NAME. */
int mxw_spf_eval_lookup(struct mxw_spf_eval *eval, unsigned depth, const char *name, uint16_t type,
			const struct mxw_answer **ret);
/* The same for a canonical name: NEXT or WAIT. */
int mxw_spf_eval_lookup_canonical(struct mxw_spf_eval *eval, unsigned depth, const char *name, uint16_t type,
				  const struct mxw_answer **ret);

/* Notes what stands in the way, and where; the first note stays, as it is the innermost. `term` may be NULL. */
void mxw_spf_eval_blame(struct mxw_spf_eval *eval, enum mxw_spf_problem problem, const char *domain,
			const struct mxw_spf_term *term);
/* TEMPERROR with the blame for a failed lookup; NEXT for an answer that proves something. */
int mxw_spf_eval_judge_lookup(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame,
			      const struct mxw_spf_term *term, const char *name, uint16_t type,
			      const struct mxw_answer *answer);

/* Expands text with macros in this record: NEXT, WAIT (the macro p asks), UNUSABLE, -ENOMEM. */
int mxw_spf_eval_expand(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame, const char *text, size_t n,
			struct mxw_strbuf *ret);
/* The domain that the term names, or the record's own (RFC 7208 4.8), cut to 253 octets. As mxw_spf_eval_expand. */
int mxw_spf_eval_target(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame, const struct mxw_spf_term *term,
			char ret[MXW_SPF_MAX_DOMAIN]);

/* One more term that asks (4.6.4): NEXT or PERMERROR. */
int mxw_spf_eval_count_lookup(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame,
			      const struct mxw_spf_term *term);
/* One more term whose question has no records, if the answer says so. NEXT or PERMERROR. */
int mxw_spf_eval_count_void(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame,
			    const struct mxw_spf_term *term, const struct mxw_answer *answer);

/* Mechanisms but include: NEXT, MATCH, errors, WAIT, -ENOMEM. */
int mxw_spf_eval_mechanism(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame,
			   const struct mxw_spf_term *term);

/* The mechanism ptr (5.5) for a target as raw text. */
int mxw_spf_eval_ptr(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame, const struct mxw_spf_term *term,
		     const char *target);
/* The macro p (7.3): a validated name, borrowed from the observation, or "unknown". NEXT or WAIT. */
int mxw_spf_eval_validated(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame, const char **ret);

/* The explanation of a fail (6.2) into the evaluation. NEXT, explained or not; WAIT; -ENOMEM. */
int mxw_spf_eval_explain(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame);

/* Type of the address questions: A or AAAA, as the client's address is (5). */
uint16_t mxw_spf_eval_address_type(const struct mxw_spf_eval *eval);
/* An address record of the answer equals the client's address in its leading bits (5). */
bool mxw_spf_eval_has_client(const struct mxw_spf_eval *eval, const struct mxw_answer *answer, unsigned bits4,
			     unsigned bits6);
