/* Puts the real configuration, store, outbox and monitor together on the fake loop, courier and resolver; see life.h.
 *
 * A kill is a copy of the database and its write-ahead log between two callbacks: exactly the bytes that the kernel keeps
 * of a killed process. What happens inside a transaction needs no scenario, that is SQLite's promise; all that
 * the daemon promises happens between transactions. */
#include "tests/scenario/life.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/monitor/monitor.h"
#include "daemon/monitor/mute.h"
#include "daemon/outbox/outbox.h"
#include "daemon/store/store.h"
#include "lib/base/strbuf.h"
#include "lib/config/config.h"
#include "tests/scenario/fake_courier.h"
#include "tests/scenario/fake_loop.h"
#include "tests/scenario/world.h"

enum { STOP_GRACE_MS = 2000, SEED = 20261118 };

struct life {
	char *dir;
	struct mxw_loop *loop;
	struct mxw_store *store;
	struct mxw_outbox *outbox;
	struct mxw_courier *courier;
	struct mxw_monitor *monitor;
};

/* ---- the configuration ---- */

static const char usual_resolvers[] = "resolvers:\n"
				      "  - { name: r1, address: 127.0.0.1:5301 }\n"
				      "  - { name: r2, address: 127.0.0.1:5302 }\n"
				      "  - { name: r3, address: 127.0.0.1:5303 }\n";
static const char usual_notifiers[] = "notifiers:\n"
				      "  - { name: ops, type: webhook, url: \"http://127.0.0.1/ops\" }\n";

/* The block of a script may be indented as a whole: its first line tells how far. */
static void add_unindented(struct mxw_strbuf *ret, const char *yaml)
{
	size_t indent = strspn(yaml, " ");
	while (*yaml) {
		size_t blank = strspn(yaml, " "), n = strcspn(yaml, "\n");
		size_t skip = blank < indent ? blank : indent;
		mxw_strbuf_add(ret, yaml + skip, n - skip);
		mxw_strbuf_addc(ret, '\n');
		yaml += yaml[n] ? n + 1 : n;
	}
}

static bool has_key(const char *yaml, const char *key)
{
	const char *at = strstr(yaml, key);
	return at && (at == yaml || at[-1] == '\n');
}

static int read_text(void *arg, const char *path, char **ret_bytes, size_t *ret_n)
{
	const struct mxw_strbuf *text = arg;
	(void)path;
	*ret_bytes = strdup(mxw_strbuf_get(text));
	*ret_n = text->len;
	return *ret_bytes ? 0 : -ENOMEM;
}

static struct mxw_config *read_config(const char *yaml)
{
	struct mxw_config *config = NULL;
	struct mxw_diags diags = { 0 };
	struct mxw_strbuf text = MXW_STRBUF_INIT, said = MXW_STRBUF_INIT;
	struct mxw_config_source source = { .read = read_text, .arg = &text };
	add_unindented(&text, yaml);
	if (!has_key(mxw_strbuf_get(&text), "resolvers:"))
		mxw_strbuf_adds(&text, usual_resolvers);
	if (!has_key(mxw_strbuf_get(&text), "notifiers:"))
		mxw_strbuf_adds(&text, usual_notifiers);
	int r = mxw_config_read(&config, "mxwatch.yaml", &source, &diags);
	mxw_diags_print(&diags, &said);
	fputs(mxw_strbuf_get(&said), stderr);
	if (r < 0)
		fprintf(stderr, "mxwatch.yaml: %s\n", strerror(-r));
	mxw_strbuf_done(&text);
	mxw_strbuf_done(&said);
	mxw_diags_done(&diags);
	return config;
}

/* ---- begin and end ---- */

static void on_trouble(void *arg, const char *notifier, enum mxw_outbox_trouble trouble, const char *text)
{
	struct life *life = arg;
	if (life->monitor)
		mxw_monitor_notifier_trouble(life->monitor, notifier, trouble, text);
}

static struct mxw_outbox_policy outbox_policy(const struct mxw_config *config)
{
	return (struct mxw_outbox_policy){ .max_age_ms = config->max_age_ms,
					   .max_deliveries = (size_t)config->outbox_deliveries,
					   .max_bytes = (uint64_t)config->outbox_bytes,
					   .n_notifiers = config->n_notifiers };
}

