/* The retry ladder of one question at one resolver entry, as a pure decision (findings.md section 2, faults.md R1 to R16).
 *
 *	mxw_attempt_start(&attempt, &policy, now, &step);
 *	while (!step.done) {
 *		send to address step.address over UDP or TCP, with or without EDNS and CD; wait until step.until_ms
 *		... something happens ...
 *		if (it is a determinate answer, and step.checking_disabled is not set)
 *			break;
 *		if (!mxw_attempt_event(&attempt, event, outcome, now, &step))
 *			go on waiting
 *	}
 *
 * Silence climbs three rungs: UDP with EDNS for 20 % of the time of the question, UDP without for 30 %, TCP for the
 * rest, each at the next address of the entry. What a resolver says leads aside: to TCP, to a query without EDNS, to
 * the next address, at the end (a resolver) to one question with CD. Where TCP was wanted only as a second opinion
 * (missing proof, letter case) and brings nothing, UDP is asked once more. Each step needs a new id and port. No step
 * lasts beyond timeout_ms, and there are never more steps than MXW_MAX_ATTEMPT_STEPS. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/dns/type.h"

enum {
	MXW_MAX_ATTEMPT_ADDRESSES = 8,
	/* Three rungs over all addresses, once more without EDNS, twice more over UDP, and CD over UDP and TCP. */
	MXW_MAX_ATTEMPT_STEPS = 3 * MXW_MAX_ATTEMPT_ADDRESSES + 5,
};

struct mxw_attempt_policy {
	int64_t timeout_ms;   /* for the question, all its tries */
	unsigned n_addresses; /* of the entry: one operator, the others are fallbacks; 1 to MXW_MAX_ATTEMPT_ADDRESSES */
	bool edns;            /* false: this resolver was seen to break on EDNS lately */
	bool tcp_first;       /* this resolver was seen to change the letter case, or is being spoofed: never UDP */
	bool direct;          /* a server of the zone, which validates nothing: its SERVFAIL is not looked at with CD */
};

enum mxw_attempt_event {
	MXW_ATTEMPT_TIMEOUT,    /* of this try */
	MXW_ATTEMPT_TRUNCATED,  /* TC=1 */
	MXW_ATTEMPT_UNPROVEN,   /* a denial without proof over UDP */
	MXW_ATTEMPT_CASE,       /* question came back in another letter case */
	MXW_ATTEMPT_NO_EDNS,    /* FORMERR, NOTIMP or BADVERS to a query with EDNS; `outcome` says which */
	MXW_ATTEMPT_SERVFAIL,   /* without an extended error that names DNSSEC */
	MXW_ATTEMPT_FAILED,     /* another indeterminate answer: `outcome` says which; the next address may do better */
	MXW_ATTEMPT_NETWORK,    /* send or connect failed, ICMP error */
	MXW_ATTEMPT_TCP_FAILED, /* connection refused, reset, closed */
	MXW_ATTEMPT_MALFORMED,  /* an unparsable packet with our id: the wait goes on over UDP, the try ends over TCP */
};

struct mxw_attempt_step {
	bool done;
	enum mxw_outcome outcome; /* when done */
	bool tcp, edns, checking_disabled;
	bool is_repeat; /* over UDP for want of TCP: NODATA without proof, which came before, is believed now */
	bool keep_case; /* over UDP for want of TCP: the name goes as it is, the letter case came back changed before */
	unsigned address; /* index into the entry's addresses */
	int64_t until_ms; /* this try ends then */
};

/* Members are private to attempt.c; kept in the open so that it can be embedded. */
struct mxw_attempt {
	struct mxw_attempt_policy policy;
	int64_t start_ms;
	struct mxw_attempt_step step;
	unsigned rung;                  /* of the ladder: 0, 1, 2 */
	unsigned answered;              /* bit k: address k gave a definite, useless answer; it is not asked again */
	unsigned unreachable;           /* bit k: address k cannot be reached on this rung */
	struct mxw_attempt_step second; /* the UDP step to repeat if TCP cannot be reached; valid with has_second */
	bool has_second, was_repeated;
	struct mxw_attempt_step servfail; /* the step that brought SERVFAIL; valid when `worst` says so */
	enum mxw_outcome worst;           /* what to report if nothing better comes */
};

void mxw_attempt_start(struct mxw_attempt *attempt, const struct mxw_attempt_policy *policy, int64_t now_ms,
		       struct mxw_attempt_step *ret);

/* Advances after an event of the current step, which must not be done. Returns true when there is a new step (or the
 * end) in *ret, false when the wait goes on unchanged. `outcome`, an indeterminate one, matters for FAILED and NO_EDNS
 * only. A determinate answer needs no call. With CD asked (after SERVFAIL), tell an acceptable answer (rcode 0 or 3) as
 * FAILED with MXW_OUTCOME_BOGUS and any other as SERVFAIL. */
bool mxw_attempt_event(struct mxw_attempt *attempt, enum mxw_attempt_event event, enum mxw_outcome outcome,
		       int64_t now_ms, struct mxw_attempt_step *ret);
