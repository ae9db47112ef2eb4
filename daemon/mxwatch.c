/* mxwatch: the command for people and scripts. Finds the subcommand and hands over. */
#include <locale.h>
#include <signal.h>
#include <string.h>

#include "daemon/check_request.h"
#include "daemon/command_check.h"
#include "daemon/command_list.h"
#include "daemon/command_silence.h"
#include "daemon/command_spf.h"
#include "daemon/command_test_notify.h"
#include "daemon/control_request.h"
#include "daemon/spf_request.h"
#include "daemon/terminal.h"
#include "lib/base/nearest.h"
#include "lib/base/util.h"

enum { EXIT_USAGE = 3 };

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const struct mxw_args_command *args;
} commands[] = {
	{ "check", mxw_command_check, &mxw_check_request_args },
	{ "spf", mxw_command_spf, &mxw_spf_request_args },
	{ "silence", mxw_command_silence, &mxw_silence_args },
	{ "silences", mxw_command_silences, &mxw_silences_args },
	{ "unsilence", mxw_command_unsilence, &mxw_unsilence_args },
	{ "ack", mxw_command_ack, &mxw_ack_args },
	{ "test-notify", mxw_command_test_notify, &mxw_test_notify_args },
	{ "list", mxw_command_list, &mxw_command_list_args },
	{ "explain", mxw_command_explain, &mxw_command_explain_args },
};

static int print_help(void)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_strbuf_adds(&text, "mxwatch watches the DNS that mail depends on.\n\n");
	for (size_t i = 0; i < MXW_ARRAY_SIZE(commands); i++)
		mxw_strbuf_addf(&text, "  %s %s\n      %s\n", commands[i].args->name, commands[i].args->usage,
				commands[i].args->doc);
	mxw_strbuf_adds(&text, "\n  -h, --help     show this help; mxwatch COMMAND --help shows more\n"
			       "  -V, --version  show the version\n");
	return mxw_terminal_write(&text) < 0 ? EXIT_USAGE : 0;
}

static int print_version(void)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_strbuf_addf(&text, "mxwatch %s\n", MXW_VERSION);
	return mxw_terminal_write(&text) < 0 ? EXIT_USAGE : 0;
}

static int refuse(const char *word)
{
	const char *names[MXW_ARRAY_SIZE(commands)];
	for (size_t i = 0; i < MXW_ARRAY_SIZE(commands); i++)
		names[i] = commands[i].name;
	const char *nearest = mxw_nearest(word, names, MXW_ARRAY_SIZE(names));
	mxw_terminal_error("unknown command \"%s\"%s%s%s (mxwatch --help shows all)", word,
			   nearest ? ", did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "");
	signal(SIGPIPE, SIG_IGN); /* a reader that went away is an error of write(2), told as one */
	if (argc < 2) {
		mxw_terminal_error("no command given (mxwatch --help shows all)");
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
		return print_help();
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)
		return print_version();
	for (size_t i = 0; i < MXW_ARRAY_SIZE(commands); i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	return refuse(argv[1]);
}