static int start_delivery(struct life *life, const struct mxw_config *config)
{
	struct mxw_outbox_params params = {
		.store = life->store, .policy = outbox_policy(config), .seed = SEED, .trouble = on_trouble, .arg = life
	};
	int r = mxw_outbox_new(&life->outbox, life->loop, &params);
	if (r == 0)
		r = mxw_outbox_load(life->outbox);
	if (r == 0)
		r = mxw_courier_new(&life->courier, life->loop, "", mxw_outbox_result, life->outbox);
	if (r < 0)
		return r;
	mxw_courier_on_ready(life->courier, mxw_outbox_pump, life->outbox);
	mxw_outbox_set_courier(life->outbox, life->courier);
	return 0;
}

static int start_monitor(struct life *life, struct mxw_config *config)
{
	struct mxw_monitor_params params = {
		.store = life->store, .outbox = life->outbox, .instance = "monitor.example.net", .seed = SEED
	};
	int r = mxw_monitor_new(&life->monitor, life->loop, &params);
	if (r == 0)
		r = mxw_monitor_configure(life->monitor, config);
	if (r < 0) {
		mxw_config_free(config);
		return r;
	}
	return mxw_monitor_restore(life->monitor);
}

static int start(struct life *life, struct mxw_config *config, int64_t wall_ms)
{
	char *set_aside = NULL;
	int r = mxw_loop_new(&life->loop);
	if (r == 0) {
		life_step_clock(life, wall_ms - mxw_loop_wall_ms(life->loop));
		r = mxw_store_open(&life->store, life->dir, wall_ms, &set_aside);
	}
	if (set_aside) /* no scenario damages its store */
		r = -EBADMSG;
	free(set_aside);
	if (r == 0)
		r = start_delivery(life, config);
	if (r < 0) {
		mxw_config_free(config);
		return r;
	}
	return start_monitor(life, config);
}

static void life_free(struct life *life)
{
	world.ttls.past_ms += life->loop ? mxw_loop_now_ms(life->loop) - FAKE_LOOP_START_MS : 0;
	mxw_monitor_free(life->monitor);
	mxw_courier_free(life->courier, 0);
	mxw_outbox_free(life->outbox);
	mxw_store_close(life->store);
	mxw_loop_free(life->loop);
	free(life->dir);
	free(life);
}

struct life *life_start(const char *dir, const char *yaml, int64_t wall_ms)
{
	struct mxw_config *config = read_config(yaml);
	struct life *life = config ? calloc(1, sizeof(*life)) : NULL;
	if (!life) {
		mxw_config_free(config);
		return NULL;
	}
	life->dir = strdup(dir);
	int r = life->dir ? start(life, config, wall_ms) : -ENOMEM;
	if (r < 0) {
		fprintf(stderr, "cannot start: %s\n", strerror(-r));
		life_free(life);
		return NULL;
	}
	return life;
}

/* What daemon/app.c does on SIGTERM: no new delivery, a moment for those under way. */
int64_t life_stop(struct life *life)
{
	mxw_monitor_free(life->monitor);
	life->monitor = NULL;
	mxw_outbox_set_courier(life->outbox, NULL);
	int64_t end_ms = mxw_loop_now_ms(life->loop) + STOP_GRACE_MS;
	while (mxw_courier_in_flight(life->courier) && mxw_loop_now_ms(life->loop) < end_ms)
		life_step(life, end_ms);
	int64_t wall_ms = mxw_loop_wall_ms(life->loop);
	life_free(life);
	return wall_ms;
}

static bool copy_file(const char *from_dir, const char *to_dir, const char *name)
{
	struct mxw_strbuf from = MXW_STRBUF_INIT, to = MXW_STRBUF_INIT;
	char buffer[65536];
	size_t n;
	mxw_strbuf_addf(&from, "%s/%s", from_dir, name);
	mxw_strbuf_addf(&to, "%s/%s", to_dir, name);
	FILE *in = fopen(mxw_strbuf_get(&from), "re"), *out = fopen(mxw_strbuf_get(&to), "we");
	bool ok = in && out;
	while (ok && (n = fread(buffer, 1, sizeof(buffer), in)) > 0)
		ok = fwrite(buffer, 1, n, out) == n;
	ok = ok && !ferror(in);
	if (in)
		fclose(in);
	if (out)
		ok = fclose(out) == 0 && ok;
	mxw_strbuf_done(&from);
	mxw_strbuf_done(&to);
	return ok;
}

