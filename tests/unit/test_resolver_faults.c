/* The resolver on real sockets, when something is wrong: loss, lies, forgeries, refusals (faults.md R1 to R26). */
#include "tests/unit/resolver_world.h"

#include <strings.h>

/* ---- transports and retries ---- */

static void test_truncated_goes_to_tcp(void **state)
{
	struct asked asked;
	ACTS(0, ACT_TRUNCATED, ACT_A);
	assert_true(resolve(&asked, "mx1.example.org", MXW_OUTCOME_ANSWER)->over_tcp);
	assert_int_equal(world.servers[0].n_seen, 2);
	assert_true(seen(0, 1)->over_tcp);
	assert_int_equal(counters().packets, 2);
	done(&asked);
}

static void test_truncated_and_tcp_closed(void **state)
{
	struct asked asked;
	ACTS(0, ACT_TRUNCATED, ACT_CLOSE);
	resolve(&asked, "mx1.example.org", MXW_OUTCOME_TRUNCATED);
	done(&asked);
}

static void test_dripping_tcp_has_one_deadline(void **state)
{
	struct asked asked;
	int64_t start_ms = mxw_clock_monotonic_ms();
	hurry();
	ACTS(0, ACT_TRUNCATED, ACT_DRIP);
	resolve(&asked, "mx1.example.org", MXW_OUTCOME_TRUNCATED);
	assert_in_range(mxw_clock_monotonic_ms() - start_ms, SHORT_MS / 2 - 1, SHORT_MS * 10);
	done(&asked);
}

static void test_unproven_nodata_is_asked_over_tcp(void **state)
{
	struct asked asked;
	ACTS(0, ACT_NODATA);
	assert_true(resolve(&asked, "mx1.example.org", MXW_OUTCOME_NODATA)->over_tcp);
	assert_int_equal(world.servers[0].n_seen, 2);
	done(&asked);
}

/* There are servers without TCP: a second answer over UDP is as good as none was before. */
static void test_unproven_nodata_without_tcp(void **state)
{
	struct asked asked;
	ACTS(0, ACT_NODATA, ACT_CLOSE, ACT_NODATA);
	assert_false(resolve(&asked, "mx1.example.org", MXW_OUTCOME_NODATA)->over_tcp);
	assert_int_equal(world.servers[0].n_seen, 3);
	done(&asked);
	ACTS(0, ACT_NODATA, ACT_CLOSE, ACT_A);
	resolve(&asked, "mx2.example.org", MXW_OUTCOME_ANSWER);
	done(&asked);
}

static void test_lower_case_without_tcp(void **state)
{
	struct asked asked;
	ACTS(0, ACT_LOWER_CASE, ACT_CLOSE, ACT_LOWER_CASE);
	assert_false(resolve(&asked, "mx1.example.org", MXW_OUTCOME_ANSWER)->over_tcp);
	assert_int_equal(world.servers[0].n_seen, 3);
	done(&asked);
}

static void test_what_is_not_ours_is_ignored(void **state)
{
	static const enum act acts[] = { ACT_WRONG_ID, ACT_WRONG_QUESTION, ACT_NO_RESPONSE_BIT, ACT_GARBAGE };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(acts); i++) {
		struct asked asked;
		set_acts(0, &acts[i], 1);
		resolve(&asked, "mx1.example.org", MXW_OUTCOME_ANSWER);
		assert_int_equal(counters().ignored, i + 1);
		assert_int_equal(world.servers[0].n_seen, i + 1); /* the wait went on, nothing was asked again */
		done(&asked);
	}
}

static void test_forgeries_lead_to_tcp(void **state)
{
	struct asked asked;
	ACTS(0, ACT_FORGED, ACT_A, ACT_GUESSED, ACT_A);
	assert_true(resolve(&asked, "mx1.example.org", MXW_OUTCOME_ANSWER)->over_tcp);
	done(&asked);
	assert_true(resolve(&asked, "mx2.example.org", MXW_OUTCOME_ANSWER)->over_tcp);
	done(&asked);
	assert_int_equal(world.servers[0].n_seen, 4);
	assert_true(counters().ignored >= 3 + 16);
}

