/* See transport_fixture.h. */
#include "tests/unit/transport_fixture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PATIENCE_MS = 30 * 1000 };

static void on_out_of_patience(void *arg)
{
	fail_msg("no result came");
}

void transport_open(struct transport_world *world, const struct mxw_transport_ops *ops)
{
	*world = (struct transport_world){ .ops = ops };
	signal(SIGPIPE, SIG_IGN);
	strcpy(world->directory, "/tmp/mxw_transport_XXXXXX");
	assert_non_null(mkdtemp(world->directory));
	assert_int_equal(mxw_loop_new(&world->loop), 0);
	assert_int_equal(mxw_names_new(&world->names, world->loop), 0);
	const struct mxw_transport_context context = { .loop = world->loop, .names = world->names };
	assert_int_equal(ops->open(&world->transport, &context), 0);
	mxw_timer_init(&world->patience, world->loop, on_out_of_patience, NULL);
}

void transport_close(struct transport_world *world)
{
	world->ops->close(world->transport);
	mxw_timer_cancel(&world->patience);
	mxw_names_free(world->names);
	mxw_loop_free(world->loop);
	assert_int_equal(rmdir(world->directory), 0);
}

const char *transport_path(struct transport_world *world, const char *name)
{
	static char path[128];
	snprintf(path, sizeof(path), "%s/%s", world->directory, name);
	return path;
}

static char *copy(const char *text)
{
	char *made = strdup(text);
	assert_non_null(made);
	return made;
}

struct mxw_request transport_request(enum mxw_transport transport, const char *address, const char *body,
				     int64_t timeout_ms)
{
	return (struct mxw_request){
		.transport = transport,
		.id = copy("0a1b2c3d-0123456789abcdef-17"),
		.address = copy(address),
		.method = copy("POST"),
		.body = copy(body),
		.n_body = strlen(body),
		.secret_file = copy(""),
		.auth_file = copy(""),
		.ca_file = copy(""),
		.timeout_ms = timeout_ms,
	};
}

static void on_end(void *arg, struct mxw_job *job, const struct mxw_result *result)
{
	struct transport_world *world = arg;
	assert_true(world->n_results < TRANSPORT_MAX_RESULTS);
	for (size_t i = 0; i < world->n_results; i++)
		assert_true(world->results[i].delivery != job->delivery); /* one result each */
	size_t i = world->n_results++;
	world->results[i].delivery = job->delivery;
	world->results[i].status = result->status;
	world->results[i].retry_after_ms = result->retry_after_ms;
	snprintf(world->results[i].text, sizeof(world->results[i].text), "%s", result->text);
	mxw_job_free(job);
	if (world->n_results == world->wanted)
		mxw_loop_stop(world->loop);
}

void transport_submit(struct transport_world *world, struct mxw_request *request)
{
	static uint64_t delivery;
	struct mxw_job *job = mxw_job_new(world->loop, ++delivery, request);
	assert_non_null(job);
	job->end = on_end;
	job->end_arg = world;
	world->ops->submit(world->transport, job);
}

void transport_wait(struct transport_world *world, size_t n)
{
	if (world->n_results >= n)
		return;
	world->wanted = n;
	mxw_timer_in(&world->patience, PATIENCE_MS);
	assert_int_equal(mxw_loop_run(world->loop), 0);
	mxw_timer_cancel(&world->patience);
	world->wanted = 0;
}

static void on_enough(void *arg)
{
	mxw_loop_stop(arg);
}

void transport_run(struct transport_world *world, int64_t ms)
{
	struct mxw_timer timer;
	mxw_timer_init(&timer, world->loop, on_enough, world->loop);
	mxw_timer_in(&timer, ms);
	assert_int_equal(mxw_loop_run(world->loop), 0);
	mxw_timer_cancel(&timer);
}

void transport_expect(struct transport_world *world, struct mxw_request *request, enum mxw_result_status status,
		      const char *text)
{
	size_t wanted = world->n_results + 1;
	transport_submit(world, request); /* may end at once */
	transport_wait(world, wanted);
	const char *told = world->results[world->n_results - 1].text;
	if (world->results[world->n_results - 1].status != status || strncmp(told, text, strlen(text)) != 0)
		fail_msg("status %d \"%s\", expected %d \"%s\"", (int)world->results[world->n_results - 1].status, told,
			 (int)status, text);
}

int transport_let_threads_end(void **state)
{
	usleep(1300 * 1000);
	return 0;
}
