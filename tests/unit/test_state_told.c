/* What people are told, from tables: a letter a round as in test_state.c (o c w u), "f" a lookup that fails and will be
 * critical, "l" one that only warns; then what holds from there on: "(" muted, ")" no longer, "!" acknowledged, "=" held and "+"
 * not. Five minutes a round. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "lib/base/strbuf.h"
#include "lib/base/util.h"
#include "lib/state/state.h"

enum { START_MS = 1000000, MINUTE = 60000, HOUR = 60 * MINUTE };

/* Two rounds prove anything, one is never enough. */
static const struct mxw_state_policy quick = {
	.failure_threshold = 2,
	.success_threshold = 2,
	.escalate_warning_ms = 15 * MINUTE,
	.escalate_critical_ms = 60 * MINUTE,
	.interval_ms = 5 * MINUTE,
	.retry_interval_ms = MINUTE,
	.flapping_changes = 4,
	.flapping_window_ms = HOUR,
	.reminders_ms = { 30 * MINUTE },
	.n_reminders = 1,
};

struct world {
	struct mxw_state state;
	struct mxw_soft soft;
	bool is_muted, is_acked, is_held;
	int64_t now_ms;
};

static void init(struct world *world)
{
	*world = (struct world){ .now_ms = START_MS };
	mxw_state_init(&world->state);
	mxw_soft_init(&world->soft);
}

static void step(struct world *world, char letter, struct mxw_transition *ret)
{
	bool fails = letter == 'f' || letter == 'l';
	enum mxw_severity verdict = letter == 'c'   ? MXW_CRITICAL
				    : letter == 'w' ? MXW_WARNING
				    : letter == 'o' ? MXW_OK
						    : MXW_UNKNOWN;
	struct mxw_source sources[2] = { { .resolver = 1, .expires_ms = world->now_ms },
					 { .resolver = 2, .expires_ms = world->now_ms } };
	struct mxw_state_input input = {
		.verdict = verdict,
		.set = verdict >= MXW_WARNING ? (uint64_t)letter : 0,
		.now_ms = world->now_ms,
		.now_wall_ms = world->now_ms,
		.quorum = 2,
		.sources = sources,
		.n_sources = 2,
		.failing_ms = { [MXW_FAILING_WARNS] = fails ? quick.escalate_warning_ms : 0,
				[MXW_FAILING_CRITICAL] = letter == 'f' ? quick.escalate_critical_ms : 0 },
		.failing_set = fails ? 77 : 0,
		.is_muted = world->is_muted,
		.is_acked = world->is_acked,
		.is_held = world->is_held,
	};
	mxw_state_step(&world->state, &world->soft, &quick, &input, ret);
	world->now_ms += 5 * MINUTE;
}

/* Sets a flag; true if the letter was one. */
static bool set_flag(struct world *world, char letter)
{
	switch (letter) {
	case '(':
	case ')':
		world->is_muted = letter == '(';
		return true;
	case '!':
		world->is_acked = true;
		return true;
	case '=':
	case '+':
		world->is_held = letter == '=';
		return true;
	default:
		return false;
	}
}

/* Kind, round and state; in lower case when nobody is told of it; "." ends an incident. */
static void describe(const struct mxw_transition *transition, size_t round, struct mxw_strbuf *ret)
{
	static const char told[] = "-sPCRmF", untold[] = "-spcr--";
	if (transition->kind == MXW_TRANSITION_NONE || transition->kind == MXW_TRANSITION_SILENT)
		return;
	mxw_strbuf_addf(ret, "%s%c%zu%c", ret->len ? " " : "", (transition->is_told ? told : untold)[transition->kind],
			round, mxw_severity_name(transition->to)[0]);
	if (transition->is_settled)
		mxw_strbuf_addc(ret, '_');
	if (transition->ends_incident)
		mxw_strbuf_addc(ret, '.');
}

static void run(const char *rounds, struct mxw_strbuf *ret)
{
	struct world world;
	size_t n = 0;
	init(&world);
	for (const char *letter = rounds; *letter; letter++) {
		struct mxw_transition transition;
		if (*letter == ' ' || set_flag(&world, *letter))
			continue;
		step(&world, *letter, &transition);
		describe(&transition, n++, ret);
		if (transition.ends_incident)
			world.is_acked = false;
	}
}

struct row {
	const char *what, *rounds, *expected;
};

