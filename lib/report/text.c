/* `mxwatch check` for people: what is wrong, who saw it, what senders see, how to see it, what to publish; worst first.
 *
 *	example.com: CRITICAL
 *	  CRITICAL  example.com has no MX and no address record [mx-none]
 *	            seen by  2 of 3 resolvers: 9.9.9.9, 1.1.1.1; disagrees: 8.8.8.8
 *	            senders  ...
 *	            look     dig example.com MX @9.9.9.9 +noall +comments +answer +authority
 *	            fix      example.com. 3600 IN MX 10 mail.example.com.
 *
 * Commands and records are never wrapped: they are there to be copied. */
#include <errno.h>
#include <string.h>

#include "lib/report/entry.h"
#include "lib/report/failures.h"
#include "lib/report/hosts.h"
#include "lib/report/print.h"
#include "lib/report/report.h"
#include "lib/report/spf_tree.h"
#include "lib/target/target.h"

enum { MAX_CONDENSED = 6 }; /* ids in a list; more are for --verbose */
enum { TEXT_COLUMN = MXW_PRINT_TEXT_COLUMN, VALUE_COLUMN = 21 };

static void print_label(const struct mxw_print *print, const char *label)
{
	mxw_print_spaces(print, TEXT_COLUMN);
	mxw_print_ink(print, MXW_INK_DIM, label);
	mxw_print_spaces(print, VALUE_COLUMN - TEXT_COLUMN - (unsigned)strlen(label));
}

static void print_wrapped_field(const struct mxw_print *print, const char *label, const char *text)
{
	print_label(print, label);
	mxw_print_wrapped(print, VALUE_COLUMN, VALUE_COLUMN, text);
}

/* Lines to be copied: one each, the label before the first. */
static void print_lines(const struct mxw_print *print, const char *label, const char *const *lines, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		print_label(print, i ? "" : label);
		mxw_print_ink(print, MXW_INK_BOLD, lines[i]);
		mxw_strbuf_addc(print->out, '\n');
	}
}

/* The names of the views whose bits are set; bit 0 is view `first`. */
static void add_names(struct mxw_strbuf *ret, const char *before, uint32_t votes, size_t first,
		      const struct mxw_report_context *context)
{
	bool is_first = true;
	for (size_t i = 0; i < 32; i++) {
		if (!(votes >> i & 1))
			continue;
		mxw_strbuf_adds(ret, is_first ? before : ", ");
		mxw_strbuf_adds(ret, mxw_report_view_name(context, first + i));
		is_first = false;
	}
}

/* One more line of the votes: "authority: split; yes: ns1.example.com[192.0.2.1]; no: ...". */
static void print_authority(const struct mxw_print *print, const struct mxw_verdict_entry *verdict,
			    const struct mxw_report_context *context)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	size_t n = context->n_upstreams;
	mxw_strbuf_addf(&text, "authority: %s", mxw_authority_name(verdict->authority));
	add_names(&text, "; yes: ", verdict->servers.yes, n, context);
	add_names(&text, "; no: ", verdict->servers.no, n, context);
	add_names(&text, "; could not tell: ", verdict->servers.unknown, n, context);
	print->out->failed |= mxw_strbuf_failed(&text);
	print_wrapped_field(print, "", mxw_strbuf_get(&text));
}

static void print_voters(const struct mxw_print *print, const struct mxw_verdict_entry *verdict,
			 const struct mxw_report_context *context)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	if (verdict->votes.yes) {
		mxw_report_votes_short(verdict, context, &text);
		add_names(&text, ": ", verdict->votes.yes, 0, context);
	} else {
		mxw_strbuf_adds(&text, verdict->servers.yes ? "no resolver" : "nobody");
	}
	add_names(&text, verdict->votes.yes ? "; disagrees: " : "; says no: ", verdict->votes.no, 0, context);
	add_names(&text, "; could not tell: ", verdict->votes.unknown, 0, context);
	print->out->failed |= mxw_strbuf_failed(&text);
	print_wrapped_field(print, "seen by", mxw_strbuf_get(&text));
	if (mxw_report_has_servers(verdict))
		print_authority(print, verdict, context);
}

