/* The retry ladder as stories: what happens when, and the steps that follow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/rng.h"
#include "lib/base/strbuf.h"
#include "lib/base/util.h"
#include "lib/dns/attempt.h"

enum { MAX_HAPPENINGS = 10 };

#define TIMEOUT MXW_ATTEMPT_TIMEOUT
#define TRUNCATED MXW_ATTEMPT_TRUNCATED
#define UNPROVEN MXW_ATTEMPT_UNPROVEN
#define CASE MXW_ATTEMPT_CASE
#define NO_EDNS MXW_ATTEMPT_NO_EDNS
#define SERVFAIL MXW_ATTEMPT_SERVFAIL
#define NETWORK MXW_ATTEMPT_NETWORK
#define TCP_FAILED MXW_ATTEMPT_TCP_FAILED
#define MALFORMED MXW_ATTEMPT_MALFORMED
#define FAILED(name) MXW_ATTEMPT_FAILED, MXW_OUTCOME_##name

/* Steps read "udp0+edns@2000": transport, address, EDNS and CD, end of the try; "...": the wait goes on; "=timeout":
 * done. The time of a TIMEOUT is the end of the try, of other happenings the given one. */
struct story {
	const char *name;
	unsigned n_addresses; /* 0: 1 */
	bool plain, tcp_first, direct;
	struct happening {
		int64_t at_ms; /* 0 at a TIMEOUT: when the try ends */
		enum mxw_attempt_event event;
		enum mxw_outcome outcome;
	} happenings[MAX_HAPPENINGS];
	size_t n;
	const char *steps;
};

/* clang-format off */
#define AT(ms, ...) { ms, __VA_ARGS__ }
/* clang-format on */

