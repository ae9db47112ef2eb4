/* Counting of votes: rows of all views are sorted by key once, then each key is judged in one walk (n log n in the rows,
 * which lib/finding bounds for hostile zones); see verdict.h. */
#include "lib/verdict/verdict.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/util.h"
#include "lib/verdict/key.h"
#include "lib/verdict/rules.h"

/* What one walk over the rows needs to know. Bits of sets are views. */
struct count {
	const struct mxw_row *rows;
	size_t n_rows;
	size_t n_views;  /* resolvers */
	uint64_t absent; /* views without a vote */
	unsigned quorum;
	const struct mxw_verdict_zone *zone;
	/* Of the definition that the walk is in: views with an UNKNOWN row for every subject, servers with any UNKNOWN row. */
	uint64_t covered, unsure;
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
	const struct mxw_row *a = a_ptr, *b = b_ptr;
	int order = compare_keys(a->finding, b->finding);
	return order ? order : (a->view > b->view) - (a->view < b->view);
}

static struct mxw_key key_at(const struct count *count, size_t i)
{
	struct mxw_key key = { .rows = count->rows + i };
	while (i + key.n < count->n_rows && compare_keys(count->rows[i].finding, count->rows[i + key.n].finding) == 0) {
		key.n_resolvers += count->rows[i + key.n].view < count->n_views;
		key.n++;
	}
	return key;
}

static bool can_tell(const struct mxw_verdict_zone *zone, const struct mxw_finding_def *def)
{
	return !zone->can_tell || zone->can_tell(def);
}

/* The votes of n views from view `first` on. */
static struct mxw_verdict_votes slice(uint64_t yes, uint64_t unknown, size_t first, size_t n)
{
	uint64_t all = (UINT64_C(1) << n) - 1;
	struct mxw_verdict_votes votes = { .yes = (uint32_t)(yes >> first & all),
					   .unknown = (uint32_t)((unknown & ~yes) >> first & all) };
	votes.no = (uint32_t)all & ~votes.yes & ~votes.unknown;
	return votes;
}

static void count_votes(const struct count *count, const struct mxw_key *key, struct mxw_verdict_entry *ret)
{
	const struct mxw_verdict_zone *zone = count->zone;
	uint64_t yes = 0, unknown = count->absent | count->covered;
	if (!*ret->subject) /* who is unsure of one subject cannot deny them all */
		unknown |= count->unsure;
	for (size_t i = 0; i < key->n; i++)
		*(key->rows[i].finding->vote == MXW_VOTE_YES ? &yes : &unknown) |= UINT64_C(1) << key->rows[i].view;
	ret->votes = slice(yes, unknown, 0, count->n_views);
	if (!can_tell(zone, ret->def))
		unknown = UINT64_MAX;
	ret->servers = slice(yes, unknown, count->n_views, zone->n_servers);
	ret->authority = mxw_rules_authority(&ret->servers);
}

static enum mxw_verdict_status judge_key(const struct count *count, const struct mxw_key *key,
					 const struct mxw_verdict_entry *entry, bool *ret_wants_rederivation)
{
	const struct mxw_verdict_zone *zone = count->zone;
	struct mxw_rules_case c = {
		.quorum = count->quorum,
		.n_yes = mxw_popcount(entry->votes.yes),
		.n_no = mxw_popcount(entry->votes.no),
		.authority = entry->authority,
		/* Advice is worth no question to the parent. */
		.is_rederived = zone->is_rederived || mxw_key_worst(key) < MXW_WARNING,
	};
	for (size_t i = 0; i < key->n_resolvers && zone->age && c.authority == MXW_AUTHORITY_NO; i++) {
		if (key->rows[i].finding->vote != MXW_VOTE_YES)
			continue;
		enum mxw_age age = zone->age(zone->arg, key->rows[i].view, key->rows[i].finding);
		c.n_in_time += age == MXW_AGE_OLD_IN_TIME;
		c.n_late += age == MXW_AGE_OLD_LATE;
	}
	return mxw_rules_apply(&c, ret_wants_rederivation);
}