static void print_entry(const struct mxw_print *print, const struct mxw_verdict_entry *verdict,
			const struct mxw_report_context *context)
{
	MXW_CLEANUP(mxw_arena_done) struct mxw_arena arena = { 0 };
	struct mxw_report_entry entry;
	mxw_report_entry_fill(&entry, verdict, context, &arena);
	mxw_print_tag(print, mxw_print_severity_ink(verdict->severity), mxw_print_severity_word(verdict->severity));
	mxw_print_wrapped(print, TEXT_COLUMN, TEXT_COLUMN,
			  mxw_arena_textf(&arena, "%s [%s]", entry.message, verdict->def->id));
	if (verdict->severity != MXW_OK) {
		print_voters(print, verdict, context);
		if (entry.symptom[0])
			print_wrapped_field(print, "senders", entry.symptom);
		print_lines(print, "look", entry.reproduce, entry.n_reproduce);
		print_lines(print, "fix", entry.fix, entry.n_fix);
	}
	print->out->failed |= arena.failed;
}

/* Said in a list of ids instead of in full. */
static bool is_condensed(const struct mxw_verdict_entry *verdict, bool verbose)
{
	return mxw_report_entry_is_blank(verdict) || (verdict->severity == MXW_INFO && !verbose);
}

static bool is_shown_at(const struct mxw_round *round, size_t check, const struct mxw_verdict_entry *verdict,
			enum mxw_severity severity)
{
	return verdict->severity == severity && mxw_report_entry_is_told(verdict, false) &&
	       !mxw_report_entry_is_repeated(round, check, verdict);
}

static void print_entries(const struct mxw_print *print, const struct mxw_round *round,
			  const struct mxw_report_context *context, enum mxw_severity severity)
{
	for (size_t check = 0; check < mxw_n_checks; check++) {
		const struct mxw_verdict *verdict = mxw_round_verdict(round, check);
		for (size_t i = 0; verdict && i < verdict->n_entries; i++) {
			const struct mxw_verdict_entry *entry = &verdict->entries[i];
			if (is_shown_at(round, check, entry, severity) && !is_condensed(entry, print->style->verbose))
				print_entry(print, entry, context);
		}
	}
}

static bool is_listed_already(const struct mxw_strbuf *list, const char *id)
{
	size_t len = strlen(id);
	for (const char *at = mxw_strbuf_get(list); (at = strstr(at, id)); at += len)
		if ((at == list->data || at[-1] == ' ') && (at[len] == '\0' || at[len] == ','))
			return true;
	return false;
}

/* The ids of one severity's condensed entries, each once; the first few unless verbose. True if there are any. */
static bool add_condensed(const struct mxw_print *print, const struct mxw_round *round, enum mxw_severity severity,
			  struct mxw_strbuf *ret)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf list = MXW_STRBUF_INIT;
	size_t n = 0, n_shown = 0;
	for (size_t check = 0; check < mxw_n_checks; check++) {
		const struct mxw_verdict *verdict = mxw_round_verdict(round, check);
		for (size_t i = 0; verdict && i < verdict->n_entries; i++) {
			const struct mxw_verdict_entry *entry = &verdict->entries[i];
			if (!is_shown_at(round, check, entry, severity) ||
			    !is_condensed(entry, print->style->verbose) || is_listed_already(&list, entry->def->id))
				continue;
			mxw_strbuf_addf(&list, "%s%s", n++ ? ", " : "", entry->def->id);
			if (n <= MAX_CONDENSED || print->style->verbose)
				mxw_strbuf_addf(ret, "%s%s", n_shown++ ? ", " : "", entry->def->id);
		}
	}
	if (n > n_shown)
		mxw_strbuf_addf(ret, " and %zu more", n - n_shown);
	ret->failed |= mxw_strbuf_failed(&list);
	return n > 0;
}

static void print_condensed(const struct mxw_print *print, const struct mxw_round *round, enum mxw_severity severity,
			    const char *before, const char *after)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_strbuf_adds(&text, before);
	bool any = add_condensed(print, round, severity, &text);
	mxw_strbuf_adds(&text, after);
	print->out->failed |= mxw_strbuf_failed(&text);
	if (!any)
		return;
	mxw_print_tag(print, mxw_print_severity_ink(severity), mxw_print_severity_word(severity));
	mxw_print_wrapped(print, TEXT_COLUMN, TEXT_COLUMN, mxw_strbuf_get(&text));
}

static void print_undecided(const struct mxw_print *print, const struct mxw_round *round)
{
	MXW_CLEANUP(mxw_arena_done) struct mxw_arena arena = { 0 };
	print_condensed(print, round, MXW_UNKNOWN,
			mxw_arena_textf(&arena, "not decided, %s: ", mxw_report_blank_reason(round)), "");
	print->out->failed |= arena.failed;
}