static void test_lost_packet(void **state)
{
	struct asked asked;
	hurry();
	ACTS(0, ACT_DROP, ACT_A);
	resolve(&asked, "mx1.example.org", MXW_OUTCOME_ANSWER);
	assert_int_equal(world.servers[0].n_seen, 2);
	assert_false(seen(0, 1)->over_tcp);
	assert_int_not_equal(seen(0, 0)->port, seen(0, 1)->port);
	assert_int_not_equal(seen(0, 0)->id, seen(0, 1)->id); /* equal by chance once in 65536 runs */
	done(&asked);
}

static void test_retries_change_the_port(void **state)
{
	enum { ROUNDS = 8 };
	struct asked asked;
	hurry();
	for (size_t i = 0; i < 6; i++) { /* all sockets are open now: a retry need not open one */
		resolve(&asked, "mx1.example.org", MXW_OUTCOME_ANSWER);
		done(&asked);
	}
	for (size_t round = 0; round < ROUNDS; round++) {
		world.servers[0].n_seen = 0;
		ACTS(0, ACT_DROP, ACT_A);
		resolve(&asked, "mx1.example.org", MXW_OUTCOME_ANSWER);
		done(&asked);
		assert_int_not_equal(seen(0, 0)->port, seen(0, 1)->port);
	}
}

static void test_late_answer_is_nothing(void **state)
{
	struct asked asked;
	hurry();
	ACTS(0, ACT_LATE, ACT_A);
	resolve(&asked, "mx1.example.org", MXW_OUTCOME_ANSWER);
	run_for(LATE_MS);
	assert_int_equal(asked.n_calls, 1);
	assert_int_equal(counters().ignored, 1);
	done(&asked);
}

static void test_many_late_answers_are_no_attack(void **state)
{
	enum { LATE = 60, WAITING = 16 };
	static struct asked late[LATE], waiting[WAITING];
	static enum act acts[2 * LATE + 1] = { [2 * LATE] = ACT_DROP };
	for (size_t i = 0; i < LATE; i++) {
		acts[i] = ACT_LATE;
		acts[LATE + i] = ACT_A;
	}
	set_acts(0, acts, MXW_ARRAY_SIZE(acts));
	hurry();
	ask_many(late, LATE);
	for (size_t i = 0; i < LATE; i++) {
		wait_for(&late[i]);
		done(&late[i]);
	}
	for (size_t i = 0; i < WAITING;
	     i++) { /* one by one, so that they spread over the ports with late answers due */
		static const char letters[] = "abcdefghijklmnop";
		ask(&waiting[i], letters + i);
		run_for(1);
	}
	assert_int_equal(counters().ignored, 0);
	while (counters().ignored < LATE)
		run_for(1);
	run_for(20);
	for (size_t i = 0; i < world.servers[0].n_seen; i++)
		assert_false(seen(0, i)->over_tcp);
	for (size_t i = 0; i < WAITING; i++)
		mxw_lookup_cancel(&waiting[i].lookup);
}

static void test_timeout(void **state)
{
	struct asked asked;
	int64_t start_ms = mxw_clock_monotonic_ms();
	hurry();
	ACTS(0, ACT_DROP);
	resolve(&asked, "mx1.example.org", MXW_OUTCOME_TIMEOUT);
	assert_in_range(mxw_clock_monotonic_ms() - start_ms, SHORT_MS - 2, SHORT_MS * 10);
	assert_int_equal(world.servers[0].n_seen, 3);
	assert_true(seen(0, 2)->over_tcp);
	assert_int_equal(counters().outcomes[MXW_OUTCOME_TIMEOUT], 1);
	done(&asked);
	ACTS(0, ACT_A);
	ask(&asked, "mx1.example.org"); /* a failure is not cached */
	assert_null(asked.answer);
	wait_for(&asked);
	done(&asked);
}

