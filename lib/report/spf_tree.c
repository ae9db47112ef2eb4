/* The tree of SPF records as text; see spf_tree.h. */
#include "lib/report/spf_tree.h"

#include <stdio.h>
#include <string.h>

#include "lib/spf/evaluate.h"

enum {
	NUMBER_COLUMNS = 2,
	MIN_FOLDED = 4,  /* a run of so many plain networks is one line */
	MAX_LINES = 100, /* terms in a report; nobody reads more */
	MAX_LINES_VERBOSE = 1000,
	MIN_TERM = 24,  /* columns that a term may take however narrow the terminal is */
	MAX_TERM = 160, /* where no width is known */
	MAX_TERM_VERBOSE = 1024,
	MAX_INDENT_DEPTH = 12, /* deeper ones are beyond every limit */
};

/* ---- which tree ---- */

static bool is_asked(const struct mxw_round *round)
{
	for (size_t check = 0; check < mxw_n_checks; check++)
		if (strcmp(mxw_checks[check]->name, "spf") == 0)
			return mxw_round_verdict(round, check) != NULL;
	return false;
}

/* How much the tree tells: 0 for nothing. */
static unsigned worth_of(const struct mxw_spf_tree *tree)
{
	if (!tree->root || tree->root->state == MXW_SPF_NODE_UNASKED)
		return 0;
	if (tree->root->state == MXW_SPF_NODE_UNKNOWN)
		return 1;
	return tree->is_open ? 2 : 3;
}

bool mxw_report_spf_tree_find(const struct mxw_round *round, struct mxw_spf_tree *tree, size_t *ret_view,
			      bool *ret_failed)
{
	const struct mxw_round_spec *spec = mxw_round_get_spec(round);
	unsigned best = 0;
	for (size_t view = 0; is_asked(round) && view < spec->n_views && best < 3; view++) {
		const struct mxw_observation *observation = mxw_round_observation(round, view);
		struct mxw_spf_tree candidate = { 0 };
		if (!observation || !(spec->voters & UINT32_C(1) << view))
			continue;
		if (mxw_spf_tree_build(&candidate, spec->target.domain, observation, NULL) < 0) {
			*ret_failed = true;
			break;
		}
		if (worth_of(&candidate) > best) {
			best = worth_of(&candidate);
			*ret_view = view;
			mxw_spf_tree_done(tree);
			*tree = candidate;
		} else {
			mxw_spf_tree_done(&candidate);
		}
	}
	return best > 0;
}

const char *mxw_report_spf_state_word(enum mxw_spf_node_state state)
{
	static const char *const words[] = {
		[MXW_SPF_NODE_GOOD] = "good",       [MXW_SPF_NODE_NONE] = "none", [MXW_SPF_NODE_MULTIPLE] = "multiple",
		[MXW_SPF_NODE_SYNTAX] = "syntax",   [MXW_SPF_NODE_LOOP] = "loop", [MXW_SPF_NODE_UNKNOWN] = "unknown",
		[MXW_SPF_NODE_UNASKED] = "unasked",
	};
	return words[state];
}

/* ---- what is special about a term ---- */

struct note {
	struct mxw_strbuf text;
	enum mxw_ink ink; /* of the first remark; the worst come first */
};

/* Whatever a record holds, it is text for the escape of the sink; only a NUL would end it. */
static void add_octets(struct mxw_strbuf *ret, const char *octets, size_t n, size_t max)
{
	size_t end = MXW_MIN(n, max);
	while (end < n && end > 0 && ((unsigned char)octets[end] & 0xc0) == 0x80)
		end--; /* not inside a character */
	for (size_t i = 0; i < end; i++)
		mxw_strbuf_addc(ret, octets[i] ? octets[i] : '?');
	mxw_strbuf_adds(ret, end < n ? "..." : "");
}

static void remark(struct note *note, enum mxw_ink ink, const char *text)
{
	if (!note->text.len)
		note->ink = ink;
	mxw_strbuf_adds(&note->text, note->text.len ? ", " : "");
	mxw_strbuf_adds(&note->text, text);
}

static void remark_syntax(struct note *note, const struct mxw_spf_node *node)
{
	remark(note, MXW_INK_RED, "syntax error at \"");
	add_octets(&note->text, node->text + node->error.term, node->error.n_term, MAX_TERM);
	mxw_strbuf_addf(&note->text, "\": %s", node->error.reason);
}

