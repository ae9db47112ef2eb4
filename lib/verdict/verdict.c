/* Counting of votes: rows of all views are sorted by key once, then each key is judged in one walk (n log n in the rows,
 * which lib/finding bounds for hostile zones); see verdict.h. */
#include "lib/verdict/verdict.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/util.h"

struct row {
	const struct mxw_finding *finding;
	unsigned view;
};

/* What one walk over the rows needs to know. */
struct count {
	const struct row *rows;
	size_t n_rows;
	uint32_t all;    /* views */
	uint32_t absent; /* views without a vote */
	unsigned quorum;
	uint32_t covered; /* views with an UNKNOWN row for every subject of the definition that the walk is in */
};

unsigned mxw_verdict_quorum(unsigned configured, size_t n_resolvers)
{
	return configured ? configured : (unsigned)n_resolvers / 2 + 1;
}

static int compare_keys(const struct mxw_finding *a, const struct mxw_finding *b)
{
	int order = a->def == b->def ? 0 : strcmp(a->def->id, b->def->id);
	return order ? order : strcmp(a->subject, b->subject);
}

static int compare_rows(const void *a_ptr, const void *b_ptr)
{
	const struct row *a = a_ptr, *b = b_ptr;
	int order = compare_keys(a->finding, b->finding);
	return order ? order : (a->view > b->view) - (a->view < b->view);
}

/* Rows of the key that starts at row i. */
static size_t key_length(const struct count *count, size_t i)
{
	size_t n = 1;
	while (i + n < count->n_rows && compare_keys(count->rows[i].finding, count->rows[i + n].finding) == 0)
		n++;
	return n;
}

static struct mxw_verdict_votes count_votes(const struct count *count, const struct row *rows, size_t n)
{
	struct mxw_verdict_votes votes = { .unknown = count->absent | count->covered };
	for (size_t i = 0; i < n; i++)
		*(rows[i].finding->vote == MXW_VOTE_YES ? &votes.yes : &votes.unknown) |= UINT32_C(1) << rows[i].view;
	votes.unknown &= ~votes.yes;
	votes.no = count->all & ~votes.yes & ~votes.unknown;
	return votes;
}

static unsigned popcount(uint32_t set)
{
	return (unsigned)__builtin_popcount(set);
}

/* findings.md 4.4 with the authority "unknown": rules 1, 5, 6, 7. */
static enum mxw_verdict_status judge_votes(const struct mxw_verdict_votes *votes, unsigned quorum)
{
	if (popcount(votes->yes) >= quorum)
		return MXW_CONFIRMED;
	if (popcount(votes->no) >= quorum)
		return votes->yes ? MXW_MINORITY : MXW_CLEAR;
	return MXW_UNDECIDED;
}

/* The highest severity that at least `quorum` of the yes-rows reach. */
static enum mxw_severity agreed_severity(const struct row *rows, size_t n, unsigned quorum)
{
	unsigned n_at[MXW_OFF + 1] = { 0 }, n_reach = 0;
	for (size_t i = 0; i < n; i++)
		if (rows[i].finding->vote == MXW_VOTE_YES)
			n_at[rows[i].finding->severity]++;
	for (enum mxw_severity severity = MXW_CRITICAL; severity > MXW_OK; severity--) {
		n_reach += n_at[severity];
		if (n_reach >= quorum)
			return severity;
	}
	return MXW_OK;
}

static enum mxw_severity highest_severity(const struct row *rows, size_t n)
{
	enum mxw_severity highest = MXW_OK;
	for (size_t i = 0; i < n; i++)
		highest = MXW_MAX(highest, rows[i].finding->severity);
	return highest;
}

/* The row that speaks for the key: the first yes, else the first of the highest severity. */
static const struct mxw_finding *speaker(const struct row *rows, size_t n)
{
	const struct mxw_finding *highest = rows[0].finding;
	for (size_t i = 0; i < n; i++) {
		if (rows[i].finding->vote == MXW_VOTE_YES)
			return rows[i].finding;
		if (rows[i].finding->severity > highest->severity)
			highest = rows[i].finding;
	}
	return highest;
}

static enum mxw_severity entry_severity(const struct row *rows, size_t n, enum mxw_verdict_status status,
					unsigned quorum)
{
	switch (status) {
	case MXW_CONFIRMED:
		return agreed_severity(rows, n, quorum);
	case MXW_MINORITY:
		return MXW_MIN(highest_severity(rows, n), MXW_WARNING);
	default:
		return MXW_UNKNOWN;
	}
}

/* What a key does to the state. */
static enum mxw_severity entry_state(const struct row *rows, size_t n, const struct mxw_verdict_entry *entry)
{
	switch (entry->status) {
	case MXW_CONFIRMED:
		return entry->severity;
	case MXW_UNDECIDED:
		return highest_severity(rows, n) >= MXW_WARNING ? MXW_UNKNOWN : MXW_OK;
	default:
		return MXW_OK;
	}
}

