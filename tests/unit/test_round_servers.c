/* A round with the zone's own name servers: what they are asked, what they decide, whose evidence it is. Real checks over
 * worlds written as text (tests/zone/zone.h), one a view; mail hosts of example.com lie in it, those of example.net do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "lib/round/evidence.h"
#include "lib/round/failing.h"
#include "tests/zone/zone.h"

enum { N_RESOLVERS = 3, N_SERVERS = 2, N_VIEWS = N_RESOLVERS + N_SERVERS, MINUTE = 60000 };

static const char good[] =
	"example.com. 3600 IN MX 10 mx1.example.com.\nexample.com. 3600 IN MX 20 mx2.example.com.\n"
	"example.com. 3600 IN TXT \"v=spf1 mx -all\"\nmx1.example.com. 3600 IN A 45.33.2.10\n"
	"mx2.example.com. 3600 IN A 45.33.3.10\n10.2.33.45.in-addr.arpa. 3600 IN PTR mx1.example.com.\n"
	"10.3.33.45.in-addr.arpa. 3600 IN PTR mx2.example.com.\n";

#define NO_MX "example.com. MX NODATA\nexample.com. A NODATA\nexample.com. AAAA NODATA\n"
#define FAILS "example.com. * SERVFAIL\nmx1.example.com. * SERVFAIL\nmx2.example.com. * SERVFAIL\n"
#define SILENT "example.com. * TIMEOUT\nmx1.example.com. * TIMEOUT\nmx2.example.com. * TIMEOUT\n"
#define BOGUS "example.com. * BOGUS\nmx1.example.com. * BOGUS\nmx2.example.com. * BOGUS\n"
#define ELSEWHERE "example.com. 3600 IN MX 10 mx.example.net.\n"

static const struct mxw_round_server servers[N_SERVERS] = {
	{ .name = "ns1.example.com[192.0.2.1]" },
	{ .name = "ns2.example.com[192.0.2.2]" },
};
static const struct mxw_profile profile;
static const struct mxw_round_spec usual = {
	.target = { .domain = "example.com", .profile = &profile },
	.checks = UINT32_MAX,
	.n_views = N_RESOLVERS,
	.voters = 7,
	.quorum = 2,
	.zone = "example.com",
	.server = servers,
	.n_servers = N_SERVERS,
	.servers = 3,
};

static struct mxw_round *new_round(const struct mxw_round_spec *spec)
{
	struct mxw_round *round = NULL;
	assert_int_equal(mxw_round_new(&round, spec), 0);
	return round;
}

static const struct mxw_missing *questions(struct mxw_round *round, size_t view)
{
	const struct mxw_missing *missing = NULL;
	assert_int_equal(mxw_round_questions(round, view, &missing), 0);
	return missing;
}

static void answer(struct mxw_round *round, size_t view, const struct zone *zone, const char *name, uint16_t type,
		   int64_t at_ms)
{
	struct mxw_answer *answer = zone_answer(zone, name, type);
	assert_non_null(answer);
	answer->received_at_ms = at_ms;
	answer->ttl = 300;
	assert_int_equal(mxw_round_answer(round, view, name, type, answer), 0);
	mxw_answer_unref(answer);
}

/* Answers a view out of the world that is the good one but for `text`. */
static void answer_view(struct mxw_round *round, size_t view, const char *text, int64_t at_ms)
{
	struct zone *base = zone_new("good", NULL, good), *zone = zone_new("world", base, text);
	assert_non_null(zone);
	for (const struct mxw_missing *missing = questions(round, view); missing->n; missing = questions(round, view))
		for (size_t i = 0; i < missing->n; i++)
			answer(round, view, zone, missing->items[i].name, missing->items[i].type, at_ms);
	zone_free(zone);
	zone_free(base);
}

static struct mxw_round *judged_round(const struct mxw_round_spec *spec, const char *const worlds[N_VIEWS],
				      bool is_rederived)
{
	struct mxw_round *round = new_round(spec);
	for (size_t i = 0; i < N_VIEWS; i++)
		answer_view(round, i, worlds[i], 1000000);
	assert_true(mxw_round_is_complete(round));
	if (is_rederived)
		mxw_round_keep_servers(round);
	assert_int_equal(mxw_round_judge(round), 0);
	return round;
}

static size_t check_index(const char *name)
{
	int i = mxw_check_find(name);
	assert_true(i >= 0);
	return (size_t)i;
}

