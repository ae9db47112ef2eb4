/* Runs a scenario: the real monitor, store and outbox in a world of the script's making, in virtual time.
 *
 *	scenario FILE
 *
 * The world
 *	zone NAME [like OTHER] ... end	what a resolver may say; see tests/zone/zone.h. With a known name: what it says from now on
 *	all ZONE | RESOLVER ZONE	as in "r1 good": who says it; all of them, also those that come later, or one of r1 to r5
 *	all OUTCOME | RESOLVER OUTCOME	as in "r1 timeout": every question ends so
 *	resolver NAME ZONE|OUTCOME	the same of any resolver, by its name in the configuration
 *	server ADDRESS ZONE | OUTCOME	what a name server says that is asked directly, see `authority`; unknown ones are dead
 *	lies RESOLVER | honest RESOLVER	names that cannot exist have an address there, or do not any more
 *	receiver NAME MODE [N]		ok, retry, park, hang (never answers) or lose-ack (takes it, the answer is lost); with a
 *					number for so many tries, and then it is ok
 *	advance TIME			lets time pass
 *	clock +TIME | clock -TIME	steps the wall clock
 *	suspend TIME			the machine sleeps so long: time passes, the daemon stands still
 *	disk full | disk ok		nothing can be written to files, or can again
 *	chaos N SEEDS			N random things happen to all of the above and to the daemon; the script is run so often,
 *					each time they are others
 *
 * The daemon
 *	config ... end			its configuration, which starts it. What it lacks of resolvers (r1, r2, r3) and notifiers
 *					(ops) is added
 *	reload ... end			a new configuration
 *	reload-refused ... end		one that must not be taken
 *	stop | kill			SIGTERM | kill -9
 *	start				starts it again where it ended
 *	kill-anywhere TIME		like advance; then the script is run again for each step of that time, with a kill and a
 *					start after the step: whatever the instant, the rest of the script must hold
 *	until POINT			goes on until the next round or tick begins, the next event is committed, received or
 *					acknowledged: the instant before a kill, by its name; see points.h
 *	lose-sender			the sender process dies
 *	sql ... end			statements, by somebody's hand in the store while the daemon is stopped
 *	silence PATTERN TIME [CHECK]	as the command does it; the first one has number 1
 *	unsilence NUMBER
 *	ack DOMAIN [CHECK]		there must be a problem
 *	ack-refused DOMAIN		cannot be written
 *	test-refused NOTIFIER		a test of it cannot be written
 *	muted N				so many silences and acknowledgements hold
 *	kept N				so many of them are kept, those that are over included
 *
 * Expectations, each about the next event of its key; "@NAME" as the last word names a receiver other than ops
 *	expect problem|change|reminder|flapping DOMAIN CHECK FINDING SEVERITY [low] [affects N]
 *					"low": with low confidence. Of a group the check is its kind, as in
 *					"mail.example.net cause" or "* mass"; N: so many domains
 *	expect recovery DOMAIN CHECK FINDING [removed]	what was wrong before; the state is ok, or with "removed" unknown
 *	expect count N KIND FINDING	exactly N such events of any domains that were not expected so far
 *	expect record-change DOMAIN CHECK TYPE [OLD -> NEW]	of a watched type of record; OLD and NEW as the summary has them
 *	expect monitor WORD...		an event about the monitor itself with these words in its summary
 *	expect silence			nothing has come that was not expected
 *	expect anything			whatever has come is fine
 *	expect nothing-open		no receiver was left with an open problem
 *	expect open N			so many deliveries are pending or parked
 *	expired N			at the end, so many deliveries have expired
 *
 * What holds for every scenario needs no line in it: see inbox.h, ledger.h and expect_good_end. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>

#include "lib/base/duration.h"
#include "lib/base/util.h"
#include "tests/scenario/chaos.h"
#include "tests/scenario/expect.h"
#include "tests/scenario/points.h"
#include "tests/scenario/script.h"
#include "tests/scenario/stage.h"
#include "tests/scenario/world.h"

/* ---- the world ---- */

