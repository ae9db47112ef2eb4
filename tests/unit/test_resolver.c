/* The resolver on real sockets, when all is well: answers, cache, callers, limits. */
#include "tests/unit/resolver_world.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>

/* ---- answers ---- */

static void test_plain_answer(void **state)
{
	struct asked asked;
	const struct mxw_answer *answer = resolve(&asked, "mx1.example.org", MXW_OUTCOME_ANSWER);
	struct mxw_ip ip;
	assert_int_equal(answer->n_rrs, 1);
	assert_true(mxw_rr_ip(&answer->rrs[0], &ip));
	assert_int_equal(ip.bytes[0], 192);
	assert_int_equal(answer->ttl, 60);
	assert_false(answer->over_tcp);
	assert_in_range(answer->rtt_us, 1, LONG_MS * 1000);
	assert_true(answer->received_at_ms > 0);
	assert_true(seen(0, 0)->edns);
	assert_int_equal(strcasecmp(seen(0, 0)->name, "mx1.example.org"), 0);
	assert_int_equal(counters().asked, 1);
	assert_int_equal(counters().packets, 1);
	assert_int_equal(counters().outcomes[MXW_OUTCOME_ANSWER], 1);
	assert_int_equal(counters().in_flight, 0);
	assert_in_range(counters().smoothed_rtt_us, 1, LONG_MS * 1000);
	done(&asked);
}

static void test_denial_is_cached(void **state)
{
	struct asked asked;
	ACTS(0, ACT_NXDOMAIN);
	assert_string_equal(resolve(&asked, "gone.example.org", MXW_OUTCOME_NXDOMAIN)->soa_owner, "example.org");
	done(&asked);
	ask(&asked, "gone.example.org");
	assert_non_null(asked.answer);
	done(&asked);
	assert_int_equal(world.servers[0].n_seen, 1);
}

static void test_name_without_wire_form(void **state)
{
	char name[70] = { 0 };
	struct asked asked = { 0 };
	memset(name, 'a', sizeof(name) - 1);
	for (int i = 0; i < 2; i++)
		assert_int_equal(
			mxw_resolver_ask(world.resolver, 0, name, MXW_TYPE_A, FRESH, &asked.lookup, &asked.answer),
			-EINVAL);
}

static void test_coalescing(void **state)
{
	struct asked first, second, other_upstream;
	ask(&first, "mx1.example.org");
	ask_aged(&second, "mx1.example.org", FRESH); /* what is in flight is fresh enough for everybody */
	ask_upstream(&other_upstream, 1, "mx1.example.org", ANY_AGE);
	wait_for(&first);
	wait_for(&second);
	wait_for(&other_upstream);
	assert_ptr_equal(first.answer, second.answer);
	assert_ptr_not_equal(first.answer, other_upstream.answer);
	assert_int_equal(world.servers[0].n_seen, 2); /* one an upstream */
	assert_int_equal(counters().coalesced, 1);
	run_for(20);
	assert_int_equal(first.n_calls + second.n_calls + other_upstream.n_calls, 3);
	done(&first);
	done(&second);
	done(&other_upstream);
}

static void test_cache_and_age(void **state)
{
	struct asked asked;
	resolve(&asked, "mx1.example.org", MXW_OUTCOME_ANSWER);
	struct mxw_answer *old = asked.answer;
	run_for(15);
	ask_aged(&asked, "mx1.example.org", LONG_MS);
	assert_ptr_equal(asked.answer, old);
	assert_int_equal(counters().cached, 1);
	mxw_answer_unref(asked.answer);
	ask_aged(&asked, "mx1.example.org", 10); /* too old for this one */
	assert_null(asked.answer);
	wait_for(&asked);
	assert_ptr_not_equal(asked.answer, old);
	assert_int_equal(world.servers[0].n_seen, 2);
	mxw_answer_unref(old);
	done(&asked);
	resolve(&asked, "other.example.org", MXW_OUTCOME_ANSWER);
	assert_int_equal(world.servers[0].n_seen, 3);
	done(&asked);
}

static void test_cache_is_bounded(void **state)
{
	struct asked asked;
	world.max_cache_bytes = 4000; /* a dozen small answers */
	make_resolver();
	for (int i = 0; i < 100; i++) {
		char name[48];
		snprintf(name, sizeof(name), "host%d.example.org", i);
		ask(&asked, name);
		wait_for(&asked);
		done(&asked);
		ask(&asked, "host0.example.org"); /* in use, so it stays */
		assert_non_null(asked.answer);
		done(&asked);
	}
	assert_int_equal(world.servers[0].n_seen, 100);
	ask(&asked, "host99.example.org");
	assert_non_null(asked.answer);
	done(&asked);
	ask(&asked, "host1.example.org"); /* not used for long */
	assert_null(asked.answer);
	wait_for(&asked);
	done(&asked);
}

