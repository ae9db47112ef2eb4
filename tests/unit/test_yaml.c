/* YAML: the tree with its positions, and what is refused with which words. */
#include "lib/schema/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/strbuf.h"

/* The tree on one line: {key: value} [item] plain "quoted". */
static void dump(const struct mxw_node *node, struct mxw_strbuf *ret)
{
	const char *brackets = node->kind == MXW_NODE_LIST ? "[]" : "{}";
	if (node->kind == MXW_NODE_SCALAR) {
		mxw_strbuf_addf(ret, node->is_plain ? "%s" : "\"%s\"", node->text);
		return;
	}
	mxw_strbuf_addc(ret, brackets[0]);
	for (size_t i = 0; i < node->n; i++) {
		mxw_strbuf_adds(ret, i ? ", " : "");
		if (node->kind == MXW_NODE_MAPPING)
			mxw_strbuf_addf(ret, "%s: ", node->keys[i]->text);
		dump(node->children[i], ret);
	}
	mxw_strbuf_addc(ret, brackets[1]);
}

static void parse_bytes(const char *bytes, size_t n, struct mxw_strbuf *ret_tree, struct mxw_strbuf *ret_diags)
{
	struct mxw_document *document = NULL;
	MXW_CLEANUP(mxw_diags_done) struct mxw_diags diags = { 0 };
	assert_int_equal(mxw_yaml_parse(&document, bytes, n, "f", &diags), 0);
	assert_true(document || diags.n_errors);
	if (document)
		dump(mxw_document_root(document), ret_tree);
	mxw_diags_print(&diags, ret_diags);
	mxw_document_free(document);
}

struct row {
	const char *text, *tree, *diags;
};

static void expect_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf tree = MXW_STRBUF_INIT, diags = MXW_STRBUF_INIT;
		parse_bytes(rows[i].text, strlen(rows[i].text), &tree, &diags);
		if (strcmp(mxw_strbuf_get(&tree), rows[i].tree) != 0 ||
		    strcmp(mxw_strbuf_get(&diags), rows[i].diags) != 0)
			fail_msg("%s\n-> %s\n%s", rows[i].text, mxw_strbuf_get(&tree), mxw_strbuf_get(&diags));
	}
}

static void test_accepted(void **state)
{
	static const struct row rows[] = {
		{ "", "{}", "" },
		{ "# nothing\n", "{}", "" },
		{ "---\n# nothing\n", "{}", "" },
		{ "a: 1\nb: \"1\"\nc: '1'\n", "{a: 1, b: \"1\", c: \"1\"}", "" },
		{ "a: [1, [2], {b: 3}]", "{a: [1, [2], {b: 3}]}", "" },
		{ "a:\n- 1\n- b: 2\n  c: 3\n", "{a: [1, {b: 2, c: 3}]}", "" },
		{ "a:\nb: ~\nc: []\nd: {}\n", "{a: , b: ~, c: [], d: {}}", "" },
		{ "a: 1\r\nb: 2\r\n", "{a: 1, b: 2}", "" },
		{ "\xef\xbb\xbf"
		  "a: 1\nb: 2\n",
		  "{a: 1, b: 2}", "" }, /* a byte order mark does not indent the first line */
		{ "%YAML 1.1\n---\na: 1\n...\n", "{a: 1}", "" },
		{ "a: |\n  x\n  y\n", "{a: \"x\ny\n\"}", "" },
		{ "a: \"\\u00fc\"\nb: \xc3\xbc", "{a: \"\xc3\xbc\", b: \xc3\xbc}", "" },
		{ "\"<<\": 1", "{<<: 1}", "" }, /* quoted it is a key like any other */
		{ "just text", "just text", "" },
		{ "[a]", "[a]", "" },
		{ "[[[[[[[[[[[[[[[[16]]]]]]]]]]]]]]]]", "[[[[[[[[[[[[[[[[16]]]]]]]]]]]]]]]]", "" },
	};
	expect_rows(rows, MXW_ARRAY_SIZE(rows));
}

