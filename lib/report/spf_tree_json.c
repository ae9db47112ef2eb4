/* The tree of SPF records as JSON; see spf_tree.h. */
#include "lib/report/json.h"
#include "lib/report/spf_tree.h"
#include "lib/spf/evaluate.h"

static json_t *record_object(const struct mxw_spf_tree *tree, const struct mxw_spf_node *node);

/* For clients of which address family the term's question has no records. */
static json_t *void_array(const struct mxw_spf_branch *branch)
{
	static const char *const families[] = { "ipv4", "ipv6" };
	bool is_void6 = branch->void6 == MXW_SPF_VOID_YES;
	if (branch->void4 == MXW_SPF_VOID_YES)
		return mxw_report_json_texts(families, is_void6 ? 2 : 1);
	return mxw_report_json_texts(families + 1, 1);
}

static bool put_marks(json_t *object, const struct mxw_spf_tree *tree, const struct mxw_spf_branch *branch)
{
	bool ok = true;
	if (branch == tree->over_branch)
		ok &= mxw_report_json_put(object, "over_limit", json_true());
	if (branch->is_dead)
		ok &= mxw_report_json_put(object, "dead", json_true());
	if (branch->has_macro)
		ok &= mxw_report_json_put(object, "macro", json_true());
	if (branch->void4 == MXW_SPF_VOID_YES || branch->void6 == MXW_SPF_VOID_YES)
		ok &= mxw_report_json_put(object, "void", void_array(branch));
	if (branch->void4 == MXW_SPF_VOID_UNKNOWN || branch->void6 == MXW_SPF_VOID_UNKNOWN)
		ok &= mxw_report_json_put(object, "failed", json_true());
	if (branch->n_mx)
		ok &= mxw_report_json_put(object, "mx", json_integer((json_int_t)branch->n_mx));
	return ok;
}

static json_t *term_object(const struct mxw_spf_tree *tree, const struct mxw_spf_branch *branch)
{
	json_t *object = json_object();
	bool ok = mxw_report_json_put(object, "term", mxw_report_json_octets(branch->term.text, branch->term.n_text));
	ok &= mxw_report_json_put(object, "lookups", json_integer(branch->running));
	if (branch->target)
		ok &= mxw_report_json_put(object, "target", mxw_report_json_text(branch->target));
	ok &= put_marks(object, tree, branch);
	if (branch->child)
		ok &= mxw_report_json_put(object, "record", record_object(tree, branch->child));
	if (ok)
		return object;
	json_decref(object);
	return NULL;
}

static json_t *terms_array(const struct mxw_spf_tree *tree, const struct mxw_spf_node *node)
{
	json_t *array = json_array();
	for (size_t i = 0; array && i < node->n_branches; i++) {
		if (json_array_append_new(array, term_object(tree, &node->branches[i])) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *error_object(const struct mxw_spf_node *node)
{
	const struct mxw_spf_error *error = &node->error;
	json_t *object = json_object();
	bool ok = mxw_report_json_put(object, "at", json_integer((json_int_t)error->at));
	ok &= mxw_report_json_put(object, "term", mxw_report_json_octets(node->text + error->term, error->n_term));
	ok &= mxw_report_json_put(object, "reason", json_string(error->reason));
	if (ok)
		return object;
	json_decref(object);
	return NULL;
}

static json_t *record_object(const struct mxw_spf_tree *tree, const struct mxw_spf_node *node)
{
	json_t *object = json_object();
	bool ok = mxw_report_json_put(object, "domain", mxw_report_json_text(node->domain));
	ok &= mxw_report_json_put(object, "state", json_string(mxw_report_spf_state_word(node->state)));
	if (node->text)
		ok &= mxw_report_json_put(object, "text", mxw_report_json_octets(node->text, node->n_text));
	if (node->state == MXW_SPF_NODE_SYNTAX)
		ok &= mxw_report_json_put(object, "error", error_object(node));
	ok &= mxw_report_json_put(object, "terms", terms_array(tree, node));
	if (ok)
		return object;
	json_decref(object);
	return NULL;
}

json_t *mxw_report_spf_tree_json(const struct mxw_round *round, const struct mxw_report_context *context)
{
	MXW_CLEANUP(mxw_spf_tree_done) struct mxw_spf_tree tree = { 0 };
	size_t view;
	bool has_failed = false;
	if (!mxw_report_spf_tree_find(round, &tree, &view, &has_failed) || has_failed)
		return has_failed ? NULL : json_null();
	json_t *object = json_object();
	bool ok = mxw_report_json_put(object, "resolver", mxw_report_json_text(context->upstreams[view].name));
	ok &= mxw_report_json_put(object, "domain", mxw_report_json_text(tree.root->domain));
	ok &= mxw_report_json_put(object, "lookups", json_integer(tree.n_lookups));
	ok &= mxw_report_json_put(object, "limit", json_integer(MXW_SPF_MAX_LOOKUPS));
	ok &= mxw_report_json_put(object, "void_lookups", json_integer(MXW_MAX(tree.n_void4, tree.n_void6)));
	ok &= mxw_report_json_put(object, "void_limit", json_integer(MXW_SPF_MAX_VOIDS));
	ok &= mxw_report_json_put(object, "complete", json_boolean(!tree.is_open && !tree.is_cut));
	ok &= mxw_report_json_put(object, "record", record_object(&tree, tree.root));
	if (ok)
		return object;
	json_decref(object);
	return NULL;
}
