/* Runs one evaluation; see spf_run.h. Answers that come together lead to one turn of evaluating again; a turn that needs
 * nothing more ends the run, whatever is still being waited for. */
#include "daemon/spf_run.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/util.h"

enum {
	UPSTREAM = 0,
	MAX_AGE_MS = 60 * 60 * 1000, /* what this process has learned is fresh: its TTL is limit enough */
};

struct driver;
struct wait {
	struct mxw_lookup lookup;
	struct driver *driver;
	struct wait *next;
	uint16_t type;
	char name[];
};

struct driver {
	struct mxw_spf_run *run;
	struct mxw_loop *loop;
	struct mxw_resolver *resolver;
	struct mxw_timer turn, deadline;
	struct wait *waits;
	struct mxw_missing missing;
	int error;
};

static void stop(struct driver *driver, int error)
{
	driver->error = error;
	mxw_timer_cancel(&driver->turn);
	mxw_timer_cancel(&driver->deadline);
	mxw_loop_stop(driver->loop);
}

static bool is_waiting(const struct driver *driver, const struct mxw_missing_question *question)
{
	for (const struct wait *wait = driver->waits; wait; wait = wait->next)
		if (wait->type == question->type && strcmp(wait->name, question->name) == 0)
			return true;
	return false;
}

static void remove_wait(struct wait *wait)
{
	struct wait **at = &wait->driver->waits;
	while (*at != wait)
		at = &(*at)->next;
	*at = wait->next;
	free(wait);
}

static void take_answer(struct driver *driver, const char *name, uint16_t type, struct mxw_answer *answer)
{
	int r = mxw_observation_put(driver->run->observation, name, type, answer);
	if (r < 0)
		stop(driver, r);
	else if (!mxw_timer_is_armed(&driver->turn))
		mxw_timer_in(&driver->turn, 0);
}

static void on_answer(void *arg, struct mxw_answer *answer)
{
	struct wait *wait = arg;
	take_answer(wait->driver, wait->name, wait->type, answer);
	remove_wait(wait);
}

static int ask(struct driver *driver, const struct mxw_missing_question *question)
{
	size_t len = strlen(question->name) + 1;
	struct mxw_answer *known = NULL;
	struct wait *wait = calloc(1, sizeof(*wait) + len);
	if (!wait)
		return -ENOMEM;
	*wait = (struct wait){ .driver = driver, .type = question->type };
	wait->lookup.callback = on_answer;
	wait->lookup.arg = wait;
	memcpy(wait->name, question->name, len);
	int r = mxw_resolver_ask(driver->resolver, UPSTREAM, wait->name, wait->type, MAX_AGE_MS, &wait->lookup, &known);
	if (r == -EINVAL) /* no wire form: nobody could ask this */
		r = mxw_answer_new_failure(&known, MXW_OUTCOME_MALFORMED);
	if (r == 0 && !known) {
		wait->next = driver->waits;
		driver->waits = wait;
		return 0;
	}
	if (known)
		take_answer(driver, question->name, question->type, known);
	mxw_answer_unref(known);
	free(wait);
	return r;
}

/* Evaluates as far as the answers reach; what is needed next is in driver->missing. */
static int evaluate(struct driver *driver)
{
	struct mxw_spf_run *run = driver->run;
	mxw_missing_clear(&driver->missing);
	int r = mxw_spf_evaluate(&run->query, run->observation, &driver->missing, &run->trace, &run->evaluation);
	return r < 0 ? r : driver->missing.failed ? -ENOMEM : 0;
}

static void on_turn(void *arg)
{
	struct driver *driver = arg;
	int r = evaluate(driver);
	if (r < 0 || driver->missing.n == 0) {
		stop(driver, r);
		return;
	}
	for (size_t i = 0; i < driver->missing.n && r == 0; i++)
		if (!is_waiting(driver, &driver->missing.items[i]))
			r = ask(driver, &driver->missing.items[i]);
	if (r < 0)
		stop(driver, r);
}

/* Takes what is still being waited for as timed out, so that the trace and the reason name it. */
static int blame_waits(struct driver *driver)
{
	struct mxw_spf_evaluation *evaluation = &driver->run->evaluation;
	struct mxw_answer *timeout = NULL;
	int r = mxw_answer_new_failure(&timeout, MXW_OUTCOME_TIMEOUT);
	for (const struct wait *wait = driver->waits; wait && r == 0; wait = wait->next)
		r = mxw_observation_put(driver->run->observation, wait->name, wait->type, timeout);
	mxw_answer_unref(timeout);
	if (r == 0)
		r = evaluate(driver);
	if (evaluation->problem != MXW_SPF_LOOKUP_FAILED) { /* silence was no error there, and it went on */
		mxw_spf_evaluation_done(evaluation);
		*evaluation = (struct mxw_spf_evaluation){ 0 };
	}
	evaluation->result = MXW_SPF_TEMPERROR;
	evaluation->problem = MXW_SPF_OUT_OF_TIME;
	return r;
}

/* The explanation is no part of the result (RFC 7208 6.2): what is known without it counts. */
static void on_deadline(void *arg)
{
	struct driver *driver = arg;
	driver->run->query.wants_explanation = false;
	int r = evaluate(driver);
	if (r == 0 && driver->missing.n > 0)
		r = blame_waits(driver);
	stop(driver, r);
}

static void on_interrupt(void *arg, int signal)
{
	stop(arg, -EINTR);
}

static void driver_done(struct driver *driver)
{
	while (driver->waits) {
		mxw_lookup_cancel(&driver->waits->lookup);
		remove_wait(driver->waits);
	}
	mxw_timer_cancel(&driver->turn);
	mxw_timer_cancel(&driver->deadline);
	mxw_missing_done(&driver->missing);
}

int mxw_spf_run(struct mxw_spf_run *run, struct mxw_loop *loop, struct mxw_resolver *resolver)
{
	MXW_CLEANUP(driver_done) struct driver driver = { .run = run, .loop = loop, .resolver = resolver };
	int r = mxw_observation_new(&run->observation);
	if (r == 0)
		r = mxw_loop_on_signal(loop, SIGINT, on_interrupt, &driver);
	if (r < 0)
		return r;
	mxw_timer_init(&driver.turn, loop, on_turn, &driver);
	mxw_timer_init(&driver.deadline, loop, on_deadline, &driver);
	mxw_timer_in(&driver.turn, 0);
	mxw_timer_in(&driver.deadline, run->time_limit_ms);
	r = mxw_loop_run(loop);
	return r < 0 ? r : driver.error;
}

void mxw_spf_run_done(struct mxw_spf_run *run)
{
	mxw_spf_evaluation_done(&run->evaluation);
	mxw_spf_trace_done(&run->trace);
	mxw_observation_free(run->observation);
	run->observation = NULL;
}