static void run_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct mxw_strbuf got = MXW_STRBUF_INIT;
		run(rows[i].rounds, &got);
		if (strcmp(mxw_strbuf_get(&got), rows[i].expected) != 0)
			fail_msg("%s (%s): expected \"%s\", got \"%s\"", rows[i].what, rows[i].rounds, rows[i].expected,
				 mxw_strbuf_get(&got));
		mxw_strbuf_done(&got);
	}
}

static void test_muted(void **unused)
{
	static const struct row rows[] = {
		{ "told", "oo cc oo", "P3c R5o." },
		{ "all within the mute is never told", "oo (cc oo) oooo", "p3c r5o." },
		{ "what is still wrong at its end is told once", "oo (cccc) ccc", "p3c P6c" },
		{ "what is seen to be over then is not", "oo (ccc) oo", "p3c r6o." },
		{ "and not in a round that cannot tell", "oo (cc) uu c", "p3c P6c" },
		{ "a problem told before, over meanwhile", "oo cc (oo oo) o", "P3c r5o R8o." },
		{ "its recovery is only told when it is seen", "oo cc (oo) c u o", "P3c r5o R8o." },
		{ "eased meanwhile", "oo cc (ww) w", "P3c c5w C6w" },
		{ "worse meanwhile", "oo ww (cc) c", "P3w p5c P6c" },
		{ "over and back meanwhile: nothing is new", "oo cc (oo cc) c", "P3c r5o p7c" },
		{ "unless it is something else", "oo ww (oo cc) cc", "P3w r5o p7c P8c" },
		{ "no reminders, and none made up for", "oo cc (cccccccc) ccc", "P3c" },
		{ "a silent first OK", "(oo) cc", "P3c" },
	};
	(void)unused;
	run_rows(rows, MXW_ARRAY_SIZE(rows));
}

static void test_acked(void **unused)
{
	static const struct row rows[] = {
		{ "a reminder", "oo cccccccccc", "P3c m9c" },
		{ "none once it is acknowledged", "oo cc! cccccccccc", "P3c" },
		{ "what is worse is told all the same", "oo ww! cc", "P3w P5c" },
		{ "the acknowledgement ends with the incident", "oo cc! oo cccccccccc", "P3c R5o. P7c m13c" },
		{ "also when that is not told", "oo cc! (oo) o", "P3c r5o R6o." },
	};
	(void)unused;
	run_rows(rows, MXW_ARRAY_SIZE(rows));
}

static void test_escalation(void **unused)
{
	static const struct row rows[] = {
		{ "a warning after fifteen minutes and five rounds, critical after sixty", "oo fffffffffffffff",
		  "P6w m12w P14c" },
		{ "a failure that hides nothing worse stays a warning", "oo lllllllllllllll", "P6w m12w" },
		{ "a verdict between begins anew", "oo ffffo ffff", "" },
		{ "rounds that see nothing neither count nor end it", "oo ffufff", "P7w" },
		{ "but a failure that was seen long ago counts for nothing", "oo ffuuff ff", "" },
		{ "the usual recovery ends it", "oo fffff oo", "P6w R8o." },
		{ "it makes nothing better", "oo cc ffffffffffffff", "P3c" },
		{ "nor tells a problem of the same weight again", "oo ww fffff", "P3w" },
		{ "a determinate problem takes its place", "oo fffff ww", "P6w C8w" },
		{ "a worse one too", "oo fffff cc", "P6w P8c" },
		{ "critical by failing, then determinate", "oo fffffffffffff cc", "P6w m12w P14c C16c" },
		{ "and a warning eases it", "oo fffffffffffff ww", "P6w m12w P14c C16w" },
		{ "not while the lookup fails that may hide more", "oo fffffffffffff uuu", "P6w m12w P14c" },
		{ "from the very start", "fffff", "P4w" },
		{ "muted", "oo (fffff) f oo", "p6w P7w R9o." },
	};
	(void)unused;
	run_rows(rows, MXW_ARRAY_SIZE(rows));
}

