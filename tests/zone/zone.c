/* Zones as text; see zone.h. Memory that runs out ends the program: a test has nothing to save. */
#include "tests/zone/zone.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/ip.h"
#include "lib/base/util.h"
#include "lib/dns/name.h"
#include "lib/target/target.h"

enum {
	MAX_RDATA = 1024,
	MAX_STRING = 255, /* RFC 1035 3.3 */
	MAX_RRS = 128,    /* of one set */
	ANY_TYPE = 255,
	DEFAULT_MINIMUM = 900,
	NEGATIVE_TTL = 3600,
};

struct record {
	char *owner, *target; /* canonical */
	struct mxw_rr rr;     /* CNAME and SOA too; name and rdata point to target and rdata */
	uint8_t rdata[MAX_RDATA];
	bool is_outcome, is_unanswered;
	enum mxw_outcome outcome;
};

struct zone {
	struct record *records;
	size_t n;
};

/* ---- reading: what is wrong with a line, or NULL ---- */

static const char blanks[] = " \t";

static char *copy(const char *text)
{
	char *ret = strdup(text);
	if (!ret)
		abort();
	return ret;
}

/* Cuts the next word off; NULL at the end of the line. */
static char *take_word(char **rest)
{
	char *word = *rest ? *rest + strspn(*rest, blanks) : NULL;
	if (!word || !*word)
		return NULL;
	char *end = word + strcspn(word, blanks);
	*rest = *end ? end + 1 : NULL;
	*end = '\0';
	return word;
}

static const char *take_name(char **rest, char **ret)
{
	char name[MXW_NAME_TEXT_MAX];
	const char *word = take_word(rest);
	if (!word || mxw_name_canonical(word, name) < 0)
		return "here belongs a name";
	*ret = copy(name);
	return NULL;
}

static const char *take_address(char **rest, struct record *record)
{
	struct mxw_ip ip;
	const char *word = take_word(rest);
	if (!word || mxw_ip_parse(word, &ip) < 0 || (ip.family == 4) != (record->rr.type == MXW_TYPE_A))
		return "here belongs an address of this family";
	record->rr.n_rdata = ip.family == 4 ? 4 : 16;
	memcpy(record->rdata, ip.bytes, record->rr.n_rdata);
	return NULL;
}

static const char *take_number(char **rest, uint16_t *ret)
{
	const char *word = take_word(rest);
	if (!word || word[strspn(word, "0123456789")])
		return "here belongs a number";
	*ret = (uint16_t)strtoul(word, NULL, 10);
	return NULL;
}

/* One octet of a character-string, as it is or as \DDD or \X. */
static uint8_t take_octet(const char **at)
{
	const char *text = *at;
	if (text[0] != '\\' || !text[1]) {
		*at += 1;
		return (uint8_t)text[0];
	}
	if (!isdigit((unsigned char)text[1]) || !text[2] || !text[3]) {
		*at += 2;
		return (uint8_t)text[1];
	}
	*at += 4;
	return (uint8_t)((text[1] - '0') * 100 + (text[2] - '0') * 10 + (text[3] - '0'));
}

/* "text" "text": all that is left of the line. */
static const char *take_strings(char **rest, struct record *record)
{
	const char *at = *rest ? *rest : "";
	size_t n = 0;
	*rest = NULL;
	for (at += strspn(at, blanks); *at == '"'; at += strspn(at, blanks)) {
		size_t start = n++;
		for (at++; *at && *at != '"' && n < MAX_RDATA; n++)
			record->rdata[n] = take_octet(&at);
		if (*at++ != '"' || n - start - 1 > MAX_STRING || n >= MAX_RDATA)
			return "a string without end, or too long";
		record->rdata[start] = (uint8_t)(n - start - 1);
	}
	record->rr.n_rdata = (uint16_t)n;
	return n && !*at ? NULL : "here belong texts in quotes";
}

static const char *take_rdata(char **rest, struct record *record)
{
	const char *problem;
	switch (record->rr.type) {
	case MXW_TYPE_A:
	case MXW_TYPE_AAAA:
		return take_address(rest, record);
	case MXW_TYPE_TXT:
	case MXW_TYPE_SPF:
		return take_strings(rest, record);
	case MXW_TYPE_SOA:
		return take_number(rest, &record->rr.preference); /* its minimum */
	case MXW_TYPE_MX:
		problem = take_number(rest, &record->rr.preference);
		return problem ? problem : take_name(rest, &record->target);
	case MXW_TYPE_CNAME:
	case MXW_TYPE_PTR:
	case MXW_TYPE_NS:
		return take_name(rest, &record->target);
	default:
		return "records of this type are not understood";
	}
}

