/* Shared by the resources of the API: a call, and the ways to answer it. Functions return 0 or -ENOMEM. */
#pragma once

#include <stdbool.h>

#include <jansson.h>

#include "lib/control/api.h"
#include "lib/control/members.h"

struct mxw_api_call {
	const struct mxw_api_host *host;
	const struct mxw_api_request *request;
	const char *operand; /* what follows the resource's name in the path */
	struct mxw_api_response *response;
};

/* api.c */
int mxw_api_refuse(struct mxw_api_call *call, unsigned status, const char *format, ...) MXW_PRINTF(3, 4);
int mxw_api_failed(struct mxw_api_call *call, int error); /* what the host could not do */
/* Takes the object; `ok`: it is complete. */
int mxw_api_answer(struct mxw_api_call *call, unsigned status, json_t *root, bool ok);
/* Reads the body into the members, see members.h; 1 when it was refused. */
int mxw_api_read_body(struct mxw_api_call *call, const struct mxw_api_member *members, size_t n_members,
		      json_t **ret_root);
bool mxw_api_append(json_t *array, json_t *item); /* takes the item */

/* mutes.c */
int mxw_api_get_silences(struct mxw_api_call *call);
int mxw_api_post_silence(struct mxw_api_call *call);
int mxw_api_delete_silence(struct mxw_api_call *call);
int mxw_api_post_ack(struct mxw_api_call *call);

/* events.c */
int mxw_api_post_test(struct mxw_api_call *call);
int mxw_api_get_event(struct mxw_api_call *call);
