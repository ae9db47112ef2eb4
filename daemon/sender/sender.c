/* mxwatch-sender: carries what the core rendered, over one transport or another, and tells what became of it.
 *
 * It has no configuration and no memory: standard input is a socket to mxwatchd with frames of lib/request, requests
 * in, results out. When the other side closes, or sends what is no request, it exits at once; what was in flight is
 * pending there and comes again. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/ipc.h"
#include "daemon/log.h"
#include "daemon/sender/transport.h"

static const struct mxw_transport_ops *const transports[] = {
	[MXW_TRANSPORT_HTTP] = &mxw_transport_http,
	[MXW_TRANSPORT_SYSLOG] = &mxw_transport_syslog,
	[MXW_TRANSPORT_JOURNAL] = &mxw_transport_journal,
	[MXW_TRANSPORT_EXEC] = &mxw_transport_exec,
};
enum {
	N_TRANSPORTS = MXW_ARRAY_SIZE(transports),
	MAX_JOBS = 1024, /* four times what the core hands over before it waits for results */
};

struct sender {
	struct mxw_loop *loop;
	struct mxw_names *names;
	void *transports[N_TRANSPORTS];
	struct mxw_ipc *ipc;
	size_t n_jobs;
	int error; /* 0: the core closed */
};

static void stop(struct sender *sender, int error)
{
	if (error)
		sender->error = error;
	mxw_loop_stop(sender->loop);
}

static void on_end(void *arg, struct mxw_job *job, const struct mxw_result *result)
{
	struct sender *sender = arg;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf message = MXW_STRBUF_INIT;
	int r = mxw_result_encode(result, &message);
	if (r == 0)
		r = mxw_ipc_send(sender->ipc, job->delivery, mxw_strbuf_get(&message), message.len);
	sender->n_jobs--;
	mxw_job_free(job);
	if (r < 0 && r != -EPIPE) /* a result that is not told would be waited for; -EPIPE ends in on_closed */
		stop(sender, r);
}

static void on_message(void *arg, uint64_t delivery, const void *message, size_t n)
{
	struct sender *sender = arg;
	struct mxw_request request;
	if (delivery == MXW_FRAME_PULSE) { /* the core asks whether this loop still turns */
		if (mxw_ipc_send(sender->ipc, MXW_FRAME_PULSE, "", 0) == -ENOMEM)
			stop(sender, -ENOMEM);
		return;
	}
	int r = sender->n_jobs < MAX_JOBS ? mxw_request_decode(&request, message, n) : -EBADMSG;
	struct mxw_job *job = r == 0 ? mxw_job_new(sender->loop, delivery, &request) : NULL;
	if (!job) {
		stop(sender, r < 0 ? r : -ENOMEM);
		return;
	}
	job->end = on_end;
	job->end_arg = sender;
	sender->n_jobs++;
	enum mxw_transport transport = job->request.transport;
	transports[transport]->submit(sender->transports[transport], job);
}

static void on_closed(void *arg, int error)
{
	stop(arg, error == -EPIPE || error == -ECONNRESET ? 0 : error);
}

static int open_all(struct sender *sender)
{
	int r = mxw_loop_new(&sender->loop);
	if (r == 0)
		r = mxw_names_new(&sender->names, sender->loop);
	const struct mxw_transport_context context = { .loop = sender->loop, .names = sender->names };
	for (size_t i = MXW_TRANSPORT_HTTP; i < N_TRANSPORTS && r == 0; i++)
		r = transports[i]->open(&sender->transports[i], &context);
	const struct mxw_ipc_handler handler = { .message = on_message, .closed = on_closed, .arg = sender };
	return r == 0 ? mxw_ipc_new(&sender->ipc, sender->loop, STDIN_FILENO, &handler) : r;
}

static void close_all(struct sender *sender)
{
	mxw_ipc_free(sender->ipc);
	for (size_t i = MXW_TRANSPORT_HTTP; i < N_TRANSPORTS; i++)
		transports[i]->close(sender->transports[i]);
	mxw_names_free(sender->names);
	mxw_loop_free(sender->loop);
}

/* A write to what nobody reads must not kill us, and a crash must not leave secrets in a file. */
static void prepare_process(void)
{
	const struct rlimit no_core = { 0 };
	signal(SIGPIPE, SIG_IGN);
	setrlimit(RLIMIT_CORE, &no_core);
}

int main(int argc, char **argv)
{
	struct sender sender = { 0 };
	struct stat st;
	if (argc > 1 || fstat(STDIN_FILENO, &st) < 0 || !S_ISSOCK(st.st_mode)) {
		fputs("mxwatch-sender: started by mxwatchd only, with a socket as standard input\n", stderr);
		return 2;
	}
	mxw_log_open(MXW_LOG_INFO);
	prepare_process();
	int r = open_all(&sender);
	if (r == 0)
		r = mxw_loop_run(sender.loop);
	if (r == 0)
		r = sender.error;
	if (r < 0)
		mxw_log(MXW_LOG_ERROR, "sender: exiting: %s", r == -EBADMSG ? "bad frame from the core" : strerror(-r));
	close_all(&sender);
	return r < 0 ? 1 : 0;
}
