/* Folding what waits: every short history of one stream at one receiver, with messages that arrive, whose acknowledgement is
 * lost, or that a killed daemon sent without knowing it, and with folds at any moment. Whatever happens, what the receiver
 * gets is a stream of the grammar, in order, and ends with the newest message (alerts.md A4, A5, A6, A9). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "lib/alert/coalesce.h"
#include "lib/base/util.h"

enum {
	MAX_STEPS = 7,   /* of a history */
	MAX_WAITING = 3, /* that stay of one key: one that was tried, a problem, the newest */
};

/* One stream from the daemon's first message to the receiver's last. */
struct world {
	struct mxw_coalesce_item queue[MAX_STEPS];
	int ids[MAX_STEPS];
	size_t n;
	int next_id, newest; /* ids count from 1; the newest message of the stream, 0: none */
	bool is_open;        /* as the daemon has told it */
	bool got_open;       /* as the receiver sees it */
	int got[MAX_STEPS];  /* first receipts */
	size_t n_got;
	char history[9 * MAX_STEPS + 1];
};

static unsigned long n_worlds;

static void fail_world(const struct world *world, const char *what)
{
	fail_msg("%s after%s", what, world->history);
}

static void note(struct world *world, const char *step)
{
	strcat(world->history, " ");
	strcat(world->history, step);
}

static bool is_allowed(enum mxw_stream_part part, bool is_open)
{
	return part == MXW_STREAM_OPENS || part == MXW_STREAM_APART || is_open;
}

static bool opens(enum mxw_stream_part part, bool is_open)
{
	return part == MXW_STREAM_APART ? is_open : part != MXW_STREAM_ENDS;
}

static void receive(struct world *world, size_t i)
{
	enum mxw_stream_part part = world->queue[i].part;
	for (size_t k = 0; k < world->n_got; k++)
		if (world->got[k] == world->ids[i])
			return;
	if (world->n_got && world->got[world->n_got - 1] > world->ids[i])
		fail_world(world, "out of order (A4)");
	if (!is_allowed(part, world->got_open))
		fail_world(world, "about no open problem (A5)");
	world->got_open = opens(part, world->got_open);
	world->got[world->n_got++] = world->ids[i];
}

static void pop(struct world *world)
{
	world->n--;
	memmove(world->queue, world->queue + 1, world->n * sizeof(world->queue[0]));
	memmove(world->ids, world->ids + 1, world->n * sizeof(world->ids[0]));
}

static size_t fold(struct world *world, bool with_apart)
{
	size_t n_folded = mxw_coalesce_stream(world->queue, world->n), n = 0, n_stream = 0;
	if (with_apart)
		n_folded += mxw_coalesce_apart(world->queue, world->n, SIZE_MAX);
	if (world->n && world->queue[world->n - 1].is_folded)
		fail_world(world, "the newest is gone");
	for (size_t i = 0; i < world->n; i++) {
		if (world->queue[i].is_folded && world->queue[i].is_fixed)
			fail_world(world, "one that may be under way is gone");
		if (world->queue[i].is_folded)
			continue;
		n_stream += world->queue[i].part != MXW_STREAM_APART;
		world->queue[n] = world->queue[i];
		world->ids[n++] = world->ids[i];
	}
	if (n + n_folded != world->n)
		fail_world(world, "a wrong count");
	world->n = n;
	if (n_stream > MAX_WAITING || (with_apart && n > n_stream + 2))
		fail_world(world, "too many stay");
	return n_folded;
}

/* Everything arrives at last. */
static void finish(struct world world)
{
	n_worlds++;
	while (world.n) {
		receive(&world, 0);
		pop(&world);
	}
	if (world.newest && world.got_open != world.is_open)
		fail_world(&world, "the receiver believes something else than is so (A6)");
	bool has_newest = !world.newest;
	for (size_t i = 0; i < world.n_got; i++)
		has_newest = has_newest || world.got[i] == world.newest;
	if (!has_newest)
		fail_world(&world, "the newest never came");
}

static void explore(const struct world *before, unsigned n_steps);

static void explore_appends(const struct world *before, unsigned n_steps)
{
	static const char *const names[] = { "opens", "goes-on", "ends", "apart" };
	for (int part = MXW_STREAM_OPENS; part <= MXW_STREAM_APART; part++) {
		struct world world = *before;
		if (!is_allowed((enum mxw_stream_part)part, world.is_open))
			continue;
		world.queue[world.n] = (struct mxw_coalesce_item){ .part = (enum mxw_stream_part)part };
		world.ids[world.n++] = ++world.next_id;
		world.is_open = opens((enum mxw_stream_part)part, world.is_open);
		if (part != MXW_STREAM_APART)
			world.newest = world.next_id;
		note(&world, names[part]);
		explore(&world, n_steps);
	}
}

/* The head arrives, and the daemon knows it, or knows only that it tried. */
static void explore_tries(const struct world *before, unsigned n_steps)
{
	struct world world = *before;
	receive(&world, 0);
	note(&world, "tried");
	world.queue[0].is_fixed = true;
	explore(&world, n_steps);
	world = *before;
	receive(&world, 0);
	pop(&world);
	note(&world, "done");
	explore(&world, n_steps);
}

