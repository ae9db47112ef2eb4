/* Plays a plan on the stage of the scenarios; see trace.h. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "lib/base/util.h"
#include "lib/dns/name.h"
#include "tests/property/condition.h"
#include "tests/property/trace.h"
#include "tests/scenario/fake_loop.h"
#include "tests/scenario/ledger.h"
#include "tests/scenario/stage.h"

struct player {
	struct stage stage;
	struct trace *trace;
	int64_t harvested_ms;
	uint64_t n_harvested; /* events of this life */
};

/* World callbacks have no argument: there is one world. */
static struct player *current;

static void fail(struct player *player, const char *problem)
{
	if (!player->trace->problem[0])
		snprintf(player->trace->problem, sizeof(player->trace->problem), "%s", problem);
}

static void check(struct player *player, const char *problem)
{
	if (problem)
		fail(player, problem);
}

static struct moment *last_moment(struct trace *trace)
{
	return &trace->moments[trace->n_moments - 1];
}

static int64_t now_ms(const struct player *player)
{
	return stage_true_ms(&player->stage);
}

/* ---- what is noted ---- */

/* The domain of the plan that the name is at or below; n_domains for none. */
static unsigned find_domain(const char *name)
{
	char domain[PLAN_NAME_MAX];
	unsigned i = 0;
	for (; i < current->trace->plan->n_domains; i++) {
		plan_domain_name(domain, i);
		if (mxw_name_is_below(name, domain))
			break;
	}
	return i;
}

static void on_fetch(const char *resolver, const char *name)
{
	struct trace *trace = current->trace;
	unsigned i = find_domain(name);
	if (i == trace->plan->n_domains)
		return;
	trace->fetches = reallocarray(trace->fetches, trace->n_fetches + 1, sizeof(trace->fetches[0]));
	if (!trace->fetches)
		abort();
	trace->fetches[trace->n_fetches++] = (struct trace_fetch){ now_ms(current), (unsigned)(resolver[1] - '1'), i };
}

/* The first questions of a round are for the MX records, to all resolvers at the same time. */
static void on_question(const char *name, uint16_t type)
{
	struct trace *trace = current->trace;
	unsigned i = find_domain(name);
	if (type != MXW_TYPE_MX || i == trace->plan->n_domains)
		return;
	for (size_t k = trace->n_rounds; k > 0 && trace->rounds[k - 1].at_ms == now_ms(current); k--)
		if (trace->rounds[k - 1].domain == i)
			return;
	trace->rounds = reallocarray(trace->rounds, trace->n_rounds + 1, sizeof(trace->rounds[0]));
	if (!trace->rounds)
		abort();
	trace->rounds[trace->n_rounds++] =
		(struct trace_round){ .at_ms = now_ms(current), .moment = trace->n_moments - 1, .domain = i };
}

static bool limit_files(bool is_full)
{
	struct rlimit limit;
	signal(SIGXFSZ, SIG_IGN);
	if (getrlimit(RLIMIT_FSIZE, &limit) < 0)
		return false;
	limit.rlim_cur = is_full ? 0 : limit.rlim_max;
	return setrlimit(RLIMIT_FSIZE, &limit) == 0;
}

/* Our own reading and copying is none of the daemon's, and nothing is full for it. */
static void harvest(struct player *player)
{
	bool is_full = last_moment(player->trace)->is_disk_full;
	uint64_t n = player->stage.life ? life_n_events(player->stage.life) : 0;
	if (!player->stage.life || n != player->n_harvested) {
		limit_files(false);
		trace_harvest(player->trace, player->stage.dir, player->harvested_ms);
		limit_files(is_full);
	}
	player->n_harvested = n;
	player->harvested_ms = now_ms(player);
}

/* ---- deeds: false when this one cannot be done now ---- */

static void set_zone(struct player *player, const struct moment *moment, unsigned resolver)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	char name[PLAN_NAME_MAX];
	plan_resolver_name(name, resolver);
	condition_add_zone(&text, player->trace->plan, moment->says[resolver]);
	struct world_resolver *place = world_get_resolver(name);
	if (!world_set_zone(name, "good", mxw_strbuf_get(&text)))
		abort();
	place->failure = (enum mxw_outcome)moment->failure[resolver];
	place->zone = place->failure ? NULL : world_find_zone(name);
	place->is_lying = moment->lies[resolver];
}

