/* Groups against a plain model, in random sequences: joins, changes, recoveries, failing commits, time, restarts. A second
 * one is restarted from what was stored at random moments and has to say the same.
 *
 *	test_group_random [SEED]      one sequence; without: many */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/hash.h"
#include "lib/base/rng.h"
#include "lib/group/group.h"

enum { N_DOMAINS = 24, N_CHECKS = 2, N_ROOTS = 4, N_ROUTES = 2, N_STEPS = 400, N_SEEDS = 16 };
enum { SECOND = 1000, MINUTE = 60 * SECOND, INTERVAL = 5 * MINUTE, N_SINGLE = 3 };
/* Groups: a cause of each root and route, and one of each other kind and route. */
enum { N_GROUPS = (N_ROOTS + 3) * N_ROUTES };

static const char *const roots[N_ROOTS] = { "a.shared", "b.shared", "192.0.2.1", "c.shared" };
static const char *const routes[N_ROUTES] = { "ops", "ops pager" };
static const char *const checks[N_CHECKS] = { "mx", "spf" };

/* What is wrong with a key. */
struct key {
	bool is_bad, is_folded;
	enum mxw_group_kind special;
	enum mxw_severity to;
	unsigned route, roots; /* bits; each root is a finding of its own. None: the key's own cause */
};

/* What a group has said. */
struct stream {
	enum mxw_severity told;
	int64_t told_ms;
	int64_t differs_ms; /* since when another set is true than what was told; 0: none is */
	uint64_t told_set;
	bool has_record;
	struct mxw_group_record record;
	int64_t record_ms, problem_ms;
};

struct side {
	struct mxw_groups *groups;
	struct stream streams[N_GROUPS];
	struct mxw_strbuf said; /* in this step, a line a message */
};

struct world {
	struct mxw_rng rng;
	uint64_t seed;
	struct mxw_group_policy policy;
	struct key keys[N_DOMAINS][N_CHECKS];
	int64_t now_ms;
	struct side sides[2]; /* the second is restarted now and then */
};

static bool chance(struct world *world, unsigned percent)
{
	return mxw_rng_below(&world->rng, 100) < percent;
}

static size_t group_index(enum mxw_group_kind kind, const char *name, const char *route)
{
	size_t row = N_ROOTS + (size_t)kind - 1, r = strcmp(route, routes[0]) != 0;
	for (size_t i = 0; kind == MXW_GROUP_CAUSE && i < N_ROOTS; i++)
		if (strcmp(name, roots[i]) == 0)
			row = i;
	return row * N_ROUTES + r;
}

static bool is_in(const struct key *key, size_t group)
{
	size_t row = group / N_ROUTES;
	if (!key->is_bad || key->route != group % N_ROUTES)
		return false;
	return row < N_ROOTS ? (key->roots & 1u << row) != 0 : key->is_folded && key->special == row - N_ROOTS + 1;
}

/* How many domains a group explains, and a sum that changes when anything of it does. */
static size_t count(const struct world *world, size_t group, uint64_t *ret_set)
{
	size_t n = 0;
	*ret_set = 0;
	for (size_t d = 0; d < N_DOMAINS; d++) {
		bool any = false;
		for (size_t c = 0; c < N_CHECKS; c++) {
			const struct key *key = &world->keys[d][c];
			if (!is_in(key, group))
				continue;
			any = true;
			const size_t what[] = { d, c, (size_t)key->to };
			*ret_set += mxw_hash64(0, what, sizeof(what));
		}
		n += any;
	}
	return n;
}

struct made_item {
	struct mxw_group_item item;
	struct mxw_group_finding findings[N_ROOTS];
	char domain[32];
};

static const struct mxw_group_item *make_item(size_t d, size_t c, const struct key *key, struct made_item *ret)
{
	size_t n = 0;
	for (size_t i = 0; i < N_ROOTS; i++)
		if (key->roots & 1u << i)
			ret->findings[n++] = (struct mxw_group_finding){ .roots = &roots[i], .n_roots = 1 };
	snprintf(ret->domain, sizeof(ret->domain), "d%zu.example", d);
	ret->item = (struct mxw_group_item){ .domain = ret->domain,
					     .check = checks[c],
					     .route = routes[key->route],
					     .to = key->to,
					     .since_wall_ms = 1,
					     .findings = ret->findings,
					     .n_findings = n };
	return &ret->item;
}

/* ---- messages ---- */

