/* `expect`: the mapping of types, the two forms of each, and plans; see expect.h. */
#include "lib/config/expect.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/config/rows.h"
#include "lib/mute/window.h"
#include "lib/schema/scalar.h"

enum {
	MAX_KEY = 96,
	/* Each address of `ptr` is one, and its two sets may name different ones. */
	MAX_EXPECTATIONS = MXW_N_RECORD_TYPES + 2 * MXW_MAX_EXPECTED,
};

static const enum mxw_record_type types[] = { MXW_RECORD_MX, MXW_RECORD_SPF, MXW_RECORD_NS, MXW_RECORD_PTR };

struct plan {
	int64_t not_before_wall_ms; /* INT64_MIN: not given */
	int64_t deadline_wall_ms;   /* INT64_MAX: not given, there is no plan */
};

static const struct plan no_plan = { INT64_MIN, INT64_MAX };

/* What one type says. */
struct pins {
	enum mxw_record_type type;
	enum mxw_expect_mode mode;
	struct plan plan;
	struct mxw_pinned old[MXW_MAX_EXPECTED], new[MXW_MAX_EXPECTED];
	size_t n_old, n_new;
	bool has_old, has_new;
};

struct expect_reader {
	struct mxw_config_reader *reader;
	struct plan plan; /* of all types */
	struct mxw_expectation items[MAX_EXPECTATIONS];
	size_t n;
};

static struct mxw_arena *arena_of(const struct expect_reader *expect)
{
	return &expect->reader->config->arena;
}

/* ---- times ---- */

/* "2026-12-01T02:00:00Z" (RFC 3339, UTC), or "2026-12-01 02:00", which means the same. */
static int parse_time(const char *text, int64_t *ret_wall_ms)
{
	static const char minutes[] = "YYYY-MM-DDTHH:MM", form[] = "YYYY-MM-DDTHH:MM:SSZ";
	char date[sizeof(form)];
	int64_t s, seconds = 0;
	size_t n = strlen(minutes);
	if (strlen(text) > strlen(form))
		return -EINVAL;
	snprintf(date, sizeof(date), "%s", text);
	if (strlen(text) == strlen(form)) {
		const char *rest = text + n;
		if (rest[0] != ':' || rest[1] < '0' || rest[1] > '5' || rest[2] < '0' || rest[2] > '9' ||
		    rest[3] != 'Z')
			return -EINVAL;
		seconds = 10 * (rest[1] - '0') + (rest[2] - '0');
		date[n] = '\0';
	}
	if (mxw_window_parse_date(date, &s) < 0)
		return -EINVAL;
	*ret_wall_ms = 1000 * (s + seconds);
	return 0;
}

static void read_time(struct expect_reader *expect, const struct mxw_values *values, const char *key,
		      int64_t *ret_wall_ms)
{
	const char *text = mxw_values_get(values, key)->text;
	struct mxw_strbuf quoted = MXW_STRBUF_INIT;
	if (!text || parse_time(text, ret_wall_ms) == 0)
		return;
	mxw_quote(&quoted, text);
	mxw_values_error(values, key, expect->reader->diags,
			 "%s is no time, expected one such as 2026-12-01T02:00:00Z or \"2026-12-01 02:00\", in UTC",
			 mxw_strbuf_get(&quoted));
	mxw_strbuf_done(&quoted);
}

static void read_plan(struct expect_reader *expect, const struct mxw_values *values, struct plan *plan)
{
	read_time(expect, values, "not_before", &plan->not_before_wall_ms);
	read_time(expect, values, "deadline", &plan->deadline_wall_ms);
	if (plan->not_before_wall_ms >= plan->deadline_wall_ms)
		mxw_values_error(values, "deadline", expect->reader->diags,
				 "is not after not_before, expected a later time");
}

/* A deadline that was written, if only wrongly, is not missing. */
static bool lacks_deadline(const struct mxw_values *values, const struct plan *plan)
{
	return plan->deadline_wall_ms == INT64_MAX && !mxw_values_get(values, "deadline")->is_given;
}

/* ---- sets ---- */

static bool is_listed(const struct mxw_pinned *pinned, const struct mxw_pinned *items, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (mxw_ip_equal(&pinned->ip, &items[i].ip) &&
		    mxw_expected_is_among(&pinned->expected, &items[i].expected, 1))
			return true;
	return false;
}

static int read_record(struct expect_reader *expect, const struct pins *pins, const struct mxw_node *node,
		       const char *key, struct mxw_pinned *items, size_t *n)
{
	const char *problem, *text = mxw_node_text(node, key, "a record", expect->reader->diags);
	struct mxw_strbuf quoted = MXW_STRBUF_INIT;
	if (!text)
		return 0;
	int r = mxw_config_read_pinned(pins->type, pins->mode, text, arena_of(expect), &items[*n], &problem);
	if (r < 0)
		return r;
	if (!problem && is_listed(&items[*n], items, *n))
		problem = "is listed twice, expected once";
	if (!problem) {
		++*n;
		return 0;
	}
	mxw_quote(&quoted, text);
	mxw_diags_add(expect->reader->diags, MXW_DIAG_ERROR, node->at, "%s: %s %s", key, mxw_strbuf_get(&quoted),
		      problem);
	mxw_strbuf_done(&quoted);
	return 0;
}

