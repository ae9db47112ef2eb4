/* Makes one verdict entry readable; see entry.h. Pure templates and bit masks, limits are those of the finding. */
#include "lib/report/entry.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static size_t first_of(uint32_t votes, size_t n)
{
	size_t i = 0;
	while (i < n && !(votes & 1u << i))
		i++;
	return i;
}

static size_t count_of(uint32_t votes)
{
	return (size_t)__builtin_popcount(votes);
}

struct mxw_report_context mxw_report_context_of(const struct mxw_report_context *context, const struct mxw_round *round)
{
	struct mxw_report_context ret = *context;
	if (round) {
		ret.servers = mxw_round_get_spec(round)->server;
		ret.n_servers = mxw_round_get_spec(round)->n_servers;
	}
	return ret;
}

const char *mxw_report_view_name(const struct mxw_report_context *context, size_t view)
{
	if (view < context->n_upstreams)
		return context->upstreams[view].name;
	return view - context->n_upstreams < context->n_servers ? context->servers[view - context->n_upstreams].name
								: "";
}

/* Who says so, first of all: {resolver}. */
static const char *first_name(const struct mxw_verdict_entry *verdict, const struct mxw_report_context *context)
{
	size_t n = context->n_upstreams;
	if (!verdict->votes.yes && verdict->servers.yes)
		return mxw_report_view_name(context, n + first_of(verdict->servers.yes, context->n_servers));
	size_t first = first_of(verdict->votes.yes ? verdict->votes.yes : verdict->votes.unknown, n);
	return first < n ? mxw_report_view_name(context, first) : "";
}

/* A copy of the finding that also knows {votes} and {resolver}: both exist only after the vote. */
static const struct mxw_finding *with_votes(const struct mxw_verdict_entry *verdict,
					    const struct mxw_report_context *context, struct mxw_arena *arena)
{
	size_t n = verdict->finding->n_vars;
	struct mxw_finding *copy = mxw_arena_alloc(arena, sizeof(*copy));
	struct mxw_finding_var *vars = mxw_arena_alloc(arena, (n + 2) * sizeof(*vars));
	if (!copy || !vars)
		return verdict->finding;
	bool is_seen = verdict->votes.yes || verdict->servers.yes;
	size_t n_saying = count_of(is_seen ? verdict->votes.yes : verdict->votes.unknown);
	vars[0] = (struct mxw_finding_var){ "votes",
					    mxw_arena_textf(arena, "%zu/%zu", n_saying, context->n_upstreams) };
	vars[1] = (struct mxw_finding_var){ "resolver", first_name(verdict, context) };
	if (n)
		memcpy(vars + 2, verdict->finding->vars, n * sizeof(*vars));
	*copy = *verdict->finding;
	copy->subject = verdict->subject;
	copy->vars = vars;
	copy->n_vars = copy->max_vars = n + 2;
	return copy;
}

static const char *expand(const struct mxw_finding *finding, const char *template, struct mxw_arena *arena)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_finding_expand(finding, template, &text);
	if (mxw_strbuf_failed(&text))
		arena->failed = true;
	return mxw_arena_textn(arena, mxw_strbuf_get(&text), text.len);
}

static bool has_value(const struct mxw_finding *finding, const char *key, size_t len)
{
	if ((len == 7 && memcmp(key, "subject", 7) == 0) || (len == 2 && memcmp(key, "id", 2) == 0))
		return true;
	for (size_t i = 0; i < finding->n_vars; i++)
		if (strlen(finding->vars[i].key) == len && memcmp(finding->vars[i].key, key, len) == 0)
			return *finding->vars[i].value;
	return false;
}

/* Every {placeholder} of the template has a value, an empty one is none. Rows that say "unknown" often lack some: what they are about was
 * never seen. */
