/* Strict reading of scalars and the words for mismatches; see scalar.h. */
#include "lib/schema/scalar.h"

#include <errno.h>
#include <string.h>

enum { MAX_QUOTED = 60 };

bool mxw_scalar_is_null(const struct mxw_node *node)
{
	if (node->kind != MXW_NODE_SCALAR || !node->is_plain)
		return false;
	return !node->text[0] || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0;
}

int mxw_integer_parse(const char *text, int64_t *ret)
{
	bool negative = *text == '-';
	uint64_t value = 0;
	if (negative)
		text++;
	size_t digits = strspn(text, "0123456789");
	if (!digits || text[digits] || (text[0] == '0' && (digits > 1 || negative)))
		return -EINVAL;
	for (; *text; text++) {
		uint64_t digit = (uint64_t)(*text - '0');
		if (value > (INT64_MAX - digit) / 10)
			return -ERANGE;
		value = value * 10 + digit;
	}
	*ret = negative ? -(int64_t)value : (int64_t)value;
	return 0;
}

void mxw_quote(struct mxw_strbuf *ret, const char *text)
{
	size_t n = strlen(text), cut = n;
	if (n > MAX_QUOTED)
		for (cut = MAX_QUOTED; cut > 0 && ((unsigned char)text[cut] & 0xc0) == 0x80;)
			cut--;
	mxw_strbuf_addc(ret, '"');
	mxw_strbuf_add(ret, text, cut);
	mxw_strbuf_adds(ret, cut < n ? "...\"" : "\"");
}

void mxw_node_describe(const struct mxw_node *node, struct mxw_strbuf *ret)
{
	if (node->kind == MXW_NODE_LIST) {
		mxw_strbuf_adds(ret, node->n ? "a list" : "an empty list");
	} else if (node->kind == MXW_NODE_MAPPING) {
		mxw_strbuf_adds(ret, node->n ? "a mapping" : "an empty mapping");
	} else if (mxw_scalar_is_null(node)) {
		mxw_strbuf_adds(ret, "nothing");
	} else {
		mxw_strbuf_adds(ret, node->is_plain ? "text " : "quoted text ");
		mxw_quote(ret, node->text);
	}
}

void mxw_node_mismatch(const struct mxw_node *node, const char *key, const char *expected, struct mxw_diags *diags)
{
	struct mxw_strbuf found = MXW_STRBUF_INIT;
	mxw_node_describe(node, &found);
	mxw_diags_add(diags, MXW_DIAG_ERROR, node->at, "%s: found %s, expected %s", key, mxw_strbuf_get(&found),
		      expected);
	mxw_strbuf_done(&found);
}

const char *mxw_node_text(const struct mxw_node *node, const char *key, const char *expected, struct mxw_diags *diags)
{
	if (node->kind == MXW_NODE_SCALAR && !mxw_scalar_is_null(node))
		return node->text;
	mxw_node_mismatch(node, key, expected, diags);
	return NULL;
}