/* A list of records, or a record alone. */
static int read_set(struct expect_reader *expect, const struct pins *pins, const struct mxw_node *node, const char *key,
		    struct mxw_pinned items[MXW_MAX_EXPECTED], size_t *ret_n)
{
	struct mxw_diags *diags = expect->reader->diags;
	bool may_be_empty = pins->mode == MXW_EXPECT_EXACT && pins->type != MXW_RECORD_PTR;
	int r = 0;
	*ret_n = 0;
	if (node->kind == MXW_NODE_SCALAR)
		return read_record(expect, pins, node, key, items, ret_n);
	if (node->kind != MXW_NODE_LIST)
		mxw_node_mismatch(node, key, "a list of records", diags);
	else if (node->n > MXW_MAX_EXPECTED)
		mxw_diags_add(diags, MXW_DIAG_ERROR, node->at, "%s: a list of %zu records, expected at most %d", key,
			      node->n, MXW_MAX_EXPECTED);
	else if (!node->n && !may_be_empty)
		mxw_diags_add(diags, MXW_DIAG_ERROR, node->at, "%s: an empty list, expected at least one record", key);
	else
		for (size_t i = 0; i < node->n && r >= 0; i++) {
			char item_key[MAX_KEY + 40];
			snprintf(item_key, sizeof(item_key), "%s[%zu]", key, i);
			r = read_record(expect, pins, node->children[i], item_key, items, ret_n);
		}
	return r;
}

/* ---- the forms of a type ---- */

/* `records` and `next`: where a change is planned without a next, the records are the planned ones. */
static int read_sets(struct expect_reader *expect, struct pins *pins, const struct mxw_node *records,
		     const struct mxw_node *next, const char *key, const char *next_key)
{
	bool is_planned = pins->plan.deadline_wall_ms != INT64_MAX;
	int r = 0;
	pins->has_old = records && (next || !is_planned);
	pins->has_new = next || is_planned;
	if (records)
		r = pins->has_old ? read_set(expect, pins, records, key, pins->old, &pins->n_old)
				  : read_set(expect, pins, records, key, pins->new, &pins->n_new);
	if (r >= 0 && next)
		r = read_set(expect, pins, next, next_key, pins->new, &pins->n_new);
	return r;
}

static int read_mapping(struct expect_reader *expect, struct pins *pins, const struct mxw_node *node, const char *key)
{
	struct mxw_values values;
	char path[MAX_KEY + 8], records_key[MAX_KEY + 16], next_key[MAX_KEY + 16];
	snprintf(path, sizeof(path), "%s.", key);
	snprintf(records_key, sizeof(records_key), "%srecords", path);
	snprintf(next_key, sizeof(next_key), "%snext", path);
	int r = mxw_values_init(&values, mxw_config_expected_rows);
	if (r >= 0)
		r = mxw_values_read(&values, node, path, expect->reader->diags);
	if (r >= 0) {
		const struct mxw_node *records = mxw_values_get(&values, "records")->node;
		const struct mxw_node *next = mxw_values_get(&values, "next")->node;
		bool is_plan = next || mxw_values_get(&values, "not_before")->is_given;
		pins->mode = (enum mxw_expect_mode)mxw_values_get(&values, "mode")->number;
		read_plan(expect, &values, &pins->plan);
		if (!records && !next)
			mxw_values_error(&values, "records", expect->reader->diags,
					 "missing, expected a list of records");
		else if (is_plan && lacks_deadline(&values, &pins->plan))
			mxw_values_error(&values, "deadline", expect->reader->diags,
					 "missing, a planned change must be done at some time, expected one such as "
					 "2026-12-01T06:00:00Z");
		else
			r = read_sets(expect, pins, records, next, records_key, next_key);
	}
	mxw_values_done(&values);
	return r;
}

/* ---- what the check reads ---- */

/* Those of the address; all of them for types other than PTR, whose addresses are all alike. */
static struct mxw_expected_set make_set(struct expect_reader *expect, const struct mxw_pinned *items, size_t n,
					bool is_given, const struct mxw_ip *ip)
{
	struct mxw_expected *copies = mxw_arena_alloc(arena_of(expect), (n + 1) * sizeof(*copies));
	struct mxw_expected_set set = { .is_given = is_given, .items = copies };
	for (size_t i = 0; copies && i < n; i++)
		if (mxw_ip_equal(&items[i].ip, ip))
			copies[set.n++] = items[i].expected;
	return set;
}

