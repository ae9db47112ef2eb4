/* Nodes to values, strictly by type and bounds; see value.h. */
#include "lib/schema/value.h"

#include <errno.h>
#include <string.h>

#include "lib/base/duration.h"
#include "lib/schema/scalar.h"
#include "lib/schema/suggest.h"

void mxw_value_done(struct mxw_value *value)
{
	for (size_t i = 0; i < value->n; i++) {
		if (value->keys)
			free(value->keys[i]);
		if (value->texts)
			free(value->texts[i]);
	}
	free(value->keys);
	free(value->texts);
	free(value->positions);
	free(value->numbers);
	free(value->text);
	*value = (struct mxw_value){ 0 };
}

static void add_bounds(const struct mxw_option *option, struct mxw_strbuf *ret)
{
	bool is_duration = option->type == MXW_OPTION_DURATION || option->type == MXW_OPTION_DURATIONS;
	if (!option->min && !option->max)
		return;
	if (is_duration) {
		mxw_strbuf_adds(ret, ", from ");
		mxw_duration_format(ret, option->min);
		mxw_strbuf_adds(ret, " to ");
		mxw_duration_format(ret, option->max);
	} else if (option->type == MXW_OPTION_INT) {
		mxw_strbuf_addf(ret, " from %lld to %lld", (long long)option->min, (long long)option->max);
	} else {
		mxw_strbuf_addf(ret, " of %lld to %lld octets", (long long)option->min, (long long)option->max);
	}
}

static void add_choices(const struct mxw_option *option, struct mxw_strbuf *ret)
{
	for (const char *const *choice = option->choices; *choice; choice++)
		mxw_strbuf_addf(ret, "%s%s", choice == option->choices ? "" : choice[1] ? ", " : " or ", *choice);
}

void mxw_option_expected(const struct mxw_option *option, struct mxw_strbuf *ret)
{
	static const char *const words[] = {
		[MXW_OPTION_BOOL] = "true or false",
		[MXW_OPTION_INT] = "a number",
		[MXW_OPTION_DURATION] = "a duration with a unit such as 30s, 5m or 1h30m",
		[MXW_OPTION_TEXT] = "text",
		[MXW_OPTION_CHOICE] = "",
		[MXW_OPTION_TEXTS] = "a list of texts",
		[MXW_OPTION_DURATIONS] = "a list of durations such as [1h, 4h, 24h]",
		[MXW_OPTION_MAP] = "a mapping of texts",
		[MXW_OPTION_CUSTOM] = "a list or a mapping",
	};
	mxw_strbuf_adds(ret, option->expected ? option->expected : words[option->type]);
	if (option->expected)
		return;
	if (option->type == MXW_OPTION_CHOICE)
		add_choices(option, ret);
	add_bounds(option, ret);
}

static int tell_mismatch(const struct mxw_option *option, const struct mxw_node *node, const char *key,
			 struct mxw_diags *diags)
{
	struct mxw_strbuf expected = MXW_STRBUF_INIT;
	mxw_option_expected(option, &expected);
	mxw_node_mismatch(node, key, mxw_strbuf_get(&expected), diags);
	mxw_strbuf_done(&expected);
	return MXW_VALUE_TOLD;
}

static int tell_out_of_range(const struct mxw_option *option, const struct mxw_node *node, const char *key,
			     struct mxw_diags *diags)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_quote(&text, node->text);
	mxw_strbuf_adds(&text, " is out of range, expected ");
	mxw_option_expected(option, &text);
	mxw_diags_add(diags, MXW_DIAG_ERROR, node->at, "%s: %s", key, mxw_strbuf_get(&text));
	mxw_strbuf_done(&text);
	return MXW_VALUE_TOLD;
}

static bool in_bounds(const struct mxw_option *option, int64_t number)
{
	return (!option->min && !option->max) || (number >= option->min && number <= option->max);
}

static bool is_text(const struct mxw_node *node)
{
	return node->kind == MXW_NODE_SCALAR && !mxw_scalar_is_null(node);
}

static int read_bool(struct mxw_value *ret, const struct mxw_option *option, const struct mxw_node *node,
		     const char *key, struct mxw_diags *diags)
{
	if (!is_text(node) || !node->is_plain || (strcmp(node->text, "true") != 0 && strcmp(node->text, "false") != 0))
		return tell_mismatch(option, node, key, diags);
	ret->boolean = node->text[0] == 't';
	return 0;
}

static int read_int(int64_t *ret, const struct mxw_option *option, const struct mxw_node *node, const char *key,
		    struct mxw_diags *diags)
{
	int r = is_text(node) && node->is_plain ? mxw_integer_parse(node->text, ret) : -EINVAL;
	if (r == -EINVAL)
		return tell_mismatch(option, node, key, diags);
	return r == 0 && in_bounds(option, *ret) ? 0 : tell_out_of_range(option, node, key, diags);
}

static int read_duration(int64_t *ret, const struct mxw_option *option, const struct mxw_node *node, const char *key,
			 struct mxw_diags *diags)
{
	int r = is_text(node) ? mxw_duration_parse(node->text, ret) : -EINVAL;
	if (r == -EINVAL)
		return tell_mismatch(option, node, key, diags);
	return r == 0 && in_bounds(option, *ret) ? 0 : tell_out_of_range(option, node, key, diags);
}