static const struct mxw_verdict_entry *find(const struct mxw_round *round, const char *check, const char *id)
{
	const struct mxw_verdict *verdict = mxw_round_verdict(round, check_index(check));
	for (size_t i = 0; i < verdict->n_entries; i++)
		if (strcmp(verdict->entries[i].def->id, id) == 0)
			return &verdict->entries[i];
	return NULL;
}

/* ---- asking ---- */

static void test_own_names(void **unused)
{
	static const struct {
		const char *zone, *name;
		bool is_own;
	} rows[] = {
		{ "example.com", "example.com", true },
		{ "example.com", "a.b.example.com", true },
		{ "example.com", "badexample.com", false },
		{ "example.com", "com", false },
		{ "example.com", "example.net", false },
		{ "example.com", "1.2.0.192.in-addr.arpa", false },
		{ "com", "example.com", true },
		{ NULL, "example.com", false },
	};
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_round_spec spec = usual;
		spec.zone = rows[i].zone;
		spec.n_servers = spec.zone ? N_SERVERS : 0;
		struct mxw_round *round = new_round(&spec);
		assert_int_equal(mxw_round_is_own(round, rows[i].name), rows[i].is_own);
		mxw_round_free(round);
	}
}

/* A server is asked for its zone's names only, and heard about no others. */
static void test_servers_are_asked_for_their_zone(void **unused)
{
	struct mxw_round *round = new_round(&usual);
	struct zone *zone = zone_new("good", NULL, good);
	size_t n = 0;
	(void)unused;
	assert_false(mxw_round_is_complete(round));
	for (size_t view = 0; view < N_RESOLVERS; view++)
		answer_view(round, view, "", 0);
	assert_false(mxw_round_is_complete(round));
	for (const struct mxw_missing *missing = questions(round, N_RESOLVERS); missing->n;
	     missing = questions(round, N_RESOLVERS))
		for (size_t i = 0; i < missing->n; i++, n++) {
			assert_true(mxw_round_is_own(round, missing->items[i].name));
			answer(round, N_RESOLVERS, zone, missing->items[i].name, missing->items[i].type, 0);
		}
	assert_true(n > 4); /* MX, TXT, addresses; not the reverse names */
	assert_int_equal(mxw_observation_count(mxw_round_observation(round, N_RESOLVERS)), n);
	answer(round, N_RESOLVERS, zone, "10.2.33.45.in-addr.arpa", MXW_TYPE_PTR, 0);
	assert_int_equal(mxw_observation_count(mxw_round_observation(round, N_RESOLVERS)), n);
	assert_null(mxw_observation_get(mxw_round_observation(round, 0), "example.com", MXW_TYPE_SOA));
	assert_false(mxw_round_is_complete(round)); /* the other server */
	mxw_round_drop_voter(round, N_RESOLVERS + 1);
	assert_true(mxw_round_is_complete(round));
	assert_int_equal(questions(round, N_RESOLVERS + 1)->n, 0);
	zone_free(zone);
	mxw_round_free(round);
}

static void test_servers_that_take_no_part(void **unused)
{
	struct mxw_round_spec spec = usual;
	(void)unused;
	spec.servers = 2;
	struct mxw_round *round = new_round(&spec);
	assert_int_equal(questions(round, N_RESOLVERS)->n, 0);
	assert_true(questions(round, N_RESOLVERS + 1)->n > 0);
	mxw_round_free(round);
}

/* ---- judging ---- */