static const char *run_zone(struct stage *stage, const struct script_command *command)
{
	bool is_like = command->n_words == 3 && strcmp(command->words[1], "like") == 0;
	(void)stage;
	if (command->n_words != 1 && !is_like)
		return "expected is: zone NAME [like OTHER]";
	return world_set_zone(command->words[0], is_like ? command->words[2] : NULL, command->block) ? NULL
												     : "bad zone";
}

static const char *set_resolver(struct world_resolver *resolver, const char *word)
{
	if (!resolver)
		return "too many resolvers";
	resolver->zone = world_find_zone(word);
	for (int i = MXW_OUTCOME_NODATA; !resolver->zone && i < MXW_N_OUTCOMES; i++) {
		resolver->failure = (enum mxw_outcome)i;
		if (strcasecmp(mxw_outcome_name(resolver->failure), word) == 0)
			return NULL;
	}
	return resolver->zone ? NULL : "neither a zone nor an outcome";
}

static const char *run_all(struct stage *stage, const struct script_command *command)
{
	const char *problem = set_resolver(&world.others, command->words[0]);
	(void)stage;
	for (size_t i = 0; i < world.n_resolvers && !problem; i++)
		if (!world_is_server(&world.resolvers[i]))
			problem = set_resolver(&world.resolvers[i], command->words[0]);
	return problem;
}

static const char *run_resolver(struct stage *stage, const struct script_command *command)
{
	(void)stage;
	const char *name = command->n_words == 2 ? command->words[0] : command->verb->name;
	return set_resolver(world_get_resolver(name), command->words[command->n_words - 1]);
}

static const char *run_server(struct stage *stage, const struct script_command *command)
{
	(void)stage;
	return set_resolver(world_get_resolver(command->words[0]), command->words[1]);
}

static const char *run_lies(struct stage *stage, const struct script_command *command)
{
	struct world_resolver *resolver = world_get_resolver(command->words[0]);
	(void)stage;
	if (!resolver)
		return "too many resolvers";
	resolver->is_lying = strcmp(command->verb->name, "lies") == 0;
	return NULL;
}

static const char *run_receiver(struct stage *stage, const struct script_command *command)
{
	static const char *const modes[] = { "ok", "retry", "park", "hang", "lose-ack" };
	struct world_receiver *receiver = world_get_receiver(command->words[0]);
	(void)stage;
	if (!receiver)
		return "too many receivers";
	for (size_t i = 0; i < MXW_ARRAY_SIZE(modes); i++)
		if (strcmp(modes[i], command->words[1]) == 0) {
			receiver->mode = (enum receiver_mode)i;
			receiver->n_left = command->n_words > 2 ? (unsigned)strtoul(command->words[2], NULL, 10) : 0;
			return NULL;
		}
	return "no such mode of a receiver";
}

static const char *run_advance(struct stage *stage, const struct script_command *command)
{
	int64_t ms;
	if (mxw_duration_parse(command->words[0], &ms) < 0)
		return "no duration";
	stage_advance(stage, ms);
	return NULL;
}

static const char *run_clock(struct stage *stage, const struct script_command *command)
{
	const char *word = command->words[0];
	int64_t ms;
	if ((*word != '+' && *word != '-') || mxw_duration_parse(word + 1, &ms) < 0)
		return "expected is a duration with + or - before it";
	stage_step_clock(stage, *word == '-' ? -ms : ms);
	return NULL;
}

static const char *run_suspend(struct stage *stage, const struct script_command *command)
{
	int64_t ms;
	if (mxw_duration_parse(command->words[0], &ms) < 0)
		return "no duration";
	if (!stage->life)
		return "no daemon is running";
	life_suspend(stage->life, ms);
	return NULL;
}

