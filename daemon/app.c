/* Puts the daemon together, reacts to signals, takes it apart again. */
#include "daemon/app.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/config_file.h"
#include "daemon/control/control.h"
#include "daemon/courier.h"
#include "daemon/log.h"
#include "daemon/loop.h"
#include "daemon/monitor/monitor.h"
#include "daemon/outbox/outbox.h"
#include "daemon/sender_path.h"
#include "daemon/service.h"
#include "daemon/store/store.h"
#include "lib/config/config.h"

enum {
	STATUS_EVERY_MS = 60 * 1000,
	STOP_GRACE_MS =
		2000, /* for deliveries that are under way: what is not answered by then goes out at the next start */
	STOP_POLL_MS = 20,
	SENDER_GRACE_MS = 500, /* to kill the programs that it runs */
	RELOAD_EVERY_MS = 1000,
	LOST_GRACE_MS = 5000, /* to tell that the store is lost */
	MAX_REOPENED = 3,     /* in the time below: a disk that fails again and again is for somebody else to see to */
	REOPENED_MS = 10 * 60 * 1000,
};

struct app {
	const struct mxw_app_options *options;
	struct mxw_loop *loop;
	struct mxw_service *service;
	struct mxw_store *store;
	char *damaged_store; /* where it was set aside; NULL: it was sound */
	struct mxw_outbox *outbox;
	struct mxw_courier *courier;
	struct mxw_monitor *monitor;
	struct mxw_control *control;
	struct mxw_timer status, reload, stop, lose;
	int64_t reloaded_at_ms;
	int64_t stop_at_ms; /* 0: running */
	/* The store is not to be trusted any more: all is taken apart, and begun anew with what it holds. These members
	 * outlive that. */
	enum mxw_store_health lost;
	unsigned n_reopened;
	int64_t reopened_at_ms; /* monotonic, the first of them */
};

static void log_lag(struct app *app)
{
	struct mxw_loop_lag lag;
	mxw_loop_lag_take(app->loop, &lag);
	mxw_log(MXW_LOG_INFO, "loop lag p50=%.1f p99=%.1f max=%.1f ms", lag.p50_ms, lag.p99_ms, lag.max_ms);
}

static void tell_status(struct app *app)
{
	struct mxw_monitor_stats stats;
	mxw_monitor_stats(app->monitor, &stats);
	mxw_service_status("%zu domains: %zu critical, %zu warning, %zu not yet known%s; %zu deliveries open",
			   stats.n_domains, stats.n_critical, stats.n_warning, stats.n_unknown,
			   stats.is_held ? ", held while the resolvers fail" : "", mxw_outbox_n_open(app->outbox));
}

static void on_status(void *arg)
{
	struct app *app = arg;
	log_lag(app);
	tell_status(app);
	mxw_timer_in(&app->status, STATUS_EVERY_MS);
}

