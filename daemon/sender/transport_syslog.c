/* Syslog: lines to the local socket in the traditional form, to servers as RFC 5424 over UDP (RFC 5426) and TCP with
 * octet counting (RFC 6587). The core rendered the parts; the line is made here, so that it carries the time of
 * sending. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/sender/peers.h"
#include "daemon/sender/syslog_line.h"
#include "daemon/sender/transport.h"

struct syslog {
	struct mxw_loop *loop;
	struct mxw_peers *peers;
};

static void close_syslog(void *transport)
{
	struct syslog *self = transport;
	if (!self)
		return;
	mxw_peers_free(self->peers);
	free(self);
}

static int open_syslog(void **ret, const struct mxw_transport_context *context)
{
	struct syslog *self = calloc(1, sizeof(*self));
	int r = self ? mxw_peers_new(&self->peers, context) : -ENOMEM;
	if (r < 0) {
		close_syslog(self);
		return r;
	}
	self->loop = context->loop;
	*ret = self;
	return 0;
}

static bool write_wire(struct syslog *self, enum mxw_endpoint_kind kind, struct mxw_job *job)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf line = MXW_STRBUF_INIT;
	struct mxw_strbuf wire = MXW_STRBUF_INIT;
	int64_t wall_ms = mxw_loop_wall_ms(self->loop);
	long pid = (long)getpid();
	if (kind == MXW_ENDPOINT_UNIX)
		mxw_syslog_line_local(&job->request, wall_ms, pid, &line);
	else
		mxw_syslog_line_5424(&job->request, wall_ms, pid, &line);
	line.len = MXW_MIN(line.len, (size_t)MXW_SYSLOG_MAX_LINE);
	if (kind == MXW_ENDPOINT_TCP)
		mxw_strbuf_addf(&wire, "%zu ", line.len);
	mxw_strbuf_add(&wire, mxw_strbuf_get(&line), line.len);
	job->n_wire = wire.len;
	job->wire = mxw_strbuf_take(&wire);
	return job->wire && !mxw_strbuf_failed(&line);
}

static void submit_syslog(void *transport, struct mxw_job *job)
{
	struct syslog *self = transport;
	struct mxw_endpoint endpoint;
	if (mxw_endpoint_parse(&endpoint, job->request.address) < 0)
		mxw_job_end(job, MXW_PARKED, 0, "bad syslog address");
	else if (!write_wire(self, endpoint.kind, job))
		mxw_job_end(job, MXW_RETRY, 0, "out of memory");
	else
		mxw_peers_send(self->peers, &endpoint, job);
}

const struct mxw_transport_ops mxw_transport_syslog = {
	.name = "syslog",
	.open = open_syslog,
	.submit = submit_syslog,
	.close = close_syslog,
};
