/* `notify_changes`: true, false, or the types of records whose changes are told; see reader.h. */
#include "lib/config/reader.h"

#include <string.h>

#include "lib/schema/scalar.h"
#include "lib/schema/suggest.h"

enum { N_TYPES = MXW_RECORD_PTR }; /* those before it can be watched */
static const char expected[] = "true, false or a list such as [mx, spf, ns, address]";

static void tell_item(struct mxw_config_reader *reader, const struct mxw_values *values, const struct mxw_node *item,
		      size_t i, const char *const names[N_TYPES])
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_quote(&text, item->text);
	mxw_strbuf_adds(&text, " is no type of record that can be watched, ");
	mxw_suggest(&text, item->text, names, N_TYPES, NULL, reader->diags);
	mxw_diags_add(reader->diags, MXW_DIAG_ERROR, item->at, "%snotify_changes[%zu]: %s", values->path, i,
		      mxw_strbuf_get(&text));
	mxw_strbuf_done(&text);
}

static unsigned read_item(struct mxw_config_reader *reader, const struct mxw_values *values,
			  const struct mxw_node *item, size_t i)
{
	const char *names[N_TYPES];
	unsigned found = N_TYPES;
	for (unsigned type = 0; type < N_TYPES; type++) {
		names[type] = mxw_record_type_name(type);
		if (item->kind == MXW_NODE_SCALAR && strcmp(item->text, names[type]) == 0)
			found = type;
	}
	if (item->kind != MXW_NODE_SCALAR || mxw_scalar_is_null(item)) {
		struct mxw_strbuf key = MXW_STRBUF_INIT;
		mxw_strbuf_addf(&key, "%snotify_changes[%zu]", values->path, i);
		mxw_node_mismatch(item, mxw_strbuf_get(&key), "a type of record such as mx", reader->diags);
		mxw_strbuf_done(&key);
		return 0;
	}
	if (found == N_TYPES)
		tell_item(reader, values, item, i, names);
	return found == N_TYPES ? 0 : MXW_RECORD_BIT(found);
}

void mxw_config_read_notify_changes(struct mxw_config_reader *reader, const struct mxw_values *values,
				    struct mxw_domain_settings *settings)
{
	const struct mxw_node *node = mxw_values_get(values, "notify_changes")->node;
	if (!node)
		return;
	bool is_word = node->kind == MXW_NODE_SCALAR && node->is_plain;
	if (node->kind == MXW_NODE_LIST) {
		settings->watched_types = 0;
		for (size_t i = 0; i < node->n; i++) {
			unsigned bit = read_item(reader, values, node->children[i], i);
			if (settings->watched_types & bit)
				mxw_diags_add(reader->diags, MXW_DIAG_ERROR, node->children[i]->at,
					      "%snotify_changes[%zu]: %s is named twice, expected once", values->path,
					      i, node->children[i]->text);
			settings->watched_types |= bit;
		}
	} else if (is_word && strcmp(node->text, "true") == 0) {
		settings->watched_types = MXW_RECORD_BIT(N_TYPES) - 1;
	} else if (is_word && strcmp(node->text, "false") == 0) {
		settings->watched_types = 0;
	} else {
		struct mxw_strbuf key = MXW_STRBUF_INIT;
		mxw_strbuf_addf(&key, "%snotify_changes", values->path);
		mxw_node_mismatch(node, mxw_strbuf_get(&key), expected, reader->diags);
		mxw_strbuf_done(&key);
	}
}
