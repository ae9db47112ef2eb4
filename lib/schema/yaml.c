/* Builds a tree of nodes from libyaml's events; see yaml.h.
 *
 * The event API is stopped at the first thing that is refused: libyaml's own document loader would follow aliases and
 * takes quadratic time on deep nesting (faults.md 0.6). The tree lives in one arena; while a collection is open its
 * items wait in the growing buffer of its depth. */
#include "lib/schema/yaml.h"

#include <errno.h>
#include <string.h>
#include <yaml.h>

#include "lib/base/arena.h"
#include "lib/schema/scalar.h"

struct mxw_document {
	struct mxw_arena arena;
	char *file;
	struct mxw_node *root;
};

struct frame {
	struct mxw_node *node;
	struct mxw_node *key; /* MAPPING: waits for its value */
	struct mxw_node **keys, **children;
	size_t n, capacity;
};

struct builder {
	yaml_parser_t parser;
	struct mxw_document *document;
	struct mxw_diags *diags;
	const char *bytes;
	size_t n;
	struct frame frames[MXW_YAML_MAX_DEPTH];
	size_t depth;
	struct mxw_node *root;
};

enum { GO_ON, DONE, REFUSED }; /* what a step returns beside -ENOMEM */

static struct mxw_position position(const struct builder *b, const yaml_mark_t *mark)
{
	return (struct mxw_position){ b->document->file, (unsigned)mark->line + 1, (unsigned)mark->column + 1 };
}

/* "domains[2].interval": where the builder stands, with `key` below the innermost open collection. */
static void add_path(const struct builder *b, const struct mxw_node *key, struct mxw_strbuf *ret)
{
	for (size_t i = 0; i < b->depth; i++) {
		const struct frame *frame = &b->frames[i];
		const struct mxw_node *at = frame->key ? frame->key : i + 1 == b->depth ? key : NULL;
		if (frame->node->kind == MXW_NODE_LIST)
			mxw_strbuf_addf(ret, "[%zu]", frame->n);
		else if (at)
			mxw_strbuf_addf(ret, "%s%.64s", i ? "." : "", at->text);
	}
	if (ret->len)
		mxw_strbuf_adds(ret, ": ");
}

static int refuse(struct builder *b, struct mxw_position at, const char *what)
{
	struct mxw_strbuf path = MXW_STRBUF_INIT;
	add_path(b, NULL, &path);
	mxw_diags_add(b->diags, MXW_DIAG_ERROR, at, "%s%s", mxw_strbuf_get(&path), what);
	mxw_strbuf_done(&path);
	return REFUSED;
}

static struct mxw_node *new_node(struct builder *b, enum mxw_node_kind kind, struct mxw_position at)
{
	struct mxw_node *node = mxw_arena_alloc(&b->document->arena, sizeof(*node));
	if (node) {
		node->kind = kind;
		node->at = at;
	}
	return node;
}

static int grow(struct frame *frame)
{
	size_t capacity = frame->capacity ? frame->capacity * 2 : 16;
	struct mxw_node **keys = realloc(frame->keys, capacity * sizeof(struct mxw_node *));
	if (!keys)
		return -ENOMEM;
	frame->keys = keys;
	struct mxw_node **children = realloc(frame->children, capacity * sizeof(struct mxw_node *));
	if (!children)
		return -ENOMEM;
	frame->children = children;
	frame->capacity = capacity;
	return GO_ON;
}

/* A complete node takes its place: as the root, as a list's item, as a key or as the value of the waiting key. */
static int place(struct builder *b, struct mxw_node *node)
{
	if (!b->depth) {
		b->root = node;
		return GO_ON;
	}
	struct frame *frame = &b->frames[b->depth - 1];
	if (frame->node->kind == MXW_NODE_MAPPING && !frame->key) {
		if (node->is_plain && strcmp(node->text, "<<") == 0)
			return refuse(b, node->at,
				      "merge keys (<<) are not supported, expected every value written out");
		frame->key = node;
		return GO_ON;
	}
	if (frame->n == frame->capacity && grow(frame) < 0)
		return -ENOMEM;
	frame->keys[frame->n] = frame->key;
	frame->children[frame->n++] = node;
	frame->key = NULL;
	return GO_ON;
}

static int open_collection(struct builder *b, enum mxw_node_kind kind, struct mxw_position at)
{
	const struct frame *parent = b->depth ? &b->frames[b->depth - 1] : NULL;
	if (parent && parent->node->kind == MXW_NODE_MAPPING && !parent->key)
		return refuse(b, at,
			      kind == MXW_NODE_LIST ? "a list is used as a key, expected text"
						    : "a mapping is used as a key, expected text");
	if (b->depth == MXW_YAML_MAX_DEPTH) {
		mxw_diags_add(b->diags, MXW_DIAG_ERROR, at, "nested too deeply, expected at most %d levels",
			      MXW_YAML_MAX_DEPTH);
		return REFUSED;
	}
	struct mxw_node *node = new_node(b, kind, at);
	if (!node)
		return -ENOMEM;
	struct frame *frame = &b->frames[b->depth++];
	frame->node = node;
	frame->key = NULL;
	frame->n = 0;
	return GO_ON;
}