static void check_grammar(const struct stream *stream, const struct mxw_group_message *message)
{
	assert_int_equal(message->from, stream->told);
	switch (message->kind) {
	case MXW_TRANSITION_PROBLEM:
		assert_true(message->to > message->from && message->to >= MXW_WARNING);
		break;
	case MXW_TRANSITION_CHANGE:
		assert_true(message->to <= message->from && message->to >= MXW_WARNING);
		break;
	case MXW_TRANSITION_REMINDER:
		assert_true(message->to == message->from && message->to >= MXW_WARNING);
		break;
	case MXW_TRANSITION_RECOVERY:
		assert_true(message->from >= MXW_WARNING && message->to == MXW_OK);
		break;
	default:
		fail();
	}
}

static void check_message(const struct world *world, const struct stream *stream, size_t group,
			  const struct mxw_group_message *message)
{
	uint64_t set;
	size_t n = count(world, group, &set);
	check_grammar(stream, message);
	assert_int_equal(message->n_domains, n);
	assert_true(message->n_listed == (n < MXW_GROUP_MAX_LISTED ? n : MXW_GROUP_MAX_LISTED));
	if (message->kind == MXW_TRANSITION_CHANGE) {
		assert_true(world->now_ms - stream->told_ms >= INTERVAL);
		assert_true(set != stream->told_set);
	}
	if (message->kind == MXW_TRANSITION_PROBLEM && stream->told == MXW_OK && group / N_ROUTES < N_ROOTS)
		assert_true(message->n_most > N_SINGLE);
	if (message->kind == MXW_TRANSITION_RECOVERY)
		assert_int_equal(n, 0);
}

static void take(struct world *world, struct side *side, const struct mxw_group_message *message)
{
	const struct mxw_group *group = message->group;
	size_t index = group_index(mxw_group_kind(group), mxw_group_name(group), mxw_group_route(group));
	struct stream *stream = &side->streams[index];
	check_message(world, stream, index, message);
	/* Beginnings and ends. When numbers are told depends on when somebody left, which a restart forgets. */
	if (message->from == MXW_OK || message->to == MXW_OK)
		mxw_strbuf_addf(&side->said, "%zu:%d:%zu\n", index, (int)message->kind, message->n_domains);
	mxw_group_record(message, world->now_ms, &stream->record);
	stream->record.name = index / N_ROUTES < N_ROOTS ? roots[index / N_ROUTES] : "*";
	stream->record.route = routes[index % N_ROUTES];
	stream->has_record = message->kind != MXW_TRANSITION_RECOVERY;
	stream->record_ms = stream->told_ms = world->now_ms;
	stream->told = message->to;
	count(world, index, &stream->told_set);
	mxw_groups_told(side->groups, message, world->now_ms);
}

static void drain(struct world *world, struct side *side)
{
	struct mxw_group_message message;
	unsigned n = 0;
	while (mxw_groups_next(side->groups, world->now_ms, &message) == 0) {
		assert_true(n++ < 4 * N_GROUPS);
		if (side->groups == world->sides[0].groups && n % 5 == 4)
			mxw_groups_untold(side->groups, &message); /* the store failed; it is due again at once */
		else
			take(world, side, &message);
	}
	assert_true(mxw_groups_next_ms(side->groups) > world->now_ms);
}

/* ---- what holds at rest ---- */

static void check_explained(const struct world *world, const struct side *side, size_t d, size_t c)
{
	struct made_item made;
	const struct key *key = &world->keys[d][c];
	const struct mxw_group_item *item = make_item(d, c, key, &made);
	size_t n_told = 0, n_roots = 0;
	for (size_t i = 0; i < N_ROOTS; i++) {
		n_roots += key->roots >> i & 1;
		n_told += key->roots >> i & 1 && side->streams[i * N_ROUTES + key->route].told != MXW_OK;
	}
	assert_int_equal(mxw_groups_cover(side->groups, item), key->is_folded);
	if (!key->is_folded)
		return;
	if (key->special == MXW_GROUP_DIGEST)
		assert_true(mxw_groups_next_ms(side->groups) <= world->now_ms + INTERVAL ||
			    side->streams[(N_ROOTS + MXW_GROUP_DIGEST - 1) * N_ROUTES + key->route].told != MXW_OK);
	else if (key->special != MXW_GROUP_CAUSE) /* that group has spoken, of something as bad */
		assert_true(side->streams[(N_ROOTS + key->special - 1) * N_ROUTES + key->route].told >= key->to);
	else
		assert_true(n_roots > 0 && n_told == n_roots);
}

