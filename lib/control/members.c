/* Strict reading of request bodies; see members.h. */
#include "lib/control/members.h"

#include <errno.h>
#include <string.h>

#include "lib/base/nearest.h"

enum { MAX_MEMBERS = 8, MAX_QUOTED = 60 };

static void tell_unknown(const char *name, const struct mxw_api_member *members, size_t n_members,
			 struct mxw_strbuf *ret_error)
{
	const char *names[MAX_MEMBERS];
	size_t n = MXW_MIN(n_members, (size_t)MAX_MEMBERS);
	for (size_t i = 0; i < n; i++)
		names[i] = members[i].name;
	const char *nearest = mxw_nearest(name, names, n);
	mxw_strbuf_addf(ret_error, "unknown member \"%.*s\"", MAX_QUOTED, name);
	if (nearest)
		mxw_strbuf_addf(ret_error, ", did you mean \"%s\"?", nearest);
}

static bool has_control(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return true;
	return false;
}

/* False when it is wrong, which is told then. */
static bool take(const struct mxw_api_member *member, const json_t *value, struct mxw_strbuf *ret_error)
{
	const char *text = json_string_value(value);
	if (json_is_null(value) && !member->is_required)
		return true;
	if (!text) {
		mxw_strbuf_addf(ret_error, "%s: expected a text", member->name);
		return false;
	}
	if (strlen(text) > member->max)
		mxw_strbuf_addf(ret_error, "%s: too long, expected at most %zu octets", member->name, member->max);
	else if (has_control(text))
		mxw_strbuf_addf(ret_error, "%s: holds a control character", member->name);
	else if (member->is_required && !*text)
		mxw_strbuf_addf(ret_error, "%s: is empty", member->name);
	*member->ret = text;
	return ret_error->len == 0;
}

static bool take_all(json_t *root, const struct mxw_api_member *members, size_t n_members, struct mxw_strbuf *ret_error)
{
	const char *name;
	json_t *value;
	json_object_foreach(root, name, value)
	{
		size_t i = 0;
		while (i < n_members && strcmp(members[i].name, name) != 0)
			i++;
		if (i == n_members)
			tell_unknown(name, members, n_members, ret_error);
		if (i == n_members || !take(&members[i], value, ret_error))
			return false;
	}
	for (size_t i = 0; i < n_members; i++)
		if (members[i].is_required && !*members[i].ret) {
			mxw_strbuf_addf(ret_error, "%s: missing", members[i].name);
			return false;
		}
	return true;
}

int mxw_api_read_members(const char *body, size_t n, const struct mxw_api_member *members, size_t n_members,
			 json_t **ret_root, struct mxw_strbuf *ret_error)
{
	json_error_t error;
	for (size_t i = 0; i < n_members; i++)
		*members[i].ret = NULL;
	json_t *root = json_loadb(n ? body : "", n, JSON_REJECT_DUPLICATES, &error);
	if (!root && json_error_code(&error) == json_error_out_of_memory)
		return -ENOMEM;
	if (!root)
		mxw_strbuf_addf(ret_error, "the body is no JSON: line %d: %s", error.line, error.text);
	else if (!json_is_object(root))
		mxw_strbuf_adds(ret_error, "the body is no JSON object");
	else if (take_all(root, members, n_members, ret_error)) {
		*ret_root = root;
		return 0;
	}
	json_decref(root);
	return -EINVAL;
}