/* More answers than the cache holds. */
static void push_out(void)
{
	for (size_t i = 0; i < 40; i++) {
		struct asked asked;
		char name[48];
		snprintf(name, sizeof(name), "other%zu.example.org", i);
		resolve(&asked, name, MXW_OUTCOME_ANSWER);
		done(&asked);
	}
}

static void test_asked_anew_while_others_push_it_out(void **state)
{
	struct asked asked;
	world.max_cache_bytes = 2000;
	hurry();
	resolve(&asked, "mx1.example.org", MXW_OUTCOME_ANSWER);
	done(&asked);
	ACTS(0, ACT_DROP, ACT_A);
	world.servers[0].n_seen = 0;
	ask_aged(&asked, "mx1.example.org", FRESH);
	run_for(20);
	push_out();
	wait_for(&asked);
	assert_int_equal(asked.answer->outcome, MXW_OUTCOME_ANSWER);
	done(&asked);
}

static void test_failure_leaves_the_old_answer(void **state)
{
	struct asked asked;
	world.max_cache_bytes = 2000;
	hurry();
	resolve(&asked, "mx1.example.org", MXW_OUTCOME_ANSWER);
	struct mxw_answer *old = asked.answer;
	ACTS(0, ACT_DROP);
	ask_aged(&asked, "mx1.example.org", FRESH);
	wait_for(&asked);
	assert_int_equal(asked.answer->outcome, MXW_OUTCOME_TIMEOUT);
	done(&asked);
	ask(&asked, "mx1.example.org");
	assert_ptr_equal(asked.answer, old);
	done(&asked);
	ACTS(0, ACT_A);
	push_out();
	ask(&asked, "mx1.example.org"); /* pushed out like any other */
	assert_null(asked.answer);
	wait_for(&asked);
	done(&asked);
	mxw_answer_unref(old);
}

static void test_ttl_0_is_not_cached(void **state)
{
	struct asked asked;
	ACTS(0, ACT_A_TTL_0);
	for (int i = 0; i < 2; i++) {
		ask(&asked, "mx1.example.org");
		assert_null(asked.answer);
		wait_for(&asked);
		done(&asked);
	}
	assert_int_equal(world.servers[0].n_seen, 2);
}

/* ---- callers ---- */

static void test_cancel(void **state)
{
	struct asked kept, cancelled;
	ask(&kept, "mx1.example.org");
	ask(&cancelled, "mx1.example.org");
	mxw_lookup_cancel(&cancelled.lookup);
	mxw_lookup_cancel(&cancelled.lookup);
	wait_for(&kept);
	run_for(10);
	assert_int_equal(kept.n_calls, 1);
	assert_int_equal(cancelled.n_calls, 0);
	done(&kept);
}

static void test_free_with_questions_on_the_way(void **state)
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
	make_resolver();
	run_for(10);
	assert_int_equal(asked[0].n_calls + asked[1].n_calls + asked[2].n_calls, 0);
}

struct greedy {
	struct asked asked, victim;
	struct asked again;
};

static void ask_again_and_cancel(void *arg, struct mxw_answer *answer)
{
	struct greedy *greedy = arg;
	greedy->asked.n_calls++;
	mxw_lookup_cancel(&greedy->victim.lookup); /* waits for the same query */
	ask_aged(&greedy->again, "mx1.example.org", FRESH);
}

static void test_callback_asks_and_cancels(void **state)
{
	struct greedy greedy = { 0 };
	greedy.asked.lookup = (struct mxw_lookup){ .callback = ask_again_and_cancel, .arg = &greedy };
	assert_int_equal(mxw_resolver_ask(world.resolver, 0, "mx1.example.org", MXW_TYPE_A, ANY_AGE,
					  &greedy.asked.lookup, &greedy.asked.answer),
			 0);
	ask(&greedy.victim, "mx1.example.org");
	wait_for(&greedy.again);
	run_for(10);
	assert_int_equal(greedy.asked.n_calls, 1);
	assert_int_equal(greedy.victim.n_calls, 0);
	assert_int_equal(greedy.again.n_calls, 1);
	assert_int_equal(world.servers[0].n_seen, 2);
	done(&greedy.again);
}

