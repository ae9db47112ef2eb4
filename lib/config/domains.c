/* `domains`: names and mappings with settings of their own; then one sorted array without duplicates; see reader.h.
 *
 * A million plain names is the size to keep in mind: a plain name costs an entry and its text, settings are shared
 * (intern.h), and duplicates are found by sorting. */
#include "lib/config/domains.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/config/intern.h"
#include "lib/config/rows.h"
#include "lib/schema/scalar.h"

static const char expected_domain[] = "a mail domain such as example.com";

int mxw_domain_list_add(struct mxw_config_reader *reader, struct mxw_domain_list *list, const char *text,
			const struct mxw_domain_settings *settings, struct mxw_position at, uint32_t index,
			const char *key)
{
	char name[MXW_NAME_TEXT_MAX];
	const char *reason = NULL;
	if (mxw_target_parse_domain(text, name, &reason) < 0) {
		struct mxw_strbuf quoted = MXW_STRBUF_INIT;
		mxw_quote(&quoted, text);
		mxw_diags_add(reader->diags, MXW_DIAG_ERROR, at, "%s%s%s %s, expected %s", key, *key ? ": " : "",
			      mxw_strbuf_get(&quoted), reason, expected_domain);
		mxw_strbuf_done(&quoted);
		return 0;
	}
	if (list->n == list->capacity) {
		size_t capacity = list->capacity ? list->capacity * 2 : 64;
		struct mxw_domain_entry *entries = reallocarray(list->entries, capacity, sizeof(*entries));
		if (!entries)
			return -ENOMEM;
		list->entries = entries;
		list->capacity = capacity;
	}
	list->entries[list->n] = (struct mxw_domain_entry){
		.name = mxw_arena_text(&reader->config->arena, name),
		.settings = settings,
		.at = at,
		.order = (uint32_t)list->n,
		.index = index,
	};
	list->n++;
	return reader->config->arena.failed ? -ENOMEM : 0;
}

/* The settings of a mapping, shared with those of other mappings that equal them. */
static int read_settings(struct mxw_config_reader *reader, struct mxw_intern *intern, const struct mxw_values *own,
			 const struct mxw_values *shared, const struct mxw_domain_settings **ret)
{
	struct mxw_domain_settings settings = reader->config->defaults;
	struct mxw_arena scratch = { 0 };
	int r = mxw_config_read_expect(reader, own, &settings.expect);
	if (r >= 0)
		r = mxw_config_read_settings(reader, shared, &settings, &scratch);
	if (r >= 0)
		r = mxw_intern_settings(intern, &settings, ret);
	mxw_arena_done(&scratch);
	return r;
}

static int read_mapping(struct mxw_config_reader *reader, struct mxw_domain_list *list, struct mxw_intern *intern,
			const struct mxw_node *node, uint32_t index, const char *key)
{
	const struct mxw_domain_settings *settings = NULL;
	struct mxw_values own = { 0 }, shared = { 0 }, *const parts[] = { &own, &shared };
	char path[40];
	snprintf(path, sizeof(path), "%s.", key);
	int r = mxw_values_init(&own, mxw_config_domain_rows);
	if (r >= 0)
		r = mxw_values_init_unset(&shared, mxw_config_shared_rows);
	if (r >= 0)
		r = mxw_values_read_parts(parts, MXW_ARRAY_SIZE(parts), node, path, reader->diags);
	if (r >= 0)
		r = read_settings(reader, intern, &own, &shared, &settings);
	const struct mxw_value *name = r >= 0 ? mxw_values_get(&own, "name") : NULL;
	if (name && name->is_set) {
		snprintf(path, sizeof(path), "%s.name", key);
		r = mxw_domain_list_add(reader, list, name->text, settings, name->at, index, path);
	}
	mxw_values_done(&own);
	mxw_values_done(&shared);
	return r;
}

static int read_list(struct mxw_config_reader *reader, struct mxw_domain_list *list, const struct mxw_node *node)
{
	struct mxw_intern intern;
	mxw_intern_init(&intern, &reader->config->arena);
	int r = 0;
	for (size_t i = 0; i < node->n && r >= 0; i++) {
		const struct mxw_node *child = node->children[i];
		char key[32];
		snprintf(key, sizeof(key), "domains[%zu]", i);
		if (child->kind == MXW_NODE_MAPPING) {
			r = read_mapping(reader, list, &intern, child, (uint32_t)i, key);
			continue;
		}
		const char *text = mxw_node_text(child, key, expected_domain, reader->diags);
		if (text)
			r = mxw_domain_list_add(reader, list, text, &reader->config->defaults, child->at, (uint32_t)i,
						key);
	}
	mxw_intern_done(&intern);
	return r;
}

static int compare_entries(const void *a, const void *b)
{
	const struct mxw_domain_entry *x = a, *y = b;
	int order = strcmp(x->name, y->name);
	return order ? order : x->order < y->order ? -1 : x->order > y->order;
}

static void tell_duplicate(struct mxw_config_reader *reader, const struct mxw_domain_entry *first,
			   const struct mxw_domain_entry *again)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	if (again->index != MXW_DOMAIN_NO_INDEX)
		mxw_strbuf_addf(&text, "domains[%u]: ", again->index);
	mxw_strbuf_addf(&text, "\"%s\" is listed twice, first in ", again->name);
	if (strcmp(first->at.file, again->at.file) != 0)
		mxw_strbuf_addf(&text, "%s ", first->at.file);
	mxw_strbuf_addf(&text, "line %u, expected once", first->at.line);
	mxw_diags_add(reader->diags, MXW_DIAG_ERROR, again->at, "%s", mxw_strbuf_get(&text));
	mxw_strbuf_done(&text);
}

/* Sorts, tells duplicates and hands the rest to the configuration. */
static int finish(struct mxw_config_reader *reader, struct mxw_domain_list *list)
{
	struct mxw_config *config = reader->config;
	const struct mxw_domain_entry *first = NULL;
	if (list->n)
		qsort(list->entries, list->n, sizeof(*list->entries), compare_entries);
	config->domains = mxw_new_array(list->n, sizeof(*config->domains));
	if (!config->domains)
		return -ENOMEM;
	for (size_t i = 0; i < list->n; i++) {
		const struct mxw_domain_entry *entry = &list->entries[i];
		if (first && strcmp(first->name, entry->name) == 0) {
			tell_duplicate(reader, first, entry);
			continue;
		}
		first = entry;
		mxw_config_check_authority(reader, entry->name, entry->settings, entry->at);
		config->domains[config->n_domains++] = (struct mxw_domain){ entry->name, entry->settings };
	}
	return 0;
}

int mxw_config_read_domains(struct mxw_config_reader *reader, const struct mxw_values *top)
{
	struct mxw_domain_list list = { 0 };
	const struct mxw_node *node = mxw_values_list(top, "domains", reader->diags);
	int r = node ? read_list(reader, &list, node) : 0;
	if (r >= 0)
		r = mxw_config_read_domain_files(reader, top, &list);
	if (r >= 0)
		r = finish(reader, &list);
	free(list.entries);
	return r;
}