/* A limit on the size of files is the disk that is full: every write fails, and only the writes. */
static const char *run_disk(struct stage *stage, const struct script_command *command)
{
	struct rlimit limit;
	(void)stage;
	bool is_full = strcmp(command->words[0], "full") == 0;
	if (!is_full && strcmp(command->words[0], "ok") != 0)
		return "expected is full or ok";
	signal(SIGXFSZ, SIG_IGN);
	if (getrlimit(RLIMIT_FSIZE, &limit) < 0)
		return "no limits here";
	limit.rlim_cur = is_full ? 0 : limit.rlim_max;
	return setrlimit(RLIMIT_FSIZE, &limit) < 0 ? "the limit cannot be set" : NULL;
}

static const char *run_chaos(struct stage *stage, const struct script_command *command)
{
	stage->n_passes = strtoul(command->words[1], NULL, 10);
	return chaos(stage, stage->pass + 1, strtoul(command->words[0], NULL, 10));
}

/* ---- the daemon ---- */

static const char *run_config(struct stage *stage, const struct script_command *command)
{
	return stage->life ? "a daemon is running already" : stage_configure(stage, command->block);
}

static const char *run_reload(struct stage *stage, const struct script_command *command)
{
	return stage->life ? stage_configure(stage, command->block) : "no daemon is running";
}

static const char *run_reload_refused(struct stage *stage, const struct script_command *command)
{
	if (!stage->life)
		return "no daemon is running";
	return life_reload(stage->life, command->block) ? "the configuration was taken" : NULL;
}

static const char *run_start(struct stage *stage, const struct script_command *command)
{
	(void)command;
	return stage_start(stage);
}

static const char *run_stop(struct stage *stage, const struct script_command *command)
{
	(void)command;
	return stage_stop(stage);
}

static const char *run_kill(struct stage *stage, const struct script_command *command)
{
	(void)command;
	return stage_kill(stage);
}

static const char *run_kill_anywhere(struct stage *stage, const struct script_command *command)
{
	int64_t ms;
	if (mxw_duration_parse(command->words[0], &ms) < 0)
		return "no duration";
	return stage_advance_killing(stage, ms);
}

static const char *run_until(struct stage *stage, const struct script_command *command)
{
	return point_reach(stage, command->words[0]);
}

static const char *run_lose_sender(struct stage *stage, const struct script_command *command)
{
	(void)command;
	if (!stage->life)
		return "no daemon is running";
	life_lose_sender(stage->life);
	return NULL;
}

/* What has to be done to a running daemon, and has a result. */
static const char *done(struct stage *stage, int r)
{
	return r < 0 ? stage_problem(stage, "%s", strerror(-r)) : NULL;
}

static const char *run_sql(struct stage *stage, const struct script_command *command)
{
	return stage_sql(stage, command->block);
}

static const char *run_silence(struct stage *stage, const struct script_command *command)
{
	const char *check = command->n_words > 2 ? command->words[2] : NULL;
	int64_t ms;
	if (!stage->life)
		return "no daemon is running";
	if (mxw_duration_parse(command->words[1], &ms) < 0)
		return "no duration";
	return done(stage, life_silence(stage->life, command->words[0], check, ms));
}

static const char *run_unsilence(struct stage *stage, const struct script_command *command)
{
	if (!stage->life)
		return "no daemon is running";
	return done(stage, life_unsilence(stage->life, strtoull(command->words[0], NULL, 10)));
}

static const char *run_ack(struct stage *stage, const struct script_command *command)
{
	const char *check = command->n_words > 1 ? command->words[1] : NULL;
	if (!stage->life)
		return "no daemon is running";
	return done(stage, life_ack(stage->life, command->words[0], check));
}

static const char *run_ack_refused(struct stage *stage, const struct script_command *command)
{
	if (!stage->life)
		return "no daemon is running";
	return life_ack(stage->life, command->words[0], NULL) < 0 ? NULL : "it was taken";
}

static const char *run_test_refused(struct stage *stage, const struct script_command *command)
{
	if (!stage->life)
		return "no daemon is running";
	return life_test_notifier(stage->life, command->words[0]) < 0 ? NULL : "it was taken";
}

