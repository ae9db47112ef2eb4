/* Runs one round: every view asks its own resolver, answers that come together lead to one turn of asking again.
 *
 * A question waits in a `wait` object that embeds the resolver's lookup. Answers mark the run dirty and arm a zero timer,
 * so a batch of datagrams costs one turn of ask() a view, and completion always comes from the loop. */
#include "daemon/runner.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct wait {
	struct mxw_lookup lookup;
	struct mxw_runner_run *run;
	struct wait *prev, *next;
	size_t view;
	uint16_t type;
	char name[];
};

struct mxw_runner_run {
	struct mxw_loop *loop;
	struct mxw_resolver *resolver;
	struct mxw_runner_servers servers;
	struct mxw_round *round;
	int64_t max_age_ms;
	struct mxw_timer turn;
	struct wait *waits;
	uint64_t dirty;   /* views with answers since their last turn */
	uint32_t talking; /* servers that have answered */
	void (*done)(void *arg, struct mxw_round *round);
	void *arg;
};

static void wait_unlink(struct wait *wait)
{
	if (wait->prev)
		wait->prev->next = wait->next;
	else
		wait->run->waits = wait->next;
	if (wait->next)
		wait->next->prev = wait->prev;
}

static void run_free(struct mxw_runner_run *run)
{
	while (run->waits) {
		struct wait *wait = run->waits;
		mxw_lookup_cancel(&wait->lookup);
		wait_unlink(wait);
		free(wait);
	}
	mxw_timer_cancel(&run->turn);
	mxw_round_free(run->round);
	free(run);
}

static uint64_t bit(size_t view)
{
	return UINT64_C(1) << view;
}

/* Memory ran out while an answer was taken: the view loses its vote instead of the round being lost. */
static void give_up_view(struct mxw_runner_run *run, size_t view)
{
	mxw_round_drop_voter(run->round, view);
}

/* A server that answers nothing is not asked again in this round: each further question would cost the whole timeout. */
static void note_server(struct mxw_runner_run *run, size_t view, const struct mxw_answer *answer)
{
	size_t n_views = mxw_round_get_spec(run->round)->n_views;
	if (view < n_views || answer->never_sent)
		return;
	if (answer->outcome != MXW_OUTCOME_TIMEOUT && answer->outcome != MXW_OUTCOME_NETWORK_ERROR)
		run->talking |= UINT32_C(1) << (view - n_views);
	else if (!(run->talking >> (view - n_views) & 1))
		mxw_round_drop_voter(run->round, view);
}

static void on_answer(void *arg, struct mxw_answer *answer)
{
	struct wait *wait = arg;
	struct mxw_runner_run *run = wait->run;
	if (mxw_round_answer(run->round, wait->view, wait->name, wait->type, answer) < 0)
		give_up_view(run, wait->view);
	note_server(run, wait->view, answer);
	run->dirty |= bit(wait->view);
	wait_unlink(wait);
	free(wait);
	if (!mxw_timer_is_armed(&run->turn))
		mxw_timer_in(&run->turn, 0);
}

/* A view's own resolver, or its server. */
static int ask_view(struct mxw_runner_run *run, struct wait *wait, struct mxw_answer **ret_cached)
{
	size_t n_views = mxw_round_get_spec(run->round)->n_views, view = wait->view;
	bool is_server = view >= n_views;
	return mxw_resolver_ask(is_server ? run->servers.resolver : run->resolver,
				is_server ? run->servers.indexes[view - n_views] : view, wait->name, wait->type,
				run->max_age_ms, &wait->lookup, ret_cached);
}

/* Asks one question; an answer from the cache is taken at once and leaves the view dirty. */
static int ask(struct mxw_runner_run *run, size_t view, const char *name, uint16_t type)
{
	size_t len = strlen(name) + 1;
	struct mxw_answer *cached = NULL;
	struct wait *wait = calloc(1, sizeof(*wait) + len);
	if (!wait)
		return -ENOMEM;
	*wait = (struct wait){ .run = run, .view = view, .type = type };
	wait->lookup.callback = on_answer;
	wait->lookup.arg = wait;
	memcpy(wait->name, name, len);
	int r = ask_view(run, wait, &cached);
	if (r == -EINVAL) /* no wire form: nobody could ask this */
		r = mxw_answer_new_failure(&cached, MXW_OUTCOME_MALFORMED);
	if (r == 0 && !cached) {
		wait->next = run->waits;
		if (run->waits)
			run->waits->prev = wait;
		run->waits = wait;
		return 0;
	}
	if (cached) {
		r = mxw_round_answer(run->round, view, name, type, cached);
		mxw_answer_unref(cached);
		run->dirty |= bit(view);
	}
	free(wait);
	return r;
}

/* One turn of a view: what does it still miss? Repeats while the cache answers everything. */
static void turn_view(struct mxw_runner_run *run, size_t view)
{
	while (run->dirty & bit(view)) {
		const struct mxw_missing *missing = NULL;
		run->dirty &= ~bit(view);
		int r = mxw_round_questions(run->round, view, &missing);
		for (size_t i = 0; r == 0 && i < missing->n; i++)
			r = ask(run, view, missing->items[i].name, missing->items[i].type);
		if (r < 0)
			give_up_view(run, view);
	}
}

static void on_turn(void *arg)
{
	struct mxw_runner_run *run = arg;
	const struct mxw_round_spec *spec = mxw_round_get_spec(run->round);
	for (size_t view = 0; view < spec->n_views + spec->n_servers; view++)
		turn_view(run, view);
	if (run->waits)
		return;
	assert(run->dirty == 0);
	struct mxw_round *round = run->round;
	void (*done)(void *, struct mxw_round *) = run->done;
	void *done_arg = run->arg;
	run->round = NULL;
	run_free(run);
	done(done_arg, round);
}

int mxw_runner_start(struct mxw_runner_run **ret, struct mxw_loop *loop, struct mxw_resolver *resolver,
		     const struct mxw_round_spec *spec, const struct mxw_runner_servers *servers, int64_t max_age_ms,
		     void (*done)(void *arg, struct mxw_round *round), void *arg)
{
	struct mxw_runner_run *run = calloc(1, sizeof(*run));
	if (!run)
		return -ENOMEM;
	*run = (struct mxw_runner_run){
		.loop = loop, .resolver = resolver, .max_age_ms = max_age_ms, .done = done, .arg = arg
	};
	if (servers)
		run->servers = *servers;
	mxw_timer_init(&run->turn, loop, on_turn, run);
	int r = mxw_round_new(&run->round, spec);
	if (r < 0) {
		run_free(run);
		return r;
	}
	spec = mxw_round_get_spec(run->round); /* no bits beyond its views */
	run->dirty = spec->voters | (uint64_t)spec->servers << spec->n_views;
	mxw_timer_in(&run->turn, 0);
	*ret = run;
	return 0;
}

void mxw_runner_cancel(struct mxw_runner_run *run)
{
	if (run)
		run_free(run);
}
