/* Mappings read over the defaults of their rows; see option.h. */
#include "lib/schema/option.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "lib/schema/scalar.h"
#include "lib/schema/suggest.h"
#include "lib/schema/value.h"

size_t mxw_options_count(const struct mxw_option *options)
{
	size_t n = 0;
	while (options[n].name)
		n++;
	return n;
}

const char *mxw_option_type_name(enum mxw_option_type type)
{
	static const char *const names[] = {
		[MXW_OPTION_BOOL] = "boolean",
		[MXW_OPTION_INT] = "number",
		[MXW_OPTION_DURATION] = "duration",
		[MXW_OPTION_TEXT] = "text",
		[MXW_OPTION_CHOICE] = "choice",
		[MXW_OPTION_TEXTS] = "list of texts",
		[MXW_OPTION_DURATIONS] = "list of durations",
		[MXW_OPTION_MAP] = "mapping of texts",
		[MXW_OPTION_CUSTOM] = "structure",
	};
	return names[type];
}

/* Defaults pass through the reader that users' values pass through; lists and mappings through the YAML parser too. */
static int read_fallback(struct mxw_value *ret, const struct mxw_option *option)
{
	struct mxw_diags diags = { 0 };
	struct mxw_document *document = NULL;
	const struct mxw_node *node = &(
		struct mxw_node){ .kind = MXW_NODE_SCALAR, .text = option->fallback, .is_plain = true };
	bool is_scalar = option->type <= MXW_OPTION_TEXT || option->type == MXW_OPTION_CHOICE;
	int r = 0;
	if (!is_scalar) {
		r = mxw_yaml_parse(&document, option->fallback, strlen(option->fallback), option->name, &diags);
		node = document ? mxw_document_root(document) : NULL;
	}
	if (r >= 0 && node)
		r = mxw_value_read(ret, option, node, option->name, &diags);
	assert(r < 0 || (node && !diags.n_errors)); /* a row whose own default is wrong */
	mxw_diags_done(&diags);
	mxw_document_free(document);
	for (size_t i = 0; i < ret->n; i++)
		ret->positions[i] = (struct mxw_position){ 0 };
	return r < 0 ? r : 0;
}

int mxw_values_init_unset(struct mxw_values *values, const struct mxw_option *options)
{
	size_t n = mxw_options_count(options);
	*values = (struct mxw_values){ .options = options, .items = mxw_new_array(n, sizeof(*values->items)), .n = n };
	return values->items ? 0 : -ENOMEM;
}

int mxw_values_init(struct mxw_values *values, const struct mxw_option *options)
{
	int r = mxw_values_init_unset(values, options);
	for (size_t i = 0; i < values->n && r >= 0; i++) {
		/* What a CUSTOM row has as default is its owner's business; here it is text for the manual. */
		if (options[i].fallback && options[i].type != MXW_OPTION_CUSTOM)
			r = read_fallback(&values->items[i], &options[i]);
	}
	if (r < 0)
		mxw_values_done(values);
	return r;
}

void mxw_values_done(struct mxw_values *values)
{
	for (size_t i = 0; values->items && i < values->n; i++)
		mxw_value_done(&values->items[i]);
	free(values->items);
	free(values->path);
	*values = (struct mxw_values){ 0 };
}

static struct mxw_value *find(struct mxw_values *const *parts, size_t n_parts, const char *name,
			      const struct mxw_option **ret)
{
	for (size_t p = 0; p < n_parts; p++)
		for (size_t i = 0; i < parts[p]->n; i++)
			if (strcmp(parts[p]->options[i].name, name) == 0) {
				*ret = &parts[p]->options[i];
				return &parts[p]->items[i];
			}
	return NULL;
}

enum { MAX_CANDIDATES = 128 }; /* rows that a mapping can have; more are not offered as the nearest */

static void tell_unknown(struct mxw_values *const *parts, size_t n_parts, const struct mxw_node *key, const char *path,
			 struct mxw_diags *diags)
{
	const char *candidates[MAX_CANDIDATES];
	size_t n = 0;
	for (size_t p = 0; p < n_parts; p++)
		for (size_t i = 0; i < parts[p]->n && n < MAX_CANDIDATES; i++)
			candidates[n++] = parts[p]->options[i].name;
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_suggest(&text, key->text, candidates, n, NULL, diags);
	mxw_diags_add(diags, MXW_DIAG_ERROR, key->at, "%s%s: unknown key, %s", path, key->text, mxw_strbuf_get(&text));
	mxw_strbuf_done(&text);
}

static void tell_missing(const struct mxw_values *values, struct mxw_diags *diags)
{
	for (size_t i = 0; i < values->n; i++) {
		if (!values->options[i].required || values->items[i].is_given)
			continue;
		struct mxw_strbuf expected = MXW_STRBUF_INIT;
		mxw_option_expected(&values->options[i], &expected);
		mxw_values_error(values, values->options[i].name, diags, "missing, expected %s",
				 mxw_strbuf_get(&expected));
		mxw_strbuf_done(&expected);
	}
}

