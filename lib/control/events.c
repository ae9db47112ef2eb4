/* Tests of notifiers, and what became of an event's deliveries. */
#include <errno.h>
#include <string.h>

#include "lib/base/nearest.h"
#include "lib/control/internal.h"
#include "lib/report/json.h"

enum { MAX_NOTIFIER_NAME = 64 };

static int refuse_notifier(struct mxw_api_call *call, const char *name)
{
	const struct mxw_config *config = call->host->config;
	const char *names[MXW_MAX_NOTIFIERS];
	for (size_t i = 0; i < config->n_notifiers; i++)
		names[i] = config->notifiers[i].name;
	const char *nearest = mxw_nearest(name, names, config->n_notifiers);
	return mxw_api_refuse(call, 404, "there is no notifier \"%s\"%s%s%s", name, nearest ? ", did you mean " : "",
			      nearest ? nearest : "", nearest ? "?" : "");
}

static int test(struct mxw_api_call *call, const char *name, const char *author)
{
	size_t notifier = mxw_config_find_notifier(call->host->config, name);
	char id[MXW_ALERT_ID_MAX];
	if (notifier == call->host->config->n_notifiers)
		return refuse_notifier(call, name);
	int r = call->host->test_notify(call->host->arg, notifier, author ? author : call->request->peer, id);
	if (r < 0)
		return mxw_api_failed(call, r);
	json_t *root = json_object();
	bool ok = mxw_report_json_put(root, "id", mxw_report_json_text(id));
	return mxw_api_answer(call, 202, root, ok);
}

int mxw_api_post_test(struct mxw_api_call *call)
{
	const char *name, *author;
	json_t *root = NULL;
	const struct mxw_api_member members[] = {
		{ "notifier", true, MAX_NOTIFIER_NAME, &name },
		{ "author", false, MXW_MAX_AUTHOR, &author },
	};
	int r = mxw_api_read_body(call, members, MXW_ARRAY_SIZE(members), &root);
	if (r == 0)
		r = test(call, name, author);
	json_decref(root);
	return r < 0 ? r : 0;
}

static int add_delivery(void *arg, const struct mxw_api_delivery *delivery)
{
	json_t *object = json_object();
	bool ok = mxw_report_json_put(object, "notifier", mxw_report_json_text(delivery->notifier));
	ok &= mxw_report_json_put(object, "status", mxw_report_json_text(delivery->status));
	ok &= mxw_report_json_put(object, "attempts", json_integer(delivery->n_attempts));
	ok &= mxw_report_json_put(object, "text", mxw_report_json_text(delivery->text));
	return mxw_api_append(arg, object) && ok ? 0 : -ENOMEM;
}

int mxw_api_get_event(struct mxw_api_call *call)
{
	json_t *root = json_object(), *deliveries = json_array();
	bool ok = mxw_report_json_put(root, "id", mxw_report_json_text(call->operand));
	int r = deliveries ? call->host->each_delivery(call->host->arg, call->operand, add_delivery, deliveries)
			   : -ENOMEM;
	ok &= mxw_report_json_put(root, "deliveries", deliveries);
	if (r == 0)
		return mxw_api_answer(call, 200, root, ok);
	json_decref(root);
	return r == -ENOENT ? mxw_api_refuse(call, 404, "there is no event %s", call->operand)
			    : mxw_api_failed(call, r);
}