static void on_usr1(void *arg, int signo)
{
	(void)signo;
	log_lag(arg);
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* What a reload cannot change: the store is open. */
static void warn_of_restart(const struct mxw_config *running, const struct mxw_config *config)
{
	const char *old = running->state_dir ? running->state_dir : "",
		   *new = config->state_dir ? config->state_dir : "";
	if (strcmp(old, new) != 0)
		mxw_log(MXW_LOG_WARNING, "state_dir: stays %s until mxwatchd is restarted", old);
}

static struct mxw_outbox_policy outbox_policy(const struct mxw_config *config)
{
	return (struct mxw_outbox_policy){ .max_age_ms = config->max_age_ms,
					   .max_deliveries = (size_t)config->outbox_deliveries,
					   .max_bytes = (uint64_t)config->outbox_bytes,
					   .n_notifiers = config->n_notifiers };
}

/* A reload is all or nothing: a bad file, or no memory for a good one, keeps what runs. */
static void on_reload(void *arg)
{
	struct app *app = arg;
	app->reloaded_at_ms = mxw_loop_now_ms(app->loop);
	mxw_service_reloading();
	struct mxw_config *config = mxw_config_file_read(app->options->config_path, true);
	struct mxw_outbox_policy policy = config ? outbox_policy(config) : (struct mxw_outbox_policy){ 0 };
	if (config)
		warn_of_restart(mxw_monitor_config(app->monitor), config);
	if (!config || mxw_monitor_configure(app->monitor, config) < 0) {
		mxw_config_free(config);
		mxw_log(MXW_LOG_ERROR, "%s: not reloaded; the running configuration stays in force",
			app->options->config_path);
	} else {
		mxw_outbox_set_policy(app->outbox, &policy);
		mxw_control_configure(app->control, mxw_monitor_config(app->monitor)->control_socket);
		mxw_log(MXW_LOG_NOTICE, "%s: reloaded, %zu domain%s", app->options->config_path,
			mxw_monitor_config(app->monitor)->n_domains,
			plural(mxw_monitor_config(app->monitor)->n_domains));
	}
	mxw_service_ready();
	tell_status(app);
}

/* Many signals are one wish: every reload begins the rounds anew that are under way, so a storm of them would let none
 * come to its end. */
static void on_hup(void *arg, int signo)
{
	struct app *app = arg;
	(void)signo;
	if (!app->stop_at_ms)
		mxw_timer_at_latest(&app->reload, app->reloaded_at_ms + RELOAD_EVERY_MS);
}

static void on_stop_poll(void *arg)
{
	struct app *app = arg;
	bool is_done = app->lost ? mxw_outbox_n_unstored(app->outbox) == 0 : mxw_courier_in_flight(app->courier) == 0;
	if (is_done || mxw_loop_now_ms(app->loop) >= app->stop_at_ms)
		mxw_loop_stop(app->loop);
	else
		mxw_timer_in(&app->stop, STOP_POLL_MS);
}

/* No new round; deliveries get a moment. */
static void wind_down(struct app *app, int64_t grace_ms)
{
	mxw_control_free(app->control);
	app->control = NULL;
	mxw_monitor_free(app->monitor);
	app->monitor = NULL;
	mxw_timer_cancel(&app->status);
	mxw_timer_cancel(&app->reload);
	app->stop_at_ms = mxw_loop_now_ms(app->loop) + grace_ms;
	mxw_timer_in(&app->stop, 0);
}

/* No new delivery, either. */
static void on_term(void *arg, int signo)
{
	struct app *app = arg;
	if (app->stop_at_ms) { /* asked twice, or while the store is lost: at once */
		app->lost = MXW_STORE_GOOD;
		mxw_loop_stop(app->loop);
		return;
	}
	mxw_log(MXW_LOG_NOTICE, "stopping (signal %d)", signo);
	mxw_service_stopping();
	mxw_outbox_set_courier(app->outbox, NULL);
	wind_down(app, STOP_GRACE_MS);
}

/* What the monitor has told of it goes out first; nothing else does, for the store gives nothing. */
static void on_store_lost(void *arg)
{
	struct app *app = arg;
	if (app->stop_at_ms)
		return;
	app->lost = mxw_store_health(app->store);
	wind_down(app, LOST_GRACE_MS);
}

static int watch_signals(struct app *app)
{
	static const struct {
		int signo;
		void (*callback)(void *arg, int signo);
	} signals[] = { { SIGTERM, on_term }, { SIGINT, on_term }, { SIGHUP, on_hup }, { SIGUSR1, on_usr1 } };
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a limit on files is a disk that is full */
	for (size_t i = 0; i < MXW_ARRAY_SIZE(signals); i++) {
		int r = mxw_loop_on_signal(app->loop, signals[i].signo, signals[i].callback, app);
		if (r < 0)
			return r;
	}
	return 0;
}

static void on_trouble(void *arg, const char *notifier, enum mxw_outbox_trouble trouble, const char *text)
{
	struct app *app = arg;
	if (app->monitor)
		mxw_monitor_notifier_trouble(app->monitor, notifier, trouble, text);
}

static int open_store(struct app *app, const struct mxw_config *config)
{
	const char *dir = config->state_dir;
	if (!dir) {
		mxw_log(MXW_LOG_ERROR,
			"no state directory: set state_dir in %s, or run as a service with StateDirectory=",
			app->options->config_path);
		return -EINVAL;
	}
	bool is_damaged = app->lost == MXW_STORE_DAMAGED;
	int r = (is_damaged ? mxw_store_open_anew : mxw_store_open)(&app->store, dir, mxw_loop_wall_ms(app->loop),
								    &app->damaged_store);
	if (r == 0 && app->lost) /* does it take anything again? A full disk is another matter */
		r = mxw_store_probe(app->store) < 0 && mxw_store_health(app->store) != MXW_STORE_GOOD ? -EIO : 0;
	if (r == -EWOULDBLOCK)
		mxw_log(MXW_LOG_ERROR, "%s: another mxwatchd uses this state directory", dir);
	else if (r == -EBUSY)
		mxw_log(MXW_LOG_ERROR, "%s/mxwatch.db: locked by another process", dir);
	else if (r == -EPROTO)
		mxw_log(MXW_LOG_ERROR, "%s/mxwatch.db: written by a later version of mxwatch; it is left alone", dir);
	else if (r < 0)
		mxw_log(MXW_LOG_ERROR, "%s: cannot open the store: %s", dir, strerror(-r));
	return r;
}

static int random_seed(uint64_t *ret)
{
	return getrandom(ret, sizeof(*ret), 0) == (ssize_t)sizeof(*ret) ? 0 : -EIO;
}

static int start_delivery(struct app *app, const struct mxw_config *config, uint64_t seed)
{
	char sender[PATH_MAX];
	struct mxw_outbox_params params = {
		.store = app->store, .policy = outbox_policy(config), .seed = seed, .trouble = on_trouble, .arg = app
	};
	int r = mxw_sender_path(sender);
	if (r < 0) {
		mxw_log(MXW_LOG_ERROR, "mxwatch-sender: not found beside mxwatchd nor in %s", MXW_LIBEXECDIR);
		return r;
	}
	if ((r = mxw_outbox_new(&app->outbox, app->loop, &params)) < 0 || (r = mxw_outbox_load(app->outbox)) < 0 ||
	    (r = mxw_courier_new(&app->courier, app->loop, sender, mxw_outbox_result, app->outbox)) < 0) {
		mxw_log(MXW_LOG_ERROR, "cannot start to deliver: %s", strerror(-r));
		return r;
	}
	mxw_courier_on_ready(app->courier, mxw_outbox_pump, app->outbox);
	mxw_outbox_set_courier(app->outbox, app->courier);
	return 0;
}

/* From inside the monitor, which is going to be freed. */
static void on_monitor_lost_store(void *arg)
{
	struct app *app = arg;
	if (!app->stop_at_ms)
		mxw_timer_in(&app->lose, 0);
}

/* Takes over the configuration in any case. */
static int start_monitor(struct app *app, struct mxw_config *config, uint64_t seed)
{
	char host[HOST_NAME_MAX + 1] = "localhost";
	gethostname(host, sizeof(host) - 1);
	struct mxw_monitor_params params = {
		.store = app->store,
		.outbox = app->outbox,
		.instance = host,
		.seed = seed,
		.store_lost = on_monitor_lost_store,
		.arg = app,
	};
	int r = mxw_monitor_new(&app->monitor, app->loop, &params);
	if (r == 0)
		r = mxw_monitor_configure(app->monitor, config);
	if (r < 0)
		mxw_config_free(config);
	else
		r = mxw_monitor_restore(app->monitor);
	const char *predecessor = mxw_store_predecessor(app->store);
	if (r == 0 && *predecessor)
		mxw_monitor_store_damaged(app->monitor, predecessor);
	if (r == 0 && app->lost == MXW_STORE_LOST)
		mxw_monitor_store_reopened(app->monitor);
	if (r < 0)
		mxw_log(MXW_LOG_ERROR, "cannot start to watch: %s", strerror(-r));
	return r;
}

static int start_control(struct app *app)
{
	struct mxw_control_host host = { .monitor = app->monitor, .store = app->store };
	int r = mxw_control_new(&app->control, app->loop, &host);
	if (r == 0)
		mxw_control_configure(app->control, mxw_monitor_config(app->monitor)->control_socket);
	return r;
}

static int start(struct app *app, struct mxw_config *config)
{
	uint64_t seed = 0;
	int r;
	if ((r = mxw_loop_new(&app->loop)) < 0 || (r = random_seed(&seed)) < 0 || (r = watch_signals(app)) < 0 ||
	    (r = mxw_service_new(&app->service, app->loop)) < 0) {
		mxw_log(MXW_LOG_ERROR, "cannot start: %s", strerror(-r));
		mxw_config_free(config);
		return r;
	}
	mxw_timer_init(&app->status, app->loop, on_status, app);
	mxw_timer_init(&app->reload, app->loop, on_reload, app);
	mxw_timer_init(&app->stop, app->loop, on_stop_poll, app);
	mxw_timer_init(&app->lose, app->loop, on_store_lost, app);
	app->reloaded_at_ms = mxw_loop_now_ms(app->loop) - RELOAD_EVERY_MS;
	if ((r = open_store(app, config)) < 0 || (r = start_delivery(app, config, seed)) < 0) {
		mxw_config_free(config);
		return r;
	}
	r = start_monitor(app, config, seed);
	return r < 0 ? r : start_control(app);
}

static void stop(struct app *app)
{
	mxw_control_free(app->control);
	mxw_monitor_free(app->monitor);
	app->monitor = NULL;
	mxw_courier_free(app->courier, SENDER_GRACE_MS);
	mxw_outbox_free(app->outbox);
	mxw_store_close(app->store);
	free(app->damaged_store);
	mxw_service_free(app->service);
	mxw_timer_cancel(&app->status);
	mxw_timer_cancel(&app->reload);
	mxw_timer_cancel(&app->stop);
	mxw_timer_cancel(&app->lose);
	mxw_loop_free(app->loop);
}

static int run(struct app *app, struct mxw_config *config)
{
	int r = start(app, config);
	if (r == 0) {
		size_t n_domains = mxw_monitor_config(app->monitor)->n_domains;
		size_t n_resolvers = mxw_monitor_config(app->monitor)->n_upstreams;
		mxw_log(MXW_LOG_NOTICE, "mxwatchd " MXW_VERSION " watches %zu domain%s through %zu resolver%s",
			n_domains, plural(n_domains), n_resolvers, plural(n_resolvers));
		app->lost = MXW_STORE_GOOD;
		mxw_timer_in(&app->status, STATUS_EVERY_MS);
		mxw_service_ready();
		tell_status(app);
		r = mxw_loop_run(app->loop);
	} else { /* reading may find what the check at the opening did not */
		app->lost = app->store ? mxw_store_health(app->store) : MXW_STORE_GOOD;
	}
	stop(app);
	return r;
}

/* After a loss: what is kept for the next life, if there is to be one. */
static bool may_reopen(struct app *app)
{
	struct app next = { .options = app->options,
			    .lost = app->lost,
			    .n_reopened = app->n_reopened + 1,
			    .reopened_at_ms = app->reopened_at_ms };
	int64_t now_ms = mxw_clock_monotonic_ms();
	if (!app->lost)
		return false;
	if (next.n_reopened == 1 || now_ms - next.reopened_at_ms > REOPENED_MS) {
		next.n_reopened = 1;
		next.reopened_at_ms = now_ms;
	}
	*app = next;
	if (app->n_reopened <= MAX_REOPENED)
		return true;
	mxw_log(MXW_LOG_ERROR, "the store was lost again and again: giving up");
	return false;
}

int mxw_app_run(const struct mxw_app_options *options)
{
	struct app app = { .options = options };
	struct mxw_config *config = mxw_config_file_read(options->config_path, false);
	if (!config)
		return MXW_EXIT_FAILURE;
	if (options->only_test) {
		printf("%s: good, %zu domain%s\n", options->config_path, config->n_domains, plural(config->n_domains));
		mxw_config_free(config);
		return 0;
	}
	int r = run(&app, config);
	while (may_reopen(&app)) {
		config = mxw_config_file_read(options->config_path, true);
		r = config ? run(&app, config) : -EINVAL;
	}
	bool is_locked = r == -EWOULDBLOCK || r == -EBUSY;
	return is_locked ? MXW_EXIT_ANOTHER_INSTANCE : r < 0 || app.lost ? MXW_EXIT_FAILURE : 0;
}
