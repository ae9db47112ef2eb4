/* `notifiers`: name and type, and the rows of the type, from one mapping; see reader.h. */
#include "lib/config/reader.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/config/rows.h"
#include "lib/schema/scalar.h"
#include "lib/schema/suggest.h"

enum { MAX_NAME = 64 };

static void tell_type(struct mxw_config_reader *reader, struct mxw_position at, const char *key, const char *word)
{
	const char *names[MXW_MAX_NOTIFIERS];
	size_t n = 0;
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	for (; n < mxw_n_notifiers && n < MXW_MAX_NOTIFIERS; n++)
		names[n] = mxw_notifiers[n]->name;
	if (word) {
		mxw_quote(&text, word);
		mxw_strbuf_adds(&text, " is no type of notifier, ");
	} else {
		mxw_strbuf_adds(&text, "missing, ");
	}
	mxw_suggest(&text, word ? word : "", names, n, NULL, reader->diags);
	mxw_diags_add(reader->diags, MXW_DIAG_ERROR, at, "%s.type: %s", key, mxw_strbuf_get(&text));
	mxw_strbuf_done(&text);
}

/* The type comes first: only it tells which other keys there are. */
static const struct mxw_notifier *read_type(struct mxw_config_reader *reader, const struct mxw_node *mapping,
					    const char *key)
{
	const struct mxw_node *node = mxw_node_find(mapping, "type");
	const char *text = node && node->kind == MXW_NODE_SCALAR && !mxw_scalar_is_null(node) ? node->text : NULL;
	const struct mxw_notifier *type = text ? mxw_notifier_find(text) : NULL;
	if (!type)
		tell_type(reader, node ? node->at : mapping->at, key, text);
	return type;
}

static bool is_name(const char *text)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	size_t n = strlen(text);
	return n >= 1 && n <= MAX_NAME && strspn(text, allowed) == n;
}

static void check_name(struct mxw_config_reader *reader, const struct mxw_values *common)
{
	const struct mxw_value *name = mxw_values_get(common, "name");
	const struct mxw_config *config = reader->config;
	if (!name->is_set)
		return;
	if (!is_name(name->text)) {
		struct mxw_strbuf text = MXW_STRBUF_INIT;
		mxw_quote(&text, name->text);
		mxw_values_error(common, "name", reader->diags,
				 "%s is no name, expected letters, digits, _ and -, at most %d", mxw_strbuf_get(&text),
				 MAX_NAME);
		mxw_strbuf_done(&text);
		return;
	}
	size_t i = mxw_config_find_notifier(config, name->text);
	if (i < config->n_notifiers)
		mxw_values_error(common, "name", reader->diags,
				 "%s is the name of two notifiers, first in line %u; expected another", name->text,
				 config->notifiers[i].options.at.line);
}

static int read_options(struct mxw_config_reader *reader, const struct mxw_node *node, const char *key,
			struct mxw_values *common, struct mxw_values *own, const struct mxw_notifier *type)
{
	struct mxw_values *const parts[] = { common, own };
	size_t n_errors = reader->diags->n_errors;
	char path[40];
	snprintf(path, sizeof(path), "%s.", key);
	int r = mxw_values_init(common, mxw_config_notifier_rows);
	if (r >= 0)
		r = mxw_values_init(own, type->options);
	if (r >= 0)
		r = mxw_values_read_parts(parts, MXW_ARRAY_SIZE(parts), node, path, reader->diags);
	if (r < 0)
		return r;
	check_name(reader, common);
	if (type->check && reader->diags->n_errors == n_errors)
		type->check(own, reader->diags);
	return 0;
}

/* A notifier with errors is kept too: the names in `notify` must not become unknown by them. */
static int read_notifier(struct mxw_config_reader *reader, const struct mxw_node *node, const char *key)
{
	struct mxw_config *config = reader->config;
	if (node->kind != MXW_NODE_MAPPING) {
		mxw_node_mismatch(node, key, "a mapping with name and type", reader->diags);
		return 0;
	}
	const struct mxw_notifier *type = read_type(reader, node, key);
	const struct mxw_node *name = mxw_node_find(node, "name");
	if (!type && (!name || name->kind != MXW_NODE_SCALAR))
		return 0;
	struct mxw_values common = { 0 }, own = { .at = node->at };
	int r = type ? read_options(reader, node, key, &common, &own, type) : 0;
	if (r >= 0) {
		char *text = mxw_arena_text(&config->arena, name && name->kind == MXW_NODE_SCALAR ? name->text : "");
		config->notifiers[config->n_notifiers++] = (struct mxw_notifier_config){
			.name = text,
			.type = type,
			.options = own,
			.max_per_minute = type ? (unsigned)mxw_values_get(&common, "max_per_minute")->number : 0,
		};
	} else {
		mxw_values_done(&own);
	}
	mxw_values_done(&common);
	return r < 0 ? r : config->arena.failed ? -ENOMEM : 0;
}

int mxw_config_read_notifiers(struct mxw_config_reader *reader, const struct mxw_values *top)
{
	const struct mxw_node *node = mxw_values_list(top, "notifiers", reader->diags);
	size_t n = node ? node->n : 0;
	int r = 0;
	if (n > MXW_MAX_NOTIFIERS) {
		mxw_values_error(top, "notifiers", reader->diags, "a list of %zu notifiers, expected at most %d", n,
				 MXW_MAX_NOTIFIERS);
		n = 0;
	}
	reader->config->notifiers = mxw_new_array(n, sizeof(*reader->config->notifiers));
	if (!reader->config->notifiers)
		return -ENOMEM;
	for (size_t i = 0; i < n && r >= 0; i++) {
		char key[32];
		snprintf(key, sizeof(key), "notifiers[%zu]", i);
		r = read_notifier(reader, node->children[i], key);
	}
	return r;
}