static void test_what_they_decide(void **unused)
{
	static const struct {
		const char *what, *worlds[N_VIEWS], *id;
		bool is_rederived;
		int status;              /* of mx and `id`; -1: no entry */
		enum mxw_severity state; /* of mx */
		bool wants_rederivation;
	} rows[] = {
		{ "all is well", { "", "", "", "", "" }, "mx-none", false, -1, MXW_OK, false },
		{ "gone, and nobody has noticed",
		  { "", "", "", NO_MX, NO_MX },
		  "mx-none",
		  false,
		  MXW_CONFIRMED,
		  MXW_CRITICAL,
		  false },
		{ "gone, resolvers cannot tell",
		  { FAILS, FAILS, FAILS, NO_MX, NO_MX },
		  "mx-none",
		  false,
		  MXW_CONFIRMED,
		  MXW_CRITICAL,
		  false },
		{ "gone at a server that answers, the other is down",
		  { "", "", "", NO_MX, SILENT },
		  "mx-none",
		  false,
		  MXW_CONFIRMED,
		  MXW_CRITICAL,
		  false },
		{ "gone at one of two", { "", "", "", NO_MX, "" }, "mx-none", true, MXW_DISAGREE, MXW_WARNING, false },
		{ "gone at one of two, the parent first",
		  { "", "", "", NO_MX, "" },
		  "mx-none",
		  false,
		  MXW_DISAGREE,
		  MXW_WARNING,
		  true },
		{ "resolvers see what is not there",
		  { NO_MX, NO_MX, "", "", "" },
		  "mx-none",
		  false,
		  MXW_UNDECIDED,
		  MXW_UNKNOWN,
		  true },
		{ "and it is so", { NO_MX, NO_MX, "", "", "" }, "mx-none", true, MXW_CONFIRMED, MXW_CRITICAL, false },
		{ "one resolver lies", { NO_MX, "", "", "", "" }, "mx-none", true, MXW_ALIEN, MXW_OK, false },
		{ "servers down", { NO_MX, "", "", SILENT, SILENT }, "mx-none", false, MXW_MINORITY, MXW_OK, false },
		{ "servers down, a resolver is silent, too",
		  { NO_MX, "", SILENT, SILENT, FAILS },
		  "mx-none",
		  false,
		  MXW_UNDECIDED,
		  MXW_UNKNOWN,
		  false },
		{ "they decide where resolvers are silent",
		  { "", SILENT, SILENT, "", "" },
		  "mx-none",
		  false,
		  -1,
		  MXW_UNKNOWN,
		  false }, /* the failure itself */
		{ "one server down is no failing lookup",
		  { "", "", "", "", SILENT },
		  "dns-timeout",
		  true,
		  -1,
		  MXW_OK,
		  false },
		{ "nor are all of them", { "", "", "", FAILS, SILENT }, "dns-timeout", true, -1, MXW_OK, false },
		{ "a resolver's failure is no alien answer",
		  { SILENT, "", "", "", "" },
		  "dns-timeout",
		  true,
		  MXW_MINORITY,
		  MXW_OK,
		  false },
		{ "a failure at a quorum is one",
		  { SILENT, SILENT, "", "", "" },
		  "dns-timeout",
		  false,
		  MXW_CONFIRMED,
		  MXW_UNKNOWN,
		  false },
		{ "in two ways as well", { SILENT, FAILS, "", "", "" }, "mx-none", false, -1, MXW_UNKNOWN, false },
		{ "bogus is what validators say",
		  { BOGUS, BOGUS, "", "", "" },
		  "dnssec-bogus",
		  true,
		  MXW_CONFIRMED,
		  MXW_CRITICAL,
		  false },
		{ "and no server denies it",
		  { BOGUS, "", "", "", "" },
		  "dnssec-bogus",
		  true,
		  MXW_MINORITY,
		  MXW_OK,
		  false },
		{ "hosts elsewhere are not theirs to judge",
		  { ELSEWHERE, ELSEWHERE "mx.example.net. 60 IN A 45.33.4.10\n",
		    ELSEWHERE "mx.example.net. 60 IN A 45.33.4.10\n", ELSEWHERE, ELSEWHERE },
		  "mx-target-nxdomain",
		  false,
		  MXW_MINORITY,
		  MXW_WARNING /* mx-single */,
		  false },
		{ "nor to defend",
		  { ELSEWHERE, ELSEWHERE, ELSEWHERE "mx.example.net. 60 IN A 45.33.4.10\n",
		    ELSEWHERE "mx.example.net. 60 IN A 45.33.4.10\n",
		    ELSEWHERE "mx.example.net. 60 IN A 45.33.4.10\n" },
		  "mx-all-dead",
		  false,
		  MXW_CONFIRMED,
		  MXW_CRITICAL,
		  false },
	};
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_round *round = judged_round(&usual, rows[i].worlds, rows[i].is_rederived);
		const struct mxw_verdict_entry *entry = find(round, "mx", rows[i].id);
		enum mxw_severity state = mxw_round_verdict(round, check_index("mx"))->state;
		bool wants = mxw_round_verdict(round, check_index("mx"))->wants_rederivation;
		if ((entry ? (int)entry->status : -1) != rows[i].status || state != rows[i].state ||
		    wants != rows[i].wants_rederivation || mxw_round_wants_rederivation(round) != wants)
			fail_msg("%s: status %d, %s%s", rows[i].what, entry ? (int)entry->status : -1,
				 mxw_severity_name(state), wants ? ", asks" : "");
		mxw_round_free(round);
	}
}