static const struct story stories[] = {
	{ .name = "silence",
	  .n = 3,
	  .happenings = { AT(0, TIMEOUT), AT(0, TIMEOUT), AT(0, TIMEOUT) },
	  .steps = "udp0+edns@2000 udp0@5000 tcp0+edns@10000 =timeout" },
	{ .name = "silence, two addresses",
	  .n_addresses = 2,
	  .n = 3,
	  .happenings = { AT(0, TIMEOUT), AT(0, TIMEOUT), AT(0, TIMEOUT) },
	  .steps = "udp0+edns@2000 udp1@5000 tcp0+edns@10000 =timeout" },
	{ .name = "silence, three addresses",
	  .n_addresses = 3,
	  .n = 3,
	  .happenings = { AT(0, TIMEOUT), AT(0, TIMEOUT), AT(0, TIMEOUT) },
	  .steps = "udp0+edns@2000 udp1@5000 tcp2+edns@10000 =timeout" },
	{ .name = "silence of one that breaks on EDNS",
	  .plain = true,
	  .n = 3,
	  .happenings = { AT(0, TIMEOUT), AT(0, TIMEOUT), AT(0, TIMEOUT) },
	  .steps = "udp0@2000 udp0@5000 tcp0@10000 =timeout" },
	{ .name = "silence, then TCP refused",
	  .n = 3,
	  .happenings = { AT(0, TIMEOUT), AT(0, TIMEOUT), AT(5001, TCP_FAILED) },
	  .steps = "udp0+edns@2000 udp0@5000 tcp0+edns@10000 =timeout" },
	{ .name = "TCP refused at the last try, another address is left",
	  .n_addresses = 2,
	  .n = 4,
	  .happenings = { AT(0, TIMEOUT), AT(0, TIMEOUT), AT(5001, TCP_FAILED), AT(5002, TCP_FAILED) },
	  .steps = "udp0+edns@2000 udp1@5000 tcp0+edns@10000 tcp1+edns@10000 =timeout" },

	{ .name = "truncated, TCP refused",
	  .n = 2,
	  .happenings = { AT(10, TRUNCATED), AT(20, TCP_FAILED) },
	  .steps = "udp0+edns@2000 tcp0+edns@10000 =truncated" },
	{ .name = "truncated, TCP silent",
	  .n = 2,
	  .happenings = { AT(10, TRUNCATED), AT(0, TIMEOUT) },
	  .steps = "udp0+edns@2000 tcp0+edns@10000 =truncated" },
	{ .name = "truncated, TCP silent at two addresses",
	  .n_addresses = 2,
	  .n = 3,
	  .happenings = { AT(10, TRUNCATED), AT(0, TIMEOUT), AT(0, TIMEOUT) },
	  .steps = "udp0+edns@2000 tcp0+edns@5010 tcp1+edns@10000 =truncated" },
	{ .name = "truncated late: no fair try is left for the other address",
	  .n_addresses = 2,
	  .n = 3,
	  .happenings = { AT(0, TIMEOUT), AT(3500, TRUNCATED), AT(0, TIMEOUT) },
	  .steps = "udp0+edns@2000 udp1@5000 tcp1@10000 =truncated" },
	{ .name = "truncated, TCP reset at all",
	  .n_addresses = 3,
	  .n = 4,
	  .happenings = { AT(10, TRUNCATED), AT(20, TCP_FAILED), AT(30, TCP_FAILED), AT(40, TCP_FAILED) },
	  .steps = "udp0+edns@2000 tcp0+edns@5010 tcp1+edns@5020 tcp2+edns@10000 =truncated" },
	{ .name = "truncated, no route for TCP",
	  .n = 2,
	  .happenings = { AT(10, TRUNCATED), AT(20, NETWORK) },
	  .steps = "udp0+edns@2000 tcp0+edns@10000 =truncated" },
	{ .name = "truncated, rubbish over TCP",
	  .n = 2,
	  .happenings = { AT(10, TRUNCATED), AT(20, MALFORMED) },
	  .steps = "udp0+edns@2000 tcp0+edns@10000 =truncated" },
	{ .name = "truncated, but TCP works and refuses",
	  .n = 2,
	  .happenings = { AT(10, TRUNCATED), AT(20, FAILED(REFUSED)) },
	  .steps = "udp0+edns@2000 tcp0+edns@10000 =refused" },
	{ .name = "truncated without EDNS stays without",
	  .n = 3,
	  .happenings = { AT(10, NO_EDNS), AT(20, TRUNCATED), AT(30, TCP_FAILED) },
	  .steps = "udp0+edns@2000 udp0@2010 tcp0@10000 =truncated" },

	{ .name = "unproven, TCP refused, silent at the second time: no absence",
	  .n = 3,
	  .happenings = { AT(10, UNPROVEN), AT(20, TCP_FAILED), AT(0, TIMEOUT) },
	  .steps = "udp0+edns@2000 tcp0+edns@10000 udp0+edns+repeat@3020 =timeout" },
	{ .name = "unproven, no route for TCP",
	  .n = 4,
	  .happenings = { AT(10, UNPROVEN), AT(20, NETWORK), AT(30, SERVFAIL), AT(40, SERVFAIL) },
	  .steps = "udp0+edns@2000 tcp0+edns@10000 udp0+edns+repeat@3020 udp0+edns+cd+repeat@5030 =servfail" },
	{ .name = "unproven, TCP silent: no third way",
	  .n = 2,
	  .happenings = { AT(10, UNPROVEN), AT(0, TIMEOUT) },
	  .steps = "udp0+edns@2000 tcp0+edns@10000 =timeout" },
	{ .name = "unproven, TCP refused, then cut off: TCP is not asked twice",
	  .n = 3,
	  .happenings = { AT(10, UNPROVEN), AT(20, TCP_FAILED), AT(30, TRUNCATED) },
	  .steps = "udp0+edns@2000 tcp0+edns@10000 udp0+edns+repeat@3020 =truncated" },
	{ .name = "letter case changed, TCP refused, unproven",
	  .n = 4,
	  .happenings = { AT(10, CASE), AT(20, TCP_FAILED), AT(30, UNPROVEN), AT(40, UNPROVEN) },
	  .steps = "udp0+edns@2000 tcp0+edns@10000 udp0+edns+case@3020 udp0+edns+repeat+case@10000 =timeout" },
	{ .name = "letter case changed, TCP refused: the case is kept",
	  .n = 3,
	  .happenings = { AT(10, CASE), AT(20, TCP_FAILED), AT(30, FAILED(REFUSED)) },
	  .steps = "udp0+edns@2000 tcp0+edns@10000 udp0+edns+case@3020 =refused" },
	{ .name = "unproven again over TCP would go round",
	  .n = 2,
	  .happenings = { AT(10, UNPROVEN), AT(20, UNPROVEN) },
	  .steps = "udp0+edns@2000 tcp0+edns@10000 =timeout" },
	{ .name = "letter case changed, then SERVFAIL",
	  .n = 3,
	  .happenings = { AT(10, CASE), AT(20, SERVFAIL), AT(30, SERVFAIL) },
	  .steps = "udp0+edns@2000 tcp0+edns@10000 tcp0+edns+cd@5020 =servfail" },

	{ .name = "breaks on EDNS, and without",
	  .n = 2,
	  .happenings = { AT(10, NO_EDNS), AT(20, FAILED(FORMERR)) },
	  .steps = "udp0+edns@2000 udp0@2010 =formerr" },
	{ .name = "not implemented, and without EDNS silent",
	  .n = 4,
	  .happenings = { AT(10, NO_EDNS, MXW_OUTCOME_NOTIMP), AT(0, TIMEOUT), AT(0, TIMEOUT), AT(0, TIMEOUT) },
	  .steps = "udp0+edns@2000 udp0@2010 udp0@5010 tcp0@10000 =notimp" },
	{ .name = "FORMERR at both addresses",
	  .n_addresses = 2,
	  .n = 3,
	  .happenings = { AT(10, NO_EDNS), AT(20, FAILED(FORMERR)), AT(30, FAILED(FORMERR)) },
	  .steps = "udp0+edns@2000 udp0@2010 udp1@2020 =formerr" },
	{ .name = "complaint about EDNS that was not sent",
	  .plain = true,
	  .n = 1,
	  .happenings = { AT(10, NO_EDNS) },
	  .steps = "udp0@2000 =formerr" },
	{ .name = "breaks on EDNS over TCP too",
	  .tcp_first = true,
	  .n = 2,
	  .happenings = { AT(10, NO_EDNS), AT(20, FAILED(NOTIMP)) },
	  .steps = "tcp0+edns@10000 tcp0@10000 =notimp" },

	{ .name = "SERVFAIL, with CD too",
	  .n = 2,
	  .happenings = { AT(10, SERVFAIL), AT(20, SERVFAIL) },
	  .steps = "udp0+edns@2000 udp0+edns+cd@5010 =servfail" },
	{ .name = "SERVFAIL, with CD an answer",
	  .n = 2,
	  .happenings = { AT(10, SERVFAIL), AT(20, FAILED(BOGUS)) },
	  .steps = "udp0+edns@2000 udp0+edns+cd@5010 =bogus" },
	{ .name = "SERVFAIL, with CD an unproven NODATA",
	  .n = 2,
	  .happenings = { AT(10, SERVFAIL), AT(20, UNPROVEN) },
	  .steps = "udp0+edns@2000 udp0+edns+cd@5010 =bogus" },
	{ .name = "SERVFAIL, with CD silence",
	  .n = 2,
	  .happenings = { AT(10, SERVFAIL), AT(0, TIMEOUT) },
	  .steps = "udp0+edns@2000 udp0+edns+cd@5010 =servfail" },
	{ .name = "SERVFAIL, with CD refused",
	  .n = 2,
	  .happenings = { AT(10, SERVFAIL), AT(20, FAILED(REFUSED)) },
	  .steps = "udp0+edns@2000 udp0+edns+cd@5010 =servfail" },
	{ .name = "SERVFAIL, with CD truncated, over TCP an answer",
	  .n = 3,
	  .happenings = { AT(10, SERVFAIL), AT(20, TRUNCATED), AT(30, FAILED(BOGUS)) },
	  .steps = "udp0+edns@2000 udp0+edns+cd@5010 tcp0+edns+cd@10000 =bogus" },
	{ .name = "SERVFAIL, with CD truncated, TCP refused",
	  .n = 3,
	  .happenings = { AT(10, SERVFAIL), AT(20, TRUNCATED), AT(30, TCP_FAILED) },
	  .steps = "udp0+edns@2000 udp0+edns+cd@5010 tcp0+edns+cd@10000 =servfail" },
	{ .name = "SERVFAIL, with CD rubbish, then an answer",
	  .n = 3,
	  .happenings = { AT(10, SERVFAIL), AT(20, MALFORMED), AT(30, FAILED(BOGUS)) },
	  .steps = "udp0+edns@2000 udp0+edns+cd@5010 ... =bogus" },
	{ .name = "SERVFAIL, CD with EDNS is not understood",
	  .n = 3,
	  .happenings = { AT(10, SERVFAIL), AT(20, NO_EDNS), AT(30, FAILED(BOGUS)) },
	  .steps = "udp0+edns@2000 udp0+edns+cd@5010 udp0+cd@2020 =bogus" },
	{ .name = "SERVFAIL of a server of the zone is not looked at twice",
	  .direct = true,
	  .n = 1,
	  .happenings = { AT(10, SERVFAIL) },
	  .steps = "udp0+edns@2000 =servfail" },
	{ .name = "SERVFAIL at both",
	  .n_addresses = 2,
	  .n = 3,
	  .happenings = { AT(10, SERVFAIL), AT(20, SERVFAIL), AT(30, SERVFAIL) },
	  .steps = "udp0+edns@2000 udp1+edns@2010 udp1+edns+cd@5020 =servfail" },
	{ .name = "SERVFAIL, then refused: CD goes to the first",
	  .n_addresses = 2,
	  .n = 3,
	  .happenings = { AT(10, SERVFAIL), AT(20, FAILED(REFUSED)), AT(30, FAILED(BOGUS)) },
	  .steps = "udp0+edns@2000 udp1+edns@2010 udp0+edns+cd@5020 =bogus" },
	{ .name = "SERVFAIL, the other address is silent and not the first is asked again",
	  .n_addresses = 2,
	  .n = 4,
	  .happenings = { AT(10, SERVFAIL), AT(0, TIMEOUT), AT(0, TIMEOUT), AT(0, TIMEOUT) },
	  .steps = "udp0+edns@2000 udp1+edns@2010 udp1@5010 tcp1+edns@10000 =servfail" },
	{ .name = "SERVFAIL, TCP of the other refused: time for CD, the way the SERVFAIL came",
	  .n_addresses = 2,
	  .n = 5,
	  .happenings = { AT(10, SERVFAIL), AT(0, TIMEOUT), AT(0, TIMEOUT), AT(5020, TCP_FAILED),
			  AT(5030, FAILED(BOGUS)) },
	  .steps = "udp0+edns@2000 udp1+edns@2010 udp1@5010 tcp1+edns@10000 udp0+edns+cd@10000 =bogus" },
	{ .name = "BOGUS named by the resolver",
	  .n = 1,
	  .happenings = { AT(10, FAILED(BOGUS)) },
	  .steps = "udp0+edns@2000 =bogus" },
	{ .name = "BOGUS, and the other refuses",
	  .n_addresses = 2,
	  .n = 2,
	  .happenings = { AT(10, FAILED(BOGUS)), AT(20, FAILED(REFUSED)) },
	  .steps = "udp0+edns@2000 udp1+edns@2010 =bogus" },

	{ .name = "refused", .n = 1, .happenings = { AT(10, FAILED(REFUSED)) }, .steps = "udp0+edns@2000 =refused" },
	{ .name = "refused, then a referral",
	  .n_addresses = 2,
	  .n = 2,
	  .happenings = { AT(10, FAILED(REFUSED)), AT(20, FAILED(REFERRAL)) },
	  .steps = "udp0+edns@2000 udp1+edns@2010 =referral" },
	{ .name = "refused, the other is silent to the end",
	  .n_addresses = 2,
	  .n = 4,
	  .happenings = { AT(10, FAILED(REFUSED)), AT(0, TIMEOUT), AT(0, TIMEOUT), AT(0, TIMEOUT) },
	  .steps = "udp0+edns@2000 udp1+edns@2010 udp1@5010 tcp1+edns@10000 =refused" },
	{ .name = "who answered is skipped in the circle",
	  .n_addresses = 3,
	  .n = 5,
	  .happenings = { AT(0, TIMEOUT), AT(2010, FAILED(REFUSED)), AT(0, TIMEOUT), AT(6000, TCP_FAILED),
			  AT(0, TIMEOUT) },
	  .steps = "udp0+edns@2000 udp1@5000 udp2@5010 tcp0+edns@10000 tcp2+edns@10000 =refused" },
	{ .name = "filtered late: the next address gets a share of its own",
	  .n_addresses = 2,
	  .n = 2,
	  .happenings = { AT(1999, FAILED(FILTERED)), AT(2010, FAILED(FILTERED)) },
	  .steps = "udp0+edns@2000 udp1+edns@3999 =filtered" },
	{ .name = "an rcode without a meaning",
	  .n = 1,
	  .happenings = { AT(10, FAILED(MALFORMED)) },
	  .steps = "udp0+edns@2000 =malformed" },

	{ .name = "no network",
	  .n = 3,
	  .happenings = { AT(0, NETWORK), AT(1, NETWORK), AT(2, NETWORK) },
	  .steps = "udp0+edns@2000 udp0@3000 tcp0+edns@10000 =network-error" },
	{ .name = "no network, two addresses",
	  .n_addresses = 2,
	  .n = 6,
	  .happenings = { AT(0, NETWORK), AT(0, NETWORK), AT(0, NETWORK), AT(0, NETWORK), AT(0, NETWORK),
			  AT(0, NETWORK) },
	  .steps = "udp0+edns@2000 udp1+edns@2000 udp0@3000 udp1@3000 tcp0+edns@5000 tcp1+edns@10000 =network-error" },
	{ .name = "one address unreachable, the other silent",
	  .n_addresses = 2,
	  .n = 6,
	  .happenings = { AT(0, NETWORK), AT(0, TIMEOUT), AT(0, NETWORK), AT(0, TIMEOUT), AT(0, NETWORK),
			  AT(0, TIMEOUT) },
	  .steps = "udp0+edns@2000 udp1+edns@2000 udp0@5000 udp1@5000 tcp0+edns@10000 tcp1+edns@10000 =network-error" },
	{ .name = "rubbish over UDP: the wait goes on",
	  .n = 4,
	  .happenings = { AT(10, MALFORMED), AT(0, TIMEOUT), AT(0, TIMEOUT), AT(0, TIMEOUT) },
	  .steps = "udp0+edns@2000 ... udp0@5000 tcp0+edns@10000 =malformed" },
	{ .name = "rubbish, then refused",
	  .n = 2,
	  .happenings = { AT(10, MALFORMED), AT(20, FAILED(REFUSED)) },
	  .steps = "udp0+edns@2000 ... =refused" },
	{ .name = "rubbish over TCP ends the try",
	  .tcp_first = true,
	  .n_addresses = 2,
	  .n = 2,
	  .happenings = { AT(10, MALFORMED), AT(20, MALFORMED) },
	  .steps = "tcp0+edns@5000 tcp1+edns@10000 =malformed" },
	{ .name = "TCP first, silent",
	  .tcp_first = true,
	  .n = 1,
	  .happenings = { AT(0, TIMEOUT) },
	  .steps = "tcp0+edns@10000 =timeout" },
	{ .name = "TCP first, refused: never UDP",
	  .tcp_first = true,
	  .n = 1,
	  .happenings = { AT(5, TCP_FAILED) },
	  .steps = "tcp0+edns@10000 =timeout" },
	{ .name = "a clock that jumped: the end comes at once",
	  .n = 1,
	  .happenings = { AT(20000, TIMEOUT) },
	  .steps = "udp0+edns@2000 =timeout" },
	{ .name = "SERVFAIL at the last moment",
	  .n = 1,
	  .happenings = { AT(10000, SERVFAIL) },
	  .steps = "udp0+edns@2000 =servfail" },
};

