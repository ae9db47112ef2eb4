/* The command line of `mxwatch spf`; see spf_request.h.
 *
 * A HELO name and an address are what a stranger said in SMTP: whether they are of any use is for the evaluation to tell
 * ("none"). Refused here is only what no SMTP command can carry. */
#include "daemon/spf_request.h"

#include <errno.h>
#include <string.h>

#include "daemon/args_value.h"
#include "daemon/files.h"
#include "daemon/terminal.h"
#include "lib/spf/evaluate.h"

enum {
	MAX_TEXT = 1000, /* octets; SMTP has lines of 512 and of 1000 (RFC 5321 4.5.3.1), names of 255 */
	DEFAULT_TIME_LIMIT_MS = 20 * 1000, /* the least that RFC 7208 4.6.4 allows */
	MIN_TIME_LIMIT_MS = 100,
	MAX_TIME_LIMIT_MS = 10 * 60 * 1000,
	MAX_MAX_VOIDS = MXW_SPF_MAX_LOOKUPS, /* no more terms than these can ask */
};

static const char *const formats[] = { "text", "json" }; /* in the order of enum mxw_spf_format */

static const struct mxw_args_option options[] = {
	{ .letter = 'i', .is_long_only = true, .name = "ip", .value = "IP", .doc = "address of the client that sends" },
	{ .letter = 'e',
	  .is_long_only = true,
	  .name = "helo",
	  .value = "NAME",
	  .doc = "what the client says in HELO or EHLO" },
	{ .letter = 'm',
	  .is_long_only = true,
	  .name = "mail-from",
	  .value = "ADDRESS",
	  .doc = "reverse-path; \"\" or \"<>\" is the null one: the HELO name is checked" },
	{ .letter = 'c',
	  .name = "config",
	  .value = "FILE",
	  .doc = "configuration whose first resolver is asked (default: " MXW_CONFIG_PATH ", if it is there)" },
	{ .letter = 'r',
	  .name = "resolver",
	  .value = "RESOLVER",
	  .doc = "ask this one: address, address:port, [IPv6]:port or system" },
	{ .letter = 'R',
	  .is_long_only = true,
	  .name = "receiver",
	  .value = "NAME",
	  .doc = "name of the receiving host, for macro r (default: unknown)" },
	{ .letter = 'n',
	  .is_long_only = true,
	  .name = "max-voids",
	  .value = "N",
	  .doc = "lookups without an answer that are allowed (default: 2)" },
	{ .letter = 't',
	  .is_long_only = true,
	  .name = "timeout",
	  .value = "DURATION",
	  .doc = "time for one question, all its tries (default: 10s)" },
	{ .letter = 'l',
	  .is_long_only = true,
	  .name = "time-limit",
	  .value = "DURATION",
	  .doc = "time for the whole evaluation (default: 20s)" },
	{ .letter = 'f',
	  .is_long_only = true,
	  .name = "format",
	  .value = "FORMAT",
	  .doc = "text or json (default: text)" },
	{ .letter = 'h', .name = "help", .doc = "show this help" },
	{ 0 },
};

const struct mxw_args_command mxw_spf_request_args = {
	.name = "mxwatch spf",
	.usage = "--ip IP [--helo NAME] [--mail-from ADDRESS] [OPTION]...",
	.doc = "Evaluate SPF (RFC 7208) as a receiver does: the result, which term decided, what was asked.",
	.options = options,
	.notes = "--helo or --mail-from must be given.\n"
		 "Exit status: 0 pass, 1 none, neutral, fail or softfail, 2 permerror, 3 temperror or usage error.",
};

static int parse_text(const char *option, const char *text, const char **ret)
{
	size_t n = strlen(text);
	if (n > MAX_TEXT) {
		mxw_terminal_error("--%s: too long: %zu octets, at most %d", option, n, MAX_TEXT);
		return -EINVAL;
	}
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f) {
			mxw_terminal_error("--%s: \"%s\" holds a control character", option, text);
			return -EINVAL;
		}
	}
	*ret = text;
	return 0;
}

