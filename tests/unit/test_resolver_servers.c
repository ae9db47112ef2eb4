/* A resolver for servers of zones, on real sockets: direct questions, and servers that come and go. */
#include "tests/unit/resolver_world.h"

/* ---- direct questions ---- */

static void test_answer(void **state)
{
	struct asked asked;
	assert_true(resolve(&asked, "mx1.example.org", MXW_OUTCOME_ANSWER)->aa);
	assert_int_equal(asked.answer->n_rrs, 1);
	assert_false(asked.answer->never_sent);
	assert_false(seen(0, 0)->recursion_desired);
	assert_false(seen(0, 0)->authentic);
	assert_false(seen(0, 0)->checking_disabled);
	assert_true(seen(0, 0)->edns);
	done(&asked);
	ask(&asked, "mx1.example.org");
	assert_non_null(asked.answer);
	done(&asked);
	ask_upstream(&asked, 1, "mx1.example.org", ANY_AGE); /* what one server says is not what the other says */
	assert_null(asked.answer);
	wait_for(&asked);
	done(&asked);
	assert_int_equal(world.servers[1].n_seen, 1);
}

static void test_case_is_randomized(void **state)
{
	static const char name[] = "abcdefghijklmnopqrstuvwxyz.example.org";
	struct asked asked;
	ACTS(0, AA(ACT_LOWER_CASE), AA(ACT_A));
	assert_true(resolve(&asked, name, MXW_OUTCOME_ANSWER)->over_tcp);
	assert_string_not_equal(seen(0, 0)->name, name);
	done(&asked);
}

static void test_referral(void **state)
{
	struct asked asked;
	ACTS(0, ACT_REFERRAL);
	const struct mxw_referral *referral = resolve(&asked, "mx1.example.org", MXW_OUTCOME_REFERRAL)->referral;
	assert_non_null(referral);
	assert_string_equal(referral->cut, "example.org");
	assert_int_equal(referral->ttl, 50);
	assert_int_equal(referral->n_servers, 1);
	assert_string_equal(referral->servers[0], "ns.example.net");
	assert_int_equal(referral->n_glue, 1);
	assert_int_equal(referral->glue[0].ip.bytes[3], 53);
	done(&asked);
	ask(&asked, "mx1.example.org"); /* cached as long as its records may be */
	assert_non_null(asked.answer);
	assert_int_equal(world.servers[0].n_seen, 1);
	assert_int_equal(counters().outcomes[MXW_OUTCOME_REFERRAL], 1);
	done(&asked);
}

static void test_lame(void **state)
{
	struct asked asked;
	ACTS(0, ACT_A); /* without AA */
	for (size_t i = 1; i <= 2; i++) {
		ask(&asked, "mx1.example.org");
		assert_null(asked.answer); /* nothing to keep */
		wait_for(&asked);
		assert_int_equal(asked.answer->outcome, MXW_OUTCOME_REFERRAL);
		assert_null(asked.answer->referral);
		assert_int_equal(asked.answer->n_chain + asked.answer->n_rrs, 0);
		assert_int_equal(world.servers[0].n_seen, i); /* it has said so: nothing is asked again */
		done(&asked);
	}
}

static void test_alias_is_not_followed(void **state)
{
	struct asked asked;
	ACTS(0, AA(ACT_ALIAS));
	const struct mxw_answer *answer = resolve(&asked, "mx1.example.org", MXW_OUTCOME_REFERRAL);
	assert_null(answer->referral);
	assert_int_equal(answer->n_chain, 1);
	assert_string_equal(answer->chain[0], "n1.example.org");
	assert_int_equal(answer->ttl, 30);
	assert_int_equal(world.servers[0].n_seen, 1);
	done(&asked);
	ask(&asked, "mx1.example.org");
	assert_non_null(asked.answer);
	done(&asked);
}

static void test_denials(void **state)
{
	struct asked asked;
	ACTS(0, AA(ACT_NXDOMAIN), AA(ACT_NODATA), AA(ACT_NODATA), AA(ACT_NODATA), ACT_CLOSE, AA(ACT_NODATA));
	assert_string_equal(resolve(&asked, "mx1.example.org", MXW_OUTCOME_NXDOMAIN)->soa_owner, "example.org");
	done(&asked);
	assert_true(resolve(&asked, "mx2.example.org", MXW_OUTCOME_NODATA)->over_tcp); /* AA alone is no proof */
	done(&asked);
	assert_false(resolve(&asked, "mx3.example.org", MXW_OUTCOME_NODATA)->over_tcp); /* there is no TCP */
	done(&asked);
	assert_int_equal(world.servers[0].n_seen, 6);
}

