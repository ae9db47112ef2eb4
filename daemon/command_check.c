/* `mxwatch check`: arguments, configuration, one batch of rounds, one report; see command_check.h.
 *
 * Nothing is printed before everything is known: whoever interrupts it gets no half report. */
#include "daemon/command_check.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "daemon/batch.h"
#include "daemon/check_request.h"
#include "daemon/clock.h"
#include "daemon/command_config.h"
#include "daemon/engine.h"
#include "daemon/terminal.h"
#include "lib/config/config.h"
#include "lib/report/report.h"
#include "lib/target/target.h"

enum { EXIT_UNKNOWN = 3, EXIT_INTERRUPTED = 128 + SIGINT };

static const struct mxw_config_authority found_by_delegation;

struct job {
	char domain[MXW_NAME_TEXT_MAX];
	const struct mxw_values *options[MXW_MAX_CHECKS];
};

/* All domains are looked at before the first complaint ends the run. */
static int parse_domains(const struct mxw_check_request *request, struct job *jobs)
{
	int r = 0;
	for (size_t i = 0; i < request->n_domains; i++) {
		const char *reason = "";
		if (mxw_target_parse_domain(request->domains[i], jobs[i].domain, &reason) < 0) {
			mxw_terminal_error("domain \"%s\" %s", request->domains[i], reason);
			r = -EINVAL;
		}
	}
	return r;
}

static struct mxw_config *load_config(const struct mxw_check_request *request)
{
	const struct mxw_command_config wanted = { .path = request->config_path,
						   .resolvers = request->resolvers,
						   .n_resolvers = request->n_resolvers,
						   .timeout_ms = request->timeout_ms };
	return mxw_command_config_load(&wanted);
}

/* `check` judges what the resolvers say now: each has its vote, no canary takes it away (design.md 5.2). */
static int make_spec(const struct mxw_check_request *request, const struct mxw_config *config, struct job *job,
		     struct mxw_batch_item *ret)
{
	const struct mxw_domain *listed = mxw_config_find_domain(config, job->domain);
	const struct mxw_domain_settings *settings = listed ? listed->settings : &config->defaults;
	for (size_t i = 0; i < mxw_n_checks; i++)
		job->options[i] = config->check_options[i].options ? &config->check_options[i] : NULL;
	ret->authority = settings->authority;
	if (!ret->authority && request->with_authority)
		ret->authority = &found_by_delegation;
	ret->spec = (struct mxw_round_spec){
		.target = { .domain = job->domain,
			    .profile = &settings->profile,
			    .has_probes = true,
			    .expect = settings->expect,
			    .now_wall_ms = mxw_clock_wall_ms() },
		.checks = request->checks ? request->checks : settings->checks,
		.options = job->options,
		.overrides = settings->overrides,
		.n_overrides = settings->n_overrides,
		.n_views = config->n_upstreams,
		.voters = (UINT32_C(1) << config->n_upstreams) - 1,
		.quorum = config->quorum,
	};
	return getrandom(&ret->spec.seed, sizeof(ret->spec.seed), 0) < 0 ? -errno : 0;
}

static int run_rounds(struct mxw_engine *engine, const struct mxw_config *config, struct mxw_batch_item *items,
		      size_t n)
{
	int r = mxw_engine_init(engine, config, config->n_upstreams);
	return r < 0 ? r : mxw_batch_run(engine->loop, engine->resolver, engine->servers, items, n);
}

static int print_report(const struct mxw_check_request *request, const struct mxw_config *config,
			const struct mxw_batch_item *items)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	MXW_CLEANUP(mxw_freep) struct mxw_report_result *results = mxw_new_array(request->n_domains, sizeof(*results));
	struct mxw_report_context context = { .upstreams = config->upstreams,
					      .n_upstreams = config->n_upstreams,
					      .now_wall_ms = mxw_clock_wall_ms() };
	struct mxw_report_style style;
	size_t n = request->n_domains;
	if (!results)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		results[i].round = items[i].round;
	mxw_terminal_style(&style);
	style.verbose = request->is_verbose;
	int r = request->format == MXW_CHECK_JSON   ? mxw_report_check_json(results, n, &context, &text)
		: request->format == MXW_CHECK_TEXT ? mxw_report_check_text(results, n, &context, &style, &text)
						    : mxw_report_check_nagios(results, n, &context, &text);
	if (r == 0)
		r = mxw_terminal_write(&text);
	return r < 0 ? r : mxw_report_exit_code(results, n);
}

static int check_domains(const struct mxw_check_request *request, struct job *jobs, struct mxw_batch_item *items)
{
	struct mxw_engine engine = { 0 };
	int r = parse_domains(request, jobs);
	struct mxw_config *config = r == 0 ? load_config(request) : NULL;
	if (!config)
		return EXIT_UNKNOWN;
	for (size_t i = 0; i < request->n_domains && r == 0; i++)
		r = make_spec(request, config, &jobs[i], &items[i]);
	if (r == 0)
		r = run_rounds(&engine, config, items, request->n_domains);
	if (r == 0) {
		r = print_report(request, config, items);
		if (r < 0)
			mxw_terminal_error("cannot write the report: %s", strerror(-r));
	} else if (r != -EINTR) {
		mxw_terminal_error("check: %s", strerror(-r));
	}
	mxw_batch_items_done(items, request->n_domains);
	mxw_engine_done(&engine);
	mxw_config_free(config);
	return r == -EINTR ? EXIT_INTERRUPTED : r < 0 ? EXIT_UNKNOWN : r;
}

static int print_help(void)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_args_help(&mxw_check_request_args, &text);
	return mxw_terminal_write(&text) < 0 ? EXIT_UNKNOWN : 0;
}

int mxw_command_check(int argc, char **argv)
{
	struct mxw_check_request request;
	if (mxw_check_request_parse(&request, argc, argv) < 0)
		return EXIT_UNKNOWN;
	if (request.wants_help)
		return print_help();
	MXW_CLEANUP(mxw_freep) struct job *jobs = mxw_new_array(request.n_domains, sizeof(*jobs));
	MXW_CLEANUP(mxw_freep) struct mxw_batch_item *items = mxw_new_array(request.n_domains, sizeof(*items));
	if (!jobs || !items) {
		mxw_terminal_error("check: %s", strerror(ENOMEM));
		return EXIT_UNKNOWN;
	}
	return check_domains(&request, jobs, items);
}
