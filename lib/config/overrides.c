/* `severity` and `labels`: mappings that a domain adds to those of the top level; see reader.h. */
#include "lib/config/reader.h"

#include <errno.h>
#include <string.h>

#include "lib/health/findings.h"
#include "lib/schema/scalar.h"
#include "lib/schema/suggest.h"

enum {
	MAX_FINDING_IDS = 512, /* candidates for the nearest one */
	MAX_LABELS = 32,       /* every event carries them */
	MAX_LABEL_NAME = 64,
	MAX_LABEL_VALUE = 255,
};

static size_t finding_ids(const char *ret[MAX_FINDING_IDS])
{
	size_t n = 0;
	for (size_t i = 0; i < mxw_n_checks; i++)
		for (const struct mxw_finding_def *def = mxw_checks[i]->findings; def && def->id && n < MAX_FINDING_IDS;
		     def++)
			ret[n++] = def->id;
	for (const struct mxw_finding_def *def = mxw_health_findings; def->id && n < MAX_FINDING_IDS; def++)
		ret[n++] = def->id;
	return n;
}

static void tell_unknown_finding(struct mxw_config_reader *reader, const struct mxw_values *values, size_t i)
{
	const char *ids[MAX_FINDING_IDS];
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_suggest(&text, mxw_values_get(values, "severity")->keys[i], ids, finding_ids(ids),
		    "expected an id of `mxwatch list findings`", reader->diags);
	mxw_values_item_error(values, "severity", i, reader->diags, "unknown finding, %s", mxw_strbuf_get(&text));
	mxw_strbuf_done(&text);
}

/* `ok` and `unknown` are what lookups say, not what a finding can be made. */
static int parse_severity(const char *text, enum mxw_severity *ret)
{
	return mxw_severity_parse(text, ret) < 0 || *ret == MXW_OK || *ret == MXW_UNKNOWN ? -EINVAL : 0;
}

int mxw_config_read_severity(struct mxw_config_reader *reader, const struct mxw_values *values,
			     struct mxw_domain_settings *settings, struct mxw_arena *arena)
{
	const struct mxw_value *value = mxw_values_get(values, "severity");
	if (!value->n)
		return 0;
	struct mxw_override *all = mxw_arena_alloc(arena, (settings->n_overrides + value->n) * sizeof(*all));
	if (!all)
		return -ENOMEM;
	bool is_top = settings == &reader->config->defaults;
	size_t n = settings->n_overrides;
	if (n)
		memcpy(all, settings->overrides, n * sizeof(*all));
	for (size_t i = 0; i < value->n; i++) {
		const struct mxw_finding_def *health = mxw_health_find_finding(value->keys[i]);
		all[n].def = health ? health : mxw_check_find_finding(value->keys[i], NULL);
		if (!all[n].def) {
			tell_unknown_finding(reader, values, i);
		} else if (health && !is_top) {
			mxw_values_item_error(values, "severity", i, reader->diags,
					      "about the monitor and no domain, expected at the top level");
		} else if (parse_severity(value->texts[i], &all[n].severity) < 0) {
			struct mxw_strbuf text = MXW_STRBUF_INIT;
			mxw_quote(&text, value->texts[i]);
			mxw_values_item_error(values, "severity", i, reader->diags,
					      "found text %s, expected off, info, warning or critical",
					      mxw_strbuf_get(&text));
			mxw_strbuf_done(&text);
		} else {
			n++;
		}
	}
	settings->overrides = all;
	settings->n_overrides = n;
	return 0;
}

/* The names that Alertmanager takes: a letter or _, then letters, digits and _. */
static bool is_label_name(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
	static const char rest[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
	size_t n = strlen(name);
	return n >= 1 && n <= MAX_LABEL_NAME && strchr(letters, name[0]) && strspn(name, rest) == n;
}

static void check_label(struct mxw_config_reader *reader, const struct mxw_values *values, size_t i)
{
	const struct mxw_value *value = mxw_values_get(values, "labels");
	if (!is_label_name(value->keys[i]))
		mxw_values_item_error(values, "labels", i, reader->diags,
				      "no name of a label, expected letters, digits and _, at most %d, no digit first",
				      MAX_LABEL_NAME);
	if (strlen(value->texts[i]) > MAX_LABEL_VALUE)
		mxw_values_item_error(values, "labels", i, reader->diags,
				      "the value is too long, expected at most %d octets", MAX_LABEL_VALUE);
}

static void put_label(struct mxw_label *labels, size_t *n, char *name, char *value)
{
	size_t k = 0;
	while (k < *n && strcmp(labels[k].name, name) != 0)
		k++;
	if (k == *n)
		++*n;
	labels[k] = (struct mxw_label){ name, value };
}

int mxw_config_read_labels(struct mxw_config_reader *reader, const struct mxw_values *values,
			   struct mxw_domain_settings *settings, struct mxw_arena *arena)
{
	const struct mxw_value *value = mxw_values_get(values, "labels");
	if (!value->n)
		return 0;
	if (value->n > MAX_LABELS) {
		mxw_values_error(values, "labels", reader->diags, "a mapping of %zu labels, expected at most %d",
				 value->n, MAX_LABELS);
		return 0;
	}
	struct mxw_label *all = mxw_arena_alloc(arena, (settings->n_labels + value->n) * sizeof(*all));
	if (!all)
		return -ENOMEM;
	size_t n = settings->n_labels;
	if (n)
		memcpy(all, settings->labels, n * sizeof(*all));
	for (size_t i = 0; i < value->n; i++) {
		check_label(reader, values, i);
		put_label(all, &n, mxw_arena_text(arena, value->keys[i]), mxw_arena_text(arena, value->texts[i]));
	}
	settings->labels = all;
	settings->n_labels = n;
	return arena->failed ? -ENOMEM : 0;
}
