/* Silences and acknowledgements by the API: bodies checked against what is watched, the host asked, answers in JSON. */
#include <errno.h>
#include <string.h>

#include "lib/base/duration.h"
#include "lib/base/nearest.h"
#include "lib/control/internal.h"
#include "lib/mute/pattern.h"
#include "lib/report/json.h"

enum {
	MAX_DURATION_TEXT = 32,
	MAX_CHECK_NAME = 32,
	MAX_CANDIDATES =
		2000, /* domains that are looked at for the nearest name: the loop does not wait for a million */
	ID_DIGITS = 19,
};
#define MAX_SILENCE_MS ((int64_t)MXW_API_MAX_SILENCE_DAYS * 24 * 3600 * 1000)

static json_t *text_or_null(const char *text)
{
	return text ? mxw_report_json_text(text) : json_null();
}

static json_t *silence_json(const struct mxw_silence *silence)
{
	json_t *object = json_object();
	bool ok = mxw_report_json_put(object, "id", json_integer((json_int_t)silence->id));
	ok &= mxw_report_json_put(object, "domain", mxw_report_json_text(silence->pattern));
	ok &= mxw_report_json_put(object, "check", text_or_null(silence->check));
	ok &= mxw_report_json_put(object, "created", mxw_report_json_time(silence->created_wall_ms));
	ok &= mxw_report_json_put(object, "until", mxw_report_json_time(silence->until_wall_ms));
	ok &= mxw_report_json_put(object, "reason", mxw_report_json_text(silence->reason));
	ok &= mxw_report_json_put(object, "author", mxw_report_json_text(silence->author));
	if (ok)
		return object;
	json_decref(object);
	return NULL;
}

static json_t *ack_json(const struct mxw_ack *ack)
{
	json_t *object = json_object();
	bool ok = mxw_report_json_put(object, "domain", mxw_report_json_text(ack->domain));
	ok &= mxw_report_json_put(object, "check", mxw_report_json_text(ack->check));
	ok &= mxw_report_json_put(object, "since", mxw_report_json_time(ack->incident_since_wall_ms));
	ok &= mxw_report_json_put(object, "created", mxw_report_json_time(ack->created_wall_ms));
	ok &= mxw_report_json_put(object, "reason", mxw_report_json_text(ack->reason));
	ok &= mxw_report_json_put(object, "author", mxw_report_json_text(ack->author));
	if (ok)
		return object;
	json_decref(object);
	return NULL;
}

