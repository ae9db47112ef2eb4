/* What `mxwatch spf` was asked for: its options, read and checked. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/args.h"
#include "lib/base/ip.h"

enum mxw_spf_format { MXW_SPF_TEXT, MXW_SPF_JSON };

struct mxw_spf_request {
	struct mxw_ip ip;
	const char *helo;        /* "" if it is missing */
	const char *mail_from;   /* as written; "" if it is missing or the null reverse-path */
	const char *config_path; /* NULL: the default, if it is there */
	const char *resolver;    /* NULL: the first one that is configured */
	const char *receiver;    /* NULL: unknown */
	unsigned max_voids;
	int64_t timeout_ms; /* of one question; 0: as configured */
	int64_t time_limit_ms;
	enum mxw_spf_format format;
	bool wants_help;
};

extern const struct mxw_args_command mxw_spf_request_args;

/* 0, or -EINVAL after having said on stderr what is wrong. Borrows from argv. */
int mxw_spf_request_parse(struct mxw_spf_request *ret, int argc, char **argv);