static bool do_resolvers(struct player *player, struct moment *moment, const struct deed *deed)
{
	for (unsigned i = 0; i < player->trace->plan->n_resolvers; i++) {
		if (deed->resolver != PLAN_ALL && deed->resolver != i)
			continue;
		if (deed->kind == DEED_SAY)
			moment->says[i][deed->who] = (uint8_t)deed->what;
		else if (deed->kind == DEED_FAIL || deed->kind == DEED_WORK)
			moment->failure[i] = (uint8_t)(deed->kind == DEED_FAIL ? deed->what : 0);
		else
			moment->lies[i] = deed->kind == DEED_LIE;
		set_zone(player, moment, i);
	}
	return true;
}

static bool do_receiver(struct player *player, struct moment *moment, const struct deed *deed)
{
	char name[PLAN_NAME_MAX];
	(void)player;
	plan_notifier_name(name, deed->who);
	world_get_receiver(name)->mode = (enum receiver_mode)deed->what;
	moment->receivers[deed->who] = (uint8_t)deed->what;
	return true;
}

static bool do_stop(struct player *player, struct moment *moment, const struct deed *deed)
{
	if (!moment->is_alive)
		return false;
	for (unsigned i = 0; deed->kind == DEED_KILL && i < deed->what; i++)
		life_step(player->stage.life, life_now_ms(player->stage.life) + HOUR);
	if (deed->kind == DEED_STOP) {
		check(player, stage_stop(&player->stage));
	} else {
		limit_files(false);
		check(player, stage_kill(&player->stage));
		limit_files(moment->is_disk_full);
	}
	moment->is_alive = false;
	harvest(player);
	return true;
}

static const char *configure(struct player *player, const struct plan_config *config)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf yaml = MXW_STRBUF_INIT;
	plan_add_yaml(&yaml, config);
	return stage_set_configuration(&player->stage, mxw_strbuf_get(&yaml));
}

static bool do_start(struct player *player, struct moment *moment, const struct deed *deed)
{
	(void)deed;
	if (moment->is_alive || moment->is_disk_full)
		return false;
	check(player, stage_start(&player->stage));
	moment->is_alive = player->stage.life;
	return true;
}

static bool do_reload(struct player *player, struct moment *moment, const struct deed *deed)
{
	moment->config = &player->trace->plan->configs[deed->what];
	check(player, configure(player, moment->config));
	return true;
}

static bool do_time(struct player *player, struct moment *moment, const struct deed *deed)
{
	if (deed->kind == DEED_CLOCK) {
		stage_step_clock(&player->stage, deed->ms);
		moment->wall_offset_ms += deed->ms;
		return true;
	}
	if (moment->is_alive)
		life_suspend(player->stage.life, deed->ms);
	else
		stage_advance(&player->stage, deed->ms);
	return true;
}

static bool do_silence(struct player *player, struct moment *moment, const struct deed *deed)
{
	struct trace *trace = player->trace;
	char name[PLAN_NAME_MAX] = "*";
	if (deed->who != PLAN_ALL)
		plan_domain_name(name, deed->who);
	const char *check_name = deed->what == PLAN_ALL ? NULL : plan_check_names[deed->what];
	if (!moment->is_alive || life_silence(player->stage.life, name, check_name, deed->ms) < 0)
		return false;
	trace->silences[trace->n_silences++] = (struct trace_silence){
		.from = trace->n_moments,
		.until = SIZE_MAX,
		.until_wall_ms = fake_loop_start_wall_ms + now_ms(player) + moment->wall_offset_ms + deed->ms,
		.domain = deed->who,
		.check = deed->what,
	};
	return true;
}

static bool do_unsilence(struct player *player, struct moment *moment, const struct deed *deed)
{
	struct trace *trace = player->trace;
	if (!moment->is_alive || deed->what > trace->n_silences || life_unsilence(player->stage.life, deed->what) < 0)
		return false;
	struct trace_silence *silence = &trace->silences[deed->what - 1];
	silence->until = MXW_MIN(silence->until, trace->n_moments);
	return true;
}

static bool do_ack(struct player *player, struct moment *moment, const struct deed *deed)
{
	char name[PLAN_NAME_MAX];
	plan_domain_name(name, deed->who);
	return moment->is_alive && life_ack(player->stage.life, name, NULL) == 0;
}

static bool do_disk(struct player *player, struct moment *moment, const struct deed *deed)
{
	(void)player;
	moment->is_disk_full = deed->kind == DEED_DISK_FULL;
	return limit_files(moment->is_disk_full);
}

