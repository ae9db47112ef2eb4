/* A plan as text: the daemon's configuration, and a scenario that does the same. */
#include <inttypes.h>
#include <string.h>

#include "lib/base/util.h"
#include "tests/property/condition.h"
#include "tests/property/plan.h"

/* "90s", "1500ms". */
static void add_time(struct mxw_strbuf *ret, int64_t ms)
{
	if (ms % SECOND == 0)
		mxw_strbuf_addf(ret, "%" PRId64 "s", ms / SECOND);
	else
		mxw_strbuf_addf(ret, "%" PRId64 "ms", ms);
}

static void add_time_line(struct mxw_strbuf *ret, const char *key, int64_t ms)
{
	mxw_strbuf_addf(ret, "%s: ", key);
	add_time(ret, ms);
	mxw_strbuf_addc(ret, '\n');
}

/* ---- the configuration ---- */

static void add_domains(struct mxw_strbuf *ret, uint32_t domains)
{
	const char *comma = "";
	char name[PLAN_NAME_MAX];
	mxw_strbuf_addc(ret, '[');
	for (unsigned i = 0; i < PLAN_MAX_DOMAINS; i++) {
		if (!(domains & 1u << i))
			continue;
		plan_domain_name(name, i);
		mxw_strbuf_addf(ret, "%s%s", comma, name);
		comma = ", ";
	}
	mxw_strbuf_addc(ret, ']');
}

static void add_resolvers(struct mxw_strbuf *ret, const struct plan_config *config)
{
	mxw_strbuf_adds(ret, "resolvers:\n");
	for (unsigned i = 0; i < PLAN_MAX_RESOLVERS; i++)
		if (config->resolvers & 1u << i)
			mxw_strbuf_addf(ret, "  - { name: r%u, address: \"127.0.0.1:%u\" }\n", i + 1, 5301 + i);
	if (config->quorum)
		mxw_strbuf_addf(ret, "quorum: %u\n", plan_quorum(config));
	if (!config->has_canaries)
		mxw_strbuf_adds(ret, "canaries: []\n");
	add_time_line(ret, "resolver_down_after", config->resolver_down_after_ms);
}

static void add_notifiers(struct mxw_strbuf *ret, const struct plan_config *config)
{
	char name[PLAN_NAME_MAX];
	mxw_strbuf_adds(ret, "notifiers:\n");
	for (unsigned i = 0; i < PLAN_MAX_NOTIFIERS; i++) {
		if (!(config->notifiers & 1u << i))
			continue;
		plan_notifier_name(name, i);
		mxw_strbuf_addf(ret, "  - { name: %s, type: webhook, url: \"http://127.0.0.1/%s\" }\n", name, name);
	}
	if (!config->is_routed)
		return;
	mxw_strbuf_adds(ret, "routes:\n  - { match: { severity: [critical] }, notify: [n1], continue: true }\n"
			     "  - { match: { kind: [monitor] }, notify: [n1], continue: true }\n  - { notify: [");
	const char *comma = "";
	for (unsigned i = 1; i < PLAN_MAX_NOTIFIERS; i++)
		if (config->notifiers & 1u << i) {
			mxw_strbuf_addf(ret, "%sn%u", comma, i + 1);
			comma = ", ";
		}
	mxw_strbuf_adds(ret, "] }\n");
}

static void add_confirmation(struct mxw_strbuf *ret, const struct plan_config *config)
{
	mxw_strbuf_addf(ret, "failure_threshold: %u\nsuccess_threshold: %u\n", config->failure_threshold,
			config->success_threshold);
	mxw_strbuf_adds(ret, "confirm_age: { critical: ");
	add_time(ret, config->confirm_ms[0]);
	mxw_strbuf_adds(ret, ", warning: ");
	add_time(ret, config->confirm_ms[1]);
	mxw_strbuf_adds(ret, ", recovery: ");
	add_time(ret, config->confirm_ms[2]);
	mxw_strbuf_adds(ret, " }\nescalation: { warning: ");
	add_time(ret, config->escalate_warning_ms);
	mxw_strbuf_adds(ret, ", critical: ");
	add_time(ret, config->escalate_critical_ms);
	mxw_strbuf_addf(ret, " }\nflapping: { changes: %u, window: ", config->flapping_changes);
	add_time(ret, config->flapping_window_ms);
	mxw_strbuf_adds(ret, " }\nreminders: [");
	for (size_t i = 0; i < config->n_reminders; i++) {
		mxw_strbuf_adds(ret, i ? ", " : "");
		add_time(ret, config->reminders_ms[i]);
	}
	mxw_strbuf_adds(ret, "]\n");
}

