/* From bytes to a checked configuration: the top level and the order of its parts; see config.h. */
#include "lib/config/config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/config/reader.h"
#include "lib/config/resolvers.h"
#include "lib/config/rows.h"
#include "lib/schema/yaml.h"

const char *mxw_config_source_error(int error)
{
	switch (error) {
	case -ENOENT:
		return "does not exist";
	case -EACCES:
	case -EPERM:
		return "cannot be read: permission denied";
	case -EISDIR:
		return "is a folder";
	case -EFBIG:
		return "is too large";
	case -ENODEV:
		return "is no regular file";
	}
	return "cannot be read";
}

/* The mappings of checks, `mx:` and the like, each by the rows of its check. */
static int read_check_options(struct mxw_config_reader *reader, const struct mxw_values *nodes)
{
	for (size_t i = 0, k = 0; i < mxw_n_checks; i++) {
		struct mxw_values *values = &reader->config->check_options[i];
		char path[64];
		if (!mxw_checks[i]->options)
			continue;
		const struct mxw_node *node = nodes->items[k++].node;
		int r = mxw_values_init(values, mxw_checks[i]->options);
		snprintf(path, sizeof(path), "%s.", mxw_checks[i]->name);
		if (r >= 0 && node)
			r = mxw_values_read(values, node, path, reader->diags);
		if (r < 0)
			return r;
	}
	return 0;
}

/* systemd gives a list with colons when a unit has several directories: the first is ours. */
static int read_state_dir(struct mxw_config_reader *reader, const struct mxw_values *top)
{
	const struct mxw_value *value = mxw_values_get(top, "state_dir");
	const struct mxw_config_source *source = reader->source;
	const char *text = value->is_set ? value->text
			   : source->env ? source->env(source->arg, "STATE_DIRECTORY")
					 : NULL;
	if (!text || !*text)
		return 0;
	if (value->is_set && *text != '/')
		mxw_values_error(top, "state_dir", reader->diags,
				 "a relative path, expected an absolute one such as /var/lib/mxwatch");
	size_t n = value->is_set ? strlen(text) : strcspn(text, ":");
	reader->config->state_dir = mxw_arena_textn(&reader->config->arena, text, n);
	return reader->config->arena.failed ? -ENOMEM : 0;
}

static int read_top(struct mxw_config_reader *reader, const struct mxw_values *top, const struct mxw_values *shared,
		    const struct mxw_values *checks)
{
	struct mxw_config *config = reader->config;
	config->timeout_ms = mxw_values_get(top, "timeout")->number;
	config->resolver_down_after_ms = mxw_values_get(top, "resolver_down_after")->number;
	config->max_age_ms = mxw_values_get(top, "max_age")->number;
	config->outbox_deliveries = mxw_values_get(top, "outbox_deliveries")->number;
	config->outbox_bytes = mxw_values_get(top, "outbox_bytes")->number;
	config->send_on_resolved = mxw_values_get(top, "send_on_resolved")->boolean;
	config->defaults.checks = mxw_check_defaults();
	int r = mxw_config_read_resolvers(reader, top);
	if (r >= 0) {
		mxw_config_read_quorum(reader, top);
		r = read_state_dir(reader, top);
	}
	if (r >= 0)
		r = mxw_config_read_control(reader, top);
	if (r >= 0)
		r = mxw_config_read_canaries(reader, top);
	if (r >= 0)
		r = read_check_options(reader, checks);
	if (r >= 0)
		r = mxw_config_read_notifiers(reader, top);
	if (r >= 0) {
		config->defaults.notifiers = config->n_notifiers < 64 ? (UINT64_C(1) << config->n_notifiers) - 1
								      : UINT64_MAX;
		r = mxw_config_read_settings(reader, shared, &config->defaults, &config->arena);
	}
	if (r >= 0) {
		mxw_config_read_grouping(reader, top);
		r = mxw_config_read_routes(reader, top);
	}
	if (r >= 0)
		r = mxw_config_read_maintenance(reader, top);
	return r < 0 ? r : mxw_config_read_domains(reader, top);
}

