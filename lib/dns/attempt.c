/* The retry ladder; see attempt.h.
 *
 * Three things move an attempt on: silence climbs a rung and takes the next address; an address that cannot be reached
 * or whose answer is useless is left for the next one on the same rung; and an answer that asks for another transport
 * (TC, letter case, missing proof, EDNS) is followed at the same address. */
#include "lib/dns/attempt.h"

#include <assert.h>

#include "lib/base/util.h"

enum { RUNG_EDNS, RUNG_PLAIN, RUNG_TCP };

static const int64_t share_percent[] = { [RUNG_EDNS] = 20, [RUNG_PLAIN] = 30, [RUNG_TCP] = 50 };

/* How much an outcome tells about what went wrong; the most telling one of all tries is reported, of equals the last.
 * TRUNCATED first: the resolver serves us, and TCP to it is blocked. */
static unsigned rank(enum mxw_outcome outcome)
{
	switch (outcome) {
	case MXW_OUTCOME_TIMEOUT:
		return 0;
	case MXW_OUTCOME_NETWORK_ERROR:
		return 1;
	case MXW_OUTCOME_MALFORMED:
		return 2;
	case MXW_OUTCOME_SERVFAIL:
		return 4;
	case MXW_OUTCOME_BOGUS:
		return 5;
	case MXW_OUTCOME_TRUNCATED:
		return 6;
	default:
		return 3;
	}
}

static void note(struct mxw_attempt *attempt, enum mxw_outcome outcome)
{
	if (rank(outcome) >= rank(attempt->worst))
		attempt->worst = outcome;
}

static unsigned bit(unsigned address)
{
	return 1u << address;
}

static int64_t deadline(const struct mxw_attempt *attempt)
{
	return attempt->start_ms + attempt->policy.timeout_ms;
}

static int64_t share_ms(const struct mxw_attempt *attempt, unsigned rung)
{
	return attempt->policy.timeout_ms / 100 * share_percent[rung] +
	       attempt->policy.timeout_ms % 100 * share_percent[rung] / 100;
}

/* The next address after the current one in the circle that may still be asked on this rung; the current one is last. */
static bool next_address(const struct mxw_attempt *attempt, unsigned *ret)
{
	unsigned n = attempt->policy.n_addresses;
	for (unsigned i = 1; i <= n; i++) {
		unsigned address = (attempt->step.address + i) % n;
		if (!((attempt->answered | attempt->unreachable) & bit(address))) {
			*ret = address;
			return true;
		}
	}
	return false;
}

/* A try on the last rung has all the time that is left, unless enough remains for another address to get a fair try. */
static int64_t try_end(const struct mxw_attempt *attempt, int64_t now_ms)
{
	int64_t end = now_ms + share_ms(attempt, attempt->rung);
	if (attempt->rung == RUNG_TCP) {
		unsigned next = attempt->step.address;
		bool others = next_address(attempt, &next) && next != attempt->step.address;
		if (!others || deadline(attempt) - end < share_ms(attempt, RUNG_EDNS))
			end = deadline(attempt);
	}
	return MXW_MIN(end, deadline(attempt));
}

static void finish(struct mxw_attempt *attempt, enum mxw_outcome outcome)
{
	attempt->step = (struct mxw_attempt_step){ .done = true, .outcome = outcome, .address = attempt->step.address };
}

static void ask(struct mxw_attempt *attempt, unsigned address, int64_t now_ms)
{
	attempt->step = (struct mxw_attempt_step){
		.tcp = attempt->rung == RUNG_TCP,
		.edns = attempt->policy.edns && attempt->rung != RUNG_PLAIN,
		.address = address,
	};
	attempt->step.until_ms = try_end(attempt, now_ms);
}

/* Nobody is left to ask. A SERVFAIL is looked at once more with validation switched off: if that brings an answer, it
 * was DNSSEC that failed (RFC 4035 5.5). */
static void end(struct mxw_attempt *attempt, int64_t now_ms)
{
	if (attempt->worst != MXW_OUTCOME_SERVFAIL || attempt->policy.direct) {
		finish(attempt, attempt->worst);
		return;
	}
	attempt->step = attempt->servfail;
	attempt->step.checking_disabled = true;
	attempt->step.until_ms = MXW_MIN(now_ms + share_ms(attempt, RUNG_TCP), deadline(attempt));
}

