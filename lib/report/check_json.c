/* `mxwatch check --format json`: the object of design.md 5.2, on one line; and the exit code of all formats. */
#include <errno.h>
#include <string.h>

#include "lib/report/json.h"
#include "lib/report/report.h"
#include "lib/report/spf_tree.h"

static enum mxw_severity worst_of(const struct mxw_report_result *results, size_t n)
{
	enum mxw_severity worst = MXW_OK;
	for (size_t i = 0; i < n; i++)
		worst = mxw_severity_worse(worst, mxw_round_state(results[i].round));
	return worst;
}

static json_t *check_object(const struct mxw_round *round, size_t check, const struct mxw_report_context *context)
{
	json_t *object = json_object();
	bool ok = mxw_report_json_put(object, "check", json_string(mxw_checks[check]->name));
	ok &= mxw_report_json_put(object, "state",
				  json_string(mxw_severity_name(mxw_round_verdict(round, check)->state)));
	ok &= mxw_report_json_put(object, "findings", mxw_report_findings_array(round, check, context, false));
	if (strcmp(mxw_checks[check]->name, "spf") == 0)
		ok &= mxw_report_json_put(object, "tree", mxw_report_spf_tree_json(round, context));
	if (ok)
		return object;
	json_decref(object);
	return NULL;
}

static json_t *checks_array(const struct mxw_round *round, const struct mxw_report_context *context)
{
	json_t *array = json_array();
	for (size_t check = 0; array && check < mxw_n_checks; check++) {
		if (!mxw_round_verdict(round, check))
			continue;
		if (json_array_append_new(array, check_object(round, check, context)) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *domain_object(const struct mxw_round *round, const struct mxw_report_context *context)
{
	json_t *object = json_object();
	bool ok = mxw_report_json_put(object, "domain", mxw_report_json_text(mxw_round_get_spec(round)->target.domain));
	ok &= mxw_report_json_put(object, "state", json_string(mxw_severity_name(mxw_round_state(round))));
	ok &= mxw_report_json_put(object, "checks", checks_array(round, context));
	if (ok)
		return object;
	json_decref(object);
	return NULL;
}

int mxw_report_check_json(const struct mxw_report_result *results, size_t n, const struct mxw_report_context *context,
			  struct mxw_strbuf *ret)
{
	json_t *domains = json_array(), *object = json_object();
	bool ok = domains && object;
	for (size_t i = 0; ok && i < n; i++)
		ok = json_array_append_new(domains, domain_object(results[i].round, context)) == 0;
	ok &= mxw_report_json_put(object, "version", json_integer(1));
	ok &= mxw_report_json_put(object, "checked_at", mxw_report_json_time(context->now_wall_ms));
	ok &= mxw_report_json_put(object, "state", json_string(mxw_severity_name(worst_of(results, n))));
	ok &= mxw_report_json_put(object, "domains", domains);
	int r = ok ? mxw_report_json_dump(object, ret) : -ENOMEM;
	mxw_strbuf_addc(ret, '\n');
	json_decref(object);
	if (r == 0 && mxw_strbuf_failed(ret))
		r = -ENOMEM;
	return r;
}

int mxw_report_exit_code(const struct mxw_report_result *results, size_t n)
{
	switch (worst_of(results, n)) {
	case MXW_CRITICAL:
		return 2;
	case MXW_WARNING:
		return 1;
	case MXW_UNKNOWN:
		return 3;
	default:
		return 0;
	}
}