static bool is_filled(const struct mxw_finding *finding, const char *template)
{
	for (const char *open = strchr(template, '{'); open; open = strchr(open + 1, '{')) {
		size_t len = strspn(open + 1, "abcdefghijklmnopqrstuvwxyz0123456789_");
		if (len && open[1 + len] == '}' && !has_value(finding, open + 1, len))
			return false;
	}
	return true;
}

static void add_quoted(struct mxw_strbuf *command, const char *word)
{
	mxw_strbuf_addc(command, '\'');
	for (const char *c = word; *c; c++) {
		if (*c == '\'')
			mxw_strbuf_adds(command, "'\\''");
		else
			mxw_strbuf_addc(command, *c);
	}
	mxw_strbuf_addc(command, '\'');
}

/* One word that was filled from observations. Names of strangers may hold anything that DNS allows: quotes keep the
 * shell out of it, -q keeps dig from reading an option. */
static void add_value(struct mxw_strbuf *command, const char *word, bool is_bare)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:/-+@%=,";
	if (is_bare && (word[0] == '-' || word[0] == '+' || word[0] == '@'))
		mxw_strbuf_adds(command, "-q ");
	if (*word && word[strspn(word, safe)] == '\0')
		mxw_strbuf_adds(command, word);
	else
		add_quoted(command, word);
}

struct command {
	struct mxw_strbuf text;
	bool takes_resolver; /* a plain dig: not +trace, which asks the authorities */
};

/* Fills one command of the template, word by word. */
static void fill_command(struct command *ret, const struct mxw_finding *finding, const char *template, size_t len,
			 struct mxw_arena *arena)
{
	const char *end = template + len;
	size_t n_words = 0;
	ret->takes_resolver = false;
	mxw_strbuf_clear(&ret->text);
	for (const char *c = template; c < end;) {
		size_t n = 0;
		while (c < end && isspace((unsigned char)*c))
			c++;
		while (c + n < end && !isspace((unsigned char)c[n]))
			n++;
		if (!n)
			break;
		const char *word = mxw_arena_textn(arena, c, n);
		if (!word)
			return;
		if (n_words++)
			mxw_strbuf_addc(&ret->text, ' ');
		if (n_words == 1)
			ret->takes_resolver = strcmp(word, "dig") == 0;
		if (word[0] == '@' || strcmp(word, "+trace") == 0 || strcmp(word, "+nssearch") == 0)
			ret->takes_resolver = false;
		if (strchr(word, '{'))
			add_value(&ret->text, expand(finding, word, arena), word[0] == '{');
		else
			mxw_strbuf_adds(&ret->text, word);
		c += n;
	}
}

/* Whom to ask to see it. */
struct place {
	const struct mxw_endpoint *at; /* NULL: whoever is asked by default */
	bool is_server;
};

enum { MAX_PLACES = 3 };

static struct place place_of(const struct mxw_report_context *context, size_t resolver)
{
	const struct mxw_upstream_spec *upstream = &context->upstreams[resolver];
	return (struct place){ .at = upstream->n_addresses ? &upstream->addresses[0] : NULL };
}

static size_t find_places(const struct mxw_verdict_entry *verdict, const struct mxw_report_context *context,
			  struct place ret[MAX_PLACES])
{
	const struct mxw_verdict_votes *votes = &verdict->votes, *servers = &verdict->servers;
	bool is_seen = votes->yes || servers->yes;
	size_t n = 0, seen = first_of(is_seen ? votes->yes : votes->unknown, context->n_upstreams);
	size_t denied = votes->yes ? first_of(votes->no, context->n_upstreams) : context->n_upstreams;
	size_t server = first_of(servers->yes ? servers->yes : votes->yes ? servers->no : 0, context->n_servers);
	if (seen < context->n_upstreams)
		ret[n++] = place_of(context, seen);
	if (denied < context->n_upstreams)
		ret[n++] = place_of(context, denied);
	if (server < context->n_servers)
		ret[n++] = (struct place){ .at = &context->servers[server].endpoint, .is_server = true };
	return n;
}