/* ---- limits ---- */

static void test_max_in_flight(void **state)
{
	struct asked asked[20];
	world.spec.max_in_flight = 3;
	make_resolver();
	ask_many(asked, 20);
	assert_int_equal(counters().in_flight, 3);
	assert_int_equal(counters().queued, 17);
	for (size_t i = 0; i < 20; i++) {
		wait_for(&asked[i]);
		assert_int_equal(asked[i].answer->outcome, MXW_OUTCOME_ANSWER);
		done(&asked[i]);
	}
	assert_int_equal(counters().in_flight + counters().queued, 0);
}

static void test_max_qps(void **state)
{
	struct asked asked[10];
	world.spec.max_qps = 100; /* 5 at once, then one each 10 ms */
	make_resolver();
	int64_t start_ms = mxw_clock_monotonic_ms();
	ask_many(asked, 10);
	assert_int_equal(counters().queued, 5);
	for (size_t i = 0; i < 10; i++) {
		wait_for(&asked[i]);
		done(&asked[i]);
	}
	assert_in_range(mxw_clock_monotonic_ms() - start_ms, 30, LONG_MS);
}

static void test_too_long_in_the_queue(void **state)
{
	struct asked asked[3];
	world.spec.max_qps = 1;
	world.timeout_ms = 250; /* less than a third of the second that the next token takes */
	make_resolver();
	int64_t start_ms = mxw_clock_monotonic_ms();
	ask_many(asked, 3);
	mxw_lookup_cancel(&asked[2].lookup);
	wait_for(&asked[0]);
	wait_for(&asked[1]);
	assert_int_equal(asked[1].answer->outcome, MXW_OUTCOME_TIMEOUT);
	assert_in_range(mxw_clock_monotonic_ms() - start_ms, 700,
			20000); /* three times the timeout, by the clock of the loop */
	assert_int_equal(counters().asked, 1);
	done(&asked[0]);
	done(&asked[1]);
}

static void test_many_at_once(void **state)
{
	enum { MANY = 500 };
	static struct asked asked[MANY];
	world.spec.max_in_flight = 150; /* what the buffer of the server's socket holds */
	make_resolver();
	ask_many(asked, MANY);
	for (size_t i = 0; i < MANY; i++) {
		wait_for(&asked[i]);
		assert_int_equal(asked[i].answer->outcome, MXW_OUTCOME_ANSWER);
		done(&asked[i]);
	}
	assert_int_equal(world.servers[0].n_seen, MANY);
	assert_int_equal(counters().packets, MANY);
	size_t n_ports = 0;
	for (size_t i = 0; i < MAX_SEEN; i++) {
		size_t k = 0;
		while (k < i && seen(0, k)->port != seen(0, i)->port)
			k++;
		n_ports += k == i;
	}
	assert_true(n_ports > 1);
}

static void restore_descriptors(void *arg)
{
	setrlimit(RLIMIT_NOFILE, arg);
}

static void test_no_descriptors(void **state)
{
	/* For a while there is no socket to be had: the question waits. */
	struct asked asked;
	struct rlimit old, none;
	struct mxw_timer restore;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	none = old;
	none.rlim_cur = 3;
	make_resolver();
	ask(&asked, "mx1.example.org");
	mxw_timer_init(&restore, world.loop, restore_descriptors, &old);
	mxw_timer_in(&restore, 25);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	wait_for(&asked);
	setrlimit(RLIMIT_NOFILE, &old);
	assert_int_equal(asked.answer->outcome, MXW_OUTCOME_ANSWER);
	assert_int_equal(counters().packets, 1 + (world.servers[0].n_seen > 1));
	done(&asked);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_plain_answer),
		TEST(test_denial_is_cached),
		TEST(test_name_without_wire_form),
		TEST(test_coalescing),
		TEST(test_cache_and_age),
		TEST(test_cache_is_bounded),
		TEST(test_asked_anew_while_others_push_it_out),
		TEST(test_failure_leaves_the_old_answer),
		TEST(test_ttl_0_is_not_cached),
		TEST(test_cancel),
		TEST(test_free_with_questions_on_the_way),
		TEST(test_callback_asks_and_cancels),
		TEST(test_max_in_flight),
		TEST(test_max_qps),
		TEST(test_too_long_in_the_queue),
		TEST(test_many_at_once),
		TEST(test_no_descriptors),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
