/* Programs: one run an event, the request's body on standard input, the request's headers in the environment.
 *
 * A run is a process group of its own, killed whole when its time is over. It inherits no descriptor and little
 * environment: of the secrets in ours it needs none. Its output is read, so that it never waits for us, and thrown
 * away but for a first line that helps to understand a failure. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <utlist.h>

#include "daemon/child.h"
#include "daemon/sender/program_env.h"
#include "daemon/sender/transport.h"

enum {
	MAX_RUNS = 4, /* programs at once; a burst of alerts must not become a fork bomb */
	MAX_OUTPUT = 4096,
	EXIT_CANNOT_EXECUTE = 126, /* as shells say it */
	EXIT_NOT_FOUND = 127,
};

struct run {
	struct run *prev, *next;
	struct programs *programs;
	struct mxw_job *job;
	pid_t pid;
	int input;  /* our end of its standard input, or -1 */
	int output; /* our end of its output, or -1 */
	struct mxw_io input_io, output_io;
	size_t written; /* of the body */
	char text[MAX_OUTPUT];
	size_t n_text;
	bool is_late; /* killed because its time was over */
};

struct programs {
	struct mxw_loop *loop;
	struct mxw_job *waiting;
	struct run *runs;
	size_t n_runs;
	struct mxw_timer next; /* starts waiting jobs, never from inside the end of another */
};

static void close_input(struct run *run)
{
	mxw_io_stop(&run->input_io);
	if (run->input >= 0)
		close(run->input);
	run->input = -1;
}

static void close_output(struct run *run)
{
	mxw_io_stop(&run->output_io);
	if (run->output >= 0)
		close(run->output);
	run->output = -1;
}

static void free_run(struct run *run)
{
	close_input(run);
	close_output(run);
	DL_DELETE(run->programs->runs, run);
	run->programs->n_runs--;
	mxw_timer_in(&run->programs->next, 0);
	free(run);
}

static void read_output(struct run *run)
{
	char chunk[MAX_OUTPUT];
	ssize_t n;
	do
		n = read(run->output, chunk, sizeof(chunk));
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0) {
		close_output(run);
		return;
	}
	size_t kept = MXW_MIN((size_t)n, sizeof(run->text) - run->n_text);
	memcpy(run->text + run->n_text, chunk, kept);
	run->n_text += kept;
}

static void on_output(void *arg, int fd, unsigned ready)
{
	read_output(arg);
}

/* A program may close its input unread: that is its decision. */
static void on_input(void *arg, int fd, unsigned ready)
{
	struct run *run = arg;
	const struct mxw_request *request = &run->job->request;
	ssize_t n = write(run->input, request->body + run->written, request->n_body - run->written);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	run->written += n > 0 ? (size_t)n : 0;
	if (n < 0 || run->written == request->n_body)
		close_input(run);
}

/* The first line of what it said; returns its length. */
static int first_line(const struct run *run, const char **ret)
{
	int n = 0;
	while ((size_t)n < run->n_text && run->text[n] && run->text[n] != '\n')
		n++;
	*ret = run->text;
	return n;
}

static void judge(struct run *run, struct mxw_job *job, int status)
{
	const char *line;
	int n = first_line(run, &line), code = WEXITSTATUS(status);
	const char *colon = n ? ": " : "";
	if (run->is_late)
		mxw_job_end(job, MXW_RETRY, 0, "timeout, killed%s%.*s", colon, n, line);
	else if (WIFSIGNALED(status))
		mxw_job_end(job, MXW_RETRY, 0, "ended by signal %d%s%.*s", WTERMSIG(status), colon, n, line);
	else if (code == 0)
		mxw_job_end(job, MXW_DELIVERED, 0, "exit status 0%s%.*s", colon, n, line);
	else if (code == EXIT_CANNOT_EXECUTE || code == EXIT_NOT_FOUND)
		mxw_job_end(job, MXW_PARKED, 0, "exit status %d%s%.*s", code, colon, n, line);
	else
		mxw_job_end(job, MXW_RETRY, 0, "exit status %d%s%.*s", code, colon, n, line);
}

/* The process has ended; what it left running in the background is not waited for. */
static void finish(struct run *run, int status)
{
	if (run->output >= 0)
		read_output(run);
	judge(run, run->job, status);
	free_run(run);
}

static void on_child_signal(void *arg, int signal)
{
	struct programs *programs = arg;
	struct run *run, *next;
	DL_FOREACH_SAFE (programs->runs, run, next) {
		int status = 0;
		if (waitpid(run->pid, &status, WNOHANG) == run->pid)
			finish(run, status);
	}
}

static void on_late(void *arg)
{
	struct mxw_job *job = arg;
	struct run *run = job->owner;
	run->is_late = true;
	kill(-run->pid, SIGKILL);
}