static const char *command_at(const struct command *command, const struct place *place, struct mxw_arena *arena)
{
	char address[MXW_IP_TEXT_MAX] = "", scope[16] = "", port[16] = "";
	const struct mxw_endpoint *at = place->at;
	if (!command->takes_resolver || !at)
		return mxw_arena_text(arena, mxw_strbuf_get(&command->text));
	mxw_ip_format(&at->ip, address);
	if (at->scope)
		snprintf(scope, sizeof(scope), "%%%u", at->scope);
	if (at->port != 53)
		snprintf(port, sizeof(port), " -p %u", (unsigned)at->port);
	return mxw_arena_textf(arena, "%s @%s%s%s%s +noall +comments +answer +authority",
			       mxw_strbuf_get(&command->text), address, scope, port,
			       place->is_server ? " +norecurse" : "");
}

static size_t count_parts(const char *template, char separator)
{
	size_t n = 1;
	for (const char *c = template; *c; c++)
		n += *c == separator;
	return n;
}

static void fill_reproduce(struct mxw_report_entry *entry, const struct mxw_finding *finding,
			   const struct mxw_report_context *context, struct mxw_arena *arena)
{
	const char *template = finding->def->reproduce ? finding->def->reproduce : "";
	struct place places[MAX_PLACES];
	size_t n_places = find_places(entry->verdict, context, places);
	const char **list = mxw_arena_alloc(arena, MAX_PLACES * count_parts(template, ';') * sizeof(*list));
	struct command command = { .text = MXW_STRBUF_INIT };
	for (const char *part = template; list && *part;) {
		size_t len = strcspn(part, ";");
		const char *text = mxw_arena_textn(arena, part, len);
		if (text && is_filled(finding, text)) {
			fill_command(&command, finding, part, len, arena);
			size_t n = command.takes_resolver ? n_places : MXW_MIN(n_places, (size_t)1);
			for (size_t i = 0; i < n && command.text.len; i++)
				list[entry->n_reproduce++] = command_at(&command, &places[i], arena);
		}
		part += len + (part[len] == ';');
	}
	arena->failed |= mxw_strbuf_failed(&command.text);
	mxw_strbuf_done(&command.text);
	entry->reproduce = list;
}

static void add_lines(const char **list, size_t *n, const char *lines, struct mxw_arena *arena)
{
	for (const char *line = lines; *line;) {
		size_t len = strcspn(line, "\n");
		if (len)
			list[(*n)++] = mxw_arena_textn(arena, line, len);
		line += len + (line[len] == '\n');
	}
}

static void fill_fix(struct mxw_report_entry *entry, const struct mxw_finding *finding, struct mxw_arena *arena)
{
	static const char several[] = "{lines}";
	const char *template = finding->def->fix ? finding->def->fix : "", *lines = expand(finding, several, arena);
	size_t max = count_parts(template, '\n') + count_parts(lines, '\n');
	const char **list = mxw_arena_alloc(arena, max * sizeof(*list));
	for (const char *part = template; list && *part;) {
		size_t len = strcspn(part, "\n");
		const char *text = mxw_arena_textn(arena, part, len);
		if (strcmp(text, several) == 0)
			add_lines(list, &entry->n_fix, lines, arena);
		else if (*(text = expand(finding, text, arena))) /* it may be there for some findings of an id only */
			list[entry->n_fix++] = text;
		part += len + (part[len] == '\n');
	}
	entry->fix = list;
}

static const char *symptom_of(const struct mxw_finding *finding, struct mxw_arena *arena)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	if (finding->def->symptom)
		mxw_finding_symptom(finding, &text);
	arena->failed |= mxw_strbuf_failed(&text);
	return mxw_arena_textn(arena, mxw_strbuf_get(&text), text.len);
}

