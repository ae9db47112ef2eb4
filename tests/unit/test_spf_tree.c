/* The tree of SPF records: what it costs, what is asked in which turn, and what hostile zones cannot do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/spf/tree.h"
#include "tests/zone/zone.h"

enum { MAX_TURNS = 40 };

struct world {
	struct zone *zone;
	struct mxw_observation *observation;
	struct mxw_spf_tree tree;
	unsigned n_turns, n_questions, n_records;
	char first_turn[8192]; /* "name TYPE" a line */
};

static void answer_all(struct world *world, const struct mxw_missing *missing)
{
	char buffer[10];
	for (size_t i = 0; i < missing->n; i++) {
		const struct mxw_missing_question *q = &missing->items[i];
		struct mxw_answer *answer = zone_answer(world->zone, q->name, q->type);
		size_t n = strlen(world->first_turn);
		assert_null(mxw_observation_get(world->observation, q->name, q->type));
		if (answer)
			assert_int_equal(mxw_observation_put(world->observation, q->name, q->type, answer), 0);
		mxw_answer_unref(answer);
		world->n_questions++;
		world->n_records += q->type == MXW_TYPE_TXT;
		if (world->n_turns == 1)
			snprintf(world->first_turn + n, sizeof(world->first_turn) - n, "%s %s\n", q->name,
				 mxw_rrtype_name(q->type, buffer));
	}
}

/* Asks until nothing more is missed; what stays unanswered is asked for again and again. The turn of the domain's own record is
 * number 0. */
static struct world *world_new(const char *where, const char *text)
{
	struct mxw_missing missing = { 0 };
	struct world *world = calloc(1, sizeof(*world));
	assert_non_null(world);
	world->zone = zone_new(where, NULL, text);
	assert_non_null(world->zone);
	assert_int_equal(mxw_observation_new(&world->observation), 0);
	for (size_t n_before = SIZE_MAX; world->n_turns < MAX_TURNS; world->n_turns++) {
		mxw_missing_clear(&missing);
		assert_int_equal(mxw_spf_tree_build(&world->tree, "example.com", world->observation, &missing), 0);
		if (!missing.n || n_before == mxw_observation_count(world->observation))
			break;
		n_before = mxw_observation_count(world->observation);
		answer_all(world, &missing);
	}
	mxw_missing_done(&missing);
	return world;
}

static void world_free(struct world *world)
{
	mxw_spf_tree_done(&world->tree);
	mxw_observation_free(world->observation);
	zone_free(world->zone);
	free(world);
}

/* ---- the tree as text ---- */

static void write_void(struct mxw_strbuf *ret, const char *key, enum mxw_spf_void is_void)
{
	static const char *const words[] = { NULL, "yes", "unknown" };
	if (is_void != MXW_SPF_VOID_NO)
		mxw_strbuf_addf(ret, " %s=%s", key, words[is_void]);
}

static void write_branch(struct mxw_strbuf *ret, const struct mxw_spf_branch *branch)
{
	mxw_strbuf_addf(ret, "  %u %.*s", branch->running, (int)branch->term.n_text, branch->term.text);
	mxw_strbuf_addf(ret, "%s%s", branch->is_dead ? " dead" : "", branch->has_macro ? " macro" : "");
	if (branch->target)
		mxw_strbuf_addf(ret, " -> %s", branch->target);
	if (branch->n_mx)
		mxw_strbuf_addf(ret, " n_mx=%zu", branch->n_mx);
	write_void(ret, "void4", branch->void4);
	write_void(ret, "void6", branch->void6);
	mxw_strbuf_addc(ret, '\n');
}