static int parse_mail_from(const char *text, const char **ret)
{
	size_t n = strlen(text);
	if (parse_text("mail-from", text, ret) < 0)
		return -EINVAL;
	if (n > 0 && (text[0] == '<') != (text[n - 1] == '>')) {
		mxw_terminal_error("--mail-from: \"%s\" has one angle bracket only", text);
		return -EINVAL;
	}
	return 0;
}

static int parse_ip(const char *text, struct mxw_ip *ret)
{
	if (mxw_ip_parse(text, ret) == 0)
		return 0;
	mxw_terminal_error("--ip: \"%s\" is no IPv4 or IPv6 address", text);
	return -EINVAL;
}

/* An evaluation is what one resolver says: there is nothing to vote on. */
static int parse_resolver(const char *text, const char **ret)
{
	if (*ret) {
		mxw_terminal_error("--resolver: given twice; spf asks one resolver");
		return -EINVAL;
	}
	*ret = text;
	return 0;
}

static int parse_format(const char *text, enum mxw_spf_format *ret)
{
	int format = mxw_args_value_format(text, formats, MXW_ARRAY_SIZE(formats));
	if (format < 0)
		return format;
	*ret = (enum mxw_spf_format)format;
	return 0;
}

static int parse_option(struct mxw_spf_request *request, char letter, const char *value)
{
	switch (letter) {
	case 'i':
		return parse_ip(value, &request->ip);
	case 'e':
		return parse_text("helo", value, &request->helo);
	case 'm':
		return parse_mail_from(value, &request->mail_from);
	case 'c':
		request->config_path = value;
		return 0;
	case 'r':
		return parse_resolver(value, &request->resolver);
	case 'R':
		return parse_text("receiver", value, &request->receiver);
	case 'n':
		return mxw_args_value_number("max-voids", value, MAX_MAX_VOIDS, &request->max_voids);
	case 't':
		return mxw_args_value_timeout(value, &request->timeout_ms);
	case 'l':
		return mxw_args_value_duration("time-limit", value, MIN_TIME_LIMIT_MS, MAX_TIME_LIMIT_MS,
					       &request->time_limit_ms);
	case 'f':
		return parse_format(value, &request->format);
	default:
		request->wants_help = true;
		return 0;
	}
}

/* What options cannot tell one by one. */
static int check_whole(struct mxw_spf_request *request, const struct mxw_args *args)
{
	if (args->n_operands > 0) {
		mxw_terminal_error("spf: unexpected argument \"%s\" (mxwatch spf --help shows all)", args->operands[0]);
		return -EINVAL;
	}
	if (request->ip.family == 0) {
		mxw_terminal_error("spf: no --ip given: the address of the client");
		return -EINVAL;
	}
	if (!request->helo && !request->mail_from) {
		mxw_terminal_error("spf: neither --mail-from nor --helo given: whose SPF?");
		return -EINVAL;
	}
	if (!request->helo)
		request->helo = "";
	if (!request->mail_from)
		request->mail_from = "";
	return 0;
}

int mxw_spf_request_parse(struct mxw_spf_request *ret, int argc, char **argv)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf error = MXW_STRBUF_INIT;
	struct mxw_args args;
	int option;
	*ret = (struct mxw_spf_request){ .max_voids = MXW_SPF_MAX_VOIDS, .time_limit_ms = DEFAULT_TIME_LIMIT_MS };
	mxw_args_start(&args, &mxw_spf_request_args, argc, argv);
	while ((option = mxw_args_next(&args, &error)) >= 0) {
		if (parse_option(ret, options[option].letter, args.value) < 0)
			return -EINVAL;
	}
	if (option == MXW_ARGS_ERROR) {
		mxw_terminal_error("spf: %s", mxw_strbuf_get(&error));
		return -EINVAL;
	}
	return ret->wants_help ? 0 : check_whole(ret, &args);
}
