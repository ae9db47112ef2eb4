/* What `mxwatch check` was asked for: its options and operands, read and checked. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/args.h"
#include "lib/dns/upstream.h"

enum mxw_check_format { MXW_CHECK_TEXT, MXW_CHECK_JSON, MXW_CHECK_NAGIOS };

struct mxw_check_request {
	const char *config_path; /* NULL: the default, if it is there */
	const char *resolvers[MXW_MAX_UPSTREAMS];
	size_t n_resolvers;
	uint32_t checks; /* 0: as configured */
	enum mxw_check_format format;
	int64_t timeout_ms;  /* 0: as configured */
	bool with_authority; /* name servers are asked, whatever is configured */
	bool is_verbose, wants_help;
	char **domains; /* as written */
	size_t n_domains;
};

extern const struct mxw_args_command mxw_check_request_args;

/* 0, or -EINVAL after having said on stderr what is wrong. Borrows from argv. */
int mxw_check_request_parse(struct mxw_check_request *ret, int argc, char **argv);