static const char *run_muted(struct stage *stage, const struct script_command *command)
{
	bool with_ended = strcmp(command->verb->name, "kept") == 0;
	size_t n = stage->life ? life_n_mutes(stage->life, with_ended) : 0;
	return n == strtoul(command->words[0], NULL, 10) ? NULL : stage_problem(stage, "there are %zu", n);
}

static const char *run_expired(struct stage *stage, const struct script_command *command)
{
	stage->n_expired = strtoul(command->words[0], NULL, 10);
	return NULL;
}

/* ---- the script ---- */

static const struct script_verb verbs[] = {
	{ "zone", 1, 3, true, run_zone },
	{ "all", 1, 1, false, run_all },
	{ "resolver", 2, 2, false, run_resolver },
	{ "r1", 1, 1, false, run_resolver },
	{ "r2", 1, 1, false, run_resolver },
	{ "r3", 1, 1, false, run_resolver },
	{ "r4", 1, 1, false, run_resolver },
	{ "r5", 1, 1, false, run_resolver },
	{ "server", 2, 2, false, run_server },
	{ "lies", 1, 1, false, run_lies },
	{ "honest", 1, 1, false, run_lies },
	{ "receiver", 2, 3, false, run_receiver },
	{ "advance", 1, 1, false, run_advance },
	{ "clock", 1, 1, false, run_clock },
	{ "suspend", 1, 1, false, run_suspend },
	{ "disk", 1, 1, false, run_disk },
	{ "chaos", 2, 2, false, run_chaos },
	{ "config", 0, 0, true, run_config },
	{ "reload", 0, 0, true, run_reload },
	{ "reload-refused", 0, 0, true, run_reload_refused },
	{ "start", 0, 0, false, run_start },
	{ "stop", 0, 0, false, run_stop },
	{ "kill", 0, 0, false, run_kill },
	{ "kill-anywhere", 1, 1, false, run_kill_anywhere },
	{ "until", 1, 1, false, run_until },
	{ "lose-sender", 0, 0, false, run_lose_sender },
	{ "sql", 0, 0, true, run_sql },
	{ "silence", 2, 3, false, run_silence },
	{ "unsilence", 1, 1, false, run_unsilence },
	{ "ack", 1, 2, false, run_ack },
	{ "ack-refused", 1, 1, false, run_ack_refused },
	{ "test-refused", 1, 1, false, run_test_refused },
	{ "muted", 1, 1, false, run_muted },
	{ "kept", 1, 1, false, run_muted },
	{ "expect", 1, SCRIPT_MAX_WORDS, false, expect },
	{ "expired", 1, 1, false, run_expired },
	{ 0 },
};

/* Plays the whole script once. Returns how many passes it asks for, or 0 when an expectation failed. */
static unsigned long play(const struct script *script, unsigned long pass)
{
	struct stage stage;
	world_init();
	const char *problem = stage_init(&stage, pass);
	for (size_t i = 0; i < script->n && !problem; i++) {
		const struct script_command *command = &script->commands[i];
		problem = command->verb->run(&stage, command);
		if (problem)
			fprintf(stderr, "%s:%u: %s%s%s: %s\n", command->file, command->line, command->verb->name,
				command->n_words ? " " : "", command->n_words ? command->words[0] : "", problem);
	}
	if (!problem) {
		problem = expect_good_end(&stage);
		if (problem)
			fprintf(stderr, "at the end: %s\n", problem);
	}
	stage_done(&stage);
	world_done();
	return problem ? 0 : stage.n_passes;
}

int main(int argc, char *argv[])
{
	struct script script;
	if (argc != 2) {
		fprintf(stderr, "usage: scenario FILE\n");
		return 2;
	}
	if (!script_read(&script, argv[1], verbs))
		return 2;
	unsigned long n = play(&script, 0), pass = 1;
	while (pass < n && play(&script, pass))
		pass++;
	if (pass < n)
		fprintf(stderr, "in pass %lu of 0 to %lu\n", pass, n - 1);
	script_done(&script);
	return n == 0 || pass < n ? 1 : 0;
}