static void write_tree(struct mxw_strbuf *ret, const struct mxw_spf_tree *tree)
{
	static const char *const states[] = {
		[MXW_SPF_NODE_GOOD] = "good",       [MXW_SPF_NODE_NONE] = "none", [MXW_SPF_NODE_MULTIPLE] = "multiple",
		[MXW_SPF_NODE_SYNTAX] = "syntax",   [MXW_SPF_NODE_LOOP] = "loop", [MXW_SPF_NODE_UNKNOWN] = "unknown",
		[MXW_SPF_NODE_UNASKED] = "unasked",
	};
	mxw_strbuf_addf(ret, "%u lookups, void %u %u%s%s%s", tree->n_lookups, tree->n_void4, tree->n_void6,
			tree->is_open ? ", open" : "", tree->lacks_records ? ", lacks records" : "",
			tree->is_cut ? ", cut" : "");
	if (tree->over_branch)
		mxw_strbuf_addf(ret, ", over at %.*s of %s", (int)tree->over_branch->term.n_text,
				tree->over_branch->term.text, tree->over_node->domain);
	mxw_strbuf_addc(ret, '\n');
	for (const struct mxw_spf_node *node = NULL; (node = mxw_spf_tree_next(tree, node));) {
		mxw_strbuf_addf(ret, "%u %s %s", node->depth, node->domain, states[node->state]);
		if (node->has_all)
			mxw_strbuf_addf(ret, " %c", node->all_qualifier);
		mxw_strbuf_addc(ret, '\n');
		for (size_t i = 0; i < node->n_branches; i++)
			write_branch(ret, &node->branches[i]);
	}
}