/* Why there is nothing below a record's name. */
static void remark_state(struct note *note, const struct mxw_spf_node *node)
{
	switch (node->state) {
	case MXW_SPF_NODE_NONE:
		remark(note, MXW_INK_RED, "no SPF record");
		break;
	case MXW_SPF_NODE_MULTIPLE:
		remark(note, MXW_INK_RED, "several SPF records");
		break;
	case MXW_SPF_NODE_SYNTAX:
		remark_syntax(note, node);
		break;
	case MXW_SPF_NODE_LOOP:
		remark(note, MXW_INK_RED, "loop: leads to itself");
		break;
	case MXW_SPF_NODE_UNKNOWN:
		remark(note, MXW_INK_MAGENTA, "lookup failed: ");
		mxw_strbuf_adds(&note->text, mxw_outcome_name(node->txt->outcome));
		break;
	case MXW_SPF_NODE_UNASKED:
		remark(note, MXW_INK_MAGENTA, "not looked at");
		break;
	case MXW_SPF_NODE_GOOD:
		break;
	}
}

static void remark_void(struct note *note, const struct mxw_spf_branch *branch)
{
	bool is_void4 = branch->void4 == MXW_SPF_VOID_YES, is_void6 = branch->void6 == MXW_SPF_VOID_YES;
	if (branch->void4 == MXW_SPF_VOID_UNKNOWN || branch->void6 == MXW_SPF_VOID_UNKNOWN)
		remark(note, MXW_INK_MAGENTA, "lookup failed");
	if (is_void4 && is_void6)
		remark(note, MXW_INK_YELLOW, "void");
	else if (is_void4 || is_void6)
		remark(note, MXW_INK_YELLOW, is_void4 ? "void for IPv4 clients" : "void for IPv6 clients");
}

static void write_note(struct note *note, const struct mxw_spf_tree *tree, const struct mxw_spf_branch *branch)
{
	if (branch->is_dead) {
		remark(note, MXW_INK_DIM, "never evaluated");
		return;
	}
	if (branch == tree->over_branch)
		remark(note, MXW_INK_RED, "over the limit of 10 lookups");
	if (branch->child)
		remark_state(note, branch->child);
	if (branch->n_mx > MXW_SPF_MAX_MX) {
		remark(note, MXW_INK_RED, "");
		mxw_strbuf_addf(&note->text, "%zu MX, limit 10", branch->n_mx);
	}
	remark_void(note, branch);
	if (!mxw_spf_kind_is_lookup(branch->term.kind))
		return;
	if (branch->has_macro)
		remark(note, MXW_INK_DIM, "depends on the message");
	else if (!branch->target && branch->term.kind != MXW_SPF_PTR)
		remark(note, MXW_INK_RED, "no name that DNS can hold");
}

/* ---- lines ---- */

struct lines {
	const struct mxw_print *print;
	const struct mxw_spf_tree *tree;
	unsigned number; /* terms that cost a lookup so far */
	size_t n, max, n_hidden;
};

/* `term` is raw; a number of 0 leaves its column blank. */
static void print_line(struct lines *lines, unsigned depth, unsigned number, const char *term, size_t n_term,
		       const struct note *note)
{
	const struct mxw_print *print = lines->print;
	const struct mxw_report_style *style = print->style;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	unsigned indent = 2 + 2 * MXW_MIN(depth, (unsigned)MAX_INDENT_DEPTH);
	size_t taken = MXW_PRINT_TEXT_COLUMN + NUMBER_COLUMNS + indent + note->text.len + 7; /* "...", "  (", ")" */
	size_t max = style->verbose ? MAX_TERM_VERBOSE : MAX_TERM;
	if (style->width >= MXW_PRINT_MIN_WIDTH && !style->verbose)
		max = style->width > taken + MIN_TERM ? style->width - taken : MIN_TERM;
	mxw_print_spaces(print, MXW_PRINT_TEXT_COLUMN);
	if (number)
		mxw_strbuf_addf(print->out, "%*u", NUMBER_COLUMNS, number);
	else
		mxw_print_spaces(print, NUMBER_COLUMNS);
	mxw_print_spaces(print, indent);
	add_octets(&text, term, n_term, max);
	print->out->failed |= mxw_strbuf_failed(&text) || mxw_strbuf_failed(&note->text);
	mxw_print_ink(print, note->ink == MXW_INK_DIM ? MXW_INK_DIM : MXW_INK_NONE, mxw_strbuf_get(&text));
	if (note->text.len) {
		mxw_strbuf_adds(print->out, "  (");
		mxw_print_ink(print, note->ink, mxw_strbuf_get(&note->text));
		mxw_strbuf_addc(print->out, ')');
	}
	mxw_strbuf_addc(print->out, '\n');
}

static bool is_plain_network(const struct mxw_spf_branch *branch)
{
	return (branch->term.kind == MXW_SPF_IP4 || branch->term.kind == MXW_SPF_IP6) && branch->term.qualifier == '+';
}