/* Some arrive, and then the daemon is killed before it has noted anything. */
static void explore_kills(const struct world *before, unsigned n_steps)
{
	struct world world = *before;
	for (size_t i = 0; i < before->n; i++) {
		receive(&world, i);
		struct world next = world;
		char text[32];
		snprintf(text, sizeof(text), "kill%zu", i + 1);
		note(&next, text);
		for (size_t k = 0; k < next.n; k++)
			next.queue[k].is_fixed = false;
		explore(&next, n_steps);
	}
}

static void explore(const struct world *before, unsigned n_steps)
{
	finish(*before);
	if (n_steps == MAX_STEPS)
		return;
	explore_appends(before, n_steps + 1);
	if (!before->n)
		return;
	explore_tries(before, n_steps + 1);
	explore_kills(before, n_steps + 1);
	for (int with_apart = 0; with_apart <= 1; with_apart++) {
		struct world world = *before;
		note(&world, "fold");
		if (fold(&world, with_apart))
			explore(&world, n_steps + 1);
	}
}

static void test_every_short_history(void **state)
{
	(void)state;
	for (int open = 0; open <= 1; open++) {
		struct world world = { .is_open = open, .got_open = open };
		explore(&world, 0);
	}
	assert_true(n_worlds > 100000);
}

/* ---- single decisions ---- */

static const struct row {
	const char *waiting; /* P problem, C change, R recovery, A apart; lower case: fixed */
	const char *left;    /* of the stream */
	const char *least;   /* when what stands apart is folded, too */
} rows[] = {
	{ "", "", "" },
	{ "P", "P", "P" },
	{ "PR", "PR", "PR" },
	{ "PRP", "P", "P" },
	{ "PRPR", "PR", "PR" },
	{ "RP", "P", "P" },
	{ "CCC", "C", "C" },
	{ "CR", "R", "R" },
	{ "PCC", "PC", "PC" },
	{ "PCRPCPCCR", "PR", "PR" },
	{ "pRPR", "pPR", "pPR" },
	{ "rPRPC", "rPC", "rPC" },
	{ "pCCR", "pR", "pR" }, /* p is the problem before it */
	{ "PARAPRA", "AAPRA", "PRA" },
	{ "aPRAPA", "aAPA", "aPA" },
	{ "AAAA", "AAAA", "A" },
};

static size_t read_row(const char *text, struct mxw_coalesce_item *ret)
{
	static const char letters[] = "PCRA";
	size_t n = strlen(text);
	for (size_t i = 0; i < n; i++) {
		char upper = (char)(text[i] & ~0x20);
		ret[i] = (struct mxw_coalesce_item){ .part = (enum mxw_stream_part)(strchr(letters, upper) - letters),
						     .is_fixed = upper != text[i] };
	}
	return n;
}

static void check_left(const char *text, const struct mxw_coalesce_item *items, const char *expected)
{
	char left[16] = "";
	for (size_t i = 0, n = 0; text[i]; i++)
		if (!items[i].is_folded)
			left[n++] = text[i];
	assert_string_equal(left, expected);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_coalesce_item items[16];
		size_t n = read_row(rows[i].waiting, items);
		assert_int_equal(mxw_coalesce_stream(items, n), n - strlen(rows[i].left));
		check_left(rows[i].waiting, items, rows[i].left);
		mxw_coalesce_apart(items, n, SIZE_MAX);
		check_left(rows[i].waiting, items, rows[i].least);
	}
}

/* Oldest first, and no more than are in the way. */
static void test_apart_one_by_one(void **state)
{
	struct mxw_coalesce_item items[5];
	(void)state;
	read_row("AaAAA", items);
	assert_int_equal(mxw_coalesce_apart(items, 5, 2), 2);
	check_left("AaAAA", items, "aAA");
	assert_int_equal(mxw_coalesce_apart(items, 5, 0), 0);
}

static void test_parts(void **state)
{
	(void)state;
	assert_int_equal(mxw_alert_part(MXW_ALERT_PROBLEM, MXW_WARNING), MXW_STREAM_OPENS);
	assert_int_equal(mxw_alert_part(MXW_ALERT_CHANGE, MXW_WARNING), MXW_STREAM_GOES_ON);
	assert_int_equal(mxw_alert_part(MXW_ALERT_REMINDER, MXW_CRITICAL), MXW_STREAM_GOES_ON);
	assert_int_equal(mxw_alert_part(MXW_ALERT_FLAPPING, MXW_CRITICAL), MXW_STREAM_GOES_ON);
	assert_int_equal(mxw_alert_part(MXW_ALERT_RECOVERY, MXW_UNKNOWN), MXW_STREAM_ENDS);
	assert_int_equal(mxw_alert_part(MXW_ALERT_MONITOR, MXW_WARNING), MXW_STREAM_OPENS);
	assert_int_equal(mxw_alert_part(MXW_ALERT_MONITOR, MXW_OK), MXW_STREAM_ENDS);
	assert_int_equal(mxw_alert_part(MXW_ALERT_TEST, MXW_OK), MXW_STREAM_APART);
	assert_int_equal(mxw_alert_part_named("problem", "warning"), MXW_STREAM_OPENS);
	assert_int_equal(mxw_alert_part_named("recovery", "unknown"), MXW_STREAM_ENDS);
	assert_int_equal(mxw_alert_part_named("monitor", "critical"), MXW_STREAM_OPENS);
	assert_int_equal(mxw_alert_part_named("monitor", "ok"), MXW_STREAM_ENDS);
	assert_int_equal(mxw_alert_part_named("", ""), MXW_STREAM_APART);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_short_history),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_apart_one_by_one),
		cmocka_unit_test(test_parts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