/* The same address again in another way: over TCP, or without EDNS. */
static void ask_again(struct mxw_attempt *attempt, int64_t now_ms)
{
	attempt->step.until_ms = try_end(attempt, now_ms);
}

static void ask_tcp(struct mxw_attempt *attempt, int64_t now_ms)
{
	attempt->rung = RUNG_TCP;
	attempt->unreachable = 0; /* this was about UDP */
	attempt->step.tcp = true;
	ask_again(attempt, now_ms);
}

static void climb(struct mxw_attempt *attempt, int64_t now_ms)
{
	unsigned address = attempt->step.address;
	if (attempt->rung == RUNG_TCP) {
		end(attempt, now_ms);
		return;
	}
	attempt->rung++;
	attempt->unreachable = 0;
	if (next_address(attempt, &address))
		ask(attempt, address, now_ms);
	else
		end(attempt, now_ms);
}

/* The current address brought nothing. Silence over UDP may be loss: that climbs. What fails at once, or over TCP, would
 * fail again: the other addresses come first. */
static void leave(struct mxw_attempt *attempt, bool silent, int64_t now_ms)
{
	unsigned address = 0;
	if (silent && attempt->rung != RUNG_TCP) {
		climb(attempt, now_ms);
		return;
	}
	attempt->unreachable |= bit(attempt->step.address);
	if (next_address(attempt, &address))
		ask(attempt, address, now_ms);
	else
		climb(attempt, now_ms);
}

/* The answer over UDP only wanted a second opinion. Where there is no TCP at all, UDP has to give it: with a new id and port,
 * nobody off the path could have forged both. */
static bool repeat(struct mxw_attempt *attempt, int64_t now_ms)
{
	if (!attempt->step.tcp || !attempt->has_second || attempt->was_repeated)
		return false;
	attempt->was_repeated = true;
	attempt->step = attempt->second;
	attempt->step.until_ms = MXW_MIN(now_ms + share_ms(attempt, RUNG_PLAIN), deadline(attempt));
	return true;
}

static void want_second(struct mxw_attempt *attempt, enum mxw_attempt_event event)
{
	attempt->has_second = event != MXW_ATTEMPT_TRUNCATED;
	attempt->second = attempt->step;
	attempt->second.is_repeat = event == MXW_ATTEMPT_UNPROVEN;
	attempt->second.keep_case = event == MXW_ATTEMPT_CASE;
}

/* The current address answered, and asking it again is useless: SERVFAIL is cached by resolvers (RFC 9520 3.2), the
 * others mean what they say. */
static void leave_answered(struct mxw_attempt *attempt, enum mxw_outcome outcome, int64_t now_ms)
{
	unsigned address = 0;
	if (attempt->step.tcp && attempt->worst == MXW_OUTCOME_TRUNCATED)
		attempt->worst = MXW_OUTCOME_TIMEOUT; /* TCP works: what it brought counts */
	note(attempt, outcome);
	if (outcome == MXW_OUTCOME_SERVFAIL)
		attempt->servfail = attempt->step;
	attempt->answered |= bit(attempt->step.address);
	if (next_address(attempt, &address))
		ask(attempt, address, now_ms);
	else
		end(attempt, now_ms);
}

static void drop_edns(struct mxw_attempt *attempt, int64_t now_ms)
{
	attempt->policy.edns = false;
	attempt->step.edns = false;
	ask_again(attempt, now_ms);
}

/* The question with CD has one purpose; whatever is no answer leaves the SERVFAIL as it was. */
static void handle_checking_disabled(struct mxw_attempt *attempt, enum mxw_attempt_event event,
				     enum mxw_outcome outcome, int64_t now_ms)
{
	bool was_answered = event == MXW_ATTEMPT_UNPROVEN ||
			    (event == MXW_ATTEMPT_FAILED && outcome == MXW_OUTCOME_BOGUS);
	if ((event == MXW_ATTEMPT_TRUNCATED || event == MXW_ATTEMPT_CASE) && !attempt->step.tcp)
		ask_tcp(attempt, now_ms);
	else if (event == MXW_ATTEMPT_NO_EDNS && attempt->step.edns)
		drop_edns(attempt, now_ms);
	else
		finish(attempt, was_answered ? MXW_OUTCOME_BOGUS : attempt->worst);
}

