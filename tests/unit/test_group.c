/* Groups: tables of steps, and what must have been said after each. */
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/group/group.h"
#include "lib/group/record.h"
#include "lib/group/storm.h"
#include "lib/group/summary.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

struct world {
	struct mxw_groups *groups;
	struct mxw_group_policy policy;
	int64_t now_ms;
	struct mxw_strbuf said; /* one word a message since the last look */
};

static void begin(struct world *world)
{
	*world = (struct world){ .now_ms = 1000 * SECOND };
	mxw_group_policy_init(&world->policy);
	world->policy.mass_single = 0;
	world->policy.mass_wait_ms = 0;
	assert_int_equal(mxw_groups_new(&world->groups, &world->policy, 42), 0);
	mxw_groups_set_load(world->groups, 1000, 0);
}

static void end(struct world *world)
{
	mxw_groups_free(world->groups);
	mxw_strbuf_done(&world->said);
}

static const char *kind_name(enum mxw_transition_kind kind)
{
	switch (kind) {
	case MXW_TRANSITION_PROBLEM:
		return "problem";
	case MXW_TRANSITION_CHANGE:
		return "change";
	case MXW_TRANSITION_REMINDER:
		return "reminder";
	case MXW_TRANSITION_RECOVERY:
		return "recovery";
	default:
		return "?";
	}
}

/* "problem mail.shared ok>critical 4" for each message until `until_ms`. */
static void run_until(struct world *world, int64_t until_ms)
{
	struct mxw_group_message message;
	for (; mxw_groups_next_ms(world->groups) <= until_ms;) {
		world->now_ms = mxw_groups_next_ms(world->groups) > world->now_ms ? mxw_groups_next_ms(world->groups)
										  : world->now_ms;
		if (mxw_groups_next(world->groups, world->now_ms, &message) == -EAGAIN)
			continue; /* somebody has left: it waits for the others */
		mxw_strbuf_addf(&world->said, "%s%s %s %s>%s %zu", world->said.len ? "; " : "", kind_name(message.kind),
				mxw_group_name(message.group), mxw_severity_name(message.from),
				mxw_severity_name(message.to), message.n_domains);
		mxw_groups_told(world->groups, &message, world->now_ms);
	}
	world->now_ms = until_ms;
}

static void pass(struct world *world, int64_t ms)
{
	run_until(world, world->now_ms + ms);
}

static void expect_said(struct world *world, const char *wanted)
{
	run_until(world, world->now_ms);
	assert_string_equal(mxw_strbuf_get(&world->said), wanted);
	mxw_strbuf_clear(&world->said);
}

struct trouble {
	const char *roots[3]; /* of one finding */
	const char *other;    /* root of a second finding */
	const char *route;
	enum mxw_severity to;
	bool has_own; /* a finding without a root beside them */
	bool is_limited;
};

static void make_item(const struct trouble *trouble, const char *domain, struct mxw_group_finding findings[3],
		      struct mxw_group_item *ret)
{
	size_t n = 0, n_roots = 0;
	while (n_roots < 3 && trouble->roots[n_roots])
		n_roots++;
	if (n_roots)
		findings[n++] = (struct mxw_group_finding){ .roots = trouble->roots, .n_roots = n_roots };
	if (trouble->other)
		findings[n++] = (struct mxw_group_finding){ .roots = &trouble->other, .n_roots = 1 };
	if (trouble->has_own)
		findings[n++] = (struct mxw_group_finding){ 0 };
	*ret = (struct mxw_group_item){
		.domain = domain,
		.check = "mx",
		.route = trouble->route ? trouble->route : "ops",
		.to = trouble->to ? trouble->to : MXW_CRITICAL,
		.since_wall_ms = 5,
		.findings = findings,
		.n_findings = n,
		.is_limited = trouble->is_limited,
	};
}

static enum mxw_group_place place(struct world *world, const char *domain, const struct trouble *trouble)
{
	struct mxw_group_finding findings[3];
	struct mxw_group_item item;
	enum mxw_group_place where;
	make_item(trouble, domain, findings, &item);
	assert_int_equal(mxw_groups_place(world->groups, &item, world->now_ms, &where), 0);
	return where;
}

