/* `mxwatch spf`: arguments, configuration, one evaluation, one report; see command_spf.h. Nothing is printed before
 * everything is known. */
#include "daemon/command_spf.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "daemon/clock.h"
#include "daemon/command_config.h"
#include "daemon/engine.h"
#include "daemon/spf_request.h"
#include "daemon/spf_run.h"
#include "daemon/terminal.h"
#include "lib/report/spf_result.h"

enum { EXIT_TEMPERROR = 3, EXIT_USAGE = 3, EXIT_INTERRUPTED = 128 + SIGINT };

static struct mxw_config *load_config(const struct mxw_spf_request *request)
{
	const struct mxw_command_config wanted = { .path = request->config_path,
						   .resolvers = &request->resolver,
						   .n_resolvers = request->resolver ? 1 : 0,
						   .timeout_ms = request->timeout_ms };
	return mxw_command_config_load(&wanted);
}

static int run_evaluation(struct mxw_spf_run *run, const struct mxw_config *config)
{
	struct mxw_engine engine;
	int r = mxw_engine_init(&engine, config, 1);
	if (r == 0)
		r = mxw_spf_run(run, engine.loop, engine.resolver);
	mxw_engine_done(&engine);
	return r;
}

static int print_result(const struct mxw_spf_request *request, const struct mxw_spf_run *run, const char *resolver)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	struct mxw_report_style style;
	mxw_terminal_style(&style);
	int r = request->format == MXW_SPF_JSON
			? mxw_report_spf_json(&run->query, &run->evaluation, &run->trace, resolver, &text)
			: mxw_report_spf_text(&run->query, &run->evaluation, &run->trace, resolver, &style, &text);
	return r < 0 ? r : mxw_terminal_write(&text);
}

static int exit_status(enum mxw_spf_result result)
{
	switch (result) {
	case MXW_SPF_PASS:
		return 0;
	case MXW_SPF_PERMERROR:
		return 2;
	case MXW_SPF_TEMPERROR:
		return EXIT_TEMPERROR;
	default:
		return 1;
	}
}

/* Exit status, or a negative errno. */
static int evaluate(const struct mxw_spf_request *request, const struct mxw_spf_identity *identity,
		    const struct mxw_config *config)
{
	MXW_CLEANUP(mxw_spf_run_done) struct mxw_spf_run run = { .time_limit_ms = request->time_limit_ms };
	run.query = (struct mxw_spf_query){ .identity = identity,
					    .receiver = request->receiver,
					    .now_s = mxw_clock_wall_ms() / 1000,
					    .max_voids = request->max_voids,
					    .wants_explanation = true };
	int r = run_evaluation(&run, config);
	if (r == 0)
		r = print_result(request, &run, config->upstreams[0].name);
	return r < 0 ? r : exit_status(run.evaluation.result);
}

static int print_help(void)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_args_help(&mxw_spf_request_args, &text);
	return mxw_terminal_write(&text) < 0 ? EXIT_USAGE : 0;
}

int mxw_command_spf(int argc, char **argv)
{
	struct mxw_spf_request request;
	MXW_CLEANUP(mxw_spf_identity_done) struct mxw_spf_identity identity = { 0 };
	if (mxw_spf_request_parse(&request, argc, argv) < 0)
		return EXIT_USAGE;
	if (request.wants_help)
		return print_help();
	struct mxw_config *config = load_config(&request);
	if (!config)
		return EXIT_USAGE;
	int r = mxw_spf_identity_init(&identity, &request.ip, request.helo, request.mail_from);
	if (r == 0)
		r = evaluate(&request, &identity, config);
	mxw_config_free(config);
	if (r < 0 && r != -EINTR)
		mxw_terminal_error("spf: %s", strerror(-r));
	return r == -EINTR ? EXIT_INTERRUPTED : r < 0 ? EXIT_USAGE : r;
}