static void test_refused(void **state)
{
	static const struct row rows[] = {
		{ "a: &x 1", "", "f:1:4: a: anchors (&) are not supported, expected every value written out\n" },
		{ "a:\n  - b: &x [1]", "",
		  "f:2:8: a[0].b: anchors (&) are not supported, expected every value written out\n" },
		{ "a: *x", "", "f:1:4: a: aliases (*) are not supported, expected every value written out\n" },
		{ "a: !!str 1", "", "f:1:4: a: tags (!) are not supported, expected a value without a tag\n" },
		{ "a: !!binary aGk=", "", "f:1:4: a: tags (!) are not supported, expected a value without a tag\n" },
		{ "a: !x {b: 1}", "", "f:1:4: a: tags (!) are not supported, expected a value without a tag\n" },
		{ "a: ! x", "", "f:1:4: a: tags (!) are not supported, expected a value without a tag\n" },
		{ "a:\n  <<: {b: 1}", "",
		  "f:2:3: a: merge keys (<<) are not supported, expected every value written out\n" },
		{ "a: 1\n---\nb: 2\n", "", "f:2:1: a second document starts here, expected one document\n" },
		{ "? [a]\n: 1", "", "f:1:3: a list is used as a key, expected text\n" },
		{ "a:\n  {b: 1}: 2", "", "f:2:3: a: a mapping is used as a key, expected text\n" },
		{ "a: \"x\\0y\"", "", "f:1:4: a: the text contains a NUL character, expected none\n" },
		{ "[[[[[[[[[[[[[[[[[17", "", "f:1:17: nested too deeply, expected at most 16 levels\n" },
		{ "a: [1, 2\nb: 3", "",
		  "f:2:2: not valid YAML: did not find expected ',' or ']' while parsing a flow sequence that starts "
		  "in line 1\n" },
		{ "a: 1\n\tb: 2", "",
		  "f:2:1: not valid YAML: found a tab character that violates indentation while scanning a plain "
		  "scalar that starts in line "
		  "1\n" },
		{ "a:\n\tb: 2", "",
		  "f:2:1: not valid YAML: found character that cannot start any token while scanning for the next "
		  "token; this is a tab, "
		  "expected spaces\n" },
		{ "a: \"x", "",
		  "f:1:6: not valid YAML: found unexpected end of stream while scanning a quoted scalar\n" },
		{ "a: b: c", "", "f:1:5: not valid YAML: mapping values are not allowed in this context\n" },
		{ "a: 1\n b: 2", "", "f:2:3: not valid YAML: mapping values are not allowed in this context\n" },
		{ "a: @x", "",
		  "f:1:4: not valid YAML: found character that cannot start any token while scanning for the next "
		  "token\n" },
		{ "%YAML 2.0\n---\na: 1", "", "f:1:1: not valid YAML: found incompatible YAML document\n" },
		{ "a: 1\nb: \xff", "", "f:2:4: invalid leading UTF-8 octet, expected text in UTF-8\n" },
		{ "a: \xc3\xbc \xed\xa0\x80", "", "f:1:6: invalid Unicode character, expected text in UTF-8\n" },
		{ "a: \xe2\x82", "", "f:1:4: incomplete UTF-8 octet sequence, expected text in UTF-8\n" },
		{ "a: x\x01", "", "f:1:5: control characters are not allowed, expected text in UTF-8\n" },
	};
	expect_rows(rows, MXW_ARRAY_SIZE(rows));
}

static void test_octets_that_are_no_text(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *diags;
	} rows[] = {
		{ "\xff\xfe"
		  "a\0:\0",
		  6, "f:1:1: the text is UTF-16, expected UTF-8\n" },
		{ "\xfe\xff\0a\0:", 6, "f:1:1: the text is UTF-16, expected UTF-8\n" },
		{ "a: b\0c", 6, "f:1:5: control characters are not allowed, expected text in UTF-8\n" },
		{ "\0", 1, "f:1:1: control characters are not allowed, expected text in UTF-8\n" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf tree = MXW_STRBUF_INIT, diags = MXW_STRBUF_INIT;
		parse_bytes(rows[i].bytes, rows[i].n, &tree, &diags);
		assert_string_equal(mxw_strbuf_get(&diags), rows[i].diags);
	}
}

