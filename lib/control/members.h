/* Bodies of requests: one JSON object with text members, read strictly; see api.h. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "lib/base/strbuf.h"

struct mxw_api_member {
	const char *name;
	bool is_required;
	size_t max;       /* octets */
	const char **ret; /* borrowed from *ret_root; NULL stays NULL when it is not given */
};

/* 0; or -EINVAL with words in *ret_error; -ENOMEM. On success the caller frees *ret_root (json_decref). */
int mxw_api_read_members(const char *body, size_t n, const struct mxw_api_member *members, size_t n_members,
			 json_t **ret_root, struct mxw_strbuf *ret_error);
