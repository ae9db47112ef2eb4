/* The daemon's API from the other side: one request over the control socket, waited for. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "lib/base/strbuf.h"

struct mxw_control_reply {
	unsigned status;
	json_t *root;          /* the body: an object */
	struct mxw_strbuf raw; /* as it came */
};
void mxw_control_reply_done(struct mxw_control_reply *reply);

/* Sends `body` (taken; NULL for none) and fills a zeroed reply of status 200 to 299. -EIO after having said on stderr
 * what went wrong: no daemon, no permission, what the daemon refused. `timeout_ms` is for each step. */
int mxw_control_call(struct mxw_control_reply *ret, const char *socket, const char *method, const char *path,
		     json_t *body, int64_t timeout_ms);

/* Who asks, for the log and the list: the login name of this user. Static. */
const char *mxw_control_author(void);