enum { START = 1000000, LIMIT = 10000 };

static void add_step(struct mxw_strbuf *ret, const struct mxw_attempt_step *step)
{
	if (step->done)
		mxw_strbuf_addf(ret, " =%s", mxw_outcome_name(step->outcome));
	else
		mxw_strbuf_addf(ret, " %s%u%s%s%s%s@%lld", step->tcp ? "tcp" : "udp", step->address,
				step->edns ? "+edns" : "", step->checking_disabled ? "+cd" : "",
				step->is_repeat ? "+repeat" : "", step->keep_case ? "+case" : "",
				(long long)(step->until_ms - START));
}

static void tell(const struct story *story, struct mxw_strbuf *ret)
{
	struct mxw_attempt_policy policy = { .timeout_ms = LIMIT,
					     .n_addresses = story->n_addresses ? story->n_addresses : 1,
					     .edns = !story->plain,
					     .tcp_first = story->tcp_first,
					     .direct = story->direct };
	struct mxw_attempt attempt;
	struct mxw_attempt_step step;
	mxw_attempt_start(&attempt, &policy, START, &step);
	add_step(ret, &step);
	int64_t now = START;
	for (size_t i = 0; i < story->n; i++) {
		const struct happening *h = &story->happenings[i];
		assert_false(step.done);
		if (h->at_ms)
			now = START + h->at_ms;
		else if (h->event == MXW_ATTEMPT_TIMEOUT)
			now = step.until_ms;
		if (mxw_attempt_event(&attempt, h->event, h->outcome, now, &step))
			add_step(ret, &step);
		else
			mxw_strbuf_adds(ret, " ...");
	}
}