/* Where the name would stand among the domains. */
static size_t domain_place(const struct mxw_config *config, const char *name)
{
	size_t low = 0, high = config->n_domains;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(config->domains[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Domains beside the place where the name would stand, as many as may be looked at. */
static const char *nearest_domain(const struct mxw_config *config, const char *name)
{
	const char *candidates[MAX_CANDIDATES];
	size_t n = MXW_MIN(config->n_domains, (size_t)MAX_CANDIDATES), place = domain_place(config, name);
	size_t first = place < n / 2 ? 0 : MXW_MIN(place - n / 2, config->n_domains - n);
	for (size_t i = 0; i < n; i++)
		candidates[i] = config->domains[first + i].name;
	return mxw_nearest(name, candidates, n);
}

static int refuse_domain(struct mxw_api_call *call, const char *name)
{
	const char *nearest = nearest_domain(call->host->config, name);
	return mxw_api_refuse(call, 404, "%s is not watched%s%s%s", name, nearest ? ", did you mean " : "",
			      nearest ? nearest : "", nearest ? "?" : "");
}

/* 0 when it names a check or nothing, else refused. */
static int check_is_known(struct mxw_api_call *call, const char *check)
{
	const char *names[MXW_MAX_CHECKS];
	for (size_t i = 0; i < mxw_n_checks; i++) {
		names[i] = mxw_checks[i]->name;
		if (!check || strcmp(check, names[i]) == 0)
			return 0;
	}
	const char *nearest = mxw_nearest(check, names, mxw_n_checks);
	int r = mxw_api_refuse(call, 404, "there is no check \"%s\"%s%s%s", check, nearest ? ", did you mean " : "",
			       nearest ? nearest : "", nearest ? "?" : "");
	return r < 0 ? r : 1;
}

/* What a silence or an acknowledgement is for. */
struct subject {
	const char *domain, *check, *reason, *author;
	char pattern[MXW_PATTERN_MAX];
};

static int check_subject(struct mxw_api_call *call, struct subject *subject)
{
	const char *reason;
	int r;
	if (mxw_pattern_parse(subject->domain, subject->pattern, &reason) < 0) {
		r = mxw_api_refuse(call, 400, "domain: \"%s\" %s", subject->domain, reason);
		return r < 0 ? r : 1;
	}
	if (mxw_pattern_is_name(subject->pattern) && !mxw_config_find_domain(call->host->config, subject->pattern)) {
		r = refuse_domain(call, subject->pattern);
		return r < 0 ? r : 1;
	}
	if (!subject->author)
		subject->author = call->request->peer;
	if (!subject->reason)
		subject->reason = "";
	return check_is_known(call, subject->check);
}

static int read_duration(struct mxw_api_call *call, const char *text, int64_t *ret_ms)
{
	if (mxw_duration_parse(text, ret_ms) == 0 && *ret_ms >= MXW_API_MIN_SILENCE_MS && *ret_ms <= MAX_SILENCE_MS)
		return 0;
	int r = mxw_api_refuse(call, 400, "for: \"%s\" is no duration from 1s to %dd, such as 2h", text,
			       MXW_API_MAX_SILENCE_DAYS);
	return r < 0 ? r : 1;
}

static int add_silence(struct mxw_api_call *call, const struct subject *subject, int64_t for_ms)
{
	struct mxw_silence silence, wanted = {
		.pattern = (char *)(uintptr_t)subject->pattern,
		.check = (char *)(uintptr_t)subject->check,
		.created_wall_ms = call->host->now_wall_ms,
		.until_wall_ms = call->host->now_wall_ms + for_ms,
		.reason = (char *)(uintptr_t)subject->reason,
		.author = (char *)(uintptr_t)subject->author,
	};
	int r = mxw_silence_copy(&silence, &wanted);
	if (r < 0)
		return r;
	r = call->host->add_silence(call->host->arg, &silence);
	if (r < 0) {
		r = mxw_api_failed(call, r);
	} else {
		json_t *root = silence_json(&silence);
		r = mxw_api_answer(call, 201, root, root != NULL);
	}
	mxw_silence_done(&silence);
	return r;
}

int mxw_api_post_silence(struct mxw_api_call *call)
{
	struct subject subject;
	const char *duration;
	int64_t for_ms = 0;
	json_t *root = NULL;
	const struct mxw_api_member members[] = {
		{ "domain", true, MXW_NAME_TEXT_MAX - 1, &subject.domain },
		{ "check", false, MAX_CHECK_NAME, &subject.check },
		{ "for", true, MAX_DURATION_TEXT, &duration },
		{ "reason", true, MXW_MAX_REASON, &subject.reason },
		{ "author", false, MXW_MAX_AUTHOR, &subject.author },
	};
	int r = mxw_api_read_body(call, members, MXW_ARRAY_SIZE(members), &root);
	if (r == 0)
		r = check_subject(call, &subject);
	if (r == 0)
		r = read_duration(call, duration, &for_ms);
	if (r == 0)
		r = add_silence(call, &subject, for_ms);
	json_decref(root);
	return r < 0 ? r : 0;
}

static bool put_windows(json_t *array, const struct mxw_api_host *host)
{
	bool ok = array != NULL;
	for (size_t i = 0; i < host->config->n_windows; i++) {
		const struct mxw_window *window = &host->config->windows[i];
		int64_t until_wall_ms;
		if (!mxw_window_is_open(window, host->now_wall_ms, &until_wall_ms))
			continue;
		json_t *object = json_object();
		ok &= mxw_report_json_put(object, "name", mxw_report_json_text(window->name));
		ok &= mxw_report_json_put(object, "until", mxw_report_json_time(until_wall_ms));
		ok &= mxw_api_append(array, object);
	}
	return ok;
}

int mxw_api_get_silences(struct mxw_api_call *call)
{
	const struct mxw_mutes *mutes = call->host->mutes;
	json_t *root = json_object(), *silences = json_array(), *acks = json_array(), *windows = json_array();
	bool ok = true;
	for (size_t i = 0; i < mutes->n_silences; i++)
		if (mutes->silences[i].until_wall_ms > call->host->now_wall_ms)
			ok &= mxw_api_append(silences, silence_json(&mutes->silences[i]));
	for (size_t i = 0; i < mutes->n_acks; i++)
		ok &= mxw_api_append(acks, ack_json(&mutes->acks[i]));
	ok &= put_windows(windows, call->host);
	ok &= mxw_report_json_put(root, "silences", silences);
	ok &= mxw_report_json_put(root, "acks", acks);
	ok &= mxw_report_json_put(root, "maintenance", windows);
	return mxw_api_answer(call, 200, root, ok);
}

static bool read_id(const char *text, uint64_t *ret)
{
	size_t n = strspn(text, "0123456789");
	*ret = 0;
	if (n == 0 || n > ID_DIGITS || text[n] || (text[0] == '0'))
		return false;
	for (; *text; text++)
		*ret = 10 * *ret + (uint64_t)(*text - '0');
	return true;
}

int mxw_api_delete_silence(struct mxw_api_call *call)
{
	uint64_t id;
	const struct mxw_silence *silence = read_id(call->operand, &id) ? mxw_mutes_find_silence(call->host->mutes, id)
									: NULL;
	if (!silence)
		return mxw_api_refuse(call, 404, "there is no silence %s", call->operand);
	json_t *root = silence_json(silence);
	int r = root ? call->host->remove_silence(call->host->arg, id) : -ENOMEM;
	if (r == 0)
		return mxw_api_answer(call, 200, root, true);
	json_decref(root);
	return mxw_api_failed(call, r);
}

/* Acknowledges the incidents of one domain; the array takes what was acknowledged. A negative errno of the host. */
static int acknowledge(struct mxw_api_call *call, const struct subject *subject, json_t *array)
{
	struct mxw_api_incident incidents[MXW_MAX_CHECKS];
	struct mxw_ack acks[MXW_MAX_CHECKS];
	size_t n_incidents = call->host->incidents(call->host->arg, subject->pattern, incidents), n = 0;
	for (size_t i = 0; i < n_incidents; i++) {
		if (subject->check && strcmp(subject->check, incidents[i].check) != 0)
			continue;
		acks[n] = (struct mxw_ack){
			.domain = (char *)(uintptr_t)subject->pattern,
			.check = (char *)(uintptr_t)incidents[i].check,
			.incident_since_wall_ms = incidents[i].since_wall_ms,
			.created_wall_ms = call->host->now_wall_ms,
			.reason = (char *)(uintptr_t)subject->reason,
			.author = (char *)(uintptr_t)subject->author,
		};
		if (!mxw_api_append(array, ack_json(&acks[n++])))
			return -ENOMEM;
	}
	return n ? call->host->put_acks(call->host->arg, acks, n) : 0;
}

static int answer_ack(struct mxw_api_call *call, const struct subject *subject)
{
	json_t *root = json_object(), *array = json_array();
	if (!mxw_report_json_put(root, "acknowledged", array)) {
		json_decref(root);
		return -ENOMEM;
	}
	int r = acknowledge(call, subject, array);
	if (r == 0 && json_array_size(array) > 0)
		return mxw_api_answer(call, 200, root, true);
	json_decref(root);
	if (r < 0)
		return mxw_api_failed(call, r);
	return mxw_api_refuse(call, 409, "%s%s%s has no problem to acknowledge", subject->pattern,
			      subject->check ? " " : "", subject->check ? subject->check : "");
}

int mxw_api_post_ack(struct mxw_api_call *call)
{
	struct subject subject;
	json_t *root = NULL;
	const struct mxw_api_member members[] = {
		{ "domain", true, MXW_NAME_TEXT_MAX - 1, &subject.domain },
		{ "check", false, MAX_CHECK_NAME, &subject.check },
		{ "reason", false, MXW_MAX_REASON, &subject.reason },
		{ "author", false, MXW_MAX_AUTHOR, &subject.author },
	};
	int r = mxw_api_read_body(call, members, MXW_ARRAY_SIZE(members), &root);
	if (r == 0)
		r = check_subject(call, &subject);
	if (r == 0)
		r = mxw_pattern_is_name(subject.pattern)
			    ? answer_ack(call, &subject)
			    : mxw_api_refuse(call, 400, "domain: %s is a pattern, expected one domain",
					     subject.pattern);
	json_decref(root);
	return r < 0 ? r : 0;
}