static void test_servfail_is_not_probed(void **state)
{
	struct asked asked;
	ACTS(0, ACT_SERVFAIL);
	assert_int_equal(resolve(&asked, "mx1.example.org", MXW_OUTCOME_SERVFAIL)->rcode, MXW_RCODE_SERVFAIL);
	assert_int_equal(world.servers[0].n_seen, 1);
	done(&asked);
}

static void test_refused(void **state)
{
	struct asked asked;
	ACTS(0, ACT_REFUSED);
	assert_int_equal(resolve(&asked, "mx1.example.org", MXW_OUTCOME_REFUSED)->rcode, MXW_RCODE_REFUSED);
	assert_int_equal(world.servers[0].n_seen, 1);
	done(&asked);
}

static void test_ladder(void **state)
{
	struct asked asked;
	hurry();
	ACTS(0, ACT_DROP, ACT_DROP, AA(ACT_A));
	assert_true(resolve(&asked, "mx1.example.org", MXW_OUTCOME_ANSWER)->over_tcp);
	assert_true(seen(0, 0)->edns && !seen(0, 0)->over_tcp);
	assert_false(seen(0, 1)->edns || seen(0, 1)->over_tcp);
	assert_int_not_equal(seen(0, 0)->port, seen(0, 1)->port);
	assert_true(seen(0, 2)->over_tcp);
	done(&asked);
}

static void test_formerr_is_asked_plain(void **state)
{
	struct asked asked;
	ACTS(0, ACT_FORMERR, AA(ACT_A));
	resolve(&asked, "mx1.example.org", MXW_OUTCOME_ANSWER);
	assert_int_equal(world.servers[0].n_seen, 2);
	assert_false(seen(0, 1)->edns);
	done(&asked);
}

/* ---- TCP alone ---- */

static void test_over_tcp(void **state)
{
	struct asked udp, tcp;
	ask(&udp, "mx1.example.org");
	world.over_tcp = true;
	ask(&tcp, "mx1.example.org"); /* not the same question, though both are on the way at once */
	wait_for(&udp);
	wait_for(&tcp);
	assert_false(udp.answer->over_tcp);
	assert_true(tcp.answer->over_tcp);
	assert_int_equal(counters().coalesced, 0);
	done(&udp);
	done(&tcp);
	ask(&tcp, "mx1.example.org");
	assert_non_null(tcp.answer);
	assert_true(tcp.answer->over_tcp);
	done(&tcp);
	world.over_tcp = false;
	ask(&udp, "mx1.example.org");
	assert_false(udp.answer->over_tcp);
	done(&udp);
	assert_int_equal(world.servers[0].n_seen, 2);
}

static void test_no_tcp(void **state)
{
	struct asked asked;
	world.over_tcp = true;
	ACTS(0, ACT_REFUSED, ACT_CLOSE);
	assert_true(resolve(&asked, "mx1.example.org", MXW_OUTCOME_REFUSED)->over_tcp);
	done(&asked);
	resolve(&asked, "mx1.example.org", MXW_OUTCOME_TIMEOUT);
	done(&asked);
	world.spec.addresses[0] = responder_endpoint(responder_unused_port());
	make_resolver();
	int64_t start_ms = mxw_clock_monotonic_ms();
	resolve(&asked, "mx1.example.org", MXW_OUTCOME_TIMEOUT);
	assert_true(mxw_clock_monotonic_ms() - start_ms < LONG_MS / 5); /* told by the peer, not by time */
	assert_false(asked.answer->never_sent);
	done(&asked);
	for (size_t i = 0; i < world.servers[0].n_seen; i++)
		assert_true(seen(0, i)->over_tcp);
}

static void test_resolvers_over_tcp(void **state)
{
	struct asked asked;
	world.over_tcp = true;
	assert_true(resolve(&asked, "mx1.example.org", MXW_OUTCOME_ANSWER)->over_tcp);
	assert_true(seen(0, 0)->over_tcp && seen(0, 0)->recursion_desired && seen(0, 0)->authentic);
	done(&asked);
}

/* ---- servers that come and go ---- */

static size_t add(size_t server)
{
	size_t index = 99;
	assert_int_equal(mxw_resolver_add_server(world.resolver, &world.spec.addresses[server], world.max_qps, &index),
			 0);
	return index;
}