static struct mxw_node **copy_nodes(struct builder *b, struct mxw_node *const *nodes, size_t n)
{
	struct mxw_node **copy = mxw_arena_alloc(&b->document->arena, n * sizeof(struct mxw_node *));
	if (copy && n)
		memcpy(copy, nodes, n * sizeof(struct mxw_node *));
	return copy;
}

static int compare_keys(const void *a, const void *b)
{
	const struct mxw_node *x = *(struct mxw_node *const *)a, *y = *(struct mxw_node *const *)b;
	int order = strcmp(x->text, y->text);
	if (order)
		return order;
	if (x->at.line != y->at.line)
		return x->at.line < y->at.line ? -1 : 1;
	return x->at.column < y->at.column ? -1 : x->at.column > y->at.column;
}

/* The frame's buffer of keys is sorted for this: its node has its own copy by now. */
static void tell_duplicate_keys(struct builder *b, struct frame *frame)
{
	if (frame->n < 2)
		return;
	qsort(frame->keys, frame->n, sizeof(struct mxw_node *), compare_keys);
	const struct mxw_node *first = frame->keys[0];
	for (size_t i = 1; i < frame->n; i++) {
		const struct mxw_node *key = frame->keys[i];
		if (strcmp(first->text, key->text) != 0) {
			first = key;
			continue;
		}
		struct mxw_strbuf path = MXW_STRBUF_INIT;
		add_path(b, key, &path);
		mxw_diags_add(b->diags, MXW_DIAG_ERROR, key->at, "%sgiven twice, first in line %u, expected once",
			      mxw_strbuf_get(&path), first->at.line);
		mxw_strbuf_done(&path);
	}
}

static int close_collection(struct builder *b)
{
	struct frame *frame = &b->frames[b->depth - 1];
	struct mxw_node *node = frame->node;
	node->n = frame->n;
	node->children = copy_nodes(b, frame->children, frame->n);
	if (node->kind == MXW_NODE_MAPPING) {
		node->keys = copy_nodes(b, frame->keys, frame->n);
		tell_duplicate_keys(b, frame);
	}
	if (b->document->arena.failed)
		return -ENOMEM;
	b->depth--;
	return place(b, node);
}

static int take_scalar(struct builder *b, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	size_t n = event->data.scalar.length;
	struct mxw_position at = position(b, &event->start_mark);
	if (memchr(text, '\0', n))
		return refuse(b, at, "the text contains a NUL character, expected none");
	struct mxw_node *node = new_node(b, MXW_NODE_SCALAR, at);
	if (!node)
		return -ENOMEM;
	node->text = mxw_arena_textn(&b->document->arena, text, n);
	node->is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	return b->document->arena.failed ? -ENOMEM : place(b, node);
}

static int check_properties(struct builder *b, const yaml_event_t *event, const yaml_char_t *anchor,
			    const yaml_char_t *tag)
{
	if (anchor)
		return refuse(b, position(b, &event->start_mark),
			      "anchors (&) are not supported, expected every value written out");
	if (tag)
		return refuse(b, position(b, &event->start_mark),
			      "tags (!) are not supported, expected a value without a tag");
	return GO_ON;
}

static int take_event(struct builder *b, const yaml_event_t *event)
{
	int r;
	struct mxw_position at = position(b, &event->start_mark);
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		return b->root ? refuse(b, at, "a second document starts here, expected one document") : GO_ON;
	case YAML_ALIAS_EVENT:
		return refuse(b, at, "aliases (*) are not supported, expected every value written out");
	case YAML_SCALAR_EVENT:
		r = check_properties(b, event, event->data.scalar.anchor, event->data.scalar.tag);
		return r ? r : take_scalar(b, event);
	case YAML_SEQUENCE_START_EVENT:
		r = check_properties(b, event, event->data.sequence_start.anchor, event->data.sequence_start.tag);
		return r ? r : open_collection(b, MXW_NODE_LIST, at);
	case YAML_MAPPING_START_EVENT:
		r = check_properties(b, event, event->data.mapping_start.anchor, event->data.mapping_start.tag);
		return r ? r : open_collection(b, MXW_NODE_MAPPING, at);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return close_collection(b);
	case YAML_STREAM_END_EVENT:
		return DONE;
	default:
		return GO_ON;
	}
}

/* Line and column of an octet: the reader of libyaml tells octets only. */
static struct mxw_position position_of_octet(const struct builder *b, size_t offset)
{
	struct mxw_position at = { b->document->file, 1, 1 };
	for (size_t i = 0; i < offset && i < b->n; i++) {
		if (b->bytes[i] == '\n') {
			at.line++;
			at.column = 1;
		} else if (((unsigned char)b->bytes[i] & 0xc0) != 0x80) {
			at.column++;
		}
	}
	return at;
}

