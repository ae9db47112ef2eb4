/* Drafts of SPF records; see spf_draft.h. Terms are cut at spaces only (RFC 7208 12). */
#include "lib/check/spf_draft.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "lib/check/spf_correct.h"
#include "lib/spf/record.h"

static const char version[] = "v=spf1";
enum {
	MAX_STRING = 255,   /* octets of one character-string (RFC 1035 3.3) */
	MAX_NETWORKS = 200, /* terms that are compared with each other */
	MAX_LOST = 100,     /* octets of terms that are told to be lost */
};

/* ---- slots ---- */

void mxw_spf_draft_init(struct mxw_spf_draft *draft, struct mxw_arena *arena)
{
	*draft = (struct mxw_spf_draft){ .arena = arena, .lost = "" };
}

void mxw_spf_draft_append(struct mxw_spf_draft *draft, const char *text, size_t n)
{
	if (draft->n == MXW_MAX_DRAFT_TERMS || draft->n_octets + n > MXW_MAX_DRAFT_OCTETS) {
		draft->is_full = true;
		return;
	}
	draft->n_octets += n;
	draft->slots[draft->n++] = mxw_arena_textn(draft->arena, text, n);
}

/* Hosts pass by the term, here or where it leads. */
static bool lets_pass(const struct mxw_spf_term *term)
{
	return term->kind == MXW_SPF_REDIRECT || (!mxw_spf_kind_is_modifier(term->kind) && term->qualifier == '+');
}

void mxw_spf_draft_read(struct mxw_spf_draft *draft, struct mxw_arena *arena, const struct mxw_spf_node *node)
{
	mxw_spf_draft_init(draft, arena);
	for (size_t i = 0; i < node->n_branches; i++) {
		const struct mxw_spf_branch *branch = &node->branches[i];
		draft->had_senders |= !branch->is_dead && lets_pass(&branch->term);
		if (!draft->is_full)
			mxw_spf_draft_append(draft, branch->term.text, branch->term.n_text);
	}
}

void mxw_spf_draft_replace(struct mxw_spf_draft *draft, size_t slot, const char *text)
{
	if (slot < draft->n)
		draft->slots[slot] = mxw_arena_text(draft->arena, text);
}

void mxw_spf_draft_remove(struct mxw_spf_draft *draft, size_t slot)
{
	if (slot < draft->n)
		draft->slots[slot] = "";
}

void mxw_spf_draft_insert(struct mxw_spf_draft *draft, size_t slot, const char *text)
{
	if (slot >= draft->n)
		mxw_spf_draft_append(draft, text, strlen(text));
	else
		draft->slots[slot] = mxw_arena_textf(draft->arena, "%s %s", text, draft->slots[slot]);
}

void mxw_spf_draft_lose(struct mxw_spf_draft *draft, const char *text, size_t n)
{
	draft->had_senders = true;
	if (strlen(draft->lost) + n < MAX_LOST)
		draft->lost = mxw_arena_textf(draft->arena, "%s%s%.*s", draft->lost, *draft->lost ? " " : "", (int)n,
					      text);
}

/* ---- records that are not well-formed ---- */

static bool starts_with(const char *text, size_t n, const char *start)
{
	size_t n_start = strlen(start);
	return n >= n_start && strncasecmp(text, start, n_start) == 0;
}

/* A redirect or exp beside an earlier one (RFC 7208 6). */
static bool is_second_modifier(const struct mxw_spf_draft *draft, const char *text, size_t n)
{
	static const char *const modifiers[] = { "redirect=", "exp=" };
	for (size_t m = 0; m < MXW_ARRAY_SIZE(modifiers); m++)
		for (size_t i = 0; starts_with(text, n, modifiers[m]) && i < draft->n; i++)
			if (starts_with(draft->slots[i], strlen(draft->slots[i]), modifiers[m]))
				return true;
	return false;
}