void plan_add_yaml(struct mxw_strbuf *ret, const struct plan_config *config)
{
	mxw_strbuf_adds(ret, "domains: ");
	add_domains(ret, config->domains);
	mxw_strbuf_addf(ret, "\nchecks: [mx%s]\nseverity: { mx-single: off }\n", config->has_spf ? ", spf" : "");
	add_time_line(ret, "interval", config->interval_ms);
	add_time_line(ret, "retry_interval", config->retry_interval_ms);
	add_time_line(ret, "timeout", config->timeout_ms);
	add_confirmation(ret, config);
	mxw_strbuf_addf(ret, "group_above: %u\n", config->group_above);
	add_time_line(ret, "group_interval", config->group_interval_ms);
	add_resolvers(ret, config);
	add_notifiers(ret, config);
	if (!config->maintained)
		return;
	mxw_strbuf_adds(ret, "maintenance:\n  - { name: daily, domains: ");
	add_domains(ret, config->maintained);
	mxw_strbuf_addf(ret, ", daily: { from: \"%02u:%02u\", to: \"%02u:%02u\" } }\n", config->window_from / 60,
			config->window_from % 60, config->window_to / 60, config->window_to % 60);
}

/* ---- the deeds ---- */

static void add_block(struct mxw_strbuf *ret, const char *lines)
{
	for (const char *end; *lines; lines = end) {
		end = strchr(lines, '\n') + 1;
		mxw_strbuf_adds(ret, "  ");
		mxw_strbuf_add(ret, lines, (size_t)(end - lines));
	}
	mxw_strbuf_adds(ret, "end\n");
}

static void add_config(struct mxw_strbuf *ret, const char *verb, const struct plan_config *config)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf yaml = MXW_STRBUF_INIT;
	plan_add_yaml(&yaml, config);
	mxw_strbuf_addf(ret, "%s\n", verb);
	add_block(ret, mxw_strbuf_get(&yaml));
}

/* What the resolvers say as the deeds go on. */
struct sayings {
	uint8_t says[PLAN_MAX_RESOLVERS][PLAN_MAX_DOMAINS];
};

static bool is_meant(const struct deed *deed, unsigned resolver)
{
	return deed->resolver == PLAN_ALL || deed->resolver == resolver;
}

static void add_saying(struct mxw_strbuf *ret, const struct plan *plan, const struct deed *deed,
		       struct sayings *sayings)
{
	for (unsigned i = 0; i < plan->n_resolvers; i++) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf lines = MXW_STRBUF_INIT;
		if (!is_meant(deed, i))
			continue;
		sayings->says[i][deed->who] = (uint8_t)deed->what;
		condition_add_zone(&lines, plan, sayings->says[i]);
		mxw_strbuf_addf(ret, "zone r%u-says like good\n", i + 1);
		add_block(ret, mxw_strbuf_get(&lines));
	}
}

static void add_resolvers_deed(struct mxw_strbuf *ret, const struct plan *plan, const struct deed *deed)
{
	for (unsigned i = 0; i < plan->n_resolvers; i++) {
		if (!is_meant(deed, i))
			continue;
		if (deed->kind == DEED_FAIL)
			mxw_strbuf_addf(ret, "r%u %s\n", i + 1, mxw_outcome_name((enum mxw_outcome)deed->what));
		else if (deed->kind == DEED_WORK)
			mxw_strbuf_addf(ret, "r%u r%u-says\n", i + 1, i + 1);
		else
			mxw_strbuf_addf(ret, "%s r%u\n", deed->kind == DEED_LIE ? "lies" : "honest", i + 1);
	}
}