static const struct {
	const char *name, *zone, *expect;
} worlds[] = {
	{ "no record", "example.com. 300 IN TXT \"v=spf10\"", "0 lookups, void 0 0\n0 example.com none\n" },
	{ "no name", "", "0 lookups, void 0 0\n0 example.com none\n" },
	{ "plain", "example.com. 300 IN TXT \"v=spf1 ip4:192.0.2.1 -all\"",
	  "0 lookups, void 0 0\n0 example.com good -\n  0 ip4:192.0.2.1\n  0 -all\n" },
	{ "two records", "example.com. 300 IN TXT \"v=spf1 -all\"\nexample.com. 300 IN TXT \"v=spf1 mx -all\"",
	  "0 lookups, void 0 0\n0 example.com multiple\n" },
	{ "failed", "example.com TXT SERVFAIL", "0 lookups, void 0 0, open, lacks records\n0 example.com unknown\n" },
	{ "aliases in a circle", "example.com TXT LOOP",
	  "0 lookups, void 0 0, open, lacks records\n0 example.com unknown\n" },
	{ "never answered", "example.com TXT UNANSWERED",
	  "0 lookups, void 0 0, open, lacks records\n0 example.com unasked\n" },

	/* The order of evaluation: an include with all below it, then what follows; the redirect last wherever it stands. */
	{ "nested",
	  "example.com. 300 IN TXT \"v=spf1 redirect=r.example include:I.example. a ~MX:m.example ip6:2001:db8::/32\"\n"
	  "i.example. 300 IN TXT \"v=spf1 include:j.example exists:e.example ?all\"\n"
	  "j.example. 300 IN TXT \"v=spf1 a:192-0-2.example -all\"\n"
	  "r.example. 300 IN TXT \"v=spf1 mx ~all\"\n"
	  "example.com. 300 IN A 192.0.2.1\n"
	  "example.com. 300 IN AAAA 2001:db8::1\n"
	  "m.example. 300 IN MX 10 a.example.\n"
	  "m.example. 300 IN MX 20 b.example.\n"
	  "e.example. 300 IN A 127.0.0.2\n"
	  "192-0-2.example. 300 IN A 192.0.2.1\n"
	  "192-0-2.example. 300 IN AAAA 2001:db8::1\n"
	  "r.example. 300 IN MX 10 a.example.\n",
	  "8 lookups, void 0 0\n"
	  "0 example.com good\n"
	  "  8 redirect=r.example -> r.example\n"
	  "  4 include:I.example. -> i.example\n"
	  "  5 a -> example.com\n"
	  "  6 ~MX:m.example -> m.example n_mx=2\n"
	  "  0 ip6:2001:db8::/32\n"
	  "1 i.example good ?\n"
	  "  3 include:j.example -> j.example\n"
	  "  4 exists:e.example -> e.example\n"
	  "  0 ?all\n"
	  "2 j.example good -\n"
	  "  3 a:192-0-2.example -> 192-0-2.example\n"
	  "  0 -all\n"
	  "1 r.example good ~\n"
	  "  8 mx -> r.example n_mx=1\n"
	  "  0 ~all\n" },

	/* Behind an "all" nothing is evaluated, nor is a redirect beside one; modifiers that explain are. */
	{ "dead terms",
	  "example.com. 300 IN TXT \"v=spf1 ip4:192.0.2.1 redirect=r.example ~all a include:i.example -all "
	  "exp=e.example x=y\"",
	  "0 lookups, void 0 0\n"
	  "0 example.com good ~\n"
	  "  0 ip4:192.0.2.1\n"
	  "  0 redirect=r.example dead -> r.example\n"
	  "  0 ~all\n"
	  "  0 a dead -> example.com\n"
	  "  0 include:i.example dead -> i.example\n"
	  "  0 -all dead\n"
	  "  0 exp=e.example\n"
	  "  0 x=y\n" },
	{ "an all below ends nothing above",
	  "example.com. 300 IN TXT \"v=spf1 include:i.example a -all\"\n"
	  "i.example. 300 IN TXT \"v=spf1 -all a\"\n"
	  "example.com. 300 IN A 192.0.2.1\n"
	  "example.com. 300 IN AAAA 2001:db8::1\n",
	  "2 lookups, void 0 0\n"
	  "0 example.com good -\n"
	  "  1 include:i.example -> i.example\n"
	  "  2 a -> example.com\n"
	  "  0 -all\n"
	  "1 i.example good -\n"
	  "  0 -all\n"
	  "  0 a dead -> i.example\n" },

	/* Each occurrence counts again, and asks nothing again. */
	{ "twice the same",
	  "example.com. 300 IN TXT \"v=spf1 include:i.example include:i.example -all\"\n"
	  "i.example. 300 IN TXT \"v=spf1 ptr -all\"\n",
	  "4 lookups, void 0 0\n"
	  "0 example.com good -\n"
	  "  2 include:i.example -> i.example\n"
	  "  4 include:i.example -> i.example\n"
	  "  0 -all\n"
	  "1 i.example good -\n"
	  "  2 ptr\n"
	  "  0 -all\n"
	  "1 i.example good -\n"
	  "  4 ptr\n"
	  "  0 -all\n" },
	{ "macros, and names that DNS cannot hold",
	  "example.com. 300 IN TXT \"v=spf1 include:%{d2}.example a:%{i}.example exists:a..example include:a..example "
	  "ptr:p.example -all\"",
	  "5 lookups, void 0 0\n"
	  "0 example.com good -\n"
	  "  1 include:%{d2}.example macro\n"
	  "  2 a:%{i}.example macro\n"
	  "  3 exists:a..example\n"
	  "  4 include:a..example\n"
	  "  5 ptr:p.example\n"
	  "  0 -all\n" },

	{ "void",
	  "example.com. 300 IN TXT \"v=spf1 a:none.example a:four.example a:six.example mx:none.example mx "
	  "exists:six.example "
	  "a:fails.example mx:fails.example -all\"\n"
	  "four.example. 300 IN A 192.0.2.1\n"
	  "six.example. 300 IN AAAA 2001:db8::1\n"
	  "fails.example AAAA SERVFAIL\n"
	  "fails.example A LOOP\n"
	  "fails.example MX TIMEOUT\n",
	  "8 lookups, void 5 5, open\n"
	  "0 example.com good -\n"
	  "  1 a:none.example -> none.example void4=yes void6=yes\n"
	  "  2 a:four.example -> four.example void6=yes\n"
	  "  3 a:six.example -> six.example void4=yes\n"
	  "  4 mx:none.example -> none.example void4=yes void6=yes\n"
	  "  5 mx -> example.com void4=yes void6=yes\n"
	  "  6 exists:six.example -> six.example void4=yes void6=yes\n"
	  "  7 a:fails.example -> fails.example void4=unknown void6=unknown\n"
	  "  8 mx:fails.example -> fails.example void4=unknown void6=unknown\n"
	  "  0 -all\n" },

	{ "branches that end",
	  "example.com. 300 IN TXT \"v=spf1 include:none.example include:two.example include:bad.example "
	  "include:fails.example "
	  "include:silent.example redirect=none.example\"\n"
	  "two.example. 300 IN TXT \"v=spf1 -all\"\n"
	  "two.example. 300 IN TXT \"v=spf1 +all\"\n"
	  "bad.example. 300 IN TXT \"v=spf1 a mx:\"\n"
	  "fails.example TXT TIMEOUT\n"
	  "silent.example TXT UNANSWERED\n",
	  "6 lookups, void 0 0, open, lacks records\n"
	  "0 example.com good\n"
	  "  1 include:none.example -> none.example\n"
	  "  2 include:two.example -> two.example\n"
	  "  3 include:bad.example -> bad.example\n"
	  "  4 include:fails.example -> fails.example\n"
	  "  5 include:silent.example -> silent.example\n"
	  "  6 redirect=none.example -> none.example\n"
	  "1 none.example none\n"
	  "1 two.example multiple\n"
	  "1 bad.example syntax\n"
	  "1 fails.example unknown\n"
	  "1 silent.example unasked\n"
	  "1 none.example none\n" },

	/* A loop is one by name, in any case, also through a redirect; an alias of a record is another name first. */
	{ "loops",
	  "example.com. 300 IN TXT \"v=spf1 include:EXAMPLE.com. include:a.example -all\"\n"
	  "a.example. 300 IN CNAME b.example.\n"
	  "b.example. 300 IN TXT \"v=spf1 redirect=B.Example\"\n",
	  "4 lookups, void 0 0\n"
	  "0 example.com good -\n"
	  "  1 include:EXAMPLE.com. -> example.com\n"
	  "  4 include:a.example -> a.example\n"
	  "  0 -all\n"
	  "1 example.com loop\n"
	  "1 a.example good\n"
	  "  4 redirect=B.Example -> b.example\n"
	  "2 b.example good\n"
	  "  4 redirect=B.Example -> b.example\n"
	  "3 b.example loop\n" },

	/* Beyond the limit records are still read, so that the total is known; addresses are not asked for. */
	{ "over the limit",
	  "example.com. 300 IN TXT \"v=spf1 a a a a a a a a a include:i.example mx:no.example -all\"\n"
	  "i.example. 300 IN TXT \"v=spf1 a:no.example include:j.example -all\"\n"
	  "j.example. 300 IN TXT \"v=spf1 ptr -all\"\n"
	  "example.com. 300 IN A 192.0.2.1\n"
	  "example.com. 300 IN AAAA 2001:db8::1\n",
	  "14 lookups, void 0 0, over at a:no.example of i.example\n"
	  "0 example.com good -\n"
	  "  1 a -> example.com\n"
	  "  2 a -> example.com\n"
	  "  3 a -> example.com\n"
	  "  4 a -> example.com\n"
	  "  5 a -> example.com\n"
	  "  6 a -> example.com\n"
	  "  7 a -> example.com\n"
	  "  8 a -> example.com\n"
	  "  9 a -> example.com\n"
	  "  13 include:i.example -> i.example\n"
	  "  14 mx:no.example -> no.example\n"
	  "  0 -all\n"
	  "1 i.example good -\n"
	  "  11 a:no.example -> no.example\n"
	  "  13 include:j.example -> j.example\n"
	  "  0 -all\n"
	  "2 j.example good -\n"
	  "  13 ptr\n"
	  "  0 -all\n" },
	{ "ten are fine", "example.com. 300 IN TXT \"v=spf1 ptr ptr ptr ptr ptr ptr ptr ptr ptr ptr\"",
	  "10 lookups, void 0 0\n"
	  "0 example.com good\n"
	  "  1 ptr\n  2 ptr\n  3 ptr\n  4 ptr\n  5 ptr\n  6 ptr\n  7 ptr\n  8 ptr\n  9 ptr\n  10 ptr\n" },
};