/* Starts a definition: its rows for every subject have the key "" and so come first. */
static void enter_definition(struct count *count, const struct row *rows, size_t n)
{
	count->covered = 0;
	for (size_t i = 0; i < n && !*rows[i].finding->subject; i++)
		if (rows[i].finding->vote == MXW_VOTE_UNKNOWN)
			count->covered |= UINT32_C(1) << rows[i].view;
}

/* Judges every key. Without `verdict` it only counts the entries there will be. */
static size_t walk(struct count *count, struct mxw_verdict *verdict)
{
	size_t n_entries = 0;
	const struct mxw_finding_def *def = NULL;
	for (size_t i = 0, n; i < count->n_rows; i += n) {
		const struct row *rows = count->rows + i;
		n = key_length(count, i);
		if (rows[0].finding->def != def)
			enter_definition(count, rows, n);
		def = rows[0].finding->def;
		struct mxw_verdict_votes votes = count_votes(count, rows, n);
		enum mxw_verdict_status status = judge_votes(&votes, count->quorum);
		if (status == MXW_CLEAR)
			continue;
		if (verdict) {
			struct mxw_verdict_entry *entry = &verdict->entries[n_entries];
			*entry = (struct mxw_verdict_entry){
				.def = def,
				.subject = rows[0].finding->subject,
				.status = status,
				.severity = entry_severity(rows, n, status, count->quorum),
				.votes = votes,
				.finding = speaker(rows, n),
			};
			verdict->state = mxw_severity_worse(verdict->state, entry_state(rows, n, entry));
			if (status == MXW_UNDECIDED)
				verdict->may_be = mxw_severity_worse(verdict->may_be, highest_severity(rows, n));
		}
		n_entries++;
	}
	return n_entries;
}

static int compare_entries(const void *a_ptr, const void *b_ptr)
{
	const struct mxw_verdict_entry *a = a_ptr, *b = b_ptr;
	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (a->status != b->status)
		return a->status < b->status ? -1 : 1;
	int order = a->def == b->def ? 0 : strcmp(a->def->id, b->def->id);
	return order ? order : strcmp(a->subject, b->subject);
}

/* The rows of all views, sorted by key and view. */
static int collect(const struct mxw_verdict_view *views, size_t n_views, struct row **ret, size_t n_rows)
{
	struct row *rows = mxw_new_array(n_rows, sizeof(*rows));
	if (!rows)
		return -ENOMEM;
	size_t n = 0;
	for (unsigned view = 0; view < n_views; view++)
		for (size_t i = 0; views[view].findings && i < views[view].findings->n; i++) {
			assert(views[view].findings->items[i]->severity <= MXW_CRITICAL);
			rows[n++] = (struct row){ views[view].findings->items[i], view };
		}
	qsort(rows, n, sizeof(*rows), compare_rows);
	*ret = rows;
	return 0;
}

void mxw_verdict_sort(struct mxw_verdict *verdict)
{
	if (verdict->n_entries)
		qsort(verdict->entries, verdict->n_entries, sizeof(*verdict->entries), compare_entries);
}

static int judge_rows(struct mxw_verdict *ret, struct count *count)
{
	size_t n = walk(count, NULL);
	if (!n)
		return 0;
	ret->entries = mxw_arena_alloc(&ret->arena, n * sizeof(*ret->entries));
	if (!ret->entries)
		return -ENOMEM;
	ret->n_entries = walk(count, ret);
	mxw_verdict_sort(ret);
	return 0;
}

int mxw_verdict_count(struct mxw_verdict *ret, const struct mxw_verdict_view *views, size_t n_views, unsigned quorum)
{
	assert(n_views <= 32 && quorum >= 1);
	struct count count = { .quorum = quorum };
	for (unsigned view = 0; view < n_views; view++) {
		count.all |= UINT32_C(1) << view;
		if (!views[view].findings)
			count.absent |= UINT32_C(1) << view;
		else
			count.n_rows += views[view].findings->n;
	}
	*ret = (struct mxw_verdict){ 0 };
	/* Too few votes: every key that nobody names is undecided too. */
	ret->state = popcount(count.all & ~count.absent) >= quorum ? MXW_OK : MXW_UNKNOWN;
	if (!count.n_rows)
		return 0;
	struct row *rows = NULL;
	int rc = collect(views, n_views, &rows, count.n_rows);
	if (rc < 0)
		return rc;
	count.rows = rows;
	rc = judge_rows(ret, &count);
	free(rows);
	if (rc < 0)
		mxw_verdict_done(ret);
	return rc;
}

void mxw_verdict_done(struct mxw_verdict *verdict)
{
	mxw_arena_done(&verdict->arena);
	*verdict = (struct mxw_verdict){ .state = MXW_UNKNOWN };
}

bool mxw_verdict_entry_is_listed(const struct mxw_verdict_entry *entry)
{
	switch (entry->status) {
	case MXW_CONFIRMED:
		return true;
	case MXW_UNDECIDED:
		return entry->votes.yes || entry->finding->severity >= MXW_WARNING;
	default:
		return false;
	}
}