/* What became of the questions that left something undecided. */
static void print_failures(const struct mxw_print *print, const struct mxw_round *round,
			   const struct mxw_report_context *context)
{
	struct mxw_report_failure failures[MXW_FAILURES_MAX];
	size_t n = mxw_report_failures(round, failures);
	for (size_t i = 0; i < n; i++) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
		mxw_report_failure_format(&failures[i], context, &text);
		print->out->failed |= mxw_strbuf_failed(&text);
		print_wrapped_field(print, i ? "" : "lookups", mxw_strbuf_get(&text));
	}
}

/* What was looked at: without it, "ok" is a word that nobody can check. */
static void print_hosts(const struct mxw_print *print, const struct mxw_round *round)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_report_hosts(round, &text);
	if (text.len) {
		mxw_print_tag(print, MXW_INK_DIM, "hosts");
		mxw_print_wrapped(print, TEXT_COLUMN, TEXT_COLUMN, mxw_strbuf_get(&text));
	}
	print->out->failed |= mxw_strbuf_failed(&text);
	mxw_strbuf_clear(&text);
	mxw_report_reverse(round, &text);
	if (text.len) {
		mxw_print_tag(print, MXW_INK_DIM, "reverse");
		mxw_print_wrapped(print, TEXT_COLUMN, TEXT_COLUMN, mxw_strbuf_get(&text));
	}
	print->out->failed |= mxw_strbuf_failed(&text);
}

static void print_domain(const struct mxw_print *print, const struct mxw_round *round,
			 const struct mxw_report_context *context)
{
	const struct mxw_report_context own = mxw_report_context_of(context, round);
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf name = MXW_STRBUF_INIT;
	const char *domain = mxw_round_get_spec(round)->target.domain;
	enum mxw_severity state = mxw_round_state(round);
	if (print->style->utf8)
		mxw_target_display(domain, &name);
	else
		mxw_strbuf_adds(&name, domain);
	print->out->failed |= mxw_strbuf_failed(&name);
	mxw_print_ink(print, MXW_INK_BOLD, mxw_strbuf_get(&name));
	mxw_strbuf_adds(print->out, ": ");
	mxw_print_ink(print, mxw_print_severity_ink(state), state == MXW_OK ? "OK" : mxw_print_severity_word(state));
	mxw_strbuf_addc(print->out, '\n');
	print_entries(print, round, &own, MXW_CRITICAL);
	print_entries(print, round, &own, MXW_WARNING);
	print_entries(print, round, &own, MXW_UNKNOWN);
	print_undecided(print, round);
	print_failures(print, round, &own);
	if (state == MXW_OK || print->style->verbose) {
		print_entries(print, round, &own, MXW_OK);
		print_hosts(print, round);
	}
	print_entries(print, round, &own, MXW_INFO);
	print_condensed(print, round, MXW_INFO, "", " (-v shows more)");
	mxw_report_spf_tree_print(print, round, &own);
}

static void print_totals(const struct mxw_print *print, const struct mxw_report_result *results, size_t n)
{
	static const enum mxw_severity order[] = { MXW_CRITICAL, MXW_WARNING, MXW_UNKNOWN, MXW_OK };
	mxw_strbuf_addf(print->out, "\n%zu domains:", n);
	for (size_t i = 0; i < MXW_ARRAY_SIZE(order); i++) {
		size_t count = 0;
		for (size_t k = 0; k < n; k++)
			count += mxw_round_state(results[k].round) == order[i];
		if (count)
			mxw_strbuf_addf(print->out, " %zu %s", count, mxw_severity_name(order[i]));
	}
	mxw_strbuf_addc(print->out, '\n');
}

int mxw_report_check_text(const struct mxw_report_result *results, size_t n, const struct mxw_report_context *context,
			  const struct mxw_report_style *style, struct mxw_strbuf *ret)
{
	struct mxw_print print = { .out = ret, .style = style };
	for (size_t i = 0; i < n; i++) {
		if (i)
			mxw_strbuf_addc(ret, '\n');
		print_domain(&print, results[i].round, context);
	}
	if (n > 1)
		print_totals(&print, results, n);
	return mxw_strbuf_failed(ret) ? -ENOMEM : 0;
}