/* Both pipes close on exec; our ends do not block. */
static int open_pipes(struct run *run, int *ret_input, int *ret_output)
{
	int input[2], output[2];
	if (pipe2(input, O_CLOEXEC) < 0)
		return -errno;
	if (pipe2(output, O_CLOEXEC) < 0) {
		int r = -errno;
		close(input[0]);
		close(input[1]);
		return r;
	}
	run->input = input[1];
	run->output = output[0];
	*ret_input = input[0];
	*ret_output = output[1];
	if (fcntl(run->input, F_SETFL, O_NONBLOCK) < 0 || fcntl(run->output, F_SETFL, O_NONBLOCK) < 0)
		return -errno;
	return 0;
}

static int spawn(struct run *run, int input, int output)
{
	const struct mxw_request *request = &run->job->request;
	char **env;
	int r = mxw_program_env(request, &env);
	if (r < 0)
		return r;
	const struct mxw_child program = {
		.argv = request->args, .env = env, .input = input, .output = output, .directory = "/"
	};
	r = mxw_child_start(&program, &run->pid);
	mxw_program_env_free(env);
	return r;
}

static int watch(struct run *run)
{
	struct mxw_loop *loop = run->programs->loop;
	mxw_io_init(&run->input_io, loop, run->input, on_input, run);
	mxw_io_init(&run->output_io, loop, run->output, on_output, run);
	int r = mxw_io_watch(&run->input_io, MXW_IO_WRITE);
	if (r == 0)
		r = mxw_io_watch(&run->output_io, MXW_IO_READ);
	return r;
}

/* Kills the group and reaps the process: SIGKILL is quick, the wait is short. */
static void kill_run(struct run *run)
{
	if (!run->pid)
		return;
	kill(-run->pid, SIGKILL);
	while (waitpid(run->pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static int start_run(struct run *run)
{
	int input = -1, output = -1;
	int r = open_pipes(run, &input, &output);
	if (r == 0)
		r = spawn(run, input, output);
	if (input >= 0)
		close(input);
	if (output >= 0)
		close(output);
	return r < 0 ? r : watch(run);
}

/* The configuration names what cannot be run: that will not mend itself soon. */
static bool is_permanent(int r)
{
	return r == -ENOENT || r == -EACCES || r == -ENOEXEC || r == -ENOTDIR || r == -EISDIR || r == -EPERM ||
	       r == -EINVAL;
}

static void start(struct programs *programs, struct mxw_job *job)
{
	struct run *run = calloc(1, sizeof(*run));
	if (!run) {
		mxw_job_end(job, MXW_RETRY, 0, "out of memory");
		return;
	}
	run->programs = programs;
	run->job = job;
	run->input = run->output = -1;
	DL_APPEND(programs->runs, run);
	programs->n_runs++;
	job->owner = run;
	mxw_job_arm(job, job->request.timeout_ms, on_late);
	int r = start_run(run);
	if (r == 0)
		return;
	kill_run(run);
	free_run(run);
	mxw_job_end(job, is_permanent(r) ? MXW_PARKED : MXW_RETRY, 0, "cannot be started: %s", strerror(-r));
}

static void on_next(void *arg)
{
	struct programs *programs = arg;
	while (programs->waiting && programs->n_runs < MAX_RUNS) {
		struct mxw_job *job = programs->waiting;
		DL_DELETE(programs->waiting, job);
		start(programs, job);
	}
}

static void on_waited_too_long(void *arg)
{
	struct mxw_job *job = arg;
	struct programs *programs = job->owner;
	DL_DELETE(programs->waiting, job);
	mxw_job_end(job, MXW_RETRY, 0, "busy: %d programs run already", (int)MAX_RUNS);
}

static int open_exec(void **ret, const struct mxw_transport_context *context)
{
	struct programs *programs = calloc(1, sizeof(*programs));
	if (!programs)
		return -ENOMEM;
	programs->loop = context->loop;
	mxw_timer_init(&programs->next, context->loop, on_next, programs);
	int r = mxw_loop_on_signal(context->loop, SIGCHLD, on_child_signal, programs);
	if (r < 0) {
		free(programs);
		return r;
	}
	*ret = programs;
	return 0;
}

static void submit_exec(void *transport, struct mxw_job *job)
{
	struct programs *programs = transport;
	if (!job->request.n_args || job->request.args[0][0] != '/') {
		mxw_job_end(job, MXW_PARKED, 0, "no program with an absolute path");
		return;
	}
	job->owner = programs;
	DL_APPEND(programs->waiting, job);
	mxw_job_arm(job, MXW_JOB_MAX_WAIT_MS, on_waited_too_long);
	mxw_timer_in(&programs->next, 0);
}

/* Programs that still run are killed: their events are pending and will run them again. */
static void close_exec(void *transport)
{
	struct programs *programs = transport;
	if (!programs)
		return;
	while (programs->runs) {
		struct run *run = programs->runs;
		kill_run(run);
		mxw_job_free(run->job);
		free_run(run);
	}
	while (programs->waiting) {
		struct mxw_job *job = programs->waiting;
		DL_DELETE(programs->waiting, job);
		mxw_job_free(job);
	}
	mxw_timer_cancel(&programs->next);
	free(programs);
}

const struct mxw_transport_ops mxw_transport_exec = {
	.name = "exec",
	.open = open_exec,
	.submit = submit_exec,
	.close = close_exec,
};
