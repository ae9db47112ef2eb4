/* Tools over jansson; see json.h. */
#include "lib/report/json.h"

#include <errno.h>
#include <string.h>

#include "lib/base/escape.h"
#include "lib/base/wallclock.h"
#include "lib/dns/name.h"

json_t *mxw_report_json_octets(const char *octets, size_t n)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf safe = MXW_STRBUF_INIT;
	mxw_escape_utf8(&safe, octets, n);
	if (mxw_strbuf_failed(&safe))
		return NULL;
	return json_stringn(mxw_strbuf_get(&safe), safe.len);
}

json_t *mxw_report_json_text(const char *text)
{
	return mxw_report_json_octets(text, strlen(text));
}

json_t *mxw_report_json_name(const char *name)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_strbuf_adds(&text, name);
	if (!mxw_name_is_root(name))
		mxw_strbuf_addc(&text, '.');
	return mxw_strbuf_failed(&text) ? NULL : mxw_report_json_text(mxw_strbuf_get(&text));
}

json_t *mxw_report_json_texts(const char *const *texts, size_t n)
{
	json_t *array = json_array();
	for (size_t i = 0; array && i < n; i++) {
		if (json_array_append_new(array, mxw_report_json_text(texts[i])) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

json_t *mxw_report_json_time(int64_t wall_ms)
{
	char text[MXW_RFC3339_MAX];
	mxw_wallclock_rfc3339(wall_ms, text);
	return json_string(text);
}

bool mxw_report_json_put(json_t *object, const char *key, json_t *value)
{
	return json_object_set_new(object, key, value) == 0;
}

static int dump_part(const char *bytes, size_t n, void *arg)
{
	struct mxw_strbuf *ret = arg;
	mxw_strbuf_add(ret, bytes, n);
	return mxw_strbuf_failed(ret) ? -1 : 0;
}

int mxw_report_json_dump(const json_t *value, struct mxw_strbuf *ret)
{
	/* 9 significant digits print any time in thousandths of a ms up to a quarter of an hour as it was written. */
	size_t flags = JSON_COMPACT | JSON_ENSURE_ASCII | JSON_ENCODE_ANY | JSON_REAL_PRECISION(9);
	return json_dump_callback(value, dump_part, ret, flags) == 0 ? 0 : -ENOMEM;
}