/* Duplicates leave a tree, so that the other errors of the file can be told as well. */
static void test_duplicate_keys(void **state)
{
	static const struct row rows[] = {
		{ "a: 1\nb: 2\na: 3\n", "{a: 1, b: 2, a: 3}",
		  "f:3:1: a: given twice, first in line 1, expected once\n" },
		{ "x:\n  - {a: 1}\n  - {a: 1, \"a\": 2}\n", "{x: [{a: 1}, {a: 1, a: 2}]}",
		  "f:3:12: x[1].a: given twice, first in line 3, expected once\n" },
		{ "a: 1\na: 2\na: 3\n", "{a: 1, a: 2, a: 3}",
		  "f:2:1: a: given twice, first in line 1, expected once\nf:3:1: a: given twice, first in line 1, "
		  "expected once\n" },
		{ "a: {b: 1, b: {c: 1, c: 2}}", "{a: {b: 1, b: {c: 1, c: 2}}}",
		  "f:1:11: a.b: given twice, first in line 1, expected once\nf:1:21: a.b.c: given twice, first in line "
		  "1, expected once\n" },
	};
	expect_rows(rows, MXW_ARRAY_SIZE(rows));
}

static void test_positions(void **state)
{
	static const char text[] = "a: 1\nlist:\n  - x\n  - \xc3\xbc\xc3\xbc: y\n";
	struct mxw_document *document = NULL;
	struct mxw_diags diags = { 0 };
	assert_int_equal(mxw_yaml_parse(&document, text, strlen(text), "dir/file.yaml", &diags), 0);
	const struct mxw_node *root = mxw_document_root(document), *list = mxw_node_find(root, "list");
	const struct mxw_node *mapping = list->children[1];
	assert_null(mxw_node_find(root, "x"));
	assert_null(mxw_node_find(list, "x"));
	assert_string_equal(root->at.file, "dir/file.yaml");
	assert_int_equal(root->at.line, 1);
	assert_int_equal(root->at.column, 1);
	assert_int_equal(list->children[0]->at.line, 3);
	assert_int_equal(list->children[0]->at.column, 5);
	assert_int_equal(mapping->keys[0]->at.column, 5);
	assert_int_equal(mapping->children[0]->at.line, 4);
	assert_int_equal(mapping->children[0]->at.column, 9); /* characters, not octets */
	mxw_document_free(document);
}

/* Sizes at which a quadratic reader would hang: each must end at once, within the test's own time limit. */
static void test_hostile_sizes(void **state)
{
	static const struct {
		const char *piece;
		size_t n;
	} rows[] = {
		{ "[", 200000 },      { "{a: ", 200000 }, { "- ", 200000 },    { "? ", 200000 },
		{ "&a ", 200000 },    { "!!a ", 200000 }, { "a\n", 200000 },   { "\"", 200001 },
		{ "a: 1\n", 200000 }, { "#\n", 200000 },  { "- a\n", 200000 }, { "\t", 200000 },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		MXW_CLEANUP(mxw_strbuf_done)
		struct mxw_strbuf text = MXW_STRBUF_INIT, tree = MXW_STRBUF_INIT, diags = MXW_STRBUF_INIT;
		for (size_t k = 0; k < rows[i].n; k++)
			mxw_strbuf_adds(&text, rows[i].piece);
		parse_bytes(mxw_strbuf_get(&text), text.len, &tree, &diags);
		assert_true(tree.len || diags.len);
	}
}

static void test_a_file_over_the_cap(void **state)
{
	struct mxw_document *document = NULL;
	MXW_CLEANUP(mxw_diags_done) struct mxw_diags diags = { 0 };
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	assert_int_equal(mxw_yaml_parse(&document, "a", (size_t)MXW_YAML_MAX_BYTES + 1, "f", &diags), 0);
	assert_null(document);
	mxw_diags_print(&diags, &text);
	assert_string_equal(mxw_strbuf_get(&text), "f: the file is too large, expected at most 128 MiB\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_octets_that_are_no_text),
		cmocka_unit_test(test_duplicate_keys),
		cmocka_unit_test(test_positions),
		cmocka_unit_test(test_hostile_sizes),
		cmocka_unit_test(test_a_file_over_the_cap),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
