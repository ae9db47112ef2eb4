/* Findings: what a check says about one subject in one resolver's view (findings.md 1).
 *
 * A definition is a table row of the check that makes it; its texts are templates with {placeholders} that are filled
 * only when somebody reads them. A view's findings live in one arena and die together. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/base/strbuf.h"
#include "lib/finding/severity.h"

enum mxw_finding_kind {
	MXW_KIND_PRESENCE, /* its own observation is enough */
	MXW_KIND_ABSENCE,  /* all contributing observations must be determinate */
	MXW_KIND_SET,      /* derived from other findings */
};

struct mxw_finding_def {
	const char *id;             /* public, never renamed */
	enum mxw_severity severity; /* default */
	enum mxw_finding_kind kind;
	unsigned char tier; /* 1 to 3, findings.md 1.1 */
	/* Minutes after which a lookup that keeps failing is a warning, and critical (findings.md 4.5); 0: never. */
	unsigned short warn_after_min, critical_after_min;
	const char *rfc;       /* "RFC 5321 5.1" */
	const char *message;   /* one sentence */
	const char *symptom;   /* what a sender sees: codes of symptom.h ("B-NX B-SENDER") or plain text; "" for none */
	const char *reproduce; /* commands separated by ';', without the resolver ("dig {domain} MX") */
	/* Alternatives separated by '\n'. One that is "{lines}" stands for every line of that value, which holds no octet
	 * of a stranger as it came. */
	const char *fix;
	const char *doc; /* two or three sentences for `mxwatch explain`: when exactly, and why it matters */
};

struct mxw_finding_var {
	const char *key, *value;
};

/* A question whose answer is evidence. */
struct mxw_finding_evidence {
	const char *name; /* canonical */
	uint16_t type;
};

struct mxw_finding {
	const struct mxw_finding_def *def;
	enum mxw_severity
		severity;   /* the default, or what profile, promotion and overrides make of it; also of UNKNOWN rows */
	enum mxw_vote vote; /* YES or UNKNOWN; a key without a row is NO */
	const char *subject; /* never NULL; "" in an UNKNOWN row covers every subject of the id */
	struct mxw_finding_var *vars;
	size_t n_vars, max_vars;
	struct mxw_finding_evidence *evidence;
	size_t n_evidence, max_evidence;
};

/* Subjects that one definition may have in one view. A zone can make us name a subject for each of its records; what is
 * beyond the bound is folded into one UNKNOWN row of the definition that covers every subject, so nothing is denied. */
enum { MXW_MAX_SUBJECTS = 128 };

/* Zero-initialised is empty. */
struct mxw_findings {
	struct mxw_arena arena;
	struct mxw_finding **items; /* in the arena; a reader may remove rows by closing the gap */
	size_t n, capacity;
	struct mxw_finding sink; /* takes what has no place: never read, never counted */
};

void mxw_findings_done(struct mxw_findings *findings);
bool mxw_findings_failed(const struct mxw_findings *findings); /* out of memory somewhere while building */

/* Adds a YES row at the default severity; texts are copied. Never NULL: when memory runs out the sink is returned and
 * mxw_findings_failed tells; so it is beyond MXW_MAX_SUBJECTS, without failing. Adding the same (def, subject) again
 * returns the first row; an UNKNOWN row of the key becomes YES. */
struct mxw_finding *mxw_findings_add(struct mxw_findings *findings, const struct mxw_finding_def *def,
				     const char *subject);
/* Adds an UNKNOWN row; NULL or "" as subject covers every subject of the id. A YES row of the same key stays YES. */
struct mxw_finding *mxw_findings_add_unknown(struct mxw_findings *findings, const struct mxw_finding_def *def,
					     const char *subject);
/* The row of this exact key, or NULL. Borrowed. */
const struct mxw_finding *mxw_findings_get(const struct mxw_findings *findings, const struct mxw_finding_def *def,
					   const char *subject);

/* Sets placeholder {key}; the last value counts. */
void mxw_finding_set(struct mxw_findings *findings, struct mxw_finding *finding, const char *key, const char *value);
void mxw_finding_setf(struct mxw_findings *findings, struct mxw_finding *finding, const char *key, const char *format,
		      ...) MXW_PRINTF(4, 5);
/* Names a question whose answer is evidence; repetitions are collapsed. */
void mxw_finding_cite(struct mxw_findings *findings, struct mxw_finding *finding, const char *name, uint16_t type);

/* Fills {placeholders} from the finding's vars ({subject} and {id} always work); an unknown one stays as it is, which a
 * test of the tables forbids. */
void mxw_finding_expand(const struct mxw_finding *finding, const char *template, struct mxw_strbuf *ret);
/* The symptom text: codes replaced by what the catalogue says senders see (findings.md 1.6), then expanded. */
void mxw_finding_symptom(const struct mxw_finding *finding, struct mxw_strbuf *ret);