static void all_stories(void **state)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(stories); i++) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf steps = MXW_STRBUF_INIT;
		tell(&stories[i], &steps);
		if (strcmp(mxw_strbuf_get(&steps) + 1, stories[i].steps) != 0)
			fail_msg("%s:\n%s\nexpected\n %s", stories[i].name, mxw_strbuf_get(&steps), stories[i].steps);
	}
}

/* Shares of a time that no hundred divides, and of none. */
static void odd_times(void **state)
{
	static const int64_t times[][4] = { { 1257, 251, 628, 1257 }, { 1, 0, 0, 1 }, { 0, 0, 0, 0 } };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(times); i++) {
		struct mxw_attempt_policy policy = { .timeout_ms = times[i][0], .n_addresses = 1, .edns = true };
		struct mxw_attempt attempt;
		struct mxw_attempt_step step;
		mxw_attempt_start(&attempt, &policy, START, &step);
		for (size_t k = 1; k < 4 && !step.done; k++) {
			assert_int_equal(step.until_ms, START + times[i][k]);
			assert_true(mxw_attempt_event(&attempt, MXW_ATTEMPT_TIMEOUT, MXW_OUTCOME_TIMEOUT, step.until_ms,
						      &step));
		}
		assert_true(step.done);
		assert_int_equal(step.outcome, MXW_OUTCOME_TIMEOUT);
	}
}