/* ---- resolvers with a will of their own ---- */

static void test_formerr_is_asked_plain_and_remembered(void **state)
{
	static const enum act refusals[] = { ACT_FORMERR, ACT_FORMERR_HEADER };
	for (size_t i = 0; i < 2; i++) {
		struct asked asked;
		world.servers[0].n_seen = 0;
		make_resolver();
		ACTS(0, refusals[i], ACT_A);
		resolve(&asked, "mx1.example.org", MXW_OUTCOME_ANSWER);
		done(&asked);
		resolve(&asked, "mx2.example.org", MXW_OUTCOME_ANSWER);
		done(&asked);
		assert_int_equal(world.servers[0].n_seen, 3);
		assert_true(seen(0, 0)->edns);
		assert_false(seen(0, 1)->edns);
		assert_false(seen(0, 2)->edns);
	}
}

static void test_silence_on_edns_is_remembered(void **state)
{
	hurry();
	ACTS(0, ACT_DROP, ACT_A, ACT_DROP, ACT_A, ACT_A);
	for (int i = 0; i < 3; i++) {
		struct asked asked;
		resolve(&asked, "mx1.example.org", MXW_OUTCOME_ANSWER);
		done(&asked);
	}
	assert_int_equal(world.servers[0].n_seen, 5);
	assert_true(seen(0, 2)->edns);
	assert_false(seen(0, 4)->edns);
}

static void test_case_is_randomized_and_checked(void **state)
{
	static const char name[] = "abcdefghijklmnopqrstuvwxyz.example.org";
	struct asked asked;
	ACTS(0, ACT_LOWER_CASE);
	assert_true(resolve(&asked, name, MXW_OUTCOME_ANSWER)->over_tcp);
	assert_string_not_equal(seen(0, 0)->name, name);
	done(&asked);
	assert_false(resolve(&asked, name, MXW_OUTCOME_ANSWER)->over_tcp);
	assert_string_equal(seen(0, 2)->name, name); /* remembered: this one does not keep the case */
	done(&asked);
}

static void test_servfail(void **state)
{
	struct asked asked;
	ACTS(0, ACT_SERVFAIL);
	assert_int_equal(resolve(&asked, "mx1.example.org", MXW_OUTCOME_SERVFAIL)->rcode, MXW_RCODE_SERVFAIL);
	assert_true(seen(0, world.servers[0].n_seen - 1)->checking_disabled);
	assert_false(seen(0, 0)->checking_disabled);
	done(&asked);
	size_t n_seen = world.servers[0].n_seen;
	ask(&asked, "mx1.example.org"); /* RFC 9520: for a moment nobody asks again */
	assert_non_null(asked.answer);
	assert_int_equal(world.servers[0].n_seen, n_seen);
	done(&asked);
}

static void test_bogus(void **state)
{
	struct asked asked;
	ACTS(0, ACT_SERVFAIL, ACT_A);
	assert_int_equal(resolve(&asked, "mx1.example.org", MXW_OUTCOME_BOGUS)->rcode, MXW_RCODE_SERVFAIL);
	assert_int_equal(asked.answer->n_rrs, 0); /* what failed validation is no answer */
	done(&asked);
	world.servers[0].n_seen = 0;
	ACTS(0, ACT_BOGUS);
	assert_int_equal(resolve(&asked, "mx2.example.org", MXW_OUTCOME_BOGUS)->ede, 6);
	assert_string_equal(asked.answer->ede_text, "ouch");
	done(&asked);
}

static void test_refused_and_fallback_address(void **state)
{
	struct asked asked;
	ACTS(0, ACT_REFUSED);
	assert_int_equal(resolve(&asked, "mx1.example.org", MXW_OUTCOME_REFUSED)->rcode, MXW_RCODE_REFUSED);
	done(&asked);
	world.spec.n_addresses = 2;
	make_resolver();
	resolve(&asked, "mx1.example.org", MXW_OUTCOME_ANSWER);
	assert_int_equal(world.servers[1].n_seen, 1);
	done(&asked);
}