static void test_worlds(void **state)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(worlds); i++) {
		struct mxw_strbuf text = MXW_STRBUF_INIT;
		struct world *world = world_new(worlds[i].name, worlds[i].zone);
		write_tree(&text, &world->tree);
		if (strcmp(mxw_strbuf_get(&text), worlds[i].expect) != 0)
			fail_msg("%s: expected\n%sbut it is\n%s", worlds[i].name, worlds[i].expect,
				 mxw_strbuf_get(&text));
		mxw_strbuf_done(&text);
		world_free(world);
	}
}

static void test_syntax_error_is_kept(void **state)
{
	struct world *world = world_new("syntax", "example.com. 300 IN TXT \"v=spf1 a\" \" ip4:192.0.2.256 -all\"");
	const struct mxw_spf_node *root = world->tree.root;
	assert_int_equal(root->state, MXW_SPF_NODE_SYNTAX);
	assert_int_equal(root->n_text, strlen("v=spf1 a ip4:192.0.2.256 -all"));
	assert_memory_equal(root->text, "v=spf1 a ip4:192.0.2.256 -all", root->n_text);
	assert_int_equal(root->error.term, strlen("v=spf1 a "));
	assert_int_equal(root->error.n_term, strlen("ip4:192.0.2.256"));
	assert_true(root->error.reason && *root->error.reason);
	assert_int_equal(root->n_branches, 0);
	world_free(world);
}