static bool append_corrected(struct mxw_spf_draft *draft, const char *text, size_t n)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf corrected = MXW_STRBUF_INIT;
	const char *piece;
	size_t n_piece;
	bool is_term = mxw_spf_correct_term(text, n, &corrected);
	const char *terms = mxw_strbuf_get(&corrected);
	for (size_t at = 0; is_term && mxw_spf_record_next_piece(terms, corrected.len, &at, &piece, &n_piece);)
		if (!is_second_modifier(draft, piece, n_piece))
			mxw_spf_draft_append(draft, piece, n_piece);
	draft->arena->failed |= mxw_strbuf_failed(&corrected);
	return is_term;
}

/* "include:" "example.com", "-" "all": one term with a space inside. */
static bool append_joined(struct mxw_spf_draft *draft, const char *text, size_t n, const char *next, size_t n_next)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf joined = MXW_STRBUF_INIT;
	bool is_open = strchr(":=", text[n - 1]) || (n == 1 && strchr("+-~?", *text));
	if (!is_open || !text[n - 1])
		return false;
	mxw_strbuf_add(&joined, text, n);
	mxw_strbuf_add(&joined, next, n_next);
	draft->arena->failed |= mxw_strbuf_failed(&joined);
	return append_corrected(draft, mxw_strbuf_get(&joined), joined.len);
}

/* A line end or a tab between terms was meant to divide them. */
static const char *without_controls(struct mxw_arena *arena, const char *text, size_t n)
{
	char *copy = mxw_arena_alloc(arena, n + 1);
	for (size_t i = 0; copy && i < n; i++)
		copy[i] = iscntrl((unsigned char)text[i]) ? ' ' : text[i];
	return copy ? copy : "";
}

/* Adds the terms of one record. */
static void correct_terms(struct mxw_spf_draft *draft, const char *raw, size_t n)
{
	const char *piece, *next, *text = without_controls(draft->arena, raw, n);
	size_t n_piece, n_next;
	if (draft->arena->failed)
		return;
	for (size_t at = 0; mxw_spf_record_next_piece(text, n, &at, &piece, &n_piece) && !draft->is_full;) {
		size_t behind = at;
		if (starts_with(piece, n_piece, version))
			continue;
		if (mxw_spf_record_next_piece(text, n, &behind, &next, &n_next) &&
		    append_joined(draft, piece, n_piece, next, n_next))
			at = behind;
		else if (!append_corrected(draft, piece, n_piece) && !starts_with(piece, n_piece, "exp="))
			mxw_spf_draft_lose(draft, piece, n_piece);
	}
}

void mxw_spf_draft_correct(struct mxw_spf_draft *draft, struct mxw_arena *arena, const char *text, size_t n)
{
	mxw_spf_draft_init(draft, arena);
	correct_terms(draft, text, n);
}

/* ---- merging ---- */

static bool is_stricter(char a, char b)
{
	static const char order[] = "+?~-";
	return !b || strchr(order, a) > strchr(order, b);
}

/* Qualifier of an "all"; '\0' for any other term. */
static char all_qualifier(const char *text)
{
	struct mxw_spf_term term;
	struct mxw_spf_error error;
	bool is_all = mxw_spf_term_parse(text, strlen(text), &term, &error) == 0 && term.kind == MXW_SPF_ALL;
	return is_all ? term.qualifier : '\0';
}

static bool is_repeated(const struct mxw_spf_draft *draft, size_t slot)
{
	for (size_t i = 0; i < slot; i++)
		if (strcasecmp(draft->slots[i], draft->slots[slot]) == 0)
			return true;
	return false;
}

bool mxw_spf_draft_has_all(const struct mxw_spf_draft *draft)
{
	for (size_t i = 0; i < draft->n; i++)
		if (all_qualifier(draft->slots[i]))
			return true;
	return false;
}

/* The strictest "all" of the slots from `begin` on, which are left out; '\0' if there is none. */
static char take_all(struct mxw_spf_draft *draft, size_t begin)
{
	char all = '\0';
	for (size_t i = begin; i < draft->n; i++) {
		char qualifier = all_qualifier(draft->slots[i]);
		if (qualifier && is_stricter(qualifier, all))
			all = qualifier;
		if (qualifier)
			mxw_spf_draft_remove(draft, i);
	}
	return all;
}

