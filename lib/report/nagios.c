/* `mxwatch check --format nagios`: the plug-in line, performance data, and one line a problem as long output.
 *
 * '|' separates text from performance data there, so it never stands inside text. */
#include <errno.h>
#include <string.h>

#include "lib/base/escape.h"
#include "lib/report/entry.h"
#include "lib/report/failures.h"
#include "lib/report/print.h"
#include "lib/report/report.h"

static const enum mxw_severity states[] = { MXW_OK, MXW_UNKNOWN, MXW_WARNING, MXW_CRITICAL };

static const char *state_word(enum mxw_severity state)
{
	return state == MXW_OK ? "OK" : mxw_print_severity_word(state);
}

static void add_text(struct mxw_strbuf *ret, const char *text)
{
	size_t start = ret->len;
	mxw_escape_line(ret, text, strlen(text), MXW_MAX_FIELD);
	for (size_t i = start; i < ret->len; i++)
		if (ret->data[i] == '|')
			ret->data[i] = '!';
}

static void add_entry(struct mxw_strbuf *ret, const struct mxw_round *round, const struct mxw_verdict_entry *verdict,
		      const struct mxw_report_context *context)
{
	const struct mxw_report_context own = mxw_report_context_of(context, round);
	MXW_CLEANUP(mxw_arena_done) struct mxw_arena arena = { 0 };
	struct mxw_report_entry entry;
	mxw_report_entry_fill(&entry, verdict, &own, &arena);
	add_text(ret, entry.message);
	mxw_strbuf_addf(ret, " (%s)", verdict->def->id);
	ret->failed |= arena.failed;
}

/* Why nothing can be said: the first failed question stands for all. */
static void add_failures(struct mxw_strbuf *ret, const struct mxw_round *round,
			 const struct mxw_report_context *context)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	struct mxw_report_failure failures[MXW_FAILURES_MAX];
	size_t n = mxw_report_failures(round, failures);
	mxw_strbuf_adds(ret, mxw_report_blank_reason(round));
	if (n) {
		mxw_report_failure_format(&failures[0], context, &text);
		mxw_strbuf_adds(ret, ": ");
		add_text(ret, mxw_strbuf_get(&text));
	}
	ret->failed |= mxw_strbuf_failed(&text);
}

static size_t count_state(const struct mxw_report_result *results, size_t n, enum mxw_severity state)
{
	size_t count = 0;
	for (size_t i = 0; i < n; i++)
		count += mxw_round_state(results[i].round) == state;
	return count;
}

static const struct mxw_round *worst_round(const struct mxw_report_result *results, size_t n,
					   enum mxw_severity *ret_state)
{
	const struct mxw_round *worst = NULL;
	*ret_state = MXW_OK;
	for (size_t i = 0; i < n; i++) {
		enum mxw_severity state = mxw_round_state(results[i].round);
		if (worst && mxw_severity_worse(*ret_state, state) == *ret_state)
			continue;
		worst = results[i].round;
		*ret_state = state;
	}
	return worst;
}

static void add_headline(struct mxw_strbuf *ret, const struct mxw_report_result *results, size_t n,
			 const struct mxw_report_context *context)
{
	enum mxw_severity state;
	const struct mxw_round *round = worst_round(results, n, &state);
	mxw_strbuf_addf(ret, "MXWATCH %s - ", state_word(state));
	if (!round || (state == MXW_OK && n > 1)) {
		mxw_strbuf_addf(ret, "%zu domains", n);
		return;
	}
	const struct mxw_verdict_entry *worst = mxw_report_worst_entry(round);
	add_text(ret, mxw_round_get_spec(round)->target.domain);
	mxw_strbuf_adds(ret, ": ");
	if (worst && state != MXW_OK && mxw_report_entry_is_blank(worst))
		add_failures(ret, round, context);
	else if (worst && state != MXW_OK)
		add_entry(ret, round, worst, context);
	else
		mxw_strbuf_adds(ret, "no problem found");
	if (n > 1)
		mxw_strbuf_addf(ret, "; %zu of %zu domains not ok", n - count_state(results, n, MXW_OK), n);
}

static void add_performance(struct mxw_strbuf *ret, const struct mxw_report_result *results, size_t n)
{
	mxw_strbuf_addf(ret, " | domains=%zu", n);
	for (size_t i = MXW_ARRAY_SIZE(states); i-- > 0;)
		mxw_strbuf_addf(ret, " %s=%zu", mxw_severity_name(states[i]), count_state(results, n, states[i]));
	mxw_strbuf_addc(ret, '\n');
}

static void add_details(struct mxw_strbuf *ret, const struct mxw_round *round, const struct mxw_report_context *context)
{
	size_t n_blank = 0;
	for (size_t check = 0; check < mxw_n_checks; check++) {
		const struct mxw_verdict *verdict = mxw_round_verdict(round, check);
		for (size_t i = 0; verdict && i < verdict->n_entries; i++) {
			const struct mxw_verdict_entry *entry = &verdict->entries[i];
			if (!mxw_report_entry_is_told(entry, false) || entry->severity < MXW_UNKNOWN ||
			    mxw_report_entry_is_repeated(round, check, entry))
				continue;
			if (mxw_report_entry_is_blank(entry)) {
				n_blank++;
				continue;
			}
			add_text(ret, mxw_round_get_spec(round)->target.domain);
			mxw_strbuf_addf(ret, " %s %s: ", mxw_checks[check]->name, state_word(entry->severity));
			add_entry(ret, round, entry, context);
			if (mxw_verdict_entry_holds(entry)) {
				mxw_strbuf_adds(ret, ", ");
				mxw_report_votes_short(entry, context, ret);
				if (entry->authority != MXW_AUTHORITY_UNKNOWN)
					mxw_strbuf_addf(ret, ", authority %s", mxw_authority_name(entry->authority));
			}
			mxw_strbuf_addc(ret, '\n');
		}
	}
	if (!n_blank)
		return;
	add_text(ret, mxw_round_get_spec(round)->target.domain);
	mxw_strbuf_addf(ret, " UNKNOWN: %zu findings undecided: ", n_blank);
	add_failures(ret, round, context);
	mxw_strbuf_addc(ret, '\n');
}

int mxw_report_check_nagios(const struct mxw_report_result *results, size_t n, const struct mxw_report_context *context,
			    struct mxw_strbuf *ret)
{
	add_headline(ret, results, n, context);
	add_performance(ret, results, n);
	for (size_t i = 0; i < n; i++)
		add_details(ret, results[i].round, context);
	return mxw_strbuf_failed(ret) ? -ENOMEM : 0;
}