/* The texts of the terms are slices of the node's text, and the way up is the way down. */
static void test_slices_and_ways(void **state)
{
	struct world *world = world_new("slices", "example.com. 300 IN TXT \"v=spf1 inclu\" \"de:i.example -all\"\n"
						  "i.example. 300 IN TXT \"v=spf1 -all\"\n");
	const struct mxw_spf_node *root = world->tree.root, *child;
	assert_int_equal(root->n_branches, 2);
	for (size_t i = 0; i < root->n_branches; i++) {
		const struct mxw_spf_term *term = &root->branches[i].term;
		assert_true(term->text >= root->text && term->text + term->n_text <= root->text + root->n_text);
	}
	child = root->branches[0].child;
	assert_non_null(child);
	assert_ptr_equal(child->parent, root);
	assert_ptr_equal(child->via, &root->branches[0]);
	assert_ptr_equal(child->rr, &child->txt->rrs[0]);
	assert_null(root->parent);
	assert_null(root->via);
	world_free(world);
}

/* ---- asking ---- */

/* All questions of a level in one turn, records first; dead terms, macros and other mechanisms ask nothing. */
static void test_one_turn_a_level(void **state)
{
	struct world *world = world_new(
		"turns",
		"example.com. 300 IN TXT \"v=spf1 a mx:m.example include:i.example exists:e.example "
		"include:j.example ptr a:%{i}.example include:%{o}.example redirect=r.example exp=x.example\"\n"
		"i.example. 300 IN TXT \"v=spf1 include:k.example -all a:dead.example\"\n"
		"j.example. 300 IN TXT \"v=spf1 a:l.example -all\"\n"
		"k.example. 300 IN TXT \"v=spf1 -all\"\n"
		"r.example. 300 IN TXT \"v=spf1 -all\"\n");
	assert_string_equal(world->first_turn, "i.example TXT\nj.example TXT\nr.example TXT\n"
					       "example.com A\nexample.com AAAA\nm.example MX\ne.example A\n");
	assert_int_equal(world->n_turns, 3); /* its own record, its terms, their terms */
	assert_int_equal(world->n_questions, 1 + 7 + 3);
	world_free(world);
}

static void test_nothing_is_asked_without_a_set(void **state)
{
	struct mxw_observation *observation;
	struct mxw_spf_tree tree = { 0 };
	assert_int_equal(mxw_observation_new(&observation), 0);
	for (int i = 0; i < 2; i++) { /* replaces itself */
		assert_int_equal(mxw_spf_tree_build(&tree, "example.com", observation, NULL), 0);
		assert_int_equal(tree.root->state, MXW_SPF_NODE_UNASKED);
		assert_true(tree.is_open && tree.lacks_records && !tree.is_cut);
	}
	mxw_spf_tree_done(&tree);
	assert_null(tree.root);
	assert_null(mxw_spf_tree_next(&tree, NULL));
	mxw_observation_free(observation);
}

/* ---- hostile zones ---- */