/* Nobody is silent for longer than two intervals about what has changed. */
static void check_streams(const struct world *world, struct side *side)
{
	for (size_t g = 0; g < N_GROUPS; g++) {
		struct stream *stream = &side->streams[g];
		uint64_t set;
		size_t n = count(world, g, &set);
		if (stream->told == MXW_OK)
			continue;
		assert_true(n > 0);
		if (set == stream->told_set) {
			stream->differs_ms = 0;
		} else {
			stream->differs_ms = stream->differs_ms ? stream->differs_ms : world->now_ms;
			int64_t until_ms = MXW_MAX(stream->told_ms, stream->differs_ms) + 2 * INTERVAL;
			assert_true(world->now_ms < until_ms);
			assert_true(mxw_groups_next_ms(side->groups) <= until_ms);
		}
	}
}

static void settle(struct world *world)
{
	for (size_t s = 0; s < 2; s++) {
		struct side *side = &world->sides[s];
		drain(world, side);
		check_streams(world, side);
		for (size_t d = 0; d < N_DOMAINS; d++)
			for (size_t c = 0; c < N_CHECKS; c++)
				if (world->keys[d][c].is_bad)
					check_explained(world, side, d, c);
	}
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Groups that are due at the same time speak in any order. */
static void sort_lines(struct mxw_strbuf *text, struct mxw_strbuf *ret)
{
	char *lines[1024], *save = NULL;
	size_t n = 0;
	if (!text->len)
		return;
	for (char *line = strtok_r(text->data, "\n", &save); line && n < 1024; line = strtok_r(NULL, "\n", &save))
		lines[n++] = line;
	qsort(lines, n, sizeof(lines[0]), compare_lines);
	for (size_t i = 0; i < n; i++)
		mxw_strbuf_addf(ret, "%s\n", lines[i]);
	mxw_strbuf_clear(text);
}

static void check_both_say_the_same(struct world *world)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf a = MXW_STRBUF_INIT;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf b = MXW_STRBUF_INIT;
	sort_lines(&world->sides[0].said, &a);
	sort_lines(&world->sides[1].said, &b);
	assert_string_equal(mxw_strbuf_get(&a), mxw_strbuf_get(&b));
}

/* ---- steps ---- */

static void turn_bad(struct world *world, size_t d, size_t c)
{
	struct key *key = &world->keys[d][c], before = *key;
	bool is_limited = chance(world, 5);
	key->is_bad = true;
	key->route = before.is_bad && chance(world, 95) ? before.route : (unsigned)mxw_rng_below(&world->rng, N_ROUTES);
	key->to = chance(world, 50) ? MXW_CRITICAL : MXW_WARNING;
	key->roots = (unsigned)mxw_rng_below(&world->rng, 1u << N_ROOTS);
	if (chance(world, 70))
		key->roots &= (unsigned)mxw_rng_below(&world->rng, 1u << N_ROOTS);
	for (size_t s = 0; s < 2; s++) {
		struct made_item made;
		enum mxw_group_place where;
		make_item(d, c, key, &made);
		made.item.is_limited = is_limited;
		assert_int_equal(mxw_groups_place(world->sides[s].groups, &made.item, world->now_ms, &where), 0);
		assert_int_not_equal(where, MXW_GROUP_HELD);
		if (s)
			assert_int_equal(where == MXW_GROUP_FOLDED, key->is_folded); /* both the same */
		key->is_folded = where == MXW_GROUP_FOLDED;
		bool folded;
		assert_true(
			mxw_groups_find_key(world->sides[s].groups, made.domain, checks[c], &folded, &key->special));
		assert_int_equal(folded, key->is_folded);
	}
}

static void turn_well(struct world *world, size_t d, size_t c, bool withdraw)
{
	char domain[32];
	snprintf(domain, sizeof(domain), "d%zu.example", d);
	world->keys[d][c] = (struct key){ 0 };
	for (size_t s = 0; s < 2; s++)
		(withdraw ? mxw_groups_withdraw : mxw_groups_leave)(world->sides[s].groups, domain, checks[c]);
}

/* A key that is not explained any more, or by others now: its next round places it again. */
static void place_uncovered(struct world *world)
{
	for (size_t d = 0; d < N_DOMAINS; d++) {
		for (size_t c = 0; c < N_CHECKS; c++) {
			struct made_item made;
			struct key *key = &world->keys[d][c];
			if (!key->is_bad || !key->is_folded)
				continue;
			make_item(d, c, key, &made);
			bool covered = mxw_groups_cover(world->sides[0].groups, &made.item);
			assert_int_equal(mxw_groups_cover(world->sides[1].groups, &made.item), covered);
			if (covered)
				continue;
			for (size_t s = 0; s < 2; s++) {
				enum mxw_group_place where;
				assert_int_equal(
					mxw_groups_place(world->sides[s].groups, &made.item, world->now_ms, &where), 0);
				key->is_folded = where == MXW_GROUP_FOLDED;
			}
			bool folded;
			assert_true(mxw_groups_find_key(world->sides[0].groups, made.domain, checks[c], &folded,
							&key->special));
		}
	}
}

