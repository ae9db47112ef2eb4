/* Zones as text; see zone.h. Memory that runs out ends the program: a test has nothing to save. */
#include "tests/scenario/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/ip.h"
#include "lib/base/util.h"
#include "lib/dns/name.h"
#include "lib/target/target.h"

enum {
	MAX_RDATA = 256,
	MAX_RRS = 64, /* of one set */
	ANY_TYPE = 255,
	DEFAULT_MINIMUM = 900,
	NEGATIVE_TTL = 3600,
};

struct record {
	char *owner, *target; /* canonical */
	struct mxw_rr rr; /* CNAME and SOA too; name and rdata point to target and rdata */
	uint8_t rdata[MAX_RDATA];
	bool is_outcome;
	enum mxw_outcome outcome;
};

struct zone {
	struct record *records;
	size_t n;
};

/* ---- reading ---- */

static char *copy(const char *text)
{
	char *ret = strdup(text);
	if (!ret)
		abort();
	return ret;
}

static const char *take_name(const char *word, char **ret)
{
	char name[MXW_NAME_TEXT_MAX];
	if (!word || mxw_name_canonical(word, name) < 0)
		return "here belongs a name";
	*ret = copy(name);
	return NULL;
}

static const char *take_address(const char *word, struct record *record)
{
	struct mxw_ip ip;
	if (!word || mxw_ip_parse(word, &ip) < 0 || (ip.family == 4) != (record->rr.type == MXW_TYPE_A))
		return "here belongs an address of this family";
	record->rr.n_rdata = ip.family == 4 ? 4 : 16;
	memcpy(record->rdata, ip.bytes, record->rr.n_rdata);
	return NULL;
}

/* One character-string, in quotes, to the end of the line. */
static const char *take_text(const char *rest, struct record *record)
{
	size_t n = rest ? strlen(rest) : 0;
	if (n < 2 || n > MAX_RDATA || rest[0] != '"' || rest[n - 1] != '"')
		return "here belongs a text in quotes";
	record->rdata[0] = (uint8_t)(n - 2);
	memcpy(record->rdata + 1, rest + 1, n - 2);
	record->rr.n_rdata = (uint16_t)(n - 1);
	return NULL;
}

static const char *take_rdata(char *rest, struct record *record)
{
	static const char blanks[] = " \t";
	char *number;
	switch (record->rr.type) {
	case MXW_TYPE_A:
	case MXW_TYPE_AAAA:
		return take_address(rest, record);
	case MXW_TYPE_TXT:
		return take_text(rest, record);
	case MXW_TYPE_SOA:
	case MXW_TYPE_MX:
		number = strsep(&rest, blanks);
		if (!number || !*number || number[strspn(number, "0123456789")])
			return "here belongs a number";
		record->rr.preference = (uint16_t)strtoul(number, NULL, 10); /* of a SOA: its minimum */
		return record->rr.type == MXW_TYPE_MX ? take_name(rest, &record->target) : NULL;
	case MXW_TYPE_CNAME:
	case MXW_TYPE_PTR:
	case MXW_TYPE_NS:
		return take_name(rest, &record->target);
	default:
		return "records of this type are not understood";
	}
}

static const char *take_outcome(const char *word, struct record *record)
{
	record->is_outcome = true;
	for (int i = MXW_OUTCOME_NODATA; word && i < MXW_N_OUTCOMES; i++) {
		record->outcome = (enum mxw_outcome)i;
		if (strcasecmp(mxw_outcome_name(record->outcome), word) == 0)
			return NULL;
	}
	return "here belongs an outcome such as servfail";
}

/* NAME TYPE OUTCOME, or NAME TTL IN TYPE RDATA. */
static const char *read_line(char *line, struct record *record)
{
	static const char blanks[] = " \t";
	char *rest = line, *word;
	const char *problem = take_name(strsep(&rest, blanks), &record->owner);
	if (problem)
		return problem;
	word = strsep(&rest, blanks);
	bool is_record = word && *word >= '0' && *word <= '9';
	if (is_record) {
		record->rr.ttl = (uint32_t)strtoul(word, NULL, 10);
		word = strsep(&rest, blanks);
		if (!word || strcmp(word, "IN") != 0)
			return "after the TTL belongs IN";
		word = strsep(&rest, blanks);
	}
	record->rr.type = word && strcmp(word, "*") == 0 ? ANY_TYPE : word ? mxw_rrtype_parse(word) : 0;
	if (!record->rr.type)
		return "here belongs a type";
	return is_record ? take_rdata(rest, record) : take_outcome(rest, record);
}

static void record_done(struct record *record)
{
	free(record->owner);
	free(record->target);
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

struct zone *zone_new(const char *where, const struct zone *like, const char *text)
{
	struct zone *zone = calloc(1, sizeof(*zone));
	char *lines = copy(text), *rest = lines, *line;
	const char *problem = NULL;
	if (!zone)
		abort();
	while (!problem && (line = strsep(&rest, "\n"))) {
		struct record record = { 0 };
		line += strspn(line, " \t");
		if (!*line || *line == '#')
			continue;
		char *said = copy(line);
		problem = read_line(line, &record);
		if (problem)
			fprintf(stderr, "%s: \"%s\": %s\n", where, said, problem);
		free(said);
		add(zone, &record);
	}
	free(lines);
	if (problem) {
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
	for (size_t i = 0; i < zone->n; i++)
		record_done(&zone->records[i]);
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
		if (mxw_name_is_below(record->owner, name) && !(record->is_outcome && record->outcome == MXW_OUTCOME_NXDOMAIN))
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
static bool settle(const struct zone *zone, const char *name, uint16_t type, struct mxw_answer_parts *parts, struct mxw_rr *rrs,
		   const char **ret_target)
{
	const char *owner = find_owner(zone, name);
	const struct record *outcome = find(zone, owner, type, true), *alias = find(zone, owner, MXW_TYPE_CNAME, false);
	for (size_t i = 0; !outcome && i < zone->n && parts->n_rrs < MAX_RRS; i++)
		if (is_record_of(&zone->records[i], owner, type, false))
			rrs[parts->n_rrs++] = zone->records[i].rr;
	if (!outcome && parts->n_rrs == 0 && alias) {
		*ret_target = alias->target;
		return false;
	}
	parts->head.outcome = outcome ? outcome->outcome : parts->n_rrs ? MXW_OUTCOME_ANSWER :
			      has_name(zone, owner) ? MXW_OUTCOME_NODATA : MXW_OUTCOME_NXDOMAIN;
	if (parts->head.outcome == MXW_OUTCOME_NODATA || parts->head.outcome == MXW_OUTCOME_NXDOMAIN)
		deny(zone, name, parts);
	return true;
}

struct mxw_answer *zone_answer(const struct zone *zone, const char *name, uint16_t type)
{
	const char *chain[MXW_MAX_CHAIN];
	struct mxw_rr rrs[MAX_RRS];
	struct mxw_answer_parts parts = { .head = { .ede = -1, .ra = true }, .chain = chain, .rrs = rrs };
	struct mxw_answer *answer;
	const char *target = name;
	while (!settle(zone, target, type, &parts, rrs, &target)) {
		if (parts.n_chain == MXW_MAX_CHAIN) {
			parts.head.outcome = MXW_OUTCOME_LOOP;
			break;
		}
		chain[parts.n_chain++] = target;
	}
	if (mxw_answer_new(&answer, &parts) < 0)
		abort();
	return answer;
}