static void add_mute(struct mxw_strbuf *ret, const struct deed *deed)
{
	char name[PLAN_NAME_MAX] = "*";
	if (deed->who != PLAN_ALL)
		plan_domain_name(name, deed->who);
	if (deed->kind == DEED_ACK) {
		mxw_strbuf_addf(ret, "ack %s\n", name);
		return;
	}
	mxw_strbuf_addf(ret, "silence %s ", name);
	add_time(ret, deed->ms);
	mxw_strbuf_addf(ret, "%s%s\n", deed->what == PLAN_ALL ? "" : " ",
			deed->what == PLAN_ALL ? "" : plan_check_names[deed->what]);
}

static void add_deed(struct mxw_strbuf *ret, const struct plan *plan, const struct deed *deed, struct sayings *sayings)
{
	static const char *const modes[] = { "ok", "retry", "park", "hang", "lose-ack" };
	static const char *const words[N_DEEDS] = { [DEED_STOP] = "stop",
						    [DEED_START] = "start",
						    [DEED_DISK_FULL] = "disk full",
						    [DEED_DISK_OK] = "disk ok",
						    [DEED_LOSE_SENDER] = "lose-sender" };
	switch (deed->kind) {
	case DEED_SAY:
		add_saying(ret, plan, deed, sayings);
		break;
	case DEED_FAIL:
	case DEED_WORK:
	case DEED_LIE:
	case DEED_HONEST:
		add_resolvers_deed(ret, plan, deed);
		break;
	case DEED_RECEIVER:
		mxw_strbuf_addf(ret, "receiver n%u %s\n", deed->who + 1, modes[deed->what]);
		break;
	case DEED_KILL:
		if (deed->what)
			mxw_strbuf_addf(ret, "step %u\n", deed->what);
		mxw_strbuf_adds(ret, "kill\n");
		break;
	case DEED_RELOAD:
		add_config(ret, "reload", &plan->configs[deed->what]);
		break;
	case DEED_CLOCK:
		mxw_strbuf_adds(ret, deed->ms < 0 ? "clock -" : "clock +");
		add_time(ret, deed->ms < 0 ? -deed->ms : deed->ms);
		mxw_strbuf_addc(ret, '\n');
		break;
	case DEED_SUSPEND:
		mxw_strbuf_adds(ret, "suspend ");
		add_time(ret, deed->ms);
		mxw_strbuf_addc(ret, '\n');
		break;
	case DEED_SILENCE:
	case DEED_ACK:
		add_mute(ret, deed);
		break;
	case DEED_UNSILENCE:
		mxw_strbuf_addf(ret, "unsilence %u\n", deed->what);
		break;
	case DEED_NOTHING:
	case N_DEEDS:
		break;
	default:
		mxw_strbuf_addf(ret, "%s\n", words[deed->kind]);
	}
}

void plan_add_scenario(struct mxw_strbuf *ret, const struct plan *plan)
{
	struct sayings sayings = { 0 };
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf good = MXW_STRBUF_INIT;
	int64_t now_ms = 0;
	condition_add_good_zone(&good, plan);
	mxw_strbuf_adds(ret, "zone good\n");
	add_block(ret, mxw_strbuf_get(&good));
	for (unsigned i = 0; i < plan->n_resolvers; i++)
		mxw_strbuf_addf(ret, "zone r%u-says like good\nend\nr%u r%u-says\n", i + 1, i + 1, i + 1);
	add_config(ret, "config", &plan->configs[0]);
	for (size_t i = 0; i < plan->n_deeds; i++) {
		const struct deed *deed = &plan->deeds[i];
		if (deed->at_ms > now_ms) {
			mxw_strbuf_adds(ret, "advance ");
			add_time(ret, deed->at_ms - now_ms);
			mxw_strbuf_addc(ret, '\n');
			now_ms = deed->at_ms;
		}
		add_deed(ret, plan, deed, &sayings);
		now_ms += deed->kind == DEED_SUSPEND ? deed->ms : 0;
	}
	mxw_strbuf_adds(ret, "advance ");
	add_time(ret, MXW_MAX(plan->end_ms - now_ms, 0));
	mxw_strbuf_adds(ret, "\nexpect anything\n");
}
