/* What silence, silences, unsilence, ack and test-notify were asked for: their options, read and checked. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "daemon/args.h"

struct mxw_control_request {
	const char *operand; /* DOMAIN, ID or NAME; NULL if the command takes none */
	const char *socket;
	const char *check, *duration, *reason; /* NULL if not given */
	int64_t timeout_ms;
	bool is_json;
	bool wants_help;
};

extern const struct mxw_args_command mxw_silence_args, mxw_silences_args, mxw_unsilence_args, mxw_ack_args,
	mxw_test_notify_args;

/* 0, or -EINVAL after having said on stderr what is wrong. Borrows from argv. `args` is one of the above. */
int mxw_control_request_parse(struct mxw_control_request *ret, const struct mxw_args_command *args, int argc,
			      char **argv);