int64_t life_kill(struct life *life, const char *new_dir)
{
	int64_t wall_ms = mxw_loop_wall_ms(life->loop);
	if (!copy_file(life->dir, new_dir, "mxwatch.db") || !copy_file(life->dir, new_dir, "mxwatch.db-wal"))
		abort();
	world.n_lost_acks += fake_courier_n_unwritten(life->courier);
	mxw_outbox_set_courier(life->outbox, NULL);
	life_free(life);
	return wall_ms;
}

bool life_reload(struct life *life, const char *yaml)
{
	struct mxw_config *config = read_config(yaml);
	if (!config)
		return false;
	struct mxw_outbox_policy policy = outbox_policy(config);
	if (mxw_monitor_configure(life->monitor, config) < 0) {
		mxw_config_free(config);
		return false;
	}
	mxw_outbox_set_policy(life->outbox, &policy);
	return true;
}

/* ---- the clock, and questions ---- */

bool life_step(struct life *life, int64_t end_ms)
{
	return fake_loop_step(life->loop, end_ms);
}

int64_t life_now_ms(const struct life *life)
{
	return mxw_loop_now_ms(life->loop);
}

void life_step_clock(struct life *life, int64_t ms)
{
	fake_loop_step_wall(life->loop, ms);
}

void life_suspend(struct life *life, int64_t ms)
{
	fake_loop_suspend(life->loop, ms);
}

void life_lose_sender(struct life *life)
{
	fake_courier_lose(life->courier);
}

/* ---- what people mute ---- */

static char nothing[] = "";

int life_silence(struct life *life, const char *pattern, const char *check, int64_t for_ms)
{
	struct mxw_silence silence = {
		.pattern = (char *)(uintptr_t)pattern,
		.check = (char *)(uintptr_t)check,
		.created_wall_ms = mxw_loop_wall_ms(life->loop),
		.until_wall_ms = mxw_loop_wall_ms(life->loop) + for_ms,
		.reason = nothing,
		.author = nothing,
	};
	return mxw_monitor_add_silence(life->monitor, &silence);
}

int life_unsilence(struct life *life, uint64_t id)
{
	return mxw_monitor_remove_silence(life->monitor, id);
}

int life_ack(struct life *life, const char *domain, const char *check)
{
	struct mxw_monitor_incident incidents[MXW_MAX_CHECKS];
	struct mxw_ack acks[MXW_MAX_CHECKS];
	size_t n_incidents = mxw_monitor_incidents(life->monitor, domain, incidents), n = 0;
	for (size_t i = 0; i < n_incidents; i++) {
		if (check && strcmp(check, incidents[i].check) != 0)
			continue;
		acks[n++] = (struct mxw_ack){
			.domain = (char *)(uintptr_t)domain,
			.check = (char *)(uintptr_t)incidents[i].check,
			.incident_since_wall_ms = incidents[i].since_wall_ms,
			.created_wall_ms = mxw_loop_wall_ms(life->loop),
			.reason = nothing,
			.author = nothing,
		};
	}
	return n ? mxw_monitor_put_acks(life->monitor, acks, n) : -ENOENT;
}

int life_test_notifier(struct life *life, const char *name)
{
	char id[MXW_ALERT_ID_MAX];
	const struct mxw_config *config = mxw_monitor_config(life->monitor);
	size_t notifier = mxw_config_find_notifier(config, name);
	return notifier < config->n_notifiers ? mxw_monitor_test_notifier(life->monitor, notifier, "somebody", id)
					      : -ENOENT;
}

size_t life_n_mutes(const struct life *life, bool with_ended)
{
	const struct mxw_mutes *mutes = mxw_monitor_mutes(life->monitor);
	size_t n = mutes->n_acks;
	for (size_t i = 0; i < mutes->n_silences; i++)
		n += with_ended || mutes->silences[i].until_wall_ms > mxw_loop_wall_ms(life->loop);
	return n;
}

size_t life_n_open(const struct life *life)
{
	return mxw_outbox_n_open(life->outbox);
}

uint64_t life_n_events(const struct life *life)
{
	struct mxw_monitor_stats stats;
	mxw_monitor_stats(life->monitor, &stats);
	return stats.n_events;
}

unsigned life_quorum(const struct life *life)
{
	return mxw_monitor_config(life->monitor)->quorum;
}
