/* One evaluation of one domain: every resolver with a vote is asked alone until no check misses an answer, and so is
 * every name server of the domain's zone that takes part; then the findings of each view are merged.
 *
 * The loop that a caller must write:
 *
 *	mxw_round_new(&round, &spec);
 *	for each view v with a vote: for each question of mxw_round_questions(round, v): ask resolver v, asynchronously
 *	on each answer: mxw_round_answer(round, v, name, type, answer);
 *	    when convenient: mxw_round_questions(round, v) again; it names only what is new
 *	when mxw_round_is_complete(round): mxw_round_judge(round)
 *
 *	if mxw_round_wants_rederivation(round): ask the parent who the servers are, then
 *	    the same: mxw_round_keep_servers(round); others: mxw_round_replace_servers(round, ...) and ask them as above;
 *	    mxw_round_judge(round)
 *
 * A round is complete only after mxw_round_questions was called for each view after its last answer.
 *
 * Views: 0 to n_views - 1 are the resolvers, n_views to n_views + n_servers - 1 the servers. A server is asked for names
 * at and below the apex of its zone only; what hangs on other names it cannot tell. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/check/check.h"
#include "lib/dns/upstream.h"
#include "lib/verdict/verdict.h"

enum {
	MXW_ROUND_MAX_ASKS = 24, /* turns: questions that depend on an answer each; real chains are far shorter */
	MXW_ROUND_MAX_SERVERS = MXW_VERDICT_MAX_SERVERS,
	MXW_ROUND_MAX_QUESTIONS = 100, /* of one view: a hostile zone cannot make us a query storm (faults.md R29) */
};

/* Which of these left questions unasked. */
enum mxw_round_cap { MXW_ROUND_CAP_NONE, MXW_ROUND_CAP_QUESTIONS, MXW_ROUND_CAP_TURNS };

/* Severity overrides of the configuration: one entry a finding definition that is overridden. It replaces what profile
 * and promotion made of the severity, in YES and UNKNOWN rows, before the votes are counted. */
struct mxw_override {
	const struct mxw_finding_def *def;
	enum mxw_severity severity; /* MXW_OFF hides */
};

/* One address of a name server of the zone. */
struct mxw_round_server {
	const char *name; /* "ns1.example.com[192.0.2.1]": what people read, and what its evidence is remembered by */
	struct mxw_endpoint endpoint;
};

/* The caller keeps everything that it points at alive until the round is freed. */
struct mxw_round_spec {
	struct mxw_target target;
	uint32_t checks;                         /* bit i: mxw_checks[i] */
	const struct mxw_values *const *options; /* [mxw_n_checks]; entries, or all of it, may be NULL: defaults */
	const struct mxw_override *overrides;    /* later entries win */
	size_t n_overrides;
	size_t n_views;  /* configured resolvers, 1 to 32 */
	uint32_t voters; /* bit i: resolver i has a vote */
	unsigned quorum; /* 1 or more */
	uint64_t seed;
	const char *zone;                      /* apex of the domain's zone, canonical; NULL: no servers */
	const struct mxw_round_server *server; /* [n_servers], as the parent delegates to them */
	size_t n_servers;                      /* MXW_ROUND_MAX_SERVERS at most */
	uint32_t servers;                      /* bit i: server i takes part */
	enum mxw_age (*age)(void *arg, size_t view, const struct mxw_finding *finding); /* as in mxw_verdict_zone */
	void *age_arg;
};

struct mxw_round;

/* Copies the spec, not what it points at. 0 or -ENOMEM. */
int mxw_round_new(struct mxw_round **ret, const struct mxw_round_spec *spec);
void mxw_round_free(struct mxw_round *round);

/* The questions of this view that are new since the last call, borrowed until the next call for any view. 0 or
 * -ENOMEM. */
int mxw_round_questions(struct mxw_round *round, size_t view, const struct mxw_missing **ret);
/* `answer`: a reference is taken; a second answer to a question is ignored, and what a server says of names that are not its
 * own. 0 or -ENOMEM. */
int mxw_round_answer(struct mxw_round *round, size_t view, const char *name, uint16_t type, struct mxw_answer *answer);
/* No view waits for an answer or has unasked questions. */
bool mxw_round_is_complete(const struct mxw_round *round);

enum mxw_round_cap mxw_round_cap(const struct mxw_round *round, size_t view);
/* The same of all views with a vote in words, static: "the domain needs more than 100 questions"; NULL for none. */
const char *mxw_round_cap_text(const struct mxw_round *round);

/* The name lies in the domain's zone: its servers know it. False without a zone. */
bool mxw_round_is_own(const struct mxw_round *round, const char *name);

/* Takes a view's part in the round away, also in the middle of it; its answers stay as evidence. */
void mxw_round_drop_voter(struct mxw_round *round, size_t view);

/* Judges all checks of the round. Judging a round that is not complete counts what is missing as failed lookups; judging
 * again replaces the verdicts. The verdicts borrow from the round. 0 or -ENOMEM: then there are none. */
int mxw_round_judge(struct mxw_round *round);
/* After mxw_round_judge: what comes out depends on who the zone's servers are (struct mxw_verdict). Until the parent was asked
 * the verdicts hold nothing against the domain, and nothing in its favour. */
bool mxw_round_wants_rederivation(const struct mxw_round *round);
/* The parent names the same servers: what they said counts from the next mxw_round_judge on. So does a delegation that was read
 * not long ago; then this may come before the first. */
void mxw_round_keep_servers(struct mxw_round *round);
/* It names others: their views begin empty and all take part; verdicts are dropped. `servers`: borrowed until the round is freed.
 * 0, or -ENOMEM and nothing has changed. */
int mxw_round_replace_servers(struct mxw_round *round, const struct mxw_round_server *servers, size_t n);
const struct mxw_verdict *mxw_round_verdict(const struct mxw_round *round,
					    size_t check); /* after mxw_round_judge; NULL if not part of it */
enum mxw_severity mxw_round_state(
	const struct mxw_round *round); /* worst of its checks; UNKNOWN before mxw_round_judge */
const struct mxw_observation *mxw_round_observation(const struct mxw_round *round, size_t view);
const struct mxw_round_spec *mxw_round_get_spec(const struct mxw_round *round);