/* In a record with terms of others a redirect would come last or never; an include lets the same hosts pass. Beside "all" it
 * had no effect (RFC 7208 6.1). True if there was one. */
static bool replace_redirect(struct mxw_spf_draft *draft, size_t begin, bool is_dead)
{
	static const char redirect[] = "redirect=";
	bool has_redirect = false;
	for (size_t i = begin; i < draft->n; i++) {
		const char *slot = draft->slots[i];
		if (!starts_with(slot, strlen(slot), redirect))
			continue;
		has_redirect = !is_dead;
		draft->slots[i] = is_dead ? "" : mxw_arena_textf(draft->arena, "include:%s", slot + strlen(redirect));
	}
	return has_redirect;
}

void mxw_spf_draft_merge(struct mxw_spf_draft *draft, struct mxw_arena *arena, const struct mxw_answer *txt)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	char all = '\0';
	mxw_spf_draft_init(draft, arena);
	for (size_t i = 0; i < txt->n_rrs; i++) {
		size_t begin = draft->n;
		if (!mxw_spf_record_is(&txt->rrs[i]))
			continue;
		mxw_strbuf_clear(&text);
		mxw_rr_text(&txt->rrs[i], &text);
		correct_terms(draft, mxw_strbuf_get(&text), text.len);
		char own = take_all(draft, begin);
		if (replace_redirect(draft, begin, own) && !own)
			own = '~'; /* the policy that it led to is missing now */
		if (own && is_stricter(own, all))
			all = own;
	}
	arena->failed |= mxw_strbuf_failed(&text);
	for (size_t i = 0; !arena->failed && i < draft->n; i++)
		if (is_repeated(draft, i))
			mxw_spf_draft_remove(draft, i);
	if (all)
		mxw_spf_draft_append(draft, (char[]){ all, 'a', 'l', 'l' }, 4);
}

/* ---- nobody left ---- */

static bool has_senders(const struct mxw_spf_draft *draft)
{
	const char *piece;
	size_t n_piece;
	for (size_t i = 0; i < draft->n; i++)
		for (size_t at = 0;
		     mxw_spf_record_next_piece(draft->slots[i], strlen(draft->slots[i]), &at, &piece, &n_piece);) {
			struct mxw_spf_term term;
			struct mxw_spf_error error;
			if (mxw_spf_term_parse(piece, n_piece, &term, &error) == 0 && lets_pass(&term))
				return true;
		}
	return draft->is_full;
}

bool mxw_spf_draft_soften(struct mxw_spf_draft *draft)
{
	bool is_softened = false;
	if (!draft->had_senders || has_senders(draft))
		return false;
	for (size_t i = 0; i < draft->n; i++)
		if (all_qualifier(draft->slots[i]) == '-') {
			draft->slots[i] = "~all";
			is_softened = true;
		}
	return is_softened;
}

/* ---- networks in networks ---- */

struct network {
	struct mxw_spf_term term;
	bool is_network, is_dropped;
};

static bool holds(const struct mxw_spf_term *outer, const struct mxw_spf_term *inner)
{
	return outer->qualifier == inner->qualifier && outer->kind == inner->kind &&
	       mxw_spf_network_bits(outer) <= mxw_spf_network_bits(inner) &&
	       mxw_ip_in_prefix(&inner->network, &outer->network, mxw_spf_network_bits(outer));
}

/* An earlier network says all of a later one. A later one may take over what an earlier one says while nothing between them
 * gives another result. */
static bool is_said(const struct network *networks, size_t n, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (networks[k].is_network && !networks[k].is_dropped && holds(&networks[k].term, &networks[i].term))
			return true;
	for (size_t k = i + 1; k < n && networks[k].term.qualifier == networks[i].term.qualifier; k++)
		if (networks[k].is_network && holds(&networks[k].term, &networks[i].term))
			return true;
	return false;
}

