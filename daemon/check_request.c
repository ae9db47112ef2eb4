/* The command line of `mxwatch check`; see check_request.h. */
#include "daemon/check_request.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "daemon/args_value.h"
#include "daemon/files.h"
#include "daemon/terminal.h"
#include "lib/base/nearest.h"
#include "lib/check/check.h"

static const char *const formats[] = { "text", "json", "nagios" }; /* in the order of enum mxw_check_format */

static const struct mxw_args_option options[] = {
	{ .letter = 'c',
	  .name = "config",
	  .value = "FILE",
	  .doc = "configuration whose settings apply (default: " MXW_CONFIG_PATH ", if it is there)" },
	{ .letter = 'r',
	  .name = "resolver",
	  .value = "RESOLVER",
	  .doc = "ask this one: address, address:port, [IPv6]:port or system; repeatable, each is a vote" },
	{ .letter = 'k',
	  .is_long_only = true,
	  .name = "checks",
	  .value = "LIST",
	  .doc = "only these checks, separated by commas" },
	{ .letter = 'f',
	  .is_long_only = true,
	  .name = "format",
	  .value = "FORMAT",
	  .doc = "text, json or nagios (default: text)" },
	{ .letter = 't',
	  .is_long_only = true,
	  .name = "timeout",
	  .value = "DURATION",
	  .doc = "time for one question, all its tries (default: 10s)" },
	{ .letter = 'a',
	  .is_long_only = true,
	  .name = "authority",
	  .doc = "ask the name servers of each domain's zone, too" },
	{ .letter = 'v', .name = "verbose", .doc = "advice, good news and mail hosts in full" },
	{ .letter = 'h', .name = "help", .doc = "show this help" },
	{ 0 },
};

const struct mxw_args_command mxw_check_request_args = {
	.name = "mxwatch check",
	.usage = "[OPTION]... DOMAIN...",
	.doc = "Judge the mail DNS of domains now: what is wrong, who sees it, how to see it, what to publish.",
	.options = options,
	.notes = "Exit status: 0 ok, 1 warning, 2 critical, 3 unknown or usage error; the worst of all domains.",
};

static int parse_checks(const char *text, uint32_t *ret)
{
	char word[32];
	for (const char *at = text;; at++) {
		size_t len = strcspn(at, ",");
		snprintf(word, sizeof(word), "%.*s", (int)MXW_MIN(len, sizeof(word)), at);
		int check = mxw_check_find(word);
		if (check < 0) {
			const char *names[MXW_MAX_CHECKS];
			for (size_t i = 0; i < mxw_n_checks; i++)
				names[i] = mxw_checks[i]->name;
			const char *nearest = mxw_nearest(word, names, mxw_n_checks);
			mxw_terminal_error("--checks: unknown check \"%s\"%s%s%s (mxwatch list checks shows all)", word,
					   nearest ? ", did you mean \"" : "", nearest ? nearest : "",
					   nearest ? "\"?" : "");
			return -EINVAL;
		}
		*ret |= UINT32_C(1) << check;
		at += len;
		if (!*at)
			return 0;
	}
}

static int parse_format(const char *text, enum mxw_check_format *ret)
{
	int format = mxw_args_value_format(text, formats, MXW_ARRAY_SIZE(formats));
	if (format < 0)
		return format;
	*ret = (enum mxw_check_format)format;
	return 0;
}

static int add_resolver(struct mxw_check_request *request, const char *text)
{
	if (request->n_resolvers == MXW_ARRAY_SIZE(request->resolvers)) {
		mxw_terminal_error("--resolver: more than %d resolvers", MXW_MAX_UPSTREAMS);
		return -EINVAL;
	}
	request->resolvers[request->n_resolvers++] = text;
	return 0;
}

static int parse_option(struct mxw_check_request *request, char letter, const char *value)
{
	switch (letter) {
	case 'c':
		request->config_path = value;
		return 0;
	case 'r':
		return add_resolver(request, value);
	case 'k':
		return parse_checks(value, &request->checks);
	case 'f':
		return parse_format(value, &request->format);
	case 't':
		return mxw_args_value_timeout(value, &request->timeout_ms);
	case 'a':
		request->with_authority = true;
		return 0;
	case 'v':
		request->is_verbose = true;
		return 0;
	default:
		request->wants_help = true;
		return 0;
	}
}

int mxw_check_request_parse(struct mxw_check_request *ret, int argc, char **argv)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf error = MXW_STRBUF_INIT;
	struct mxw_args args;
	int option;
	*ret = (struct mxw_check_request){ .format = MXW_CHECK_TEXT };
	mxw_args_start(&args, &mxw_check_request_args, argc, argv);
	while ((option = mxw_args_next(&args, &error)) >= 0) {
		if (parse_option(ret, options[option].letter, args.value) < 0)
			return -EINVAL;
	}
	if (option == MXW_ARGS_ERROR) {
		mxw_terminal_error("%s", mxw_strbuf_get(&error));
		return -EINVAL;
	}
	ret->domains = args.operands;
	ret->n_domains = args.n_operands;
	if (ret->n_domains == 0 && !ret->wants_help) {
		mxw_terminal_error("check: no domain given");
		return -EINVAL;
	}
	return 0;
}
