/* What an evaluation did, step by step, for people who want to see why. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/dns/answer.h"

enum mxw_spf_step_kind {
	MXW_SPF_STEP_RECORD, /* a record begins: `domain`, `text` (raw) */
	MXW_SPF_STEP_TERM,   /* a term was evaluated: `domain`, `text` (raw), `verdict` */
	MXW_SPF_STEP_LOOKUP, /* a question of the term or record: `domain` is the canonical name, `type`, `answer` */
};

enum mxw_spf_step_verdict {
	MXW_SPF_NO_MATCH,
	MXW_SPF_MATCH,
	MXW_SPF_ENDS_HERE /* error: nothing after it is evaluated */
};

struct mxw_spf_step {
	enum mxw_spf_step_kind kind;
	unsigned depth; /* 0: the record of the domain that is checked; a lookup has the depth of its record */
	const char *domain;
	const char *text; /* NULL for lookups; may hold any octet but NUL is shown as "?" */
	uint16_t type;
	const struct mxw_answer *answer; /* borrowed from the observation */
	enum mxw_spf_step_verdict verdict;
	unsigned n_lookups, n_voids; /* so far, this term included */
};

/* Zero-initialised is empty. A term comes after the lookups and the included record that it caused. Beyond
 * MXW_SPF_MAX_STEPS steps are dropped and `is_cut` is set: a record may hold thousands of terms. */
enum { MXW_SPF_MAX_STEPS = 2000 };
struct mxw_spf_trace {
	struct mxw_arena arena; /* its flag tells of missing memory */
	struct mxw_spf_step *steps;
	size_t n_steps, max_steps;
	bool is_cut;
};
void mxw_spf_trace_done(struct mxw_spf_trace *trace);
void mxw_spf_trace_clear(struct mxw_spf_trace *trace);
/* Appends a copy; `step->text` has n_text octets. NULL as trace is no-op. */
void mxw_spf_trace_add(struct mxw_spf_trace *trace, const struct mxw_spf_step *step, size_t n_text);