static const char *take_outcome(char **rest, struct record *record)
{
	const char *word = take_word(rest);
	record->is_outcome = true;
	record->is_unanswered = word && strcmp(word, "UNANSWERED") == 0;
	for (int i = MXW_OUTCOME_NODATA; word && !record->is_unanswered && i < MXW_N_OUTCOMES; i++) {
		record->outcome = (enum mxw_outcome)i;
		if (strcasecmp(mxw_outcome_name(record->outcome), word) == 0)
			return NULL;
	}
	return record->is_unanswered ? NULL : "here belongs an outcome such as SERVFAIL";
}

/* NAME TYPE OUTCOME, or NAME TTL IN TYPE RDATA. */
static const char *read_line(char *line, struct record *record)
{
	char *rest = line;
	const char *problem = take_name(&rest, &record->owner), *word = problem ? NULL : take_word(&rest);
	bool is_record = word && isdigit((unsigned char)*word);
	if (problem)
		return problem;
	if (is_record) {
		record->rr.ttl = (uint32_t)strtoul(word, NULL, 10);
		word = take_word(&rest);
		if (!word || strcmp(word, "IN") != 0)
			return "after the TTL belongs IN";
		word = take_word(&rest);
	}
	record->rr.type = word && strcmp(word, "*") == 0 ? ANY_TYPE : word ? mxw_rrtype_parse(word) : 0;
	if (!record->rr.type)
		return "here belongs a type";
	problem = is_record ? take_rdata(&rest, record) : take_outcome(&rest, record);
	return problem ? problem : take_word(&rest) ? "there is something left at the end" : NULL;
}

static void add(struct zone *zone, const struct record *record)
{
	zone->records = reallocarray(zone->records, zone->n + 1, sizeof(zone->records[0]));
	if (!zone->records)
		abort();
	zone->records[zone->n++] = *record;
}

/* Records that an answer shows point into the array, which grows: set only when it is complete. */
static void set_pointers(struct zone *zone)
{
	for (size_t i = 0; i < zone->n; i++) {
		zone->records[i].rr.rdata = zone->records[i].rdata;
		zone->records[i].rr.name = zone->records[i].target;
	}
}

static bool is_spoken_of(const struct zone *zone, size_t n, const struct record *record)
{
	for (size_t i = 0; i < n; i++) {
		const struct record *own = &zone->records[i];
		if (strcmp(own->owner, record->owner) == 0 &&
		    (own->rr.type == record->rr.type || own->rr.type == ANY_TYPE || record->rr.type == ANY_TYPE))
			return true;
	}
	return false;
}

static void inherit(struct zone *zone, const struct zone *like)
{
	size_t n_own = zone->n;
	for (size_t i = 0; i < like->n; i++) {
		struct record record = like->records[i];
		if (is_spoken_of(zone, n_own, &record))
			continue;
		record.owner = copy(record.owner);
		record.target = record.target ? copy(record.target) : NULL;
		add(zone, &record);
	}
}

static bool add_line(struct zone *zone, const char *where, const char *text)
{
	struct record record = { 0 };
	char *line = copy(text);
	const char *problem = read_line(line, &record);
	if (problem)
		fprintf(stderr, "%s: \"%s\": %s\n", where, text, problem);
	free(line);
	add(zone, &record); /* a half-read one too: the zone frees it */
	return !problem;
}

struct zone *zone_new(const char *where, const struct zone *like, const char *text)
{
	struct zone *zone = calloc(1, sizeof(*zone));
	char *lines = copy(text), *rest = lines, *line;
	bool ok = true;
	if (!zone)
		abort();
	while (ok && (line = strsep(&rest, "\n"))) {
		line += strspn(line, blanks);
		ok = !*line || *line == '#' || add_line(zone, where, line);
	}
	free(lines);
	if (!ok) {
		zone_free(zone);
		return NULL;
	}
	if (like)
		inherit(zone, like);
	set_pointers(zone);
	return zone;
}

void zone_free(struct zone *zone)
{
	if (!zone)
		return;
	for (size_t i = 0; i < zone->n; i++) {
		free(zone->records[i].owner);
		free(zone->records[i].target);
	}
	free(zone->records);
	free(zone);
}

/* ---- answering ---- */

static bool is_record_of(const struct record *record, const char *owner, uint16_t type, bool is_outcome)
{
	return record->is_outcome == is_outcome && strcmp(record->owner, owner) == 0 &&
	       (record->rr.type == type || record->rr.type == ANY_TYPE);
}

static const struct record *find(const struct zone *zone, const char *owner, uint16_t type, bool is_outcome)
{
	for (size_t i = 0; i < zone->n; i++)
		if (is_record_of(&zone->records[i], owner, type, is_outcome))
			return &zone->records[i];
	return NULL;
}

