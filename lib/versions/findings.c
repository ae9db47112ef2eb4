/* Findings from the report of a round; see findings.h. */
#include "lib/versions/findings.h"

#include <errno.h>
#include <string.h>

#include "lib/base/duration.h"
#include "lib/base/util.h"
#include "lib/check/consistency_findings.h"
#include "lib/dns/type.h"
#include "lib/versions/internal.h"
#include "lib/versions/words.h"

enum { ALIEN_GROUPS = 2 }; /* resolvers that make a foreign MX critical */

/* Everything that the makers of entries read, and where they write. */
struct telling {
	const struct mxw_versions *versions;
	const struct mxw_versions_key *key;
	const struct mxw_versions_round *round;
	const struct mxw_versions_report *report;
	struct mxw_versions_entries *entries;
	struct mxw_strbuf text;
	struct mxw_verdict_entry *entry; /* the one that is being made, and its finding */
	struct mxw_finding *finding;
};

/* ---- an entry ---- */

static uint32_t all_answering(const struct telling *telling)
{
	uint32_t mask = 0;
	for (size_t i = 0; i < telling->round->n_resolvers; i++)
		mask |= telling->round->resolvers[i].set ? UINT32_C(1) << i : 0;
	return mask;
}

static uint32_t all_of(size_t n)
{
	return n ? UINT32_MAX >> (32 - n) : 0;
}

static struct mxw_verdict_votes votes_of(uint32_t yes, uint32_t answering, size_t n)
{
	return (struct mxw_verdict_votes){ .yes = yes, .no = answering & ~yes, .unknown = all_of(n) & ~answering };
}

/* What is put from now on belongs to this entry. `yes` and `servers` are masks of those that it is about. */
static void begin(struct telling *telling, enum mxw_consistency_row row, uint32_t yes, uint8_t servers)
{
	const struct mxw_versions_key *key = telling->key;
	const struct mxw_versions_round *round = telling->round;
	const struct mxw_finding_def *def = &mxw_consistency_findings[row];
	struct mxw_versions_entries *entries = telling->entries;
	struct mxw_finding *finding = mxw_findings_add(&entries->findings, def, key->subject);
	char type[10];
	telling->finding = finding;
	telling->entry = &entries->items[entries->n++];
	*telling->entry = (struct mxw_verdict_entry){
		.def = def,
		.subject = key->subject,
		.status = MXW_CONFIRMED,
		.severity = def->severity,
		.votes = votes_of(yes, all_answering(telling), round->n_resolvers),
		.servers = votes_of(servers, telling->report->servers_answering, round->n_servers),
		.finding = finding,
	};
	mxw_finding_set(&entries->findings, finding, "name", key->name);
	mxw_finding_set(&entries->findings, finding, "what", key->what);
	mxw_finding_set(&entries->findings, finding, "qtype", mxw_rrtype_name(key->type, type));
	mxw_finding_set(&entries->findings, finding, "zone", key->zone ? key->zone : key->name);
	mxw_finding_cite(&entries->findings, finding, key->name, key->type);
}

static void make_critical(struct telling *telling)
{
	telling->entry->severity = telling->finding->severity = MXW_CRITICAL;
}

/* Moves what is in telling->text into a placeholder. */
static void put(struct telling *telling, const char *key)
{
	mxw_versions_put(&telling->entries->findings, telling->finding, key, &telling->text);
}

static void put_time(struct telling *telling, const char *key, int64_t at_ms)
{
	mxw_versions_time(&telling->text, at_ms, telling->round->now_ms, telling->round->now_wall_ms);
	put(telling, key);
}

static void put_set(struct telling *telling, const char *key, const char *set)
{
	mxw_versions_line(&telling->text, set);
	put(telling, key);
}

static void put_word(struct telling *telling, const char *key, const char *word)
{
	mxw_finding_set(&telling->entries->findings, telling->finding, key, word);
}