static bool is_open(const struct mxw_verdict_entry *entry)
{
	return entry->status == MXW_UNDECIDED || entry->status == MXW_RECOVERING;
}

/* What a key does to the state. */
static enum mxw_severity entry_state(const struct mxw_key *key, const struct mxw_verdict_entry *entry)
{
	if (mxw_verdict_entry_holds(entry))
		return entry->severity;
	return is_open(entry) && mxw_key_weight(key) >= MXW_WARNING ? MXW_UNKNOWN : MXW_OK;
}

/* Starts the definition of row i. */
static void enter_definition(struct count *count, size_t i)
{
	const struct mxw_finding_def *def = count->rows[i].finding->def;
	count->covered = count->unsure = 0;
	for (; i < count->n_rows && count->rows[i].finding->def == def; i++) {
		uint64_t view = UINT64_C(1) << count->rows[i].view;
		if (count->rows[i].finding->vote != MXW_VOTE_UNKNOWN)
			continue;
		if (!*count->rows[i].finding->subject)
			count->covered |= view;
		if (count->rows[i].view >= count->n_views)
			count->unsure |= view;
	}
}

/* Only servers name it, and cannot tell: where resolvers have a doubt or no vote, that counts without it. */
static bool is_unnamed(const struct mxw_key *key, const struct mxw_verdict_entry *entry)
{
	return !key->n_resolvers && entry->authority == MXW_AUTHORITY_UNKNOWN;
}

/* Cleared, and not by a quorum. */
static bool is_cleared_alone(const struct count *count, const struct mxw_key *key,
			     const struct mxw_verdict_entry *entry)
{
	return entry->status == MXW_CLEAR && mxw_popcount(entry->votes.no) < count->quorum &&
	       mxw_key_weight(key) >= MXW_WARNING;
}

static void add_entry(struct mxw_verdict *verdict, const struct mxw_key *key, const struct mxw_verdict_entry *entry)
{
	verdict->state = mxw_severity_worse(verdict->state, entry_state(key, entry));
	if (is_open(entry))
		verdict->may_be = mxw_severity_worse(verdict->may_be, mxw_key_weight(key));
	verdict->entries[verdict->n_entries++] = *entry;
}