/* Whatever happens in whatever order: it ends, in few steps, within its time, and never with a claim about the name. */
static void always_bounded(void **state)
{
	struct mxw_rng rng;
	mxw_rng_seed(&rng, 1);
	unsigned most_steps = 0;
	for (unsigned run = 0; run < 200000; run++) {
		struct mxw_attempt_policy policy = {
			.timeout_ms = (int64_t)mxw_rng_below(&rng, 20000),
			.n_addresses = 1 + (unsigned)mxw_rng_below(&rng, MXW_MAX_ATTEMPT_ADDRESSES),
			.edns = mxw_rng_below(&rng, 4) != 0,
			.tcp_first = mxw_rng_below(&rng, 8) == 0,
			.direct = mxw_rng_below(&rng, 4) == 0,
		};
		/* In some runs nothing takes time, and one kind of event prevails: that makes the longest ways. */
		bool is_fast = mxw_rng_below(&rng, 2);
		uint64_t mostly = mxw_rng_below(&rng, MXW_ATTEMPT_MALFORMED + 1);
		struct mxw_attempt attempt;
		struct mxw_attempt_step step;
		int64_t now = START;
		mxw_attempt_start(&attempt, &policy, now, &step);
		unsigned n_steps = 1, asked_cd = 0;
		for (unsigned n_events = 0; !step.done; n_events++) {
			assert_true(n_events < 1000);
			assert_true(step.until_ms <= START + policy.timeout_ms && step.until_ms >= now);
			assert_true(step.address < policy.n_addresses);
			assert_true(step.tcp || !policy.tcp_first);
			assert_false(step.checking_disabled && policy.direct);
			assert_true(policy.edns || !step.edns);
			uint64_t event = mxw_rng_below(&rng, 4) ? mostly
								: mxw_rng_below(&rng, MXW_ATTEMPT_MALFORMED + 1);
			if (event == MXW_ATTEMPT_MALFORMED && !step.tcp && n_events > 100)
				event = MXW_ATTEMPT_TIMEOUT;
			enum mxw_outcome outcome = MXW_OUTCOME_SERVFAIL +
						   (enum mxw_outcome)mxw_rng_below(&rng, MXW_N_OUTCOMES -
												 MXW_OUTCOME_SERVFAIL);
			if (event == MXW_ATTEMPT_TIMEOUT)
				now = is_fast ? now : step.until_ms;
			else if (!is_fast)
				now += (int64_t)mxw_rng_below(&rng, (uint64_t)(step.until_ms - now) + 1);
			if (mxw_attempt_event(&attempt, (enum mxw_attempt_event)event, outcome, now, &step)) {
				n_steps += !step.done;
				asked_cd += !step.done && step.checking_disabled && !step.tcp;
			}
		}
		assert_false(mxw_outcome_is_determinate(step.outcome));
		assert_true(n_steps <= MXW_MAX_ATTEMPT_STEPS);
		assert_true(asked_cd <= 2); /* once, and once without EDNS */
		most_steps = n_steps > most_steps ? n_steps : most_steps;
	}
	assert_true(most_steps > 12); /* the runs were wild enough to mean something */
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(all_stories), cmocka_unit_test(odd_times),
					    cmocka_unit_test(always_bounded) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