/* Lookups that fail at a quorum in two ways escalate although the servers are well. */
static void test_failures_behind_good_servers(void **unused)
{
	static const struct mxw_state_policy policy = { .escalate_warning_ms = 15 * MINUTE,
							.escalate_critical_ms = 60 * MINUTE };
	static const char *const worlds[] = { SILENT, FAILS, "", "", "" }, *const one[] = { SILENT, "", "", "", "" };
	struct mxw_state_input input = { 0 };
	(void)unused;
	struct mxw_round *round = judged_round(&usual, worlds, false);
	mxw_round_failing(round, check_index("mx"), &policy, &input);
	assert_int_equal(input.failing_ms[MXW_FAILING_WARNS], 15 * MINUTE);
	assert_int_equal(input.failing_ms[MXW_FAILING_CRITICAL], 60 * MINUTE);
	mxw_round_free(round);
	round = judged_round(&usual, one, false);
	mxw_round_failing(round, check_index("mx"), &policy, &input);
	assert_int_equal(input.failing_ms[MXW_FAILING_WARNS], 0);
	mxw_round_free(round);
}

/* Unless the configuration has made all that they hide mild: then nothing hangs on them. */
static void test_failures_that_hide_nothing(void **unused)
{
	static const char *const worlds[] = { "example.com. MX SERVFAIL\n", "example.com. MX TIMEOUT\n", "", "", "" };
	struct mxw_override overrides[64];
	struct mxw_round_spec spec = usual;
	size_t n = 0;
	(void)unused;
	for (const struct mxw_finding_def *def = mxw_checks[check_index("mx")]->findings; def->id; def++) {
		assert_true(n < MXW_ARRAY_SIZE(overrides));
		if (!def->warn_after_min)
			overrides[n++] = (struct mxw_override){ def, MXW_INFO };
	}
	struct mxw_round *round = judged_round(&spec, worlds, false);
	assert_int_equal(mxw_round_verdict(round, check_index("mx"))->state, MXW_UNKNOWN);
	mxw_round_free(round);
	spec.overrides = overrides;
	spec.n_overrides = n;
	round = judged_round(&spec, worlds, false);
	assert_int_equal(mxw_round_verdict(round, check_index("mx"))->state, MXW_OK);
	mxw_round_free(round);
}

static enum mxw_age age_of(void *arg, size_t view, const struct mxw_finding *finding)
{
	assert_string_equal(finding->def->id, "mx-none");
	assert_true(view < N_RESOLVERS);
	return *(const enum mxw_age *)arg;
}

/* The history reaches the verdict. */
static void test_ages(void **unused)
{
	static const char *const worlds[] = { NO_MX, NO_MX, NO_MX, "", "" };
	enum mxw_age age = MXW_AGE_OLD_IN_TIME;
	struct mxw_round_spec spec = usual;
	(void)unused;
	spec.checks = UINT32_C(1) << check_index("mx");
	spec.age = age_of;
	spec.age_arg = &age;
	struct mxw_round *round = judged_round(&spec, worlds, false);
	assert_int_equal(find(round, "mx", "mx-none")->status, MXW_RECOVERING);
	assert_int_equal(mxw_round_state(round), MXW_UNKNOWN);
	assert_int_equal(mxw_round_verdict(round, check_index("mx"))->may_be, MXW_CRITICAL);
	age = MXW_AGE_UNKNOWN;
	mxw_round_keep_servers(round);
	assert_int_equal(mxw_round_judge(round), 0);
	assert_int_equal(find(round, "mx", "mx-none")->status, MXW_CONFIRMED);
	mxw_round_free(round);
}