static void handle(struct mxw_attempt *attempt, enum mxw_attempt_event event, enum mxw_outcome outcome, int64_t now_ms)
{
	switch (event) {
	case MXW_ATTEMPT_TIMEOUT:
		leave(attempt, true, now_ms);
		break;
	case MXW_ATTEMPT_TRUNCATED:
	case MXW_ATTEMPT_UNPROVEN:
	case MXW_ATTEMPT_CASE:
		if (event == MXW_ATTEMPT_UNPROVEN && attempt->step.keep_case && !attempt->step.is_repeat) {
			attempt->step.is_repeat = true; /* there is no TCP, as we know already */
			ask_again(attempt, now_ms);
		} else if (attempt->step.tcp || attempt->was_repeated) { /* has no meaning there; TCP was tried */
			leave(attempt, false, now_ms);
		} else {
			want_second(attempt, event);
			ask_tcp(attempt, now_ms);
		}
		break;
	case MXW_ATTEMPT_NO_EDNS:
		if (attempt->step.edns)
			drop_edns(attempt, now_ms);
		else
			leave_answered(attempt, outcome, now_ms);
		break;
	case MXW_ATTEMPT_SERVFAIL:
		leave_answered(attempt, MXW_OUTCOME_SERVFAIL, now_ms);
		break;
	case MXW_ATTEMPT_FAILED:
		leave_answered(attempt, outcome, now_ms);
		break;
	case MXW_ATTEMPT_NETWORK:
	case MXW_ATTEMPT_TCP_FAILED:
		if (!repeat(attempt, now_ms))
			leave(attempt, false, now_ms);
		break;
	case MXW_ATTEMPT_MALFORMED:
		leave(attempt, false, now_ms);
		break;
	}
}

/* What the event tells, should nothing better come. */
static void note_event(struct mxw_attempt *attempt, enum mxw_attempt_event event, enum mxw_outcome outcome)
{
	switch (event) {
	case MXW_ATTEMPT_TRUNCATED:
		note(attempt, MXW_OUTCOME_TRUNCATED);
		break;
	case MXW_ATTEMPT_NO_EDNS:
		note(attempt, outcome);
		break;
	case MXW_ATTEMPT_NETWORK:
		note(attempt, MXW_OUTCOME_NETWORK_ERROR);
		break;
	case MXW_ATTEMPT_MALFORMED:
		note(attempt, MXW_OUTCOME_MALFORMED);
		break;
	default: /* the answers are noted where they are handled; the others tell nothing */
		break;
	}
}

void mxw_attempt_start(struct mxw_attempt *attempt, const struct mxw_attempt_policy *policy, int64_t now_ms,
		       struct mxw_attempt_step *ret)
{
	assert(policy->n_addresses >= 1 && policy->n_addresses <= MXW_MAX_ATTEMPT_ADDRESSES);
	*attempt = (struct mxw_attempt){
		.policy = *policy,
		.start_ms = now_ms,
		.rung = policy->tcp_first ? RUNG_TCP : RUNG_EDNS,
		.worst = MXW_OUTCOME_TIMEOUT,
	};
	ask(attempt, 0, now_ms);
	*ret = attempt->step;
}

bool mxw_attempt_event(struct mxw_attempt *attempt, enum mxw_attempt_event event, enum mxw_outcome outcome,
		       int64_t now_ms, struct mxw_attempt_step *ret)
{
	assert(!attempt->step.done);
	assert(event != MXW_ATTEMPT_FAILED || !mxw_outcome_is_determinate(outcome));
	if (event == MXW_ATTEMPT_NO_EDNS && outcome != MXW_OUTCOME_NOTIMP)
		outcome = MXW_OUTCOME_FORMERR;
	if (!attempt->step.checking_disabled)
		note_event(attempt, event, outcome);
	if (event == MXW_ATTEMPT_MALFORMED && !attempt->step.tcp)
		return false; /* as if it had not come: the true answer may be behind it */
	if (attempt->step.checking_disabled)
		handle_checking_disabled(attempt, event, outcome, now_ms);
	else
		handle(attempt, event, outcome, now_ms);
	if (!attempt->step.done && now_ms >= deadline(attempt))
		finish(attempt, attempt->worst);
	*ret = attempt->step;
	return true;
}