static bool has_tab_at(const struct builder *b, const yaml_mark_t *mark)
{
	size_t i = 0;
	for (size_t line = 0; line < mark->line && i < b->n; i++)
		line += b->bytes[i] == '\n';
	return i + mark->column < b->n && b->bytes[i + mark->column] == '\t';
}

static int tell_syntax_error(struct builder *b)
{
	const yaml_parser_t *parser = &b->parser;
	const char *problem = parser->problem ? parser->problem : "unknown error";
	if (parser->error == YAML_MEMORY_ERROR)
		return -ENOMEM;
	if (parser->error == YAML_READER_ERROR) {
		mxw_diags_add(b->diags, MXW_DIAG_ERROR, position_of_octet(b, parser->problem_offset),
			      "%s, expected text in UTF-8", problem);
		return REFUSED;
	}
	struct mxw_position at = position(b, &parser->problem_mark);
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_strbuf_addf(&text, "not valid YAML: %s", problem);
	if (parser->context)
		mxw_strbuf_addf(&text, " %s", parser->context);
	if (parser->context && parser->context_mark.line != parser->problem_mark.line)
		mxw_strbuf_addf(&text, " that starts in line %zu", parser->context_mark.line + 1);
	if (!strstr(problem, "tab") && has_tab_at(b, &parser->problem_mark))
		mxw_strbuf_adds(&text, "; this is a tab, expected spaces");
	mxw_diags_add(b->diags, MXW_DIAG_ERROR, at, "%s", mxw_strbuf_get(&text));
	mxw_strbuf_done(&text);
	return REFUSED;
}

static int build(struct builder *b)
{
	int r = GO_ON;
	while (r == GO_ON) {
		yaml_event_t event;
		if (!yaml_parser_parse(&b->parser, &event))
			return tell_syntax_error(b);
		r = take_event(b, &event);
		yaml_event_delete(&event);
	}
	if (r != DONE)
		return r;
	/* Nothing but comments, also below "---", is a mapping without keys. */
	if (!b->root || mxw_scalar_is_null(b->root))
		b->root = new_node(b, MXW_NODE_MAPPING, (struct mxw_position){ b->document->file, 1, 1 });
	b->document->root = b->root;
	return b->root ? DONE : -ENOMEM;
}

static int parse(struct builder *b)
{
	if (!yaml_parser_initialize(&b->parser))
		return -ENOMEM;
	yaml_parser_set_encoding(&b->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&b->parser, (const unsigned char *)b->bytes, b->n);
	int r = build(b);
	yaml_parser_delete(&b->parser);
	for (size_t i = 0; i < MXW_YAML_MAX_DEPTH; i++) {
		free(b->frames[i].keys);
		free(b->frames[i].children);
	}
	return r;
}

/* A byte order mark of UTF-8 is passed over; UTF-16 and oversize are refused before libyaml looks. */
static bool accept_bytes(struct builder *b, const char *bytes, size_t n)
{
	struct mxw_position at = { b->document->file, 1, 1 };
	if (n > MXW_YAML_MAX_BYTES) {
		at.line = 0;
		mxw_diags_add(b->diags, MXW_DIAG_ERROR, at, "the file is too large, expected at most %d MiB",
			      MXW_YAML_MAX_BYTES / (1024 * 1024));
		return false;
	}
	if (n >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0)) {
		mxw_diags_add(b->diags, MXW_DIAG_ERROR, at, "the text is UTF-16, expected UTF-8");
		return false;
	}
	size_t skip = n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	b->bytes = bytes + skip;
	b->n = n - skip;
	return true;
}

int mxw_yaml_parse(struct mxw_document **ret, const char *bytes, size_t n, const char *file, struct mxw_diags *diags)
{
	*ret = NULL;
	struct mxw_document *document = calloc(1, sizeof(*document));
	if (!document)
		return -ENOMEM;
	document->file = strdup(file);
	struct builder b = { .document = document, .diags = diags };
	int r = -ENOMEM;
	if (document->file)
		r = accept_bytes(&b, bytes, n) ? parse(&b) : REFUSED;
	if (r != DONE) {
		mxw_document_free(document);
		return r < 0 ? r : 0;
	}
	*ret = document;
	return 0;
}

void mxw_document_free(struct mxw_document *document)
{
	if (!document)
		return;
	mxw_arena_done(&document->arena);
	free(document->file);
	free(document);
}

const struct mxw_node *mxw_document_root(const struct mxw_document *document)
{
	return document->root;
}

const struct mxw_node *mxw_node_find(const struct mxw_node *mapping, const char *key)
{
	if (mapping->kind != MXW_NODE_MAPPING)
		return NULL;
	for (size_t i = 0; i < mapping->n; i++)
		if (strcmp(mapping->keys[i]->text, key) == 0)
			return mapping->children[i];
	return NULL;
}