/* Terms that one line stands for, from branch `i` on. */
static size_t count_folded(const struct lines *lines, const struct mxw_spf_node *node, size_t i)
{
	const struct mxw_spf_branch *first = &node->branches[i];
	size_t n = 1;
	if (lines->print->style->verbose || !is_plain_network(first))
		return 1;
	while (i + n < node->n_branches && is_plain_network(&node->branches[i + n]) &&
	       node->branches[i + n].term.kind == first->term.kind && node->branches[i + n].is_dead == first->is_dead)
		n++;
	return n < MIN_FOLDED ? 1 : n;
}

static void print_node(struct lines *lines, const struct mxw_spf_node *node);

static void print_branch(struct lines *lines, const struct mxw_spf_node *node, const struct mxw_spf_branch *branch,
			 size_t n_folded)
{
	unsigned number = branch->running ? ++lines->number : 0;
	if (lines->n++ < lines->max) {
		struct note note = { .ink = MXW_INK_NONE };
		char folded[40];
		write_note(&note, lines->tree, branch);
		if (n_folded > 1) {
			int n = snprintf(folded, sizeof(folded), "%s x %zu", mxw_spf_kind_name(branch->term.kind),
					 n_folded);
			print_line(lines, node->depth, 0, folded, (size_t)n, &note);
		} else {
			print_line(lines, node->depth, number, branch->term.text, branch->term.n_text, &note);
		}
		mxw_strbuf_done(&note.text);
	} else {
		lines->n_hidden += n_folded;
	}
	if (branch->child)
		print_node(lines, branch->child);
}

/* In the order of evaluation: the redirect last, wherever it stands. */
static void print_node(struct lines *lines, const struct mxw_spf_node *node)
{
	for (size_t i = 0, n; i < node->n_branches; i += n) {
		n = count_folded(lines, node, i);
		if (node->branches[i].term.kind != MXW_SPF_REDIRECT)
			print_branch(lines, node, &node->branches[i], n);
	}
	for (size_t i = 0; i < node->n_branches; i++)
		if (node->branches[i].term.kind == MXW_SPF_REDIRECT)
			print_branch(lines, node, &node->branches[i], 1);
}

/* ---- the head ---- */

static void write_costs(struct mxw_strbuf *ret, const struct mxw_spf_tree *tree)
{
	unsigned n_void = MXW_MAX(tree->n_void4, tree->n_void6);
	mxw_strbuf_addf(ret, "%s%u of %d lookups, ", tree->lacks_records || tree->is_cut ? "at least " : "",
			tree->n_lookups, MXW_SPF_MAX_LOOKUPS);
	mxw_strbuf_addf(ret, "%s%u of %d void", tree->is_open ? "at least " : "", n_void, MXW_SPF_MAX_VOIDS);
}

static void print_head(const struct mxw_print *print, const struct mxw_spf_tree *tree, const char *resolver)
{
	struct note note = { .ink = MXW_INK_NONE };
	remark_state(&note, tree->root);
	if (tree->root->state == MXW_SPF_NODE_GOOD)
		write_costs(&note.text, tree);
	mxw_strbuf_addf(&note.text, ", as %s sees it", resolver);
	print->out->failed |= mxw_strbuf_failed(&note.text);
	mxw_print_tag(print, MXW_INK_DIM, "spf");
	mxw_print_wrapped(print, MXW_PRINT_TEXT_COLUMN, MXW_PRINT_TEXT_COLUMN, mxw_strbuf_get(&note.text));
	mxw_strbuf_done(&note.text);
}

static bool has_record(const struct mxw_spf_tree *tree)
{
	return tree->root->state == MXW_SPF_NODE_GOOD || tree->root->state == MXW_SPF_NODE_MULTIPLE ||
	       tree->root->state == MXW_SPF_NODE_SYNTAX;
}

void mxw_report_spf_tree_print(const struct mxw_print *print, const struct mxw_round *round,
			       const struct mxw_report_context *context)
{
	MXW_CLEANUP(mxw_spf_tree_done) struct mxw_spf_tree tree = { 0 };
	struct lines lines = { .print = print, .tree = &tree };
	size_t view;
	if (!mxw_report_spf_tree_find(round, &tree, &view, &print->out->failed) || !has_record(&tree))
		return;
	lines.max = print->style->verbose ? MAX_LINES_VERBOSE : MAX_LINES;
	print_head(print, &tree, context->upstreams[view].name);
	print_node(&lines, tree.root);
	if (lines.n_hidden) {
		mxw_print_spaces(print, MXW_PRINT_TEXT_COLUMN + NUMBER_COLUMNS + 2);
		mxw_strbuf_addf(print->out, "... and %zu more terms\n", lines.n_hidden);
	}
}