/* A value that does not fit leaves the default, but counts as given: it is not missing as well. */
static int read_key(struct mxw_values *const *parts, size_t n_parts, const struct mxw_node *mapping, size_t i,
		    const char *path, struct mxw_diags *diags)
{
	const struct mxw_node *key = mapping->keys[i], *node = mapping->children[i];
	const struct mxw_option *option = NULL;
	struct mxw_value *value = find(parts, n_parts, key->text, &option);
	if (!value) {
		tell_unknown(parts, n_parts, key, path, diags);
		return 0;
	}
	if (value->is_given)
		return 0; /* twice: told by the parser, the first counts */
	struct mxw_strbuf full = MXW_STRBUF_INIT;
	mxw_strbuf_addf(&full, "%s%s", path, key->text);
	struct mxw_value fresh = { 0 };
	int r = mxw_value_read(&fresh, option, node, mxw_strbuf_get(&full), diags);
	mxw_strbuf_done(&full);
	if (r == 0) {
		mxw_value_done(value);
		*value = fresh;
	} else {
		mxw_value_done(&fresh);
	}
	value->is_given = true;
	value->at = node->at;
	return r < 0 ? r : 0;
}

int mxw_values_read_parts(struct mxw_values *const *parts, size_t n_parts, const struct mxw_node *mapping,
			  const char *path, struct mxw_diags *diags)
{
	for (size_t p = 0; p < n_parts; p++) {
		free(parts[p]->path);
		parts[p]->path = strdup(path);
		parts[p]->at = mapping->at;
		if (!parts[p]->path)
			return -ENOMEM;
	}
	if (mapping->kind != MXW_NODE_MAPPING) {
		struct mxw_strbuf key = MXW_STRBUF_INIT;
		size_t n = strlen(path);
		mxw_strbuf_add(&key, path, n && path[n - 1] == '.' ? n - 1 : n);
		mxw_node_mismatch(mapping, n ? mxw_strbuf_get(&key) : "top level", "a mapping", diags);
		mxw_strbuf_done(&key);
		return 0;
	}
	for (size_t i = 0; i < mapping->n; i++) {
		int r = read_key(parts, n_parts, mapping, i, path, diags);
		if (r < 0)
			return r;
	}
	for (size_t p = 0; p < n_parts; p++)
		tell_missing(parts[p], diags);
	return 0;
}

int mxw_values_read(struct mxw_values *values, const struct mxw_node *mapping, const char *path,
		    struct mxw_diags *diags)
{
	return mxw_values_read_parts(&values, 1, mapping, path, diags);
}

const struct mxw_value *mxw_values_get(const struct mxw_values *values, const char *name)
{
	for (size_t i = 0; i < values->n; i++)
		if (strcmp(values->options[i].name, name) == 0)
			return &values->items[i];
	assert(!"no such row");
	return NULL;
}

MXW_PRINTF(5, 0)
static void tell(const struct mxw_values *values, struct mxw_position at, const char *key, struct mxw_diags *diags,
		 const char *format, va_list args)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_strbuf_vaddf(&text, format, args);
	mxw_diags_add(diags, MXW_DIAG_ERROR, at, "%s%s: %s", values->path ? values->path : "", key,
		      mxw_strbuf_get(&text));
	mxw_strbuf_done(&text);
}

void mxw_values_error(const struct mxw_values *values, const char *name, struct mxw_diags *diags, const char *format,
		      ...)
{
	const struct mxw_value *value = mxw_values_get(values, name);
	va_list args;
	va_start(args, format);
	tell(values, value->is_given ? value->at : values->at, name, diags, format, args);
	va_end(args);
}

void mxw_values_item_error(const struct mxw_values *values, const char *name, size_t i, struct mxw_diags *diags,
			   const char *format, ...)
{
	const struct mxw_value *value = mxw_values_get(values, name);
	struct mxw_strbuf key = MXW_STRBUF_INIT;
	if (value->keys)
		mxw_strbuf_addf(&key, "%s.%s", name, value->keys[i]);
	else
		mxw_strbuf_addf(&key, "%s[%zu]", name, i);
	va_list args;
	va_start(args, format);
	tell(values, value->positions[i], mxw_strbuf_get(&key), diags, format, args);
	va_end(args);
	mxw_strbuf_done(&key);
}

const struct mxw_node *mxw_values_list(const struct mxw_values *values, const char *name, struct mxw_diags *diags)
{
	const struct mxw_node *node = mxw_values_get(values, name)->node;
	if (!node || node->kind == MXW_NODE_LIST)
		return node;
	struct mxw_strbuf found = MXW_STRBUF_INIT, expected = MXW_STRBUF_INIT;
	for (size_t i = 0; i < values->n; i++)
		if (strcmp(values->options[i].name, name) == 0)
			mxw_option_expected(&values->options[i], &expected);
	mxw_node_describe(node, &found);
	mxw_values_error(values, name, diags, "found %s, expected %s", mxw_strbuf_get(&found),
			 mxw_strbuf_get(&expected));
	mxw_strbuf_done(&found);
	mxw_strbuf_done(&expected);
	return NULL;
}

void mxw_values_detach(struct mxw_values *values)
{
	values->at.file = NULL;
	for (size_t i = 0; i < values->n; i++) {
		struct mxw_value *value = &values->items[i];
		value->node = NULL;
		value->at.file = NULL;
		for (size_t k = 0; k < value->n; k++)
			value->positions[k].file = NULL;
	}
}
