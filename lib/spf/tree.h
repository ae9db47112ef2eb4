/* The static side of SPF: a domain's record with all records that it includes, and what they cost in the worst case
 * (RFC 7208 4.6.4; findings.md 8).
 *
 * Nothing depends on a message here. Terms behind an `all` of their record cost nothing, a redirect costs only where there
 * is no `all`, each occurrence of an include is counted again, a target with macros costs its lookup and is not descended. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/observation/observation.h"
#include "lib/spf/record.h"

enum {
	/* Lookup terms that are walked; what lies behind them is not asked for (`is_cut`). More than enough to tell a person
	 * how far over the limit a record is. */
	MXW_SPF_MAX_TREE_LOOKUPS = 30,
	/* Terms of any kind after which no further record is opened (`is_cut`): a few records of 64 KiB, included again and
	 * again, shall not cost hundreds of MiB. Records that somebody wrote have a hundred at most. */
	MXW_SPF_MAX_TREE_TERMS = 4096,
};

enum mxw_spf_node_state {
	MXW_SPF_NODE_GOOD,
	MXW_SPF_NODE_NONE,     /* proven: no record */
	MXW_SPF_NODE_MULTIPLE, /* permerror */
	MXW_SPF_NODE_SYNTAX,   /* permerror; `error` tells where; no branches */
	MXW_SPF_NODE_LOOP,     /* the name is on the path that leads here; not walked again */
	MXW_SPF_NODE_UNKNOWN,  /* the lookup failed */
	MXW_SPF_NODE_UNASKED,  /* beyond the bounds above, or not answered yet */
};

/* Did the term's own question have records? Per address family of the client; MX, PTR and TXT questions are the same for both. */
enum mxw_spf_void { MXW_SPF_VOID_NO, MXW_SPF_VOID_YES, MXW_SPF_VOID_UNKNOWN };

struct mxw_spf_node;

struct mxw_spf_branch {
	struct mxw_spf_term term; /* slices of the node's text */
	bool is_dead;             /* behind `all`, or a redirect beside it: never evaluated */
	bool has_macro;
	unsigned running; /* lookups up to and including this term and all below it; 0 if it asks nothing */
	const char *
		target; /* INCLUDE, REDIRECT, A, MX, EXISTS: canonical name it asks for; NULL: macro, malformed, none */
	enum mxw_spf_void void4, void6; /* of A, MX, EXISTS with a target, within the limit of 10; NO for others */
	size_t n_mx;                    /* MX: exchanges of the target, 0 when not known */
	struct mxw_spf_node *child;     /* INCLUDE, REDIRECT with a target that are not dead */
};

struct mxw_spf_node {
	const struct mxw_spf_node *parent; /* NULL: the root */
	const struct mxw_spf_branch *via;  /* the parent's term that leads here; NULL: the root */
	unsigned depth;
	const char *domain; /* canonical */
	enum mxw_spf_node_state state;
	const struct mxw_answer *txt; /* borrowed from the observation; NULL: not answered */
	const struct mxw_rr *rr;      /* the selected record; NULL unless GOOD or SYNTAX */
	const char *text;             /* the joined record, raw; in the tree's arena; NULL when rr is */
	size_t n_text;
	struct mxw_spf_error error;      /* SYNTAX */
	struct mxw_spf_branch *branches; /* all terms in order of the record, modifiers included */
	size_t n_branches;
	bool has_all;
	char all_qualifier; /* of the first `all`; '\0' without */
};

struct mxw_spf_tree {
	struct mxw_arena arena; /* its flag tells of missing memory */
	struct mxw_spf_node *root;
	unsigned n_lookups;        /* of the whole tree; at least so many when lacks_records or is_cut */
	unsigned n_void4, n_void6; /* terms whose question has no records, for an IPv4 and for an IPv6 client */
	const struct mxw_spf_node *over_node; /* the first term beyond the limit of 10, in the order of evaluation; */
	const struct mxw_spf_branch *over_branch; /* NULL: within it */
	bool is_open;       /* a lookup failed or is missing: n_void4 and n_void6 are lower bounds, */
	bool lacks_records; /* and of a record: n_lookups too, and there may be more nodes. Implies is_open */
	bool is_cut;        /* beyond MXW_SPF_MAX_TREE_LOOKUPS or MXW_SPF_MAX_TREE_TERMS */
};

/* Builds the tree from what the observation holds and, unless `missing` is NULL, names the questions that it lacks: the records of
 * one level together, and with them the A, AAAA and MX questions of their terms (within the limit of 10). Beyond the limit
 * only records are asked for, and none once more than MXW_SPF_MAX_TREE_LOOKUPS terms are known. `domain` is canonical.
 * Replaces an earlier tree; zero-initialised is empty. 0 or -ENOMEM: then the tree is empty. */
int mxw_spf_tree_build(struct mxw_spf_tree *tree, const char *domain, const struct mxw_observation *observation,
		       struct mxw_missing *missing);
void mxw_spf_tree_done(struct mxw_spf_tree *tree);

/* All nodes, parents first, in the order of evaluation: start with NULL; NULL at the end. */
const struct mxw_spf_node *mxw_spf_tree_next(const struct mxw_spf_tree *tree, const struct mxw_spf_node *node);