static void restart(struct world *world)
{
	struct side *side = &world->sides[1];
	mxw_groups_free(side->groups);
	assert_int_equal(mxw_groups_new(&side->groups, &world->policy, mxw_rng_next(&world->rng)), 0);
	for (size_t g = 0; g < N_GROUPS; g++) {
		struct stream *stream = &side->streams[g];
		stream->differs_ms = 0; /* since when is not known any more */
		if (!stream->has_record)
			continue;
		struct mxw_group_record record = stream->record;
		record.told_ago_ms += world->now_ms - stream->record_ms;
		record.problem_ago_ms += world->now_ms - stream->record_ms;
		assert_int_equal(mxw_groups_restore(side->groups, &record, world->now_ms), 0);
	}
	for (size_t d = 0; d < N_DOMAINS; d++) {
		for (size_t c = 0; c < N_CHECKS; c++) {
			struct made_item made;
			const struct key *key = &world->keys[d][c];
			if (!key->is_bad)
				continue;
			make_item(d, c, key, &made);
			assert_int_equal(mxw_groups_restore_key(side->groups, &made.item, key->is_folded, key->special,
								world->now_ms),
					 0);
		}
	}
	assert_true(mxw_groups_next_ms(side->groups) > world->now_ms); /* nothing new, nothing to say */
}

static void step(struct world *world)
{
	size_t n = 1 + mxw_rng_below(&world->rng, 12);
	for (size_t i = 0; i < n; i++) {
		size_t d = mxw_rng_below(&world->rng, N_DOMAINS), c = mxw_rng_below(&world->rng, N_CHECKS);
		bool is_new = !world->keys[d][c].is_bad;
		if (chance(world, 50))
			turn_bad(world, d, c);
		else
			turn_well(world, d, c, false);
		if (is_new && world->keys[d][c].is_bad && chance(world, 10))
			turn_well(world, d, c, true);
	}
	place_uncovered(world);
	settle(world);
	check_both_say_the_same(world);
	if (!world->policy.digest_ms && chance(world, 15)) /* a restart makes a digest speak at once */
		restart(world);
	world->now_ms += (int64_t)mxw_rng_below(&world->rng, chance(world, 5) ? 600 * MINUTE : 3 * MINUTE);
	settle(world);
	check_both_say_the_same(world);
}

static void end_all(struct world *world)
{
	for (size_t d = 0; d < N_DOMAINS; d++)
		for (size_t c = 0; c < N_CHECKS; c++)
			turn_well(world, d, c, false);
	settle(world);
	world->now_ms += INTERVAL; /* a digest that waits is told, and that it is over */
	settle(world);
	check_both_say_the_same(world);
	for (size_t s = 0; s < 2; s++) {
		for (size_t g = 0; g < N_GROUPS; g++)
			assert_int_equal(world->sides[s].streams[g].told, MXW_OK);
		assert_int_equal(mxw_groups_n_open(world->sides[s].groups), 0);
		assert_true(mxw_groups_next_ms(world->sides[s].groups) == INT64_MAX);
		mxw_groups_free(world->sides[s].groups);
		mxw_strbuf_done(&world->sides[s].said);
	}
}

static void run_seed(uint64_t seed)
{
	struct world world = { .seed = seed, .now_ms = 1000000 };
	print_message("seed %" PRIu64 "\n", seed);
	mxw_rng_seed(&world.rng, seed);
	mxw_group_policy_init(&world.policy);
	world.policy.mass_wait_ms = 0;
	world.policy.mass_percent = 0; /* what is about to be a mass is not kept over a restart */
	world.policy.digest_ms = chance(&world, 20) ? INTERVAL : 0;
	for (size_t s = 0; s < 2; s++)
		assert_int_equal(mxw_groups_new(&world.sides[s].groups, &world.policy, mxw_rng_next(&world.rng)), 0);
	for (unsigned i = 0; i < N_STEPS; i++)
		step(&world);
	end_all(&world);
}

static uint64_t one_seed;

static void test_random(void **state)
{
	(void)state;
	if (one_seed)
		run_seed(one_seed);
	for (uint64_t seed = 1; !one_seed && seed <= N_SEEDS; seed++)
		run_seed(seed);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_random) };
	one_seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