/* The name or one below it has records, or an outcome that does not deny it. */
static bool has_name(const struct zone *zone, const char *name)
{
	for (size_t i = 0; i < zone->n; i++) {
		const struct record *record = &zone->records[i];
		if (mxw_name_is_below(record->owner, name) &&
		    !(record->is_outcome && record->outcome == MXW_OUTCOME_NXDOMAIN && !record->is_unanswered))
			return true;
	}
	return false;
}

/* The owner whose lines speak of this name: itself, or the closest wildcard above (RFC 4592). */
static const char *find_owner(const struct zone *zone, const char *name)
{
	for (size_t i = 0; i < zone->n; i++)
		if (mxw_name_is_below(zone->records[i].owner, name))
			return name;
	for (const char *above = mxw_name_parent(name); above; above = mxw_name_parent(above))
		for (size_t i = 0; i < zone->n; i++) {
			const char *owner = zone->records[i].owner;
			if (strncmp(owner, "*.", 2) == 0 && strcmp(owner + 2, above) == 0)
				return owner;
		}
	return name;
}

static void deny(const struct zone *zone, const char *name, struct mxw_answer_parts *parts)
{
	parts->head.soa_ttl = NEGATIVE_TTL;
	parts->head.soa_minimum = DEFAULT_MINIMUM;
	for (const char *at = name; at; at = mxw_name_parent(at)) {
		const struct record *soa = find(zone, at, MXW_TYPE_SOA, false);
		if (!soa)
			continue;
		parts->head.soa_owner = soa->owner;
		parts->head.soa_minimum = soa->rr.preference;
		return;
	}
	const char *org = mxw_target_org_domain(name);
	parts->head.soa_owner = has_name(zone, org) ? org : mxw_name_parent(org);
}

/* What is said at the end of the chain. False when there is one more alias to follow: it is in *ret_target then. */
static bool settle(const struct zone *zone, const char *name, uint16_t type, struct mxw_answer_parts *parts,
		   struct mxw_rr *rrs, const char **ret_target)
{
	const char *owner = find_owner(zone, name);
	const struct record *alias = find(zone, owner, MXW_TYPE_CNAME, false);
	for (size_t i = 0; i < zone->n && parts->n_rrs < MAX_RRS; i++)
		if (is_record_of(&zone->records[i], owner, type, false))
			rrs[parts->n_rrs++] = zone->records[i].rr;
	if (parts->n_rrs == 0 && alias) {
		*ret_target = alias->target;
		return false;
	}
	parts->head.outcome = parts->n_rrs            ? MXW_OUTCOME_ANSWER
			      : has_name(zone, owner) ? MXW_OUTCOME_NODATA
						      : MXW_OUTCOME_NXDOMAIN;
	return true;
}

/* Follows an alias. False when it leads nowhere: in a circle, or too far. */
static bool follow(struct mxw_answer_parts *parts, const char **chain, const char *name, const char *target)
{
	if (parts->n_chain == MXW_MAX_CHAIN)
		return false;
	chain[parts->n_chain++] = target;
	for (size_t i = 0; i + 1 < parts->n_chain; i++)
		if (strcmp(chain[i], target) == 0)
			return false;
	return strcmp(target, name) != 0;
}

/* The line that settles the matter, if there is one: then it is the outcome of the whole question. */
static const struct record *find_outcome(const struct zone *zone, const char *name, uint16_t type)
{
	return find(zone, find_owner(zone, name), type, true);
}

struct mxw_answer *zone_answer(const struct zone *zone, const char *name, uint16_t type)
{
	const char *chain[MXW_MAX_CHAIN], *at = name;
	struct mxw_rr rrs[MAX_RRS];
	struct mxw_answer_parts parts = { .head = { .ede = -1 }, .chain = chain, .rrs = rrs };
	struct mxw_answer *answer;
	const struct record *outcome;
	while (!(outcome = find_outcome(zone, at, type)) && !settle(zone, at, type, &parts, rrs, &at))
		if (!follow(&parts, chain, name, at)) {
			parts.head.outcome = MXW_OUTCOME_LOOP;
			break;
		}
	if (outcome && outcome->is_unanswered)
		return NULL;
	if (outcome)
		parts.head.outcome = outcome->outcome;
	if (parts.head.outcome == MXW_OUTCOME_NODATA || parts.head.outcome == MXW_OUTCOME_NXDOMAIN)
		deny(zone, at, &parts);
	if (mxw_answer_new(&answer, &parts) < 0)
		abort();
	return answer;
}