static bool do_lose_sender(struct player *player, struct moment *moment, const struct deed *deed)
{
	(void)deed;
	if (moment->is_alive)
		life_lose_sender(player->stage.life);
	return moment->is_alive;
}

static bool (*const deeds[N_DEEDS])(struct player *player, struct moment *moment, const struct deed *deed) = {
	[DEED_SAY] = do_resolvers,   [DEED_FAIL] = do_resolvers,      [DEED_WORK] = do_resolvers,
	[DEED_LIE] = do_resolvers,   [DEED_HONEST] = do_resolvers,    [DEED_RECEIVER] = do_receiver,
	[DEED_KILL] = do_stop,       [DEED_STOP] = do_stop,           [DEED_START] = do_start,
	[DEED_RELOAD] = do_reload,   [DEED_CLOCK] = do_time,          [DEED_SUSPEND] = do_time,
	[DEED_SILENCE] = do_silence, [DEED_UNSILENCE] = do_unsilence, [DEED_ACK] = do_ack,
	[DEED_DISK_FULL] = do_disk,  [DEED_DISK_OK] = do_disk,        [DEED_LOSE_SENDER] = do_lose_sender,
};

/* ---- the play ---- */

static void advance_to(struct player *player, int64_t at_ms)
{
	if (at_ms > now_ms(player))
		stage_advance(&player->stage, at_ms - now_ms(player));
	harvest(player);
}

static void do_deed(struct player *player, const struct deed *deed)
{
	struct trace *trace = player->trace;
	struct moment next = *last_moment(trace);
	advance_to(player, deed->at_ms);
	if (!deeds[deed->kind] || !deeds[deed->kind](player, &next, deed))
		return;
	next.deed = deed;
	next.at_ms = now_ms(player) - (deed->kind == DEED_SUSPEND ? deed->ms : 0);
	if (deed->kind == DEED_RELOAD) /* it is decided under the old configuration what ends with it */
		harvest(player);
	trace->moments[trace->n_moments++] = next;
}

static void begin(struct player *player)
{
	const struct plan *plan = player->trace->plan;
	struct moment *moment = last_moment(player->trace);
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	char name[PLAN_NAME_MAX];
	condition_add_good_zone(&text, plan);
	if (!world_set_zone("good", NULL, mxw_strbuf_get(&text)))
		abort();
	for (unsigned i = 0; i < plan->n_resolvers; i++)
		set_zone(player, moment, i);
	for (unsigned i = 0; i < plan->n_notifiers; i++) {
		plan_notifier_name(name, i);
		world_get_receiver(name);
	}
	world.on_question = on_question;
	world.ttls.on_fetch = on_fetch;
	moment->config = &plan->configs[0];
	check(player, stage_init(&player->stage, 0));
	check(player, configure(player, moment->config));
	check(player, stage_start(&player->stage));
	moment->is_alive = player->stage.life;
}

/* What the scenarios look at in the end, too. */
static void end(struct player *player)
{
	struct trace *trace = player->trace;
	limit_files(false);
	if (player->stage.life)
		check(player, stage_stop(&player->stage));
	trace_harvest_end(trace, player->stage.dir, player->harvested_ms);
	trace->end_ms = now_ms(player);
	size_t n_expired = 0;
	for (size_t i = 0; i < trace->n_deliveries; i++)
		n_expired += trace->deliveries[i].status == 3;
	trace->agrees = trace->problem[0] || ledger_audit(player->stage.dir, &world.inbox, n_expired);
}

void play(struct trace *ret, const struct plan *plan)
{
	struct player player = { .trace = ret };
	*ret = (struct trace){ .plan = plan, .n_moments = 1 };
	world_init();
	current = &player;
	begin(&player);
	for (size_t i = 0; i < plan->n_deeds && !ret->problem[0]; i++)
		do_deed(&player, &plan->deeds[i]);
	if (!ret->problem[0])
		advance_to(&player, plan->end_ms);
	end(&player);
	stage_done(&player.stage);
	current = NULL;
}

void play_done(struct trace *trace)
{
	free(trace->events);
	free(trace->deliveries);
	free(trace->rounds);
	free(trace->fetches);
	world_done();
}

int64_t trace_wall_ms(const struct trace *trace, size_t moment, int64_t at_ms)
{
	return fake_loop_start_wall_ms + at_ms + trace->moments[moment].wall_offset_ms;
}

int64_t trace_end_of(const struct trace *trace, size_t moment)
{
	return moment + 1 < trace->n_moments ? trace->moments[moment + 1].at_ms : trace->end_ms;
}