/* The pieces of all slots; those that are no term stand for any result. */
static size_t list_networks(const struct mxw_spf_draft *draft, struct network *networks, size_t max)
{
	size_t n = 0, n_piece;
	const char *piece;
	for (size_t i = 0; i < draft->n; i++)
		for (size_t at = 0;
		     mxw_spf_record_next_piece(draft->slots[i], strlen(draft->slots[i]), &at, &piece, &n_piece);) {
			struct mxw_spf_error error;
			if (n == max)
				return max + 1;
			networks[n] = (struct network){ 0 };
			networks[n].is_network = mxw_spf_term_parse(piece, n_piece, &networks[n].term, &error) == 0 &&
						 (networks[n].term.kind == MXW_SPF_IP4 ||
						  networks[n].term.kind == MXW_SPF_IP6);
			n++;
		}
	return n;
}

void mxw_spf_draft_simplify(struct mxw_spf_draft *draft)
{
	struct network networks[MAX_NETWORKS];
	size_t n = list_networks(draft, networks, MAX_NETWORKS), next = 0, n_piece;
	const char *piece;
	if (n > MAX_NETWORKS)
		return;
	for (size_t i = 0; i < draft->n; i++) {
		const char *kept = "", *slot = draft->slots[i];
		for (size_t at = 0; mxw_spf_record_next_piece(slot, strlen(slot), &at, &piece, &n_piece); next++) {
			struct network *network = &networks[next];
			network->is_dropped = network->is_network && is_said(networks, n, next);
			if (!network->is_dropped)
				kept = mxw_arena_textf(draft->arena, "%s%s%.*s", kept, *kept ? " " : "", (int)n_piece,
						       piece);
		}
		draft->slots[i] = kept;
	}
}

/* ---- writing ---- */

void mxw_spf_quote(const char *text, size_t n, struct mxw_strbuf *ret)
{
	mxw_strbuf_addc(ret, '"');
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)text[i];
		if (i && i % MAX_STRING == 0)
			mxw_strbuf_adds(ret, "\" \"");
		if (c == '"' || c == '\\')
			mxw_strbuf_addf(ret, "\\%c", c);
		else if (c < 0x20 || c > 0x7e)
			mxw_strbuf_addf(ret, "\\%03u", c);
		else
			mxw_strbuf_addc(ret, (char)c);
	}
	mxw_strbuf_addc(ret, '"');
}

static void add_record(const struct mxw_spf_draft *draft, struct mxw_strbuf *ret)
{
	mxw_strbuf_adds(ret, version);
	for (size_t i = 0; i < draft->n; i++)
		if (*draft->slots[i])
			mxw_strbuf_addf(ret, " %s", draft->slots[i]);
	if (draft->is_full)
		mxw_strbuf_adds(ret, " <further-terms>");
}

bool mxw_spf_draft_equals(const struct mxw_spf_draft *draft, const char *text, size_t n)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf made = MXW_STRBUF_INIT;
	const char *left, *right;
	size_t n_left, n_right, at = 0, other_at = 0;
	add_record(draft, &made);
	draft->arena->failed |= mxw_strbuf_failed(&made);
	while (mxw_spf_record_next_piece(mxw_strbuf_get(&made), made.len, &at, &left, &n_left))
		if (!mxw_spf_record_next_piece(text, n, &other_at, &right, &n_right) || n_left != n_right ||
		    strncasecmp(left, right, n_left) != 0)
			return false;
	return !mxw_spf_record_next_piece(text, n, &other_at, &right, &n_right);
}

const char *mxw_spf_draft_write(const struct mxw_spf_draft *draft)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT, quoted = MXW_STRBUF_INIT;
	add_record(draft, &text);
	mxw_spf_quote(mxw_strbuf_get(&text), text.len, &quoted);
	draft->arena->failed |= mxw_strbuf_failed(&text) || mxw_strbuf_failed(&quoted);
	return mxw_arena_text(draft->arena, mxw_strbuf_get(&quoted));
}
