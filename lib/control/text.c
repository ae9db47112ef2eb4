/* Responses as lines; see text.h. */
#include "lib/control/text.h"

#include <string.h>

#include "lib/base/escape.h"

json_t *mxw_api_text_parse(const char *body, size_t n)
{
	json_t *root = json_loadb(n ? body : "", n, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(root))
		return root;
	json_decref(root);
	return NULL;
}

void mxw_api_text_member(const json_t *object, const char *name, struct mxw_strbuf *ret)
{
	const char *text = json_string_value(json_object_get(object, name));
	if (text)
		mxw_escape_terminal(ret, text, strlen(text));
}

static void add_subject(const json_t *object, struct mxw_strbuf *ret)
{
	mxw_api_text_member(object, "domain", ret);
	if (json_is_string(json_object_get(object, "check"))) {
		mxw_strbuf_addc(ret, ' ');
		mxw_api_text_member(object, "check", ret);
	}
}

static void add_author(const json_t *object, struct mxw_strbuf *ret)
{
	const char *reason = json_string_value(json_object_get(object, "reason"));
	mxw_strbuf_adds(ret, " by ");
	mxw_api_text_member(object, "author", ret);
	if (reason && *reason) {
		mxw_strbuf_adds(ret, ": ");
		mxw_api_text_member(object, "reason", ret);
	}
	mxw_strbuf_addc(ret, '\n');
}

void mxw_api_text_silence(const json_t *silence, struct mxw_strbuf *ret)
{
	mxw_strbuf_addf(ret, "silence %lld: ", (long long)json_integer_value(json_object_get(silence, "id")));
	add_subject(silence, ret);
	mxw_strbuf_adds(ret, ", until ");
	mxw_api_text_member(silence, "until", ret);
	add_author(silence, ret);
}

void mxw_api_text_ack(const json_t *ack, struct mxw_strbuf *ret)
{
	mxw_strbuf_adds(ret, "acknowledged: ");
	add_subject(ack, ret);
	mxw_strbuf_adds(ret, ", the problem since ");
	mxw_api_text_member(ack, "since", ret);
	add_author(ack, ret);
}

static void add_window(const json_t *window, struct mxw_strbuf *ret)
{
	mxw_strbuf_adds(ret, "maintenance: ");
	mxw_api_text_member(window, "name", ret);
	mxw_strbuf_adds(ret, ", until ");
	mxw_api_text_member(window, "until", ret);
	mxw_strbuf_addc(ret, '\n');
}

void mxw_api_text_silences(const json_t *root, struct mxw_strbuf *ret)
{
	const json_t *item;
	size_t i;
	json_array_foreach (json_object_get(root, "maintenance"), i, item)
		add_window(item, ret);
	json_array_foreach (json_object_get(root, "silences"), i, item)
		mxw_api_text_silence(item, ret);
	json_array_foreach (json_object_get(root, "acks"), i, item)
		mxw_api_text_ack(item, ret);
	if (ret->len == 0)
		mxw_strbuf_adds(ret, "nothing is silenced or acknowledged\n");
}