/* Says how far the message holds. */
static const char *qualify(const struct mxw_verdict_entry *verdict, const struct mxw_report_context *context,
			   const char *message, struct mxw_arena *arena)
{
	bool is_spreading = verdict->authority == MXW_AUTHORITY_YES && verdict->votes.no;
	switch (verdict->status) {
	case MXW_UNDECIDED:
		return mxw_arena_textf(arena, "undecided: %s", message);
	case MXW_RECOVERING:
		return mxw_arena_textf(arena, "mended at the zone's name servers, caches still show it: %s", message);
	case MXW_DISAGREE:
		return mxw_arena_textf(arena, "the zone's name servers disagree: %s", message);
	default:
		if (!is_spreading || verdict->severity < MXW_WARNING)
			return message;
		return mxw_arena_textf(arena, "%s (visible at %zu of %zu resolvers so far)", message,
				       count_of(verdict->votes.yes), context->n_upstreams);
	}
}

void mxw_report_entry_fill(struct mxw_report_entry *ret, const struct mxw_verdict_entry *verdict,
			   const struct mxw_report_context *context, struct mxw_arena *arena)
{
	const struct mxw_finding *finding = with_votes(verdict, context, arena);
	*ret = (struct mxw_report_entry){ .verdict = verdict, .symptom = "" };
	fill_reproduce(ret, finding, context, arena);
	if (mxw_report_entry_is_blank(verdict)) { /* the round tells why: failures.h */
		ret->message = "undecided";
		return;
	}
	ret->message = qualify(verdict, context, expand(finding, finding->def->message, arena), arena);
	ret->symptom = symptom_of(finding, arena);
	fill_fix(ret, finding, arena);
}

bool mxw_report_entry_is_told(const struct mxw_verdict_entry *verdict, bool alerting_only)
{
	if (verdict->severity == MXW_OFF)
		return false;
	if (mxw_verdict_entry_holds(verdict))
		return !alerting_only || verdict->severity >= MXW_WARNING;
	return !alerting_only && mxw_verdict_entry_is_listed(verdict);
}

bool mxw_report_entry_is_blank(const struct mxw_verdict_entry *verdict)
{
	return verdict->status == MXW_UNDECIDED && !verdict->votes.yes;
}

bool mxw_report_entry_is_repeated(const struct mxw_round *round, size_t check, const struct mxw_verdict_entry *verdict)
{
	for (size_t c = 0; c < check; c++) {
		const struct mxw_verdict *other = mxw_round_verdict(round, c);
		for (size_t i = 0; other && i < other->n_entries; i++) {
			const struct mxw_verdict_entry *entry = &other->entries[i];
			if (entry->status == verdict->status && strcmp(entry->def->id, verdict->def->id) == 0 &&
			    strcmp(entry->subject, verdict->subject) == 0)
				return true;
		}
	}
	return false;
}

const struct mxw_verdict_entry *mxw_report_worst_entry(const struct mxw_round *round)
{
	const struct mxw_verdict_entry *worst = NULL;
	for (size_t c = 0; c < mxw_n_checks; c++) {
		const struct mxw_verdict *verdict = mxw_round_verdict(round, c);
		for (size_t i = 0; verdict && i < verdict->n_entries; i++) {
			const struct mxw_verdict_entry *entry = &verdict->entries[i];
			if (!mxw_report_entry_is_told(entry, false))
				continue;
			if (!worst || entry->severity > worst->severity ||
			    (entry->severity == worst->severity && mxw_verdict_entry_holds(entry) &&
			     !mxw_verdict_entry_holds(worst)))
				worst = entry;
		}
	}
	return worst;
}

void mxw_report_votes_short(const struct mxw_verdict_entry *verdict, const struct mxw_report_context *context,
			    struct mxw_strbuf *ret)
{
	size_t n_yes = count_of(verdict->votes.yes);
	mxw_strbuf_addf(ret, "%zu of %zu resolver%s", n_yes, context->n_upstreams,
			context->n_upstreams == 1 ? "" : "s");
}

bool mxw_report_has_servers(const struct mxw_verdict_entry *verdict)
{
	return verdict->servers.yes || verdict->servers.no || verdict->servers.unknown;
}