static void write_time(struct telling *telling, int64_t at_ms)
{
	mxw_versions_time(&telling->text, at_ms, telling->round->now_ms, telling->round->now_wall_ms);
}

/* What a domain's people must not do yet. */
static const char *keep_of(const struct mxw_versions_key *key)
{
	switch (key->type) {
	case MXW_TYPE_MX:
	case MXW_TYPE_A:
	case MXW_TYPE_AAAA:
		return "keep the old host accepting mail until then";
	case MXW_TYPE_NS:
		return "keep the old name servers answering until then";
	case MXW_TYPE_TXT:
		return "send only from hosts that the old record allows too until then";
	default:
		return NULL;
	}
}

/* ---- cons-propagating ---- */

static uint32_t resolvers_of_age(const struct telling *telling, enum mxw_age age)
{
	uint32_t mask = 0;
	for (size_t i = 0; i < telling->round->n_resolvers; i++)
		if (telling->report->resolvers[i].is_answered && telling->report->resolvers[i].age == age)
			mask |= UINT32_C(1) << i;
	return mask;
}

static void write_where(struct telling *telling)
{
	const struct mxw_versions_report *report = telling->report;
	size_t n_servers = telling->round->n_servers;
	int n_new = __builtin_popcount(report->servers_new),
	    n_answering = __builtin_popcount(report->servers_answering);
	mxw_strbuf_adds(&telling->text, "change seen at ");
	write_time(telling, report->new->since_ms);
	if (!n_servers)
		mxw_strbuf_adds(&telling->text, " by most resolvers");
	else if (!n_answering)
		mxw_strbuf_adds(&telling->text, " (no name server answers now)");
	else if (report->everywhere_ms != MXW_VERSIONS_NEVER && n_new == (int)n_servers)
		mxw_strbuf_adds(&telling->text, n_servers == 1 ? " at the name server" : " at all name servers");
	else
		mxw_strbuf_addf(&telling->text, " at %d of %zu name servers", n_new, n_servers);
}

/* "2 of 3 resolvers have it, the last of the others at 14:41:10 UTC" */
static void write_who(struct telling *telling, uint32_t has_it)
{
	const struct mxw_versions_report *report = telling->report;
	size_t n = telling->round->n_resolvers;
	int n_new = __builtin_popcount(has_it);
	if (!n)
		return;
	if (n_new == (int)n)
		mxw_strbuf_addf(&telling->text, n == 1 ? "; the resolver has it" : "; all %zu resolvers have it", n);
	else
		mxw_strbuf_addf(&telling->text, "; %d of %zu resolvers %s it", n_new, n, n_new == 1 ? "has" : "have");
	if (report->eta_ms == MXW_VERSIONS_NEVER || report->eta_ms <= telling->round->now_ms)
		return;
	mxw_strbuf_adds(&telling->text, ", the last of the others will by ");
	write_time(telling, report->eta_ms);
}

static void write_progress(struct telling *telling, uint32_t has_it)
{
	const struct mxw_versions_report *report = telling->report;
	bool is_open = report->everywhere_ms == MXW_VERSIONS_NEVER && telling->round->n_servers;
	if (report->old) {
		write_where(telling);
		write_who(telling, has_it);
	} else {
		mxw_strbuf_adds(&telling->text, "resolvers show different sets since ");
		write_time(telling, report->apart_since_ms);
		mxw_strbuf_adds(&telling->text, " (");
		mxw_versions_partition(&telling->text, telling->round->resolvers, telling->round->n_resolvers);
		mxw_strbuf_addc(&telling->text, ')');
	}
	mxw_strbuf_adds(&telling->text, "; the last old copy expires at ");
	write_time(telling, report->expires_ms);
	if (is_open)
		mxw_strbuf_adds(&telling->text, " at the latest");
}