static bool covers(struct world *world, const char *domain, const struct trouble *trouble)
{
	struct mxw_group_finding findings[3];
	struct mxw_group_item item;
	make_item(trouble, domain, findings, &item);
	return mxw_groups_cover(world->groups, &item);
}

/* Domains d<from> to d<to> - 1; the number of them that are told on their own. */
static size_t place_many(struct world *world, size_t from, size_t to, const struct trouble *trouble)
{
	size_t n_own = 0;
	for (size_t i = from; i < to; i++) {
		char domain[32];
		snprintf(domain, sizeof(domain), "d%zu.example", i);
		n_own += place(world, domain, trouble) == MXW_GROUP_OWN;
	}
	return n_own;
}

static void leave_many(struct world *world, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		char domain[32];
		snprintf(domain, sizeof(domain), "d%zu.example", i);
		mxw_groups_leave(world->groups, domain, "mx");
	}
}

static const struct trouble shared = { .roots = { "mail.shared" } };

static void test_number_of_messages(void **state)
{
	(void)state;
	static const struct {
		size_t n, n_own;
		const char *said, *later, *over;
	} cases[] = {
		{ 1, 1, "", "", "" },
		{ 3, 3, "", "", "" },
		{ 4, 3, "problem mail.shared ok>critical 4", "", "recovery mail.shared critical>ok 0" },
		{ 50, 3, "problem mail.shared ok>critical 50", "", "recovery mail.shared critical>ok 0" },
		{ 10000, 3, "problem mail.shared ok>critical 10000", "", "recovery mail.shared critical>ok 0" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(cases); i++) {
		struct world world;
		begin(&world);
		assert_int_equal(place_many(&world, 0, cases[i].n, &shared), cases[i].n_own);
		expect_said(&world, cases[i].said);
		pass(&world, 30 * MINUTE);
		expect_said(&world, cases[i].later);
		leave_many(&world, 0, cases[i].n);
		expect_said(&world, cases[i].over);
		assert_int_equal(mxw_groups_n_open(world.groups), 0);
		assert_true(mxw_groups_next_ms(world.groups) == INT64_MAX);
		end(&world);
	}
}

static void test_joins_over_time(void **state)
{
	(void)state;
	struct world world;
	begin(&world);
	place_many(&world, 0, 4, &shared);
	expect_said(&world, "problem mail.shared ok>critical 4");
	pass(&world, MINUTE);
	assert_int_equal(place_many(&world, 4, 100, &shared), 0);
	expect_said(&world, "");
	pass(&world, 4 * MINUTE - 1);
	expect_said(&world, "");
	pass(&world, 1);
	expect_said(&world, "change mail.shared critical>critical 100");
	pass(&world, 6 * MINUTE);
	place_many(&world, 100, 101, &shared); /* the interval is over: at once */
	expect_said(&world, "change mail.shared critical>critical 101");
	leave_many(&world, 0, 60);
	expect_said(&world, "");
	pass(&world, 10 * MINUTE - 1);
	expect_said(&world, "");
	pass(&world, 1);
	expect_said(&world, "change mail.shared critical>critical 41");
	leave_many(&world, 60, 100); /* who leaves soon after one another is told of once */
	pass(&world, 9 * MINUTE);
	leave_many(&world, 100, 101);
	expect_said(&world, "recovery mail.shared critical>ok 0");
	end(&world);
}

static void test_same_again_is_silent(void **state)
{
	(void)state;
	struct world world;
	begin(&world);
	place_many(&world, 0, 10, &shared);
	expect_said(&world, "problem mail.shared ok>critical 10");
	leave_many(&world, 5, 6);
	place_many(&world, 5, 6, &shared);
	pass(&world, 30 * MINUTE);
	expect_said(&world, "");
	end(&world);
}

static void test_worse_at_once(void **state)
{
	(void)state;
	struct world world;
	struct trouble mild = shared;
	mild.to = MXW_WARNING;
	begin(&world);
	place_many(&world, 0, 5, &mild);
	expect_said(&world, "problem mail.shared ok>warning 5");
	place_many(&world, 2, 3, &shared);
	expect_said(&world, "problem mail.shared warning>critical 5");
	place_many(&world, 2, 3, &mild);
	expect_said(&world, "");
	pass(&world, 5 * MINUTE);
	expect_said(&world, "change mail.shared critical>warning 5");
	end(&world);
}

static void test_wait(void **state)
{
	(void)state;
	struct world world;
	begin(&world);
	world.policy.wait_ms = 10 * SECOND;
	mxw_groups_set_policy(world.groups, &world.policy);
	assert_int_equal(place_many(&world, 0, 4, &shared), 3); /* singles do not wait */
	expect_said(&world, "");
	pass(&world, 9 * SECOND);
	place_many(&world, 4, 9, &shared);
	expect_said(&world, "");
	pass(&world, SECOND);
	expect_said(&world, "problem mail.shared ok>critical 9");
	leave_many(&world, 0, 9);
	expect_said(&world, "recovery mail.shared critical>ok 0");
	place_many(&world, 0, 9, &shared); /* over before it could be told: told all the same */
	leave_many(&world, 0, 9);
	expect_said(&world, "");
	pass(&world, 10 * SECOND);
	expect_said(&world, "problem mail.shared ok>critical 0; recovery mail.shared critical>ok 0");
	end(&world);
}

static void test_own_causes(void **state)
{
	(void)state;
	static const struct {
		struct trouble trouble;
		bool folds; /* while mail.shared is open and ip.shared is not */
	} cases[] = {
		{ { .roots = { "mail.shared" } }, true },
		{ { .roots = { "mail.shared", "mail.other" } }, true }, /* either explains it */
		{ { .roots = { "mail.other" } }, false },
		{ { .has_own = true }, false },
		{ { .roots = { "mail.shared" }, .has_own = true }, false }, /* the group does not tell of that */
		{ { .roots = { "mail.shared" }, .other = "ip.shared" }, false },
		{ { .roots = { "mail.shared" }, .route = "customer" }, false },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(cases); i++) {
		struct world world;
		begin(&world);
		place_many(&world, 0, 4, &shared);
		enum mxw_group_place where = place(&world, "other.example", &cases[i].trouble);
		assert_int_equal(where, cases[i].folds ? MXW_GROUP_FOLDED : MXW_GROUP_OWN);
		assert_int_equal(covers(&world, "other.example", &cases[i].trouble), cases[i].folds);
		end(&world);
	}
}

static void test_cover(void **state)
{
	(void)state;
	struct world world;
	const struct trouble another = { .roots = { "mail.other" } };
	begin(&world);
	place_many(&world, 0, 5, &shared);
	assert_false(covers(&world, "d0.example", &shared)); /* told on its own, and so is its end */
	assert_true(covers(&world, "d4.example", &shared));
	assert_false(covers(&world, "d4.example", &another));
	assert_false(covers(&world, "new.example", &shared)); /* placed first */
	assert_int_equal(place(&world, "d4.example", &another), MXW_GROUP_OWN);
	assert_false(covers(&world, "d4.example", &shared));
	end(&world);
}

static void test_two_hosts_are_two_messages(void **state)
{
	(void)state;
	struct world world;
	const struct trouble both = { .roots = { "mx1.shared" }, .other = "mx2.shared" };
	begin(&world);
	assert_int_equal(place_many(&world, 0, 200, &both), 3);
	run_until(&world, world.now_ms);
	assert_non_null(strstr(mxw_strbuf_get(&world.said), "problem mx1.shared ok>critical 200"));
	assert_non_null(strstr(mxw_strbuf_get(&world.said), "problem mx2.shared ok>critical 200"));
	end(&world);
}

static void test_checks_of_a_domain_are_one_domain(void **state)
{
	(void)state;
	static const char *const checks[] = { "mx", "address", "ptr", "spf" };
	static const char *const root = "mail.shared";
	const struct mxw_group_finding finding = { .roots = &root, .n_roots = 1 };
	struct world world;
	enum mxw_group_place where;
	begin(&world);
	for (size_t i = 0; i < MXW_ARRAY_SIZE(checks); i++) {
		const struct mxw_group_item item = { .domain = "d.example",
						     .check = checks[i],
						     .route = "ops",
						     .to = MXW_CRITICAL,
						     .findings = &finding,
						     .n_findings = 1 };
		assert_int_equal(mxw_groups_place(world.groups, &item, world.now_ms, &where), 0);
		assert_int_equal(where, MXW_GROUP_OWN);
	}
	assert_int_equal(mxw_groups_n_open(world.groups), 0);
	end(&world);
}

static void test_reminders(void **state)
{
	(void)state;
	struct world world;
	begin(&world);
	place_many(&world, 0, 4, &shared);
	expect_said(&world, "problem mail.shared ok>critical 4");
	pass(&world, HOUR);
	expect_said(&world, "reminder mail.shared critical>critical 4");
	pass(&world, 3 * HOUR);
	expect_said(&world, "reminder mail.shared critical>critical 4");
	pass(&world, 68 * HOUR);
	expect_said(&world, "reminder mail.shared critical>critical 4; reminder mail.shared critical>critical 4; "
			    "reminder mail.shared critical>critical 4");
	end(&world);
}

static void test_failed_commits(void **state)
{
	(void)state;
	struct world world;
	struct mxw_group_message message;
	begin(&world);
	place_many(&world, 0, 4, &shared);
	mxw_groups_withdraw(world.groups, "d3.example", "mx"); /* its event was not stored: no group */
	expect_said(&world, "");
	assert_int_equal(mxw_groups_n_open(world.groups), 0);
	place_many(&world, 3, 4, &shared);
	assert_int_equal(mxw_groups_next(world.groups, world.now_ms, &message), 0);
	struct mxw_group_message second;
	assert_int_equal(mxw_groups_next(world.groups, world.now_ms, &second), -EAGAIN); /* one at a time */
	place_many(&world, 4, 5, &shared);
	mxw_groups_untold(world.groups, &message);
	expect_said(&world, "problem mail.shared ok>critical 5");
	pass(&world, 5 * MINUTE);
	place_many(&world, 5, 6, &shared);
	assert_int_equal(mxw_groups_next(world.groups, world.now_ms, &message), 0);
	place_many(&world, 6, 7, &shared); /* not in the message that is on its way, but in the next */
	mxw_groups_told(world.groups, &message, world.now_ms);
	expect_said(&world, "");
	pass(&world, 5 * MINUTE);
	expect_said(&world, "change mail.shared critical>critical 7");
	leave_many(&world, 0, 7);
	assert_int_equal(mxw_groups_next(world.groups, world.now_ms, &message), 0);
	assert_int_equal(message.kind, MXW_TRANSITION_RECOVERY);
	assert_int_equal(place_many(&world, 7, 8, &shared), 0); /* on its way: the next problem is the group's too */
	mxw_groups_told(world.groups, &message, world.now_ms);
	expect_said(&world, "problem mail.shared ok>critical 1");
	end(&world);
}

static void test_mass(void **state)
{
	(void)state;
	struct world world;
	const struct trouble own = { .has_own = true };
	begin(&world);
	mxw_groups_set_load(world.groups, 1000, 200);
	assert_int_equal(place(&world, "a.example", &own), MXW_GROUP_OWN); /* 20 % are not more than 20 % */
	assert_int_equal(place(&world, "b.example", &own), MXW_GROUP_HELD);
	assert_true(mxw_groups_wants_recheck(world.groups));
	pass(&world, 10 * SECOND);
	assert_int_equal(place(&world, "c.example", &own), MXW_GROUP_HELD);
	mxw_groups_rechecked(world.groups, world.now_ms);
	assert_false(mxw_groups_wants_recheck(world.groups));
	assert_int_equal(place(&world, "b.example", &own), MXW_GROUP_FOLDED);
	assert_int_equal(place(&world, "c.example", &own), MXW_GROUP_FOLDED);
	expect_said(&world, "problem * ok>critical 2");
	mxw_groups_set_load(world.groups, 1000, 0);
	assert_int_equal(place_many(&world, 0, 1, &own), 1); /* the mass is over: the next one is one of its own */
	assert_true(covers(&world, "b.example", &own));
	mxw_groups_leave(world.groups, "b.example", "mx");
	mxw_groups_leave(world.groups, "c.example", "mx");
	expect_said(&world, "recovery * critical>ok 0");
	end(&world);
}

/* The canaries say nothing: told after a while all the same. And the tail of a mass belongs to it. */
static void test_mass_is_not_suppressed(void **state)
{
	(void)state;
	struct world world;
	const struct trouble own = { .has_own = true };
	begin(&world);
	mxw_groups_set_load(world.groups, 1000, 500);
	assert_int_equal(place(&world, "b.example", &own), MXW_GROUP_HELD);
	pass(&world, MINUTE);
	for (size_t i = 0; i < 500; i++) {
		mxw_groups_set_load(world.groups, 1000, 500 - i);
		assert_int_equal(place_many(&world, i, i + 1, &own), 0);
	}
	expect_said(&world, "problem * ok>critical 500"); /* who was held and did not turn is not among them */
	end(&world);
}

/* One that lasts is one mass, and is asked about once. */
static void test_long_mass(void **state)
{
	(void)state;
	struct world world;
	const struct trouble own = { .has_own = true };
	begin(&world);
	mxw_groups_set_load(world.groups, 1000, 500);
	mxw_groups_rechecked(world.groups, world.now_ms);
	for (size_t i = 0; i < 4; i++) {
		static const char *const domains[] = { "a.example", "b.example", "c.example", "d.example" };
		assert_int_equal(place(&world, domains[i], &own), MXW_GROUP_FOLDED);
		pass(&world, 4 * MINUTE);
	}
	assert_false(mxw_groups_wants_recheck(world.groups));
	pass(&world, 5 * MINUTE);
	assert_int_equal(place(&world, "late.example", &own), MXW_GROUP_HELD); /* another one */
	end(&world);
}

/* The first of a mass are told as ever, and a domain counts once however many of its checks turn. */
static void test_first_of_a_mass(void **state)
{
	(void)state;
	struct world world;
	const struct trouble own = { .has_own = true };
	struct mxw_group_finding findings[3];
	struct mxw_group_item item;
	enum mxw_group_place where;
	begin(&world);
	world.policy.mass_single = 20;
	mxw_groups_set_policy(world.groups, &world.policy);
	mxw_groups_set_load(world.groups, 100, 50);
	mxw_groups_rechecked(world.groups, world.now_ms);
	assert_int_equal(place_many(&world, 0, 19, &own), 19);
	make_item(&own, "d3.example", findings, &item);
	item.check = "spf";
	item.has_turned = true;
	assert_int_equal(mxw_groups_place(world.groups, &item, world.now_ms, &where), 0);
	assert_int_equal(where, MXW_GROUP_OWN);
	assert_int_equal(place_many(&world, 19, 50, &own), 1);
	expect_said(&world, "problem * ok>critical 30");
	end(&world);
}

/* A shared cause goes before a mass. */
static void test_mass_of_one_cause(void **state)
{
	(void)state;
	struct world world;
	begin(&world);
	mxw_groups_set_load(world.groups, 1000, 900);
	for (size_t i = 0; i < 3; i++) {
		char domain[32];
		snprintf(domain, sizeof(domain), "d%zu.example", i);
		assert_int_equal(place(&world, domain, &shared), MXW_GROUP_HELD);
	}
	assert_int_equal(place_many(&world, 3, 900, &shared), 0);
	assert_int_equal(place_many(&world, 0, 3, &shared), 0);
	expect_said(&world, "problem mail.shared ok>critical 900");
	end(&world);
}

static void test_storm(void **state)
{
	(void)state;
	struct world world;
	const struct trouble own = { .has_own = true }, over = { .has_own = true, .is_limited = true };
	begin(&world);
	assert_int_equal(place_many(&world, 0, 2, &own), 2);
	assert_int_equal(place_many(&world, 2, 50, &over), 0);
	expect_said(&world, "problem * ok>critical 48");
	assert_int_equal(place_many(&world, 50, 51, &own), 1);
	assert_true(covers(&world, "d2.example", &own));
	leave_many(&world, 0, 51);
	expect_said(&world, "recovery * critical>ok 0");
	end(&world);
}

static void test_bucket(void **state)
{
	(void)state;
	struct mxw_storm storm;
	mxw_storm_init(&storm, 6, 0);
	for (int i = 0; i < 6; i++) {
		assert_false(mxw_storm_is_limited(&storm, i));
		mxw_storm_count(&storm, i);
	}
	assert_true(mxw_storm_is_limited(&storm, 9 * SECOND));
	assert_false(mxw_storm_is_limited(&storm, 10 * SECOND + 10));
	for (int i = 0; i < 1000; i++)
		mxw_storm_count(&storm, 11 * SECOND); /* never withheld, and the debt is bounded */
	assert_true(mxw_storm_is_limited(&storm, 70 * SECOND));
	assert_false(mxw_storm_is_limited(&storm, 11 * SECOND + 2 * MINUTE));
	mxw_storm_init(&storm, 0, 0);
	mxw_storm_count(&storm, 0);
	assert_false(mxw_storm_is_limited(&storm, 0));
}

static void test_digest(void **state)
{
	(void)state;
	struct world world;
	const struct trouble mild = { .has_own = true, .to = MXW_WARNING }, bad = { .has_own = true };
	begin(&world);
	world.policy.digest_ms = 24 * HOUR;
	mxw_groups_set_policy(world.groups, &world.policy);
	assert_int_equal(place_many(&world, 0, 2, &mild), 0);
	assert_int_equal(place_many(&world, 9, 10, &bad), 1);
	pass(&world, 24 * HOUR - 1);
	expect_said(&world, "");
	pass(&world, 1);
	expect_said(&world, "problem * ok>warning 2");
	assert_int_equal(place_many(&world, 2, 3, &mild), 0);
	assert_false(covers(&world, "d0.example", &bad));
	assert_int_equal(place_many(&world, 0, 1, &bad), 1);
	leave_many(&world, 0, 10);
	expect_said(&world, "recovery * warning>ok 0");
	end(&world);
}

static void test_summary(void **state)
{
	(void)state;
	struct world world;
	struct mxw_group_message message;
	begin(&world);
	place_many(&world, 0, 50, &shared);
	assert_int_equal(mxw_groups_next(world.groups, world.now_ms, &message), 0);
	assert_int_equal(message.n_listed, MXW_GROUP_MAX_LISTED);
	MXW_CLEANUP(mxw_freep) char *problem = mxw_group_summary(&message, "MX target mail.shared\ndoes not exist", 0);
	assert_string_equal(problem, "mail.shared CRITICAL (was OK): MX target mail.shared\\x0adoes not exist; "
				     "affects 50 domains: d0.example, d1.example, d2.example and 47 more");
	mxw_groups_told(world.groups, &message, world.now_ms);
	leave_many(&world, 0, 50);
	assert_int_equal(mxw_groups_next(world.groups, world.now_ms, &message), 0);
	MXW_CLEANUP(mxw_freep)
	char *recovery = mxw_group_summary(&message, "MX target mail.shared does not exist", 90 * SECOND);
	assert_string_equal(recovery, "mail.shared OK (was CRITICAL): recovered after 1m30s; had been: MX target "
				      "mail.shared does not exist; had affected 50 domains");
	mxw_groups_told(world.groups, &message, world.now_ms);
	end(&world);
}

static void test_place_as_text(void **state)
{
	(void)state;
	static const struct {
		struct trouble trouble;
		bool is_folded;
		enum mxw_group_kind special;
		const char *text;
	} cases[] = {
		{ { .has_own = true }, false, MXW_GROUP_CAUSE, "own\nops\n\n" },
		{ { .roots = { "a", "b" }, .other = "c", .route = "ops pager" },
		  true,
		  MXW_GROUP_CAUSE,
		  "folded cause\nops pager\na b\nc\n" },
		{ { .route = "" }, true, MXW_GROUP_STORM, "folded storm\n\n" },
		{ { .roots = { "a" }, .has_own = true }, true, MXW_GROUP_MASS, "folded mass\nops\na\n\n" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(cases); i++) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf again = MXW_STRBUF_INIT;
		struct mxw_group_finding findings[3];
		struct mxw_group_item item, read = { 0 };
		struct mxw_arena arena = { 0 };
		bool is_folded;
		enum mxw_group_kind special;
		make_item(&cases[i].trouble, "d.example", findings, &item);
		mxw_group_place_write(&text, &item, cases[i].is_folded, cases[i].special);
		assert_string_equal(mxw_strbuf_get(&text), cases[i].text);
		assert_int_equal(mxw_group_place_read(text.data, &arena, &read, &is_folded, &special), 0);
		assert_int_equal(is_folded, cases[i].is_folded);
		assert_int_equal(special, cases[i].special);
		mxw_group_place_write(&again, &read, is_folded, special);
		assert_string_equal(mxw_strbuf_get(&again), cases[i].text);
		mxw_arena_done(&arena);
	}
}

static void test_damaged_place(void **state)
{
	(void)state;
	static const char *const texts[] = { "",
					     "own",
					     "own\n",
					     "\n",
					     "folded\nops\n",
					     "folded x\nops\n",
					     "own\nops\na  b\n",
					     "own\nops\n a\n",
					     "OWN\nops\n",
					     "own\nops\na" };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(texts); i++) {
		struct mxw_group_item read = { 0 };
		struct mxw_arena arena = { 0 };
		bool is_folded;
		enum mxw_group_kind special;
		assert_int_equal(mxw_group_place_read(texts[i], &arena, &read, &is_folded, &special), -EBADMSG);
		mxw_arena_done(&arena);
	}
}