static void test_one_index_an_endpoint(void **state)
{
	struct asked asked;
	assert_int_equal(add(0), 0);
	assert_int_equal(add(1), 1);
	mxw_resolver_drop_server(world.resolver, 0);
	run_for(5);
	resolve(&asked, "mx1.example.org", MXW_OUTCOME_ANSWER); /* somebody else still needs it */
	done(&asked);
	struct mxw_endpoint other = world.spec.addresses[0];
	size_t index = 99;
	other.scope = 7;
	assert_int_equal(mxw_resolver_add_server(world.resolver, &other, 0, &index), 0);
	assert_int_equal(index, 2);
}

static void test_gone_and_another_in_its_place(void **state)
{
	struct asked asked;
	resolve(&asked, "mx1.example.org", MXW_OUTCOME_ANSWER);
	done(&asked);
	mxw_resolver_drop_server(world.resolver, 0);
	assert_int_equal(add(0), 0); /* needed again at once: it is the same one */
	ask(&asked, "mx1.example.org");
	assert_non_null(asked.answer);
	done(&asked);

	mxw_resolver_drop_server(world.resolver, 0);
	mxw_resolver_drop_server(world.resolver, 1);
	run_for(5);
	assert_int_equal(add(1), 0); /* the other server in the first place */
	ask(&asked, "mx1.example.org");
	assert_null(asked.answer); /* it has not said anything yet */
	wait_for(&asked);
	done(&asked);
	assert_int_equal(world.servers[0].n_seen, 1);
	assert_int_equal(world.servers[1].n_seen, 1);
}

static void test_dropped_with_questions_on_the_way(void **state)
{
	struct asked asked[3];
	ACTS(0, ACT_DROP, ACT_TRUNCATED, ACT_DRIP);
	ask(&asked[0], "mx1.example.org");
	ask(&asked[1], "mx2.example.org");
	while (world.servers[0].n_seen < 3) /* one waits over UDP, one over TCP */
		run_for(1);
	ask(&asked[2], "mx3.example.org"); /* not even sent */
	for (size_t i = 0; i < 3; i++)
		mxw_lookup_cancel(&asked[i].lookup);
	mxw_resolver_drop_server(world.resolver, 0);
	run_for(20);
	assert_int_equal(asked[0].n_calls + asked[1].n_calls + asked[2].n_calls, 0);
	ACTS(0, AA(ACT_A));
	world.servers[0].n_seen = 0;
	assert_int_equal(add(0), 0);
	assert_int_equal(counters().in_flight, 0);
	resolve(&asked[0], "mx1.example.org", MXW_OUTCOME_ANSWER);
	done(&asked[0]);
}

static void drop_from_callback(void *arg, struct mxw_answer *answer)
{
	struct asked *asked = arg;
	asked->n_calls++;
	asked->answer = mxw_answer_ref(answer);
	mxw_resolver_drop_server(world.resolver, 0);
	mxw_loop_stop(asked->loop);
}

static void test_dropped_by_a_callback(void **state)
{
	static const enum act last_acts[] = { AA(ACT_A), ACT_DROP, ACT_GUESSED };
	hurry();
	for (size_t i = 0; i < MXW_ARRAY_SIZE(last_acts); i++) {
		struct asked asked = { .loop = world.loop };
		asked.lookup = (struct mxw_lookup){ .callback = drop_from_callback, .arg = &asked };
		set_acts(0, &last_acts[i], 1);
		assert_int_equal(mxw_resolver_ask(world.resolver, 0, "mx1.example.org", MXW_TYPE_A, FRESH,
						  &asked.lookup, &asked.answer),
				 0);
		wait_for(&asked);
		run_for(5);
		assert_int_equal(asked.n_calls, 1);
		done(&asked);
		assert_int_equal(add(0), 0);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST_SERVERS(test_answer),
		TEST_SERVERS(test_case_is_randomized),
		TEST_SERVERS(test_referral),
		TEST_SERVERS(test_lame),
		TEST_SERVERS(test_alias_is_not_followed),
		TEST_SERVERS(test_denials),
		TEST_SERVERS(test_servfail_is_not_probed),
		TEST_SERVERS(test_refused),
		TEST_SERVERS(test_ladder),
		TEST_SERVERS(test_formerr_is_asked_plain),
		TEST_SERVERS(test_over_tcp),
		TEST_SERVERS(test_no_tcp),
		TEST(test_resolvers_over_tcp),
		TEST_SERVERS(test_one_index_an_endpoint),
		TEST_SERVERS(test_gone_and_another_in_its_place),
		TEST_SERVERS(test_dropped_with_questions_on_the_way),
		TEST_SERVERS(test_dropped_by_a_callback),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
