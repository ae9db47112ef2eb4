/* YAML as a tree of nodes with positions, read with libyaml's event API. yaml.c is the only file that knows libyaml.
 *
 * Refused with a clear error: anchors, aliases, tags, merge keys, a depth over 16, a second document, a duplicate key,
 * NUL in a scalar, a key that is no scalar (design.md 5.1, faults.md 0.6). Tabs, encodings and syntax errors come from libyaml with line and column. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/diag.h"

enum {
	MXW_YAML_MAX_DEPTH = 16,
	MXW_YAML_MAX_BYTES = 128 * 1024 *
			     1024, /* a million domains with keys of their own fit; a disk image does not */
};

enum mxw_node_kind { MXW_NODE_SCALAR, MXW_NODE_LIST, MXW_NODE_MAPPING };

struct mxw_node {
	enum mxw_node_kind kind;
	struct mxw_position at;
	const char *text;           /* SCALAR, valid UTF-8 */
	bool is_plain;              /* SCALAR without quotes: only such can be null, boolean or number */
	struct mxw_node **children; /* LIST: items; MAPPING: values */
	struct mxw_node **keys;     /* MAPPING: scalars, keys[i] -> children[i] */
	size_t n;
};

struct mxw_document;

/* `file` is used in positions and copied. What is no document leaves an error in diags and *ret NULL while 0 is returned;
 * so that all errors of a file come at once, duplicate keys leave errors too but *ret is set and the first value counts:
 * look at diags. -ENOMEM is fatal. An empty file is an empty mapping. */
int mxw_yaml_parse(struct mxw_document **ret, const char *bytes, size_t n, const char *file, struct mxw_diags *diags);
void mxw_document_free(struct mxw_document *document);
const struct mxw_node *mxw_document_root(const struct mxw_document *document);
const struct mxw_node *mxw_node_find(const struct mxw_node *mapping, const char *key); /* NULL if absent */