static void warn_if_idle(struct mxw_config_reader *reader, const struct mxw_values *top)
{
	if (!reader->config->n_domains)
		mxw_diags_add(reader->diags, MXW_DIAG_WARNING, top->at, "domains: there are none, nothing is watched");
	if (!reader->config->n_notifiers)
		mxw_diags_add(reader->diags, MXW_DIAG_WARNING, top->at, "notifiers: there are none, nobody is told");
}

/* Positions and nodes belong to the document, which goes. */
static void detach(struct mxw_config *config)
{
	for (size_t i = 0; i < mxw_n_checks; i++)
		mxw_values_detach(&config->check_options[i]);
	for (size_t i = 0; i < config->n_notifiers; i++)
		mxw_values_detach(&config->notifiers[i].options);
}

/* Fills the configuration from a mapping, or with defaults alone when there is none. */
static int fill(struct mxw_config_reader *reader, const struct mxw_node *root)
{
	struct mxw_option rows[MXW_MAX_CHECKS + 1];
	struct mxw_values top = { 0 }, shared = { 0 }, checks = { 0 };
	struct mxw_values *const parts[] = { &top, &shared, &checks };
	size_t n_errors = reader->diags->n_errors;
	mxw_config_check_rows(rows);
	int r = mxw_values_init(&top, mxw_config_top_rows);
	if (r >= 0)
		r = mxw_values_init(&shared, mxw_config_shared_rows);
	if (r >= 0)
		r = mxw_values_init(&checks, rows);
	if (r >= 0 && root)
		r = mxw_values_read_parts(parts, MXW_ARRAY_SIZE(parts), root, "", reader->diags);
	if (r >= 0)
		r = read_top(reader, &top, &shared, &checks);
	if (r >= 0 && root && reader->diags->n_errors == n_errors) {
		warn_if_idle(reader, &top);
		mxw_config_check_routes(reader);
	}
	mxw_values_done(&top);
	mxw_values_done(&shared);
	mxw_values_done(&checks);
	detach(reader->config);
	return r;
}

static int read_file(struct mxw_config_reader *reader, struct mxw_document **ret)
{
	char *bytes MXW_CLEANUP(mxw_freep) = NULL;
	size_t n = 0;
	int r = reader->source->read(reader->source->arg, reader->path, &bytes, &n);
	if (r == -ENOMEM)
		return r;
	if (r < 0) {
		mxw_diags_add(reader->diags, MXW_DIAG_ERROR, (struct mxw_position){ .file = reader->path },
			      "the configuration %s, expected a readable file", mxw_config_source_error(r));
		return 0;
	}
	return mxw_yaml_parse(ret, bytes ? bytes : "", n, reader->path, reader->diags);
}

int mxw_config_read(struct mxw_config **ret, const char *path, const struct mxw_config_source *source,
		    struct mxw_diags *diags)
{
	struct mxw_config *config = calloc(1, sizeof(*config));
	struct mxw_config_reader reader = { config, source, diags, path };
	struct mxw_document *document = NULL;
	size_t n_errors = diags->n_errors;
	*ret = NULL;
	if (!config)
		return -ENOMEM;
	int r = read_file(&reader, &document);
	if (r >= 0 && document)
		r = fill(&reader, mxw_document_root(document));
	mxw_document_free(document);
	if (r >= 0 && diags->n_errors == n_errors)
		*ret = config;
	else
		mxw_config_free(config);
	return r;
}

int mxw_config_from_arguments(struct mxw_config **ret, const char *const *resolvers, size_t n_resolvers,
			      const struct mxw_config_source *source, struct mxw_diags *diags)
{
	struct mxw_config *config = calloc(1, sizeof(*config));
	struct mxw_config_reader reader = { config, source, diags, "" };
	size_t n_errors = diags->n_errors;
	*ret = NULL;
	if (!config)
		return -ENOMEM;
	int r = fill(&reader, NULL);
	if (r >= 0)
		r = mxw_config_set_resolvers(config, resolvers, n_resolvers, source, diags);
	if (r >= 0 && diags->n_errors == n_errors)
		*ret = config;
	else
		mxw_config_free(config);
	return r;
}