static void add_expectation(struct expect_reader *expect, const struct pins *pins, const struct mxw_ip *ip)
{
	bool is_reverse = pins->type == MXW_RECORD_PTR;
	struct mxw_expectation *item = &expect->items[expect->n++];
	*item = (struct mxw_expectation){
		.type = pins->type,
		.mode = pins->mode,
		.ip = *ip,
		.is_planned = pins->plan.deadline_wall_ms != INT64_MAX,
		.old = make_set(expect, pins->old, pins->n_old, pins->has_old, ip),
		.new = make_set(expect, pins->new, pins->n_new, pins->has_new, ip),
		.not_before_wall_ms = pins->plan.not_before_wall_ms,
		.deadline_wall_ms = pins->plan.deadline_wall_ms,
	};
	/* An address that a set does not name is not pinned by it. */
	if (is_reverse) {
		item->old.is_given = item->old.n > 0;
		item->new.is_given = item->new.n > 0;
	}
}

static bool is_known_address(const struct expect_reader *expect, const struct mxw_ip *ip)
{
	for (size_t i = 0; i < expect->n; i++)
		if (expect->items[i].type == MXW_RECORD_PTR && mxw_ip_equal(&expect->items[i].ip, ip))
			return true;
	return false;
}

static void add_addresses(struct expect_reader *expect, const struct pins *pins, const struct mxw_pinned *items,
			  size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!is_known_address(expect, &items[i].ip))
			add_expectation(expect, pins, &items[i].ip);
}

static int read_type(struct expect_reader *expect, enum mxw_record_type type, const struct mxw_node *node,
		     const char *key)
{
	static const struct mxw_ip no_ip;
	struct pins pins = { .type = type, .plan = expect->plan };
	int r = node->kind == MXW_NODE_MAPPING ? read_mapping(expect, &pins, node, key)
					       : read_sets(expect, &pins, node, NULL, key, NULL);
	if (r < 0)
		return r;
	if (type == MXW_RECORD_PTR) {
		add_addresses(expect, &pins, pins.old, pins.n_old);
		add_addresses(expect, &pins, pins.new, pins.n_new);
	} else {
		add_expectation(expect, &pins, &no_ip);
	}
	return 0;
}

static int read_types(struct expect_reader *expect, const struct mxw_values *values)
{
	bool any = false;
	int r = 0;
	read_plan(expect, values, &expect->plan);
	if (lacks_deadline(values, &expect->plan) && mxw_values_get(values, "not_before")->is_given)
		mxw_values_error(values, "deadline", expect->reader->diags,
				 "missing beside not_before, expected a time such as 2026-12-01T06:00:00Z");
	for (size_t i = 0; i < MXW_ARRAY_SIZE(types) && r >= 0; i++) {
		const char *name = mxw_record_type_name(types[i]);
		const struct mxw_node *node = mxw_values_get(values, name)->node;
		char key[MAX_KEY];
		snprintf(key, sizeof(key), "%s%s", values->path, name);
		any |= node != NULL;
		if (node)
			r = read_type(expect, types[i], node, key);
	}
	if (!any && r >= 0)
		mxw_diags_add(expect->reader->diags, MXW_DIAG_ERROR, values->at,
			      "%.*s: pins nothing, expected at least one of mx, spf, ns and ptr",
			      (int)strlen(values->path) - 1, values->path);
	return r;
}

/* The copy that lasts. */
static int keep(const struct expect_reader *expect, const struct mxw_expect **ret)
{
	struct mxw_expect *kept = mxw_arena_alloc(arena_of(expect), sizeof(*kept));
	struct mxw_expectation *items = mxw_arena_alloc(arena_of(expect), (expect->n + 1) * sizeof(*items));
	if (!kept || !items)
		return -ENOMEM;
	memcpy(items, expect->items, expect->n * sizeof(*items));
	*kept = (struct mxw_expect){ items, expect->n };
	*ret = kept;
	return arena_of(expect)->failed ? -ENOMEM : 0;
}

int mxw_config_read_expect(struct mxw_config_reader *reader, const struct mxw_values *own,
			   const struct mxw_expect **ret)
{
	const struct mxw_node *node = mxw_values_get(own, "expect")->node;
	struct expect_reader expect = { .reader = reader, .plan = no_plan };
	struct mxw_values values;
	char path[MAX_KEY];
	if (!node)
		return 0;
	snprintf(path, sizeof(path), "%sexpect.", own->path);
	int r = mxw_values_init(&values, mxw_config_expect_rows);
	if (r >= 0)
		r = mxw_values_read(&values, node, path, reader->diags);
	if (r >= 0 && node->kind == MXW_NODE_MAPPING)
		r = read_types(&expect, &values);
	mxw_values_done(&values);
	return r < 0 ? r : keep(&expect, ret);
}