/* The parent names other servers: they are asked from the beginning, the resolvers are not asked again. */
static void test_other_servers(void **unused)
{
	static const struct mxw_round_server others[] = { { .name = "a[192.0.2.3]" },
							  { .name = "b[192.0.2.4]" },
							  { .name = "c[192.0.2.5]" } };
	static const char *const worlds[] = { NO_MX, NO_MX, "", "", "" };
	(void)unused;
	struct mxw_round *round = judged_round(&usual, worlds, false);
	assert_true(mxw_round_wants_rederivation(round));
	assert_int_equal(mxw_round_replace_servers(round, others, 3), 0);
	assert_null(mxw_round_verdict(round, check_index("mx")));
	assert_false(mxw_round_wants_rederivation(round));
	assert_false(mxw_round_is_complete(round));
	for (size_t view = 0; view < N_RESOLVERS; view++)
		assert_int_equal(questions(round, view)->n, 0);
	for (size_t view = N_RESOLVERS; view < N_RESOLVERS + 3; view++)
		answer_view(round, view, NO_MX, 0);
	assert_true(mxw_round_is_complete(round));
	assert_int_equal(mxw_round_judge(round), 0);
	assert_int_equal(find(round, "mx", "mx-none")->authority, MXW_AUTHORITY_YES);
	assert_int_equal(find(round, "mx", "mx-none")->servers.yes, 7);
	/* Whom the parent names is not asked for once more. */
	assert_int_equal(mxw_round_replace_servers(round, others, 1), 0);
	answer_view(round, N_RESOLVERS, "", 0);
	assert_int_equal(mxw_round_judge(round), 0);
	assert_int_equal(find(round, "mx", "mx-none")->status, MXW_CONFIRMED);
	assert_int_equal(find(round, "mx", "mx-none")->authority, MXW_AUTHORITY_NO);
	assert_int_equal(mxw_round_replace_servers(round, NULL, 0), 0); /* none is known */
	assert_true(mxw_round_is_complete(round));
	assert_int_equal(mxw_round_judge(round), 0);
	assert_int_equal(find(round, "mx", "mx-none")->status, MXW_CONFIRMED);
	assert_int_equal(find(round, "mx", "mx-none")->authority, MXW_AUTHORITY_UNKNOWN);
	mxw_round_free(round);
}

/* ---- evidence ---- */

static void test_sources(void **unused)
{
	static const char *const gone[] = { "", "", NO_MX, NO_MX, NO_MX }, *const well[] = { "", "", "", "", SILENT },
				 *const split[] = { NO_MX, NO_MX, NO_MX, NO_MX, "" };
	struct mxw_source sources[MXW_MAX_SOURCES];
	size_t mx = check_index("mx");
	uint32_t about;
	(void)unused;
	/* A problem: a resolver's answer lapses with its TTL, a server's has no time to lapse. */
	struct mxw_round *round = judged_round(&usual, gone, false);
	assert_int_equal(mxw_round_sources(round, mx, sources, &about), 3);
	assert_int_equal(sources[0].resolver, 2);
	assert_false(sources[0].is_server);
	assert_int_equal(sources[0].expires_ms, 1000000 + 300 * 1000);
	assert_true(sources[1].is_server && sources[2].is_server);
	assert_int_equal(sources[1].expires_ms, 1000000);
	assert_true(sources[1].resolver >= MXW_MAX_SOURCES && sources[2].resolver >= MXW_MAX_SOURCES);
	assert_int_not_equal(sources[1].resolver, sources[2].resolver);
	assert_true(mxw_round_is_authoritative(round, mx));
	assert_false(mxw_round_is_authoritative(round, check_index("ptr")));
	uint32_t number = sources[2].resolver;
	mxw_round_free(round);
	/* The number is that of the address, wherever it stands. */
	struct mxw_round_spec spec = usual;
	spec.server = servers + 1;
	spec.n_servers = 1;
	round = new_round(&spec);
	for (size_t view = 0; view < N_RESOLVERS + 1; view++)
		answer_view(round, view, NO_MX, 0);
	assert_int_equal(mxw_round_judge(round), 0);
	assert_int_equal(mxw_round_sources(round, mx, sources, &about), 4);
	assert_int_equal(sources[3].resolver, number);
	mxw_round_free(round);
	/* An OK: those who could have seen a problem. */
	round = judged_round(&usual, well, false);
	assert_int_equal(mxw_round_sources(round, mx, sources, &about), 4);
	assert_true(sources[3].is_server);
	assert_false(mxw_round_is_authoritative(round, mx));
	mxw_round_free(round);
	/* Servers that disagree are no authority. */
	round = judged_round(&usual, split, true);
	assert_int_equal(mxw_round_sources(round, mx, sources, &about), 4);
	assert_false(mxw_round_is_authoritative(round, mx));
	mxw_round_free(round);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own_names),
		cmocka_unit_test(test_servers_are_asked_for_their_zone),
		cmocka_unit_test(test_servers_that_take_no_part),
		cmocka_unit_test(test_what_they_decide),
		cmocka_unit_test(test_failures_behind_good_servers),
		cmocka_unit_test(test_failures_that_hide_nothing),
		cmocka_unit_test(test_ages),
		cmocka_unit_test(test_other_servers),
		cmocka_unit_test(test_sources),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