static void tell_propagating(struct telling *telling)
{
	const struct mxw_versions_report *report = telling->report;
	uint32_t has_it = report->old ? resolvers_of_age(telling, MXW_AGE_CURRENT) : 0;
	const char *keep = report->old && report->old->is_negative ? NULL : keep_of(telling->key);
	if (report->state != MXW_VERSIONS_PROPAGATING || (telling->key->is_foreign && !report->servers_answering))
		return;
	begin(telling, MXW_CONSISTENCY_PROPAGATING, has_it, report->servers_new);
	write_progress(telling, has_it);
	put(telling, "progress");
	mxw_strbuf_addf(&telling->text, "nothing to do but wait%s%s", keep ? ", and " : "", keep ? keep : "");
	put(telling, "advice");
	mxw_strbuf_addf(&telling->text, "%s%s", keep ? ", and " : "", keep ? keep : "");
	put(telling, "keep");
	put_time(telling, "until", report->expires_ms);
	put_time(telling, "deadline", report->deadline_ms);
	put_set(telling, "new", report->new ? report->new->set : "");
	put_set(telling, "old", report->old ? report->old->set : "");
}

/* ---- cons-stale-resolver ---- */

static void tell_stale(struct telling *telling)
{
	const struct mxw_versions_seen *first = NULL;
	const char *how = "", *keep = keep_of(telling->key);
	uint32_t stale = 0;
	for (size_t i = 0; i < telling->round->n_resolvers; i++) {
		const struct mxw_versions_seen *seen = &telling->report->resolvers[i];
		if (!telling->report->servers_answering || !seen->is_late)
			continue;
		stale |= UINT32_C(1) << i;
		first = first ? first : seen;
		if (seen->is_stale)
			how = " (it says itself that its answer is stale)";
	}
	if (!stale)
		return;
	begin(telling, MXW_CONSISTENCY_STALE_RESOLVER, stale, 0);
	bool is_one = (stale & (stale - 1)) == 0;
	mxw_versions_names(&telling->text, telling->round->resolvers, stale);
	put(telling, "resolvers");
	put_set(telling, "old", first->version->set);
	mxw_duration_format_short(&telling->text,
				  telling->round->now_ms - mxw_version_expires_ms(telling->versions, first->version));
	put(telling, "dur");
	put_word(telling, "gives", is_one ? "gives" : "give");
	put_word(telling, "how", is_one ? how : "");
	mxw_strbuf_addf(&telling->text, "%s%s", keep ? ": " : "", keep ? keep : "");
	put(telling, "keep");
}

/* ---- cons-split ---- */

static void tell_split(struct telling *telling)
{
	const struct mxw_versions_report *report = telling->report;
	if (report->apart_since_ms == MXW_VERSIONS_NEVER || telling->round->now_ms <= report->apart_until_ms ||
	    report->n_apart_rounds < MXW_VERSIONS_ROUNDS || telling->key->is_foreign)
		return;
	begin(telling, MXW_CONSISTENCY_SPLIT, all_answering(telling), 0);
	put_time(telling, "since", report->apart_since_ms);
	mxw_versions_partition(&telling->text, telling->round->resolvers, telling->round->n_resolvers);
	put(telling, "partition");
}

/* ---- cons-alien-answer ---- */

/* A command that asks the authority, after the name of its placeholder. */
static void put_address(struct telling *telling, const char *key, uint8_t servers)
{
	for (size_t i = 0; i < telling->round->n_servers; i++) {
		const char *address = telling->round->servers[i].address;
		if (!(servers & 1u << i) || !address)
			continue;
		put_word(telling, key, address);
		return;
	}
	put_word(telling, key, "");
}

/* Not every server was asked with success: one that was not may give what looks alien, so it is no more than a warning. */
static bool is_whole_authority(const struct telling *telling)
{
	return __builtin_popcount(telling->report->servers_answering) == (int)telling->round->n_servers;
}