/* A process that died between the event of a key and the message of its group. */
static void test_restart_before_the_message(void **state)
{
	(void)state;
	struct world world;
	begin(&world);
	for (size_t i = 0; i < 5; i++) {
		char domain[32];
		struct mxw_group_finding findings[3];
		struct mxw_group_item item;
		snprintf(domain, sizeof(domain), "d%zu.example", i);
		make_item(&shared, domain, findings, &item);
		assert_int_equal(mxw_groups_restore_key(world.groups, &item, i >= 3, MXW_GROUP_CAUSE, world.now_ms), 0);
	}
	expect_said(&world, "problem mail.shared ok>critical 5");
	assert_true(covers(&world, "d4.example", &shared));
	assert_false(covers(&world, "d1.example", &shared));
	end(&world);
}

/* All is well since the last message: the recovery was not told yet. */
static void test_restart_before_the_recovery(void **state)
{
	(void)state;
	struct world world;
	const struct mxw_group_record record = { .name = "mail.shared",
						 .route = "ops",
						 .told = MXW_CRITICAL,
						 .told_set = 1,
						 .n_told = 4,
						 .n_most = 4,
						 .since_wall_ms = 5,
						 .told_ago_ms = HOUR,
						 .problem_ago_ms = 80 * HOUR };
	begin(&world);
	assert_int_equal(mxw_groups_restore(world.groups, &record, world.now_ms), 0);
	expect_said(&world, "recovery mail.shared critical>ok 0");
	end(&world);
}

