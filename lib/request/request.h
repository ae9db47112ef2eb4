/* A request: what a notifier's renderer made of an event, ready for one of the sender's transports. Pure bytes.
 *
 * The core renders once, stores the encoded bytes in the outbox and hands them over; secrets are never in it, only the
 * name of the file that holds one (design.md, two processes). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/base/strbuf.h"

enum mxw_transport { MXW_TRANSPORT_HTTP = 1, MXW_TRANSPORT_SYSLOG, MXW_TRANSPORT_JOURNAL, MXW_TRANSPORT_EXEC };

enum {
	MXW_REQUEST_MAX = 1024 * 1024, /* encoded octets */
	MXW_REQUEST_MAX_HEADERS = 32,
	MXW_REQUEST_MAX_ARGS = 32,
	MXW_REQUEST_MAX_TIMEOUT_MS = 10 * 60 * 1000,    /* a try; nobody waits longer for a receiver */
	MXW_RESULT_MAX_RETRY_AFTER_MS = 60 * 60 * 1000, /* faults.md N1 */
};

struct mxw_request_header {
	char *name, *value;
};

struct mxw_request {
	enum mxw_transport transport;
	char *id; /* event id: the idempotency key of every transport */
	/* HTTP: URL; SYSLOG: "unix:/dev/log", "udp:HOST:PORT", "tcp:HOST:PORT"; JOURNAL: socket path; EXEC: "" */
	char *address;
	char *method;                       /* HTTP: "POST" */
	struct mxw_request_header *headers; /* HTTP headers; JOURNAL fields; EXEC environment */
	size_t n_headers;
	char **args; /* EXEC: argv */
	size_t n_args;
	char *body; /* HTTP body, syslog message, exec stdin */
	size_t n_body;
	char *secret_file; /* signs HTTP requests (Standard Webhooks); "" for none */
	char *auth_file;   /* HTTP: the Authorization header's value is in this file; "" for none */
	char *ca_file;     /* HTTP: trust anchors; "" for the system's */
	int64_t timeout_ms;
};

void mxw_request_done(struct mxw_request *request);
int mxw_request_add_header(struct mxw_request *request, const char *name, const char *value); /* -ENOMEM, -E2BIG */
int mxw_request_add_arg(struct mxw_request *request, const char *arg);                        /* -ENOMEM, -E2BIG */
/* Says outside the body that this message stands for `n` earlier ones of its key, in the way of its transport. -ENOMEM, -E2BIG */
int mxw_request_set_coalesced(struct mxw_request *request, uint32_t n);
const char *mxw_request_header(const struct mxw_request *request, const char *name); /* borrowed; "" if absent */

/* Length-prefixed fields in network order behind a version octet. NULL texts become "". */
int mxw_request_encode(const struct mxw_request *request, struct mxw_strbuf *ret); /* -ENOMEM, -E2BIG */
/* Treats the bytes as hostile: -EBADMSG unless every length fits exactly, every text is free of NUL, the id is one and
 * the timeout is above 0 and at most MXW_REQUEST_MAX_TIMEOUT_MS. No text is NULL then; args end in NULL. -ENOMEM. On
 * error *ret is empty. */
int mxw_request_decode(struct mxw_request *ret, const void *bytes, size_t n);

/* What became of one try. */
enum mxw_result_status { MXW_DELIVERED = 1, MXW_RETRY, MXW_PARKED };
struct mxw_result {
	enum mxw_result_status status;
	int64_t retry_after_ms; /* 0: none asked for */
	char *text; /* "HTTP 503", "connection refused": for log and status; printable, at most 255 octets */
};
void mxw_result_done(struct mxw_result *result);

/* Frames between core and sender over a stream socket: u32 length, u64 delivery, then the message. */
enum { MXW_FRAME_HEADER = 12, MXW_FRAME_MAX = MXW_REQUEST_MAX + MXW_FRAME_HEADER };
/* The delivery number of a pulse: an empty frame that the sender sends back, to show that its loop turns. Deliveries
 * count from 1. */
enum { MXW_FRAME_PULSE = 0 };
int mxw_frame_put(struct mxw_strbuf *ret, uint64_t delivery, const void *message, size_t n); /* -ENOMEM, -E2BIG */
/* Looks for a whole frame at the start of `bytes`: returns its length and borrows the message, 0 if more is needed,
 * -EBADMSG if it can never become one. */
int64_t mxw_frame_get(const void *bytes, size_t n, uint64_t *ret_delivery, const void **ret_message, size_t *ret_n);
int mxw_result_encode(const struct mxw_result *result, struct mxw_strbuf *ret); /* escapes and cuts the text; -ENOMEM */
int mxw_result_decode(struct mxw_result *ret, const void *bytes, size_t n);     /* hostile as well: -EBADMSG, -ENOMEM */
