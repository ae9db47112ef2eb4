/* The HTTP/JSON API of the daemon, version 1: which requests there are, what their bodies must say, what is answered.
 *
 * Pure: a request in, a response out. What the daemon knows and does comes through a host, so that unit tests and fuzz
 * targets can be one. The server (daemon/control/) brings whole requests and sends the answers.
 *
 *	GET    /api/v1/version
 *	GET    /api/v1/silences		silences, acknowledgements, open maintenance windows
 *	POST   /api/v1/silences		{"domain", "for", "reason", "check"?, "author"?}
 *	DELETE /api/v1/silences/ID
 *	POST   /api/v1/acks		{"domain", "check"?, "reason"?, "author"?}
 *	POST   /api/v1/test-notify	{"notifier", "author"?}: the event's id
 *	GET    /api/v1/events/ID	what became of its deliveries
 *
 * Errors are {"error": "TEXT"} with a fitting status. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/config/config.h"
#include "lib/mute/silence.h"

#define MXW_API_PREFIX "/api/v1/"

enum {
	MXW_API_MIN_SILENCE_MS = 1000,
	MXW_API_MAX_SILENCE_DAYS = 366,
};

/* A check with an open incident, told or not. */
struct mxw_api_incident {
	const char *check;
	enum mxw_severity severity;
	int64_t since_wall_ms;
};

struct mxw_api_delivery {
	const char *notifier;
	const char *status; /* pending, delivered, parked, expired, coalesced */
	uint32_t n_attempts;
	const char *text; /* what the last try said; "" for nothing */
};

/* Functions return 0 or a negative errno. */
struct mxw_api_host {
	void *arg;
	const struct mxw_config *config;
	const struct mxw_mutes *mutes;
	int64_t now_wall_ms;
	/* Stores it and sets its id. -E2BIG: there are too many. */
	int (*add_silence)(void *arg, struct mxw_silence *silence);
	int (*remove_silence)(void *arg, uint64_t id);
	/* The domain's open incidents; at most one a check. */
	size_t (*incidents)(void *arg, const char *domain, struct mxw_api_incident ret[MXW_MAX_CHECKS]);
	/* All of them or none; MXW_MAX_CHECKS at most. -E2BIG: there are too many. */
	int (*put_acks)(void *arg, const struct mxw_ack *acks, size_t n);
	/* Commits an event of kind test for that notifier of the configuration. */
	int (*test_notify)(void *arg, size_t notifier, const char *author, char ret_id[MXW_ALERT_ID_MAX]);
	/* -ENOENT: there is no such event. */
	int (*each_delivery)(void *arg, const char *event_id,
			     int (*callback)(void *arg, const struct mxw_api_delivery *delivery), void *callback_arg);
};

struct mxw_api_request {
	const char *method, *path;
	const char *body;
	size_t n_body;
	const char *peer; /* who asks, when the body names nobody: "uid 0" */
};

struct mxw_api_response {
	unsigned status;
	const char *allow; /* static: the methods there are, for a 405; else NULL */
	struct mxw_strbuf body;
};

/* Fills a zeroed response; 0 or -ENOMEM. */
int mxw_api_handle(const struct mxw_api_host *host, const struct mxw_api_request *request,
		   struct mxw_api_response *ret);
/* {"error": TEXT}, for what never became a request. */
int mxw_api_error(unsigned status, const char *text, struct mxw_api_response *ret);
void mxw_api_response_done(struct mxw_api_response *response);
