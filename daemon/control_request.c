/* The command lines of what talks to the daemon; see control_request.h. What a value means is for the daemon to say: it
 * knows the domains, the checks and the notifiers. */
#include "daemon/control_request.h"

#include <errno.h>
#include <string.h>

#include "daemon/args_value.h"
#include "daemon/terminal.h"

enum {
	DEFAULT_TIMEOUT_MS = 5000,
	DEFAULT_TEST_TIMEOUT_MS = 30 * 1000,
	MIN_TIMEOUT_MS = 100,
	MAX_TIMEOUT_MS = 60 * 60 * 1000,
};

static const char default_socket[] = MXW_RUNSTATEDIR "/control.sock";

#define SOCKET_ROW                                                                      \
	{                                                                               \
		.letter = 's', .name = "socket", .value = "PATH",                       \
		.doc = "socket of mxwatchd (default: " MXW_RUNSTATEDIR "/control.sock)" \
	}
#define CHECK_ROW                                                                                                \
	{                                                                                                        \
		.letter = 'k', .is_long_only = true, .name = "check", .value = "CHECK", .doc = "this check only" \
	}
#define HELP_ROW                                                       \
	{                                                              \
		.letter = 'h', .name = "help", .doc = "show this help" \
	}

static const char exit_notes[] = "Exit status: 0, or 3 when it could not be done.";

static const struct mxw_args_option silence_options[] = {
	{ .letter = 'd',
	  .is_long_only = true,
	  .name = "for",
	  .value = "DURATION",
	  .doc = "how long, such as 2h or 1d12h" },
	CHECK_ROW,
	{ .letter = 'r', .is_long_only = true, .name = "reason", .value = "TEXT", .doc = "why; the list shows it" },
	SOCKET_ROW,
	HELP_ROW,
	{ 0 },
};

const struct mxw_args_command mxw_silence_args = {
	.name = "mxwatch silence",
	.usage = "DOMAIN --for DURATION --reason TEXT [OPTION]...",
	.doc = "Tell nobody about DOMAIN for a while: a domain, \"*.DOMAIN\" for all below it, or \"*\". Checks go on; "
	       "what is "
	       "still wrong at the end is told then.",
	.options = silence_options,
	.notes = exit_notes,
};

static const struct mxw_args_option silences_options[] = {
	{ .letter = 'f',
	  .is_long_only = true,
	  .name = "format",
	  .value = "FORMAT",
	  .doc = "text or json (default: text)" },
	SOCKET_ROW,
	HELP_ROW,
	{ 0 },
};

const struct mxw_args_command mxw_silences_args = {
	.name = "mxwatch silences",
	.usage = "[OPTION]...",
	.doc = "List silences, acknowledgements and the maintenance windows that are open now.",
	.options = silences_options,
	.notes = exit_notes,
};

static const struct mxw_args_option unsilence_options[] = { SOCKET_ROW, HELP_ROW, { 0 } };

const struct mxw_args_command mxw_unsilence_args = {
	.name = "mxwatch unsilence",
	.usage = "ID [OPTION]...",
	.doc = "End a silence by its number in the list.",
	.options = unsilence_options,
	.notes = exit_notes,
};

static const struct mxw_args_option ack_options[] = {
	CHECK_ROW,
	{ .letter = 'r', .is_long_only = true, .name = "reason", .value = "TEXT", .doc = "what is known or done" },
	SOCKET_ROW,
	HELP_ROW,
	{ 0 },
};

const struct mxw_args_command mxw_ack_args = {
	.name = "mxwatch ack",
	.usage = "DOMAIN [OPTION]...",
	.doc = "Acknowledge the problems of DOMAIN: no reminders until they are over. What becomes worse is still "
	       "told.",
	.options = ack_options,
	.notes = exit_notes,
};

static const struct mxw_args_option test_notify_options[] = {
	{ .letter = 't',
	  .is_long_only = true,
	  .name = "timeout",
	  .value = "DURATION",
	  .doc = "how long to wait for the delivery (default: 30s)" },
	SOCKET_ROW,
	HELP_ROW,
	{ 0 },
};

const struct mxw_args_command mxw_test_notify_args = {
	.name = "mxwatch test-notify",
	.usage = "NAME [OPTION]...",
	.doc = "Send an event of kind test to the notifier NAME, by the way of every alert, and say whether it "
	       "arrived.",
	.options = test_notify_options,
	.notes = "Exit status: 0 delivered, 3 not (yet) delivered or it could not be done.",
};

static int parse_format(const char *text, bool *ret_is_json)
{
	static const char *const formats[] = { "text", "json" };
	int format = mxw_args_value_format(text, formats, MXW_ARRAY_SIZE(formats));
	*ret_is_json = format == 1;
	return format < 0 ? format : 0;
}

static int parse_option(struct mxw_control_request *request, char letter, const char *value)
{
	switch (letter) {
	case 's':
		request->socket = value;
		return 0;
	case 'k':
		request->check = value;
		return 0;
	case 'd':
		request->duration = value;
		return 0;
	case 'r':
		request->reason = value;
		return 0;
	case 't':
		return mxw_args_value_duration("timeout", value, MIN_TIMEOUT_MS, MAX_TIMEOUT_MS, &request->timeout_ms);
	case 'f':
		return parse_format(value, &request->is_json);
	default:
		request->wants_help = true;
		return 0;
	}
}

/* "DOMAIN" of "DOMAIN --for ..."; empty if the command takes no operand. */
static size_t operand_length(const struct mxw_args_command *args)
{
	return args->usage[0] == '[' ? 0 : strcspn(args->usage, " ");
}

static int check_whole(struct mxw_control_request *request, const struct mxw_args_command *command,
		       const struct mxw_args *args)
{
	int n_name = (int)operand_length(command);
	const char *word = command->name + strlen("mxwatch ");
	if (args->n_operands > (n_name ? 1 : 0)) {
		mxw_terminal_error("%s: unexpected argument \"%s\" (%s --help shows all)", word,
				   args->operands[n_name ? 1 : 0], command->name);
		return -EINVAL;
	}
	if (n_name && !args->n_operands) {
		mxw_terminal_error("%s: no %.*s given (%s --help shows all)", word, n_name, command->usage,
				   command->name);
		return -EINVAL;
	}
	if (n_name)
		request->operand = args->operands[0];
	if (command == &mxw_silence_args && (!request->duration || !request->reason)) {
		mxw_terminal_error("%s: no --%s given", word, request->duration ? "reason" : "for");
		return -EINVAL;
	}
	return 0;
}

int mxw_control_request_parse(struct mxw_control_request *ret, const struct mxw_args_command *command, int argc,
			      char **argv)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf error = MXW_STRBUF_INIT;
	struct mxw_args args;
	int option;
	*ret = (struct mxw_control_request){
		.socket = default_socket,
		.timeout_ms = command == &mxw_test_notify_args ? DEFAULT_TEST_TIMEOUT_MS : DEFAULT_TIMEOUT_MS,
	};
	mxw_args_start(&args, command, argc, argv);
	while ((option = mxw_args_next(&args, &error)) >= 0)
		if (parse_option(ret, command->options[option].letter, args.value) < 0)
			return -EINVAL;
	if (option == MXW_ARGS_ERROR) {
		mxw_terminal_error("%s: %s", command->name + strlen("mxwatch "), mxw_strbuf_get(&error));
		return -EINVAL;
	}
	return ret->wants_help ? 0 : check_whole(ret, command, &args);
}