/* Every name below h.example has this record. */
static struct world *wildcard_world(const char *record)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_strbuf_addf(&text, "example.com. 300 IN TXT %s\n*.h.example. 300 IN TXT %s\n", record, record);
	struct world *world = world_new("hostile", mxw_strbuf_get(&text));
	mxw_strbuf_done(&text);
	return world;
}

static size_t count_nodes(const struct mxw_spf_tree *tree, enum mxw_spf_node_state state)
{
	size_t n = 0;
	for (const struct mxw_spf_node *node = NULL; (node = mxw_spf_tree_next(tree, node));)
		n += node->state == state;
	return n;
}

/* Ten includes of records with ten includes each: the cap on lookups is one on nodes. */
static void test_repeated_includes_do_not_explode(void **state)
{
	static const char zone[] = "example.com. 300 IN TXT \"v=spf1 %s -all\"\n"
				   "b.h. 300 IN TXT \"v=spf1 %s -all\"\n"
				   "c.h. 300 IN TXT \"v=spf1 %s -all\"\n"
				   "d.h. 300 IN TXT \"v=spf1 -all\"\n";
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	for (const char *c = zone; *c; c++) {
		static char next = 'b';
		if (*c != '%') {
			mxw_strbuf_addc(&text, *c);
			continue;
		}
		for (int i = 0; i < 10; i++)
			mxw_strbuf_addf(&text, "include:%c.h ", next);
		next++;
		c++;
	}
	struct world *world = world_new("explosion", mxw_strbuf_get(&text));
	assert_true(world->tree.is_cut);
	assert_false(world->tree.is_open);
	assert_true(world->tree.n_lookups > MXW_SPF_MAX_TREE_LOOKUPS);
	assert_int_equal(count_nodes(&world->tree, MXW_SPF_NODE_GOOD), 1 + MXW_SPF_MAX_TREE_LOOKUPS);
	assert_int_equal(world->n_questions, 4);
	assert_string_equal(world->tree.over_node->domain, "c.h");
	mxw_strbuf_done(&text);
	world_free(world);
}

/* A chain without end, each record longer than the limit: no query storm. */
static void test_endless_chains_are_cut(void **state)
{
	struct mxw_strbuf zone = MXW_STRBUF_INIT;
	for (int depth = 0; depth < 40; depth++) {
		if (depth)
			mxw_strbuf_addf(&zone, "n%d.h. 300 IN TXT \"v=spf1\"", depth);
		else
			mxw_strbuf_adds(&zone, "example.com. 300 IN TXT \"v=spf1\"");
		mxw_strbuf_addf(&zone, " \" include:n%d.h\"", depth + 1);
		for (int i = 0; i < 28; i++)
			mxw_strbuf_addf(&zone, " \" include:s%d-%d.h\"", depth, i);
		mxw_strbuf_addc(&zone, '\n');
	}
	struct world *world = world_new("chain", mxw_strbuf_get(&zone));
	assert_true(world->tree.is_cut);
	assert_false(world->tree.is_open);
	assert_true(world->n_records <= 1 + 29 + 9 * 10 / 2);
	assert_true(world->n_turns <= 12);
	assert_string_equal(world->tree.over_node->domain, "n10.h");
	mxw_strbuf_done(&zone);
	world_free(world);
}

/* What is beyond 30 lookups is not asked for, but counted as far as it is seen. */
static void test_cut_is_told(void **state)
{
	struct mxw_strbuf zone = MXW_STRBUF_INIT;
	mxw_strbuf_adds(&zone, "example.com. 300 IN TXT \"v=spf1\"");
	for (int i = 0; i < 40; i++)
		mxw_strbuf_adds(&zone, " \" ptr\"");
	mxw_strbuf_adds(&zone, " \" include:i.example -all\"\ni.example. 300 IN TXT \"v=spf1 a -all\"\n");
	struct world *world = world_new("cut", mxw_strbuf_get(&zone));
	assert_int_equal(world->tree.n_lookups, 41);
	assert_true(world->tree.is_cut);
	assert_int_equal(count_nodes(&world->tree, MXW_SPF_NODE_UNASKED), 1);
	assert_int_equal(world->n_questions, 1);
	mxw_strbuf_done(&zone);
	world_free(world);
}

