/* The systemd journal over its native socket. sd_journal_send(3) is not used: it waits when the journal does
 * (faults.md, 0.3). */
#include <errno.h>
#include <string.h>

#include "daemon/sender/journal_entry.h"
#include "daemon/sender/peers.h"
#include "daemon/sender/transport.h"

static void close_journal(void *transport)
{
	mxw_peers_free(transport);
}

static int open_journal(void **ret, const struct mxw_transport_context *context)
{
	struct mxw_peers *peers;
	int r = mxw_peers_new(&peers, context);
	if (r < 0)
		return r;
	*ret = peers;
	return 0;
}

static int write_wire(struct mxw_job *job)
{
	struct mxw_strbuf entry = MXW_STRBUF_INIT;
	int r = mxw_journal_entry(&job->request, &entry);
	if (r < 0) {
		mxw_strbuf_done(&entry);
		return r;
	}
	job->n_wire = entry.len;
	job->wire = mxw_strbuf_take(&entry);
	return job->wire ? 0 : -ENOMEM;
}

static void submit_journal(void *transport, struct mxw_job *job)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf address = MXW_STRBUF_INIT;
	struct mxw_endpoint endpoint;
	mxw_strbuf_addf(&address, "unix:%s", job->request.address);
	int r = mxw_strbuf_failed(&address) ? -ENOMEM : mxw_endpoint_parse(&endpoint, mxw_strbuf_get(&address));
	if (r == 0)
		r = write_wire(job);
	if (r == -EINVAL)
		mxw_job_end(job, MXW_PARKED, 0, "bad journal address or field");
	else if (r < 0)
		mxw_job_end(job, MXW_RETRY, 0, "%s", strerror(-r));
	else
		mxw_peers_send(transport, &endpoint, job);
}

const struct mxw_transport_ops mxw_transport_journal = {
	.name = "journal",
	.open = open_journal,
	.submit = submit_journal,
	.close = close_journal,
};