static int read_text(char **ret, const struct mxw_option *option, const struct mxw_node *node, const char *key,
		     struct mxw_diags *diags)
{
	if (!is_text(node))
		return tell_mismatch(option, node, key, diags);
	if (!in_bounds(option, (int64_t)strlen(node->text)))
		return tell_out_of_range(option, node, key, diags);
	*ret = strdup(node->text);
	return *ret ? 0 : -ENOMEM;
}

static int read_choice(struct mxw_value *ret, const struct mxw_option *option, const struct mxw_node *node,
		       const char *key, struct mxw_diags *diags)
{
	size_t n = 0;
	if (!is_text(node))
		return tell_mismatch(option, node, key, diags);
	for (; option->choices[n]; n++)
		if (strcmp(option->choices[n], node->text) == 0) {
			ret->number = (int64_t)n;
			return 0;
		}
	struct mxw_strbuf text = MXW_STRBUF_INIT, otherwise = MXW_STRBUF_INIT;
	mxw_strbuf_adds(&otherwise, "expected ");
	mxw_option_expected(option, &otherwise);
	mxw_node_describe(node, &text);
	mxw_strbuf_adds(&text, ", ");
	mxw_suggest(&text, node->text, option->choices, n, mxw_strbuf_get(&otherwise), diags);
	mxw_diags_add(diags, MXW_DIAG_ERROR, node->at, "%s: found %s", key, mxw_strbuf_get(&text));
	mxw_strbuf_done(&text);
	mxw_strbuf_done(&otherwise);
	return MXW_VALUE_TOLD;
}

/* The arrays of a list or mapping of n items; `n` is set before the items are there, so that a half-built value frees. */
static int reserve(struct mxw_value *ret, const struct mxw_option *option, size_t n)
{
	bool is_numeric = option->type == MXW_OPTION_DURATIONS, is_map = option->type == MXW_OPTION_MAP;
	ret->positions = mxw_new_array(n, sizeof(*ret->positions));
	if (is_numeric)
		ret->numbers = mxw_new_array(n, sizeof(*ret->numbers));
	else
		ret->texts = mxw_new_array(n, sizeof(*ret->texts));
	if (is_map)
		ret->keys = mxw_new_array(n, sizeof(*ret->keys));
	if (!ret->positions || !(is_numeric ? (void *)ret->numbers : (void *)ret->texts) || (is_map && !ret->keys))
		return -ENOMEM;
	ret->n = n;
	return 0;
}

/* Items are told one by one ("key[2]", "key.name"): all errors of a list come at once. */
static int read_items(struct mxw_value *ret, const struct mxw_option *option, const struct mxw_node *node,
		      const char *key, struct mxw_diags *diags)
{
	bool is_map = option->type == MXW_OPTION_MAP, is_numeric = option->type == MXW_OPTION_DURATIONS;
	struct mxw_option item = *option;
	item.type = is_numeric ? MXW_OPTION_DURATION : MXW_OPTION_TEXT;
	item.expected = NULL;
	if (node->kind != (is_map ? MXW_NODE_MAPPING : MXW_NODE_LIST))
		return tell_mismatch(option, node, key, diags);
	struct mxw_strbuf path = MXW_STRBUF_INIT;
	int r = reserve(ret, option, node->n), told = 0;
	for (size_t i = 0; i < node->n && r >= 0; i++) {
		const struct mxw_node *child = node->children[i];
		mxw_strbuf_clear(&path);
		if (is_map)
			mxw_strbuf_addf(&path, "%s.%s", key, node->keys[i]->text);
		else
			mxw_strbuf_addf(&path, "%s[%zu]", key, i);
		ret->positions[i] = child->at;
		if (is_map && !(ret->keys[i] = strdup(node->keys[i]->text)))
			r = -ENOMEM;
		else if (is_numeric)
			r = read_duration(&ret->numbers[i], &item, child, mxw_strbuf_get(&path), diags);
		else
			r = read_text(&ret->texts[i], &item, child, mxw_strbuf_get(&path), diags);
		told |= r == MXW_VALUE_TOLD;
	}
	mxw_strbuf_done(&path);
	return r < 0 ? r : told ? MXW_VALUE_TOLD : 0;
}

int mxw_value_read(struct mxw_value *ret, const struct mxw_option *option, const struct mxw_node *node, const char *key,
		   struct mxw_diags *diags)
{
	ret->is_set = true;
	switch (option->type) {
	case MXW_OPTION_BOOL:
		return read_bool(ret, option, node, key, diags);
	case MXW_OPTION_INT:
		return read_int(&ret->number, option, node, key, diags);
	case MXW_OPTION_DURATION:
		return read_duration(&ret->number, option, node, key, diags);
	case MXW_OPTION_TEXT:
		return read_text(&ret->text, option, node, key, diags);
	case MXW_OPTION_CHOICE:
		return read_choice(ret, option, node, key, diags);
	case MXW_OPTION_TEXTS:
	case MXW_OPTION_DURATIONS:
	case MXW_OPTION_MAP:
		return read_items(ret, option, node, key, diags);
	case MXW_OPTION_CUSTOM:
		ret->node = node;
		return 0;
	}
	return MXW_VALUE_TOLD;
}