static void test_connection_refused(void **state)
{
	struct asked asked;
	world.spec.addresses[0] = responder_endpoint(responder_unused_port());
	make_resolver();
	int64_t start_ms = mxw_clock_monotonic_ms();
	resolve(&asked, "mx1.example.org", MXW_OUTCOME_NETWORK_ERROR);
	assert_true(mxw_clock_monotonic_ms() - start_ms < LONG_MS / 5); /* told by ICMP, not by time */
	done(&asked);
	world.spec.n_addresses = 2;
	make_resolver();
	resolve(&asked, "mx1.example.org", MXW_OUTCOME_ANSWER);
	done(&asked);
}

static void test_no_way_there(void **state)
{
	static const struct mxw_ip ips[] = {
		{ .family = 4, .bytes = { 255, 255, 255, 255 } }, /* the kernel refuses: broadcast */
		{ .family = 6, .bytes = { [15] = 1 } },           /* nobody listens, or there is no IPv6 */
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(ips); i++) {
		struct asked asked;
		world.spec.addresses[0].ip = ips[i];
		world.spec.addresses[0].port = responder_unused_port();
		make_resolver();
		int64_t start_ms = mxw_clock_monotonic_ms();
		resolve(&asked, "mx1.example.org", MXW_OUTCOME_NETWORK_ERROR);
		assert_true(mxw_clock_monotonic_ms() - start_ms < LONG_MS / 5);
		assert_int_equal(counters().in_flight, 0);
		done(&asked);
	}
}

/* ---- chains ---- */

static void test_chain_goes_on(void **state)
{
	struct asked asked;
	ACTS(0, ACT_ALIAS, ACT_ALIAS, ACT_A);
	const struct mxw_answer *answer = resolve(&asked, "mx1.example.org", MXW_OUTCOME_ANSWER);
	assert_int_equal(answer->n_chain, 2);
	assert_string_equal(answer->chain[0], "n1.example.org");
	assert_string_equal(answer->chain[1], "n2.example.org");
	assert_int_equal(answer->ttl, 30); /* of the aliases */
	assert_int_equal(strcasecmp(seen(0, 2)->name, "n2.example.org"), 0);
	assert_int_equal(world.servers[0].n_seen, 3);
	done(&asked);
}

static void test_endless_chain(void **state)
{
	struct asked asked;
	ACTS(0, ACT_ALIAS);
	assert_int_equal(resolve(&asked, "mx1.example.org", MXW_OUTCOME_LOOP)->n_chain, MXW_MAX_CHAIN);
	assert_int_equal(world.servers[0].n_seen, MXW_MAX_CHAIN + 1);
	done(&asked);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_truncated_goes_to_tcp),
		TEST(test_truncated_and_tcp_closed),
		TEST(test_dripping_tcp_has_one_deadline),
		TEST(test_unproven_nodata_is_asked_over_tcp),
		TEST(test_unproven_nodata_without_tcp),
		TEST(test_lower_case_without_tcp),
		TEST(test_what_is_not_ours_is_ignored),
		TEST(test_forgeries_lead_to_tcp),
		TEST(test_lost_packet),
		TEST(test_retries_change_the_port),
		TEST(test_late_answer_is_nothing),
		TEST(test_many_late_answers_are_no_attack),
		TEST(test_timeout),
		TEST(test_formerr_is_asked_plain_and_remembered),
		TEST(test_silence_on_edns_is_remembered),
		TEST(test_case_is_randomized_and_checked),
		TEST(test_servfail),
		TEST(test_bogus),
		TEST(test_refused_and_fallback_address),
		TEST(test_connection_refused),
		TEST(test_no_way_there),
		TEST(test_chain_goes_on),
		TEST(test_endless_chain),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