/* After a long stop one reminder is due, not all that were missed; and a change is told instead of it. */
static void test_restart_reminds_once(void **state)
{
	(void)state;
	struct world world;
	begin(&world);
	const struct mxw_group_record record = { .name = "mail.shared",
						 .route = "ops",
						 .told = MXW_CRITICAL,
						 .told_set = 1,
						 .n_told = 4,
						 .n_most = 4,
						 .since_wall_ms = 5,
						 .told_ago_ms = 80 * HOUR,
						 .problem_ago_ms = 80 * HOUR };
	assert_int_equal(mxw_groups_restore(world.groups, &record, world.now_ms), 0);
	place_many(&world, 0, 6, &shared);
	expect_said(&world, "change mail.shared critical>critical 6");
	pass(&world, 15 * HOUR);
	expect_said(&world, "");
	pass(&world, 2 * HOUR);
	expect_said(&world, "reminder mail.shared critical>critical 6");
	end(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_number_of_messages),
		cmocka_unit_test(test_joins_over_time),
		cmocka_unit_test(test_same_again_is_silent),
		cmocka_unit_test(test_worse_at_once),
		cmocka_unit_test(test_wait),
		cmocka_unit_test(test_own_causes),
		cmocka_unit_test(test_cover),
		cmocka_unit_test(test_two_hosts_are_two_messages),
		cmocka_unit_test(test_checks_of_a_domain_are_one_domain),
		cmocka_unit_test(test_reminders),
		cmocka_unit_test(test_failed_commits),
		cmocka_unit_test(test_mass),
		cmocka_unit_test(test_mass_is_not_suppressed),
		cmocka_unit_test(test_long_mass),
		cmocka_unit_test(test_first_of_a_mass),
		cmocka_unit_test(test_mass_of_one_cause),
		cmocka_unit_test(test_storm),
		cmocka_unit_test(test_bucket),
		cmocka_unit_test(test_digest),
		cmocka_unit_test(test_summary),
		cmocka_unit_test(test_place_as_text),
		cmocka_unit_test(test_damaged_place),
		cmocka_unit_test(test_restart_before_the_message),
		cmocka_unit_test(test_restart_before_the_recovery),
		cmocka_unit_test(test_restart_reminds_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