static void test_thirty_are_told_exactly(void **state)
{
	struct mxw_strbuf zone = MXW_STRBUF_INIT;
	mxw_strbuf_adds(&zone, "example.com. 300 IN TXT \"v=spf1\"");
	for (int i = 0; i < 14; i++)
		mxw_strbuf_adds(&zone, " \" ptr\"");
	mxw_strbuf_adds(&zone, " \" include:i.example -all\"\ni.example. 300 IN TXT \"v=spf1");
	for (int i = 0; i < 15; i++)
		mxw_strbuf_adds(&zone, " ptr");
	mxw_strbuf_adds(&zone, "\"\n");
	struct world *world = world_new("thirty", mxw_strbuf_get(&zone));
	assert_int_equal(world->tree.n_lookups, 30);
	assert_false(world->tree.is_cut || world->tree.is_open);
	assert_string_equal(world->tree.over_node->domain, "example.com");
	mxw_strbuf_done(&zone);
	world_free(world);
}

/* Records as long as a message, included again and again. */
static void test_long_records_are_bounded(void **state)
{
	struct mxw_rr rr = { .type = MXW_TYPE_TXT, .ttl = 300 };
	static uint8_t rdata[60000];
	struct mxw_answer *answer;
	struct mxw_observation *observation;
	struct mxw_spf_tree tree = { 0 };
	static const char start[] = "v=spf1 include:b.h include:c.h include:b.h include:c.h   "; /* 3 * 19 octets */
	size_t n = 0, n_terms = 0;
	while (n + 256 <= sizeof(rdata)) {
		rdata[n] = 255;
		for (size_t i = 1; i < 256; i++)
			rdata[n + i] = " x="[i % 3];
		if (n == 0)
			memcpy(rdata + 1, start, sizeof(start) - 1);
		n += 256;
	}
	rr.rdata = rdata;
	rr.n_rdata = (uint16_t)n;
	struct mxw_answer_parts parts = { .head = { .ede = -1 }, .rrs = &rr, .n_rrs = 1 };
	assert_int_equal(mxw_answer_new(&answer, &parts), 0);
	assert_int_equal(mxw_observation_new(&observation), 0);
	assert_int_equal(mxw_observation_put(observation, "example.com", MXW_TYPE_TXT, answer), 0);
	assert_int_equal(mxw_observation_put(observation, "b.h", MXW_TYPE_TXT, answer), 0);
	assert_int_equal(mxw_observation_put(observation, "c.h", MXW_TYPE_TXT, answer), 0);
	assert_int_equal(mxw_spf_tree_build(&tree, "example.com", observation, NULL), 0);
	for (const struct mxw_spf_node *node = NULL; (node = mxw_spf_tree_next(&tree, node));)
		n_terms += node->n_branches;
	assert_true(tree.is_cut);
	assert_true(n_terms > MXW_SPF_MAX_TREE_TERMS && n_terms < 25000);
	mxw_spf_tree_done(&tree);
	mxw_observation_free(observation);
	mxw_answer_unref(answer);
}

static void test_loop_of_every_name(void **state)
{
	struct world *world = wildcard_world("\"v=spf1 include:a.h.example include:b.h.example -all\"");
	assert_int_equal(world->n_questions, 3);
	assert_true(count_nodes(&world->tree, MXW_SPF_NODE_LOOP) > 0);
	assert_false(world->tree.is_open || world->tree.is_cut);
	world_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_worlds),
		cmocka_unit_test(test_syntax_error_is_kept),
		cmocka_unit_test(test_slices_and_ways),
		cmocka_unit_test(test_one_turn_a_level),
		cmocka_unit_test(test_nothing_is_asked_without_a_set),
		cmocka_unit_test(test_repeated_includes_do_not_explode),
		cmocka_unit_test(test_endless_chains_are_cut),
		cmocka_unit_test(test_cut_is_told),
		cmocka_unit_test(test_thirty_are_told_exactly),
		cmocka_unit_test(test_long_records_are_bounded),
		cmocka_unit_test(test_loop_of_every_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