static void test_flapping(void **unused)
{
	static const struct row rows[] = {
		{ "the fourth change is told as flapping", "oo cc oo cc oo", "P3c R5o. P7c F9c" },
		{ "then silence, and after an hour the settled state", "oo cc oo cc oo cc oo oooooooooooo",
		  "P3c R5o. P7c F9c p11c r13o R25o_." },
		{ "settled in the problem", "oo cc oo cc oo cc cccccccccccc", "P3c R5o. P7c F9c p11c C23c_" },
		{ "settled in a better one", "oo cc oo cc oo ww wwwwwwwwwwww", "P3c R5o. P7c F9c p11w C23w_" },
		{ "what is worse passes", "oo ww oo ww oo cc", "P3w R5o. P7w F9w P11c" },
		{ "and only that", "oo ww oo ww oo cc ww oo cc", "P3w R5o. P7w F9w P11c c13w r15o p17c" },
		{ "the worst state is named", "oo ww cc ww oo", "P3w P5c C7w F9c" },
		{ "slow changes are none", "oo cc oooooo cccccc oooooo cccccc oo", "P3c R5o. P11c R17o. P23c R29o." },
		{ "never without an open problem", "oo (cc oo cc) oo cc oo", "p3c r5o. p7c r9o. P11c F13c" },
		{ "it settles only in a round that sees it", "oo cc oo cc oo uuuuuuuuuuuu uuu o",
		  "P3c R5o. P7c F9c R25o_." },
		{ "and not while it is muted", "oo cc oo cc oo (oooooooooooooo) o", "P3c R5o. P7c F9c R24o_." },
		{ "no reminders while it flaps", "oo cc oo cc oo cc ccccccccc", "P3c R5o. P7c F9c p11c" },
	};
	(void)unused;
	run_rows(rows, MXW_ARRAY_SIZE(rows));
}

static void test_held(void **unused)
{
	static const struct row rows[] = {
		{ "evidence counts, the state stays", "oo =ccc + c", "P5c" },
		{ "nothing at all while it is held", "oo =cccccccc", "" },
	};
	(void)unused;
	run_rows(rows, MXW_ARRAY_SIZE(rows));
}

/* ---- every sequence ---- */

/* What a receiver makes of the stream. */
struct receiver {
	enum mxw_severity state;
	int last_round;
};

/* A5, A6, and that a key at rest has been told everything. */
static void receive(struct receiver *receiver, const struct world *world, const struct mxw_transition *transition)
{
	if (!transition->is_told)
		return;
	assert_int_equal(transition->from == MXW_UNKNOWN ? MXW_OK : transition->from, receiver->state);
	bool is_open = receiver->state >= MXW_WARNING, is_problem = transition->to >= MXW_WARNING;
	switch (transition->kind) {
	case MXW_TRANSITION_PROBLEM:
		assert_true(is_problem && transition->to > receiver->state);
		break;
	case MXW_TRANSITION_RECOVERY:
		assert_true(is_open && !is_problem);
		break;
	default:
		assert_true(is_open && is_problem);
		break;
	}
	receiver->state = transition->to;
	assert_int_equal(world->state.told, transition->to);
	assert_false(world->is_muted);
}

/* Sequences of OK, WARNING, CRITICAL, failures and the begin or end of a mute, from a seed each. */
static void test_streams(void **unused)
{
	static const char letters[] = "oooooowwwcccccufffffl()";
	(void)unused;
	for (uint32_t seed = 1; seed <= 20000; seed++) {
		struct world world;
		struct receiver receiver = { .state = MXW_OK };
		uint64_t seq = 0, random = seed * UINT64_C(0x9e3779b97f4a7c15);
		char letter = 'o';
		init(&world);
		for (int i = 0; i < 120; i++) {
			struct mxw_transition transition;
			random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
			if (random >> 40 & 1 || i > 90) /* what is so lasts for a while */
				letter = i > 90 ? 'o' : letters[(random >> 50) % (sizeof(letters) - 1)];
			world.is_muted = world.is_muted && i <= 90;
			if (set_flag(&world, letter))
				continue;
			step(&world, letter, &transition);
			receive(&receiver, &world, &transition);
			bool is_event = transition.kind > MXW_TRANSITION_SILENT &&
					transition.kind != MXW_TRANSITION_REMINDER;
			assert_int_equal(world.state.seq, seq + is_event);
			seq = world.state.seq;
			bool is_open = world.state.hard >= MXW_WARNING || world.state.told >= MXW_WARNING;
			assert_int_equal(world.state.incident_since_wall_ms != 0, is_open);
		}
		assert_int_equal(world.state.hard, MXW_OK);
		assert_int_equal(receiver.state, MXW_OK);
		assert_true(mxw_soft_is_empty(&world.soft) || world.soft.n_turns);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_muted),    cmocka_unit_test(test_acked), cmocka_unit_test(test_escalation),
		cmocka_unit_test(test_flapping), cmocka_unit_test(test_held),  cmocka_unit_test(test_streams),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
