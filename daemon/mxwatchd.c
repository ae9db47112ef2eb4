/* mxwatchd: arguments, then the service. */
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/app.h"
#include "daemon/files.h"
#include "daemon/log.h"

static const char usage[] = "usage: mxwatchd [-c FILE] [-t] [-d]\n"
			    "  -c, --config FILE  configuration (default: " MXW_CONFIG_PATH ")\n"
			    "  -t, --test         read the configuration and stop: 0 good, 1 bad\n"
			    "  -d, --debug        log every verdict\n"
			    "  -h, --help         this text\n"
			    "  -V, --version      the version\n";

/* A standard descriptor that was closed would be given to a socket or a file of ours, and log lines would go there. */
static bool open_standard_files(void)
{
	int fd;
	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' }, { "test", no_argument, NULL, 't' },
		{ "debug", no_argument, NULL, 'd' },        { "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },      { 0 },
	};
	struct mxw_app_options app = { .config_path = MXW_CONFIG_PATH };
	enum mxw_log_level threshold = MXW_LOG_INFO;
	int c;
	if (!open_standard_files())
		return MXW_EXIT_FAILURE;
	while ((c = getopt_long(argc, argv, "c:tdhV", options, NULL)) != -1) {
		switch (c) {
		case 'c':
			app.config_path = optarg;
			break;
		case 't':
			app.only_test = true;
			break;
		case 'd':
			threshold = MXW_LOG_DEBUG;
			break;
		case 'h':
			fputs(usage, stdout);
			return 0;
		case 'V':
			puts("mxwatchd " MXW_VERSION);
			return 0;
		default:
			fputs(usage, stderr);
			return MXW_EXIT_FAILURE;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "mxwatchd: unexpected argument \"%s\"\n%s", argv[optind], usage);
		return MXW_EXIT_FAILURE;
	}
	mxw_log_open(threshold);
	return mxw_app_run(&app);
}