/* Judges every key. Without entries in the verdict it only counts those that there will be. */
static size_t walk(struct count *count, struct mxw_verdict *verdict)
{
	size_t n_entries = 0;
	const struct mxw_finding_def *def = NULL;
	struct mxw_key key;
	for (size_t i = 0; i < count->n_rows; i += key.n) {
		bool wants_rederivation = false;
		key = key_at(count, i);
		if (key.rows[0].finding->def != def)
			enter_definition(count, i);
		def = key.rows[0].finding->def;
		struct mxw_verdict_entry entry = { .def = def, .subject = key.rows[0].finding->subject };
		count_votes(count, &key, &entry);
		entry.status = judge_key(count, &key, &entry, &wants_rederivation);
		verdict->is_cleared_alone |= is_cleared_alone(count, &key, &entry);
		if (entry.status == MXW_CLEAR || is_unnamed(&key, &entry))
			continue;
		entry.severity = mxw_key_severity(&key, &entry, count->quorum);
		entry.finding = mxw_key_speaker(&key);
		n_entries++;
		if (!verdict->entries)
			continue;
		verdict->wants_rederivation |= wants_rederivation;
		add_entry(verdict, &key, &entry);
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

/* Adds the rows of one view; without `rows` only counts them. */
static size_t add_rows(const struct count *count, const struct mxw_findings *findings, size_t view,
		       struct mxw_row *rows)
{
	size_t n = 0;
	for (size_t i = 0; findings && i < findings->n; i++) {
		const struct mxw_finding *finding = findings->items[i];
		assert(finding->severity <= MXW_CRITICAL);
		if (view >= count->n_views && !can_tell(count->zone, finding->def))
			continue;
		if (rows)
			rows[n] = (struct mxw_row){ finding, (unsigned)view };
		n++;
	}
	return n;
}

/* The rows of all views; without `rows` only counts them, and notes who is absent. */
static size_t add_all_rows(struct count *count, const struct mxw_verdict_view *views, struct mxw_row *rows)
{
	size_t n = 0;
	for (size_t view = 0; view < count->n_views + count->zone->n_servers; view++) {
		const struct mxw_findings *findings = view < count->n_views
							      ? views[view].findings
							      : count->zone->servers[view - count->n_views].findings;
		if (!findings)
			count->absent |= UINT64_C(1) << view;
		n += add_rows(count, findings, view, rows ? rows + n : NULL);
	}
	return n;
}

void mxw_verdict_sort(struct mxw_verdict *verdict)
{
	if (verdict->n_entries)
		qsort(verdict->entries, verdict->n_entries, sizeof(*verdict->entries), compare_entries);
}

static int judge_rows(struct mxw_verdict *ret, struct count *count)
{
	size_t n = walk(count, ret);
	if (!n)
		return 0;
	ret->entries = mxw_arena_alloc(&ret->arena, n * sizeof(*ret->entries));
	if (!ret->entries)
		return -ENOMEM;
	walk(count, ret);
	mxw_verdict_sort(ret);
	return 0;
}

int mxw_verdict_merge(struct mxw_verdict *ret, const struct mxw_verdict_view *views, size_t n_views, unsigned quorum,
		      const struct mxw_verdict_zone *zone)
{
	assert(n_views <= MXW_VERDICT_MAX_VIEWS && zone->n_servers <= MXW_VERDICT_MAX_SERVERS && quorum >= 1);
	struct count count = { .n_views = n_views, .quorum = quorum, .zone = zone };
	count.n_rows = add_all_rows(&count, views, NULL);
	struct mxw_verdict_votes present = slice(0, count.absent, 0, n_views);
	*ret = (struct mxw_verdict){ 0 };
	/* Too few votes: every key that nobody names is undecided too. Not all that a resolver can see is known to the
	 * zone's servers. */
	ret->state = mxw_popcount(present.no) >= quorum ? MXW_OK : MXW_UNKNOWN;
	if (!count.n_rows)
		return 0;
	struct mxw_row *rows = mxw_new_array(count.n_rows, sizeof(*rows));
	if (!rows)
		return -ENOMEM;
	add_all_rows(&count, views, rows);
	qsort(rows, count.n_rows, sizeof(*rows), compare_rows);
	count.rows = rows;
	int rc = judge_rows(ret, &count);
	free(rows);
	if (rc < 0)
		mxw_verdict_done(ret);
	return rc;
}

int mxw_verdict_count(struct mxw_verdict *ret, const struct mxw_verdict_view *views, size_t n_views, unsigned quorum)
{
	static const struct mxw_verdict_zone nothing;
	return mxw_verdict_merge(ret, views, n_views, quorum, &nothing);
}

void mxw_verdict_done(struct mxw_verdict *verdict)
{
	mxw_arena_done(&verdict->arena);
	*verdict = (struct mxw_verdict){ .state = MXW_UNKNOWN };
}

const char *mxw_authority_name(enum mxw_authority authority)
{
	static const char *const names[] = {
		[MXW_AUTHORITY_UNKNOWN] = "unknown",
		[MXW_AUTHORITY_YES] = "yes",
		[MXW_AUTHORITY_NO] = "no",
		[MXW_AUTHORITY_SPLIT] = "split",
	};
	return names[authority];
}

bool mxw_verdict_entry_holds(const struct mxw_verdict_entry *entry)
{
	return entry->status == MXW_CONFIRMED || entry->status == MXW_DISAGREE;
}

bool mxw_verdict_entry_is_listed(const struct mxw_verdict_entry *entry)
{
	switch (entry->status) {
	case MXW_CONFIRMED:
	case MXW_DISAGREE:
		return true;
	case MXW_UNDECIDED:
		return entry->votes.yes || entry->finding->severity >= MXW_WARNING;
	case MXW_RECOVERING:
		return entry->finding->severity >= MXW_WARNING;
	default:
		return false;
	}
}
