/* Options as rows: the only place where an option exists. Parser, defaults, `mxwatch list options`, man page and tests
 * read the same rows (style.md: configuration as rows). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/diag.h"
#include "lib/base/util.h"

struct mxw_node; /* lib/schema/yaml.h */

enum mxw_option_type {
	MXW_OPTION_BOOL,     /* true, false */
	MXW_OPTION_INT,      /* strict decimal */
	MXW_OPTION_DURATION, /* ms in `number` */
	MXW_OPTION_TEXT,
	MXW_OPTION_CHOICE,    /* index into choices in `number` */
	MXW_OPTION_TEXTS,     /* list of scalars */
	MXW_OPTION_DURATIONS, /* list of durations, ms in `numbers` */
	MXW_OPTION_MAP,       /* mapping of scalars: keys and texts */
	MXW_OPTION_CUSTOM,    /* the owner reads the node itself (lists of mappings); still one row */
};

struct mxw_option {
	const char *name;
	enum mxw_option_type type;
	const char *fallback;       /* the default as it would be written in YAML; NULL: none, the value stays unset */
	int64_t min, max;           /* INT: value; DURATION(S): ms; TEXT(S): octets; both 0: no bounds */
	const char *const *choices; /* CHOICE: NULL-terminated */
	bool required;
	const char *expected; /* words for errors ("majority or a number"); NULL: made of type, bounds and choices */
	const char *doc;      /* one or two sentences for the manual */
};

struct mxw_value {
	bool is_set;            /* false: neither given nor a default */
	bool is_given;          /* written by the user, though what did not fit (told in diags) left the default */
	struct mxw_position at; /* of the value, when given */
	bool boolean;
	int64_t number;
	char *text;
	char **keys, **texts;           /* MAP: keys[i] -> texts[i]; TEXTS: texts */
	struct mxw_position *positions; /* of each list or map item */
	int64_t *numbers;
	size_t n;
	const struct mxw_node *node; /* CUSTOM: borrowed from the document; NULL when not given */
};

/* Values of one mapping, in the order of its rows. */
struct mxw_values {
	const struct mxw_option *options;
	struct mxw_value *items;
	size_t n;
	char *path;             /* of the mapping that was read, "notifiers[1]."; NULL before */
	struct mxw_position at; /* of that mapping */
};

/* Sets every value to its row's default. Rows are ended by one without name. 0 or -ENOMEM. */
int mxw_values_init(struct mxw_values *values, const struct mxw_option *options);
/* Leaves every value unset: for a mapping that says only what differs from another. 0 or -ENOMEM. */
int mxw_values_init_unset(struct mxw_values *values, const struct mxw_option *options);
void mxw_values_done(struct mxw_values *values);

/* Reads a mapping node over the defaults: unknown keys (with the nearest known one), wrong types, bounds, missing
 * required keys become diagnostics with `path` ("notifiers[1].") before the key. 0 or -ENOMEM. */
int mxw_values_read(struct mxw_values *values, const struct mxw_node *mapping, const char *path,
		    struct mxw_diags *diags);
/* The same for a mapping whose keys belong to several sets of rows (a notifier's own beside `name` and `type`): a key is
 * unknown when no set has it. */
int mxw_values_read_parts(struct mxw_values *const *parts, size_t n_parts, const struct mxw_node *mapping,
			  const char *path, struct mxw_diags *diags);

/* An error about one value, told where it was written (at the mapping when it was not): "PATH.NAME: " and the text. */
void mxw_values_error(const struct mxw_values *values, const char *name, struct mxw_diags *diags, const char *format,
		      ...) MXW_PRINTF(4, 5);
/* The same about one item of a list or mapping: "PATH.NAME[i]: ", "PATH.NAME.KEY: ". */
void mxw_values_item_error(const struct mxw_values *values, const char *name, size_t i, struct mxw_diags *diags,
			   const char *format, ...) MXW_PRINTF(5, 6);
/* The list that a CUSTOM row holds; NULL if it is not given, or, with an error, if it is no list. Borrowed. */
const struct mxw_node *mxw_values_list(const struct mxw_values *values, const char *name, struct mxw_diags *diags);
/* Forgets nodes and file names, which die with the document; the values themselves stay. */
void mxw_values_detach(struct mxw_values *values);

/* By name; asserts that the row exists. Borrowed. */
const struct mxw_value *mxw_values_get(const struct mxw_values *values, const char *name);
size_t mxw_options_count(const struct mxw_option *options);
const char *mxw_option_type_name(enum mxw_option_type type);