static void tell_alien(struct telling *telling)
{
	uint32_t alien = 0;
	int n_fetched = 0, first = -1;
	if (telling->key->is_foreign || !telling->report->servers_answering)
		return;
	for (size_t i = 0; i < telling->round->n_resolvers; i++) {
		const struct mxw_versions_seen *seen = &telling->report->resolvers[i];
		if (!seen->is_alien)
			continue;
		alien |= UINT32_C(1) << i;
		first = first < 0 ? (int)i : first;
		n_fetched += seen->is_refetched;
	}
	if (!alien)
		return;
	begin(telling, MXW_CONSISTENCY_ALIEN_ANSWER, alien, 0);
	if (telling->key->type == MXW_TYPE_MX && n_fetched >= ALIEN_GROUPS && is_whole_authority(telling))
		make_critical(telling);
	mxw_versions_names(&telling->text, telling->round->resolvers, alien);
	put(telling, "resolvers");
	put_word(telling, "gives", (alien & (alien - 1)) == 0 ? "gives" : "give");
	put_set(telling, "new", telling->round->resolvers[first].set);
	put_set(telling, "current", telling->report->new->set);
	put_address(telling, "address", telling->report->servers_answering);
}

/* ---- cons-auth-disagree ---- */

/* One server denies what another one has. */
static bool is_denied_by_some(const struct telling *telling)
{
	bool is_denied = false, is_there = false;
	for (size_t i = 0; i < telling->round->n_servers; i++) {
		const struct mxw_versions_view *server = &telling->round->servers[i];
		is_denied |= server->set && server->is_negative;
		is_there |= server->set && !server->is_negative;
	}
	return is_denied && is_there;
}

/* Two servers with different sets have one serial, or one of them none: a transfer that is under way is no excuse. */
static bool is_unexplained(const struct telling *telling)
{
	const struct mxw_versions_view *servers = telling->round->servers;
	for (size_t i = 0; i < telling->round->n_servers; i++)
		for (size_t k = 0; servers[i].set && k < i; k++)
			if (servers[k].set && strcmp(servers[i].set, servers[k].set) != 0 &&
			    (!servers[i].has_serial || !servers[k].has_serial ||
			     servers[i].serial == servers[k].serial))
				return true;
	return false;
}

static void tell_disagree(struct telling *telling)
{
	const struct mxw_versions_report *report = telling->report;
	uint8_t other = report->servers_other;
	bool is_critical = telling->key->type == MXW_TYPE_MX && is_denied_by_some(telling);
	if (report->n_server_rounds < MXW_VERSIONS_ROUNDS)
		return;
	if (!is_critical && !is_unexplained(telling) &&
	    telling->round->now_ms <= report->split_since_ms + 2 * mxw_versions_late_ms(telling->versions))
		return;
	begin(telling, MXW_CONSISTENCY_AUTH_DISAGREE, 0, report->servers_answering);
	telling->entry->authority = MXW_AUTHORITY_SPLIT;
	if (is_critical)
		make_critical(telling);
	put_time(telling, "since", report->split_since_ms);
	mxw_versions_partition(&telling->text, telling->round->servers, telling->round->n_servers);
	put(telling, "partition");
	mxw_versions_names(&telling->text, telling->round->servers, other);
	put(telling, "late");
	put_address(telling, "address", report->servers_new);
	put_address(telling, "other_address", other);
}

/* ---- all ---- */

int mxw_versions_findings(const struct mxw_versions *versions, const struct mxw_versions_key *key,
			  const struct mxw_versions_round *round, const struct mxw_versions_report *report,
			  struct mxw_versions_entries *ret)
{
	struct telling telling = { .versions = versions, .key = key, .round = round, .report = report, .entries = ret };
	mxw_versions_entries_done(ret);
	tell_propagating(&telling);
	tell_stale(&telling);
	tell_split(&telling);
	tell_alien(&telling);
	tell_disagree(&telling);
	mxw_strbuf_done(&telling.text);
	return mxw_findings_failed(&ret->findings) ? -ENOMEM : 0;
}

void mxw_versions_entries_done(struct mxw_versions_entries *entries)
{
	mxw_findings_done(&entries->findings);
	*entries = (struct mxw_versions_entries){ 0 };
}
