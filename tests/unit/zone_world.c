/* Reads a world line by line and answers like a resolver that sees it; see zone_world.h. */
#include "tests/unit/zone_world.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

#include "lib/base/ip.h"
#include "lib/base/util.h"
#include "lib/dns/name.h"
#include "lib/target/target.h"

enum {
	MAX_RECORDS = 128,
	MAX_RDATA = 1024,
	DEFAULT_MINIMUM = 900,
	ANY_TYPE = 255,
	UNANSWERED = MXW_N_OUTCOMES,
};

struct record {
	char owner[MXW_NAME_TEXT_MAX], target[MXW_NAME_TEXT_MAX];
	struct mxw_rr rr; /* CNAME and SOA too; rdata and name point into this record */
	uint8_t rdata[MAX_RDATA];
	bool is_outcome;
	int outcome;
};

struct zone_world {
	struct record records[MAX_RECORDS];
	size_t n;
};

static void fail_at(const char *line, const char *reason)
{
	fail_msg("bad line in the test: \"%.*s\": %s", (int)strcspn(line, "\n"), line, reason);
}

/* ---- reading ---- */

/* The next word of the line, NUL-terminated in `ret`; false at the end of the line. */
static bool take_word(const char **at, char *ret, size_t max)
{
	size_t n = 0;
	while (**at == ' ' || **at == '\t')
		++*at;
	while (**at && !strchr(" \t\n", **at) && n + 1 < max)
		ret[n++] = *(*at)++;
	ret[n] = '\0';
	return n > 0;
}

static void take_name(const char **at, const char *line, char ret[MXW_NAME_TEXT_MAX])
{
	char word[MXW_NAME_TEXT_MAX];
	if (!take_word(at, word, sizeof(word)) || mxw_name_canonical(word, ret) < 0)
		fail_at(line, "no name");
}

/* "text" "text", with \DDD and \" inside. */
static void take_strings(const char **at, const char *line, struct record *record)
{
	size_t n = 0;
	while (**at == ' ')
		++*at;
	while (**at == '"') {
		size_t start = n++;
		for (++*at; **at && **at != '"' && n < MAX_RDATA; n++) {
			if (**at != '\\') {
				record->rdata[n] = (uint8_t) * (*at)++;
			} else if (isdigit((unsigned char)(*at)[1])) {
				record->rdata[n] = (uint8_t)strtoul((char[]){ (*at)[1], (*at)[2], (*at)[3], '\0' },
								    NULL, 10);
				*at += 4;
			} else {
				record->rdata[n] = (uint8_t)(*at)[1];
				*at += 2;
			}
		}
		if (**at != '"' || n - start - 1 > 255)
			fail_at(line, "a string without end, or too long");
		record->rdata[start] = (uint8_t)(n - start - 1);
		++*at;
		while (**at == ' ')
			++*at;
	}
	record->rr.n_rdata = (uint16_t)n;
}

static void take_rdata(const char **at, const char *line, struct record *record)
{
	char word[256];
	struct mxw_ip ip;
	switch (record->rr.type) {
	case MXW_TYPE_A:
	case MXW_TYPE_AAAA:
		take_word(at, word, sizeof(word));
		if (mxw_ip_parse(word, &ip) < 0 || (ip.family == 4) != (record->rr.type == MXW_TYPE_A))
			fail_at(line, "no address");
		record->rr.n_rdata = ip.family == 4 ? 4 : 16;
		memcpy(record->rdata, ip.bytes, record->rr.n_rdata);
		break;
	case MXW_TYPE_MX:
		take_word(at, word, sizeof(word));
		record->rr.preference = (uint16_t)strtoul(word, NULL, 10);
		take_name(at, line, record->target);
		record->rr.name = record->target;
		break;
	case MXW_TYPE_CNAME:
	case MXW_TYPE_PTR:
	case MXW_TYPE_NS:
		take_name(at, line, record->target);
		record->rr.name = record->target;
		break;
	case MXW_TYPE_TXT:
		take_strings(at, line, record);
		break;
	case MXW_TYPE_SOA:
		take_word(at, word, sizeof(word));
		record->rr.preference = (uint16_t)strtoul(word, NULL, 10); /* the minimum */
		break;
	default:
		fail_at(line, "unknown type");
	}
}

static int outcome_of(const char *word, const char *line)
{
	for (int i = 0; i < MXW_N_OUTCOMES; i++)
		if (strcasecmp(mxw_outcome_name((enum mxw_outcome)i), word) == 0)
			return i;
	if (strcmp(word, "UNANSWERED") != 0)
		fail_at(line, "unknown outcome");
	return UNANSWERED;
}

static void read_line(struct zone_world *world, const char *line)
{
	const char *at = line;
	char word[256];
	if (world->n == MAX_RECORDS)
		fail_at(line, "too many lines");
	struct record *record = &world->records[world->n++];
	memset(record, 0, sizeof(*record));
	record->rr.rdata = record->rdata;
	take_name(&at, line, record->owner);
	take_word(&at, word, sizeof(word));
	record->is_outcome = !isdigit((unsigned char)word[0]);
	if (!record->is_outcome) {
		record->rr.ttl = (uint32_t)strtoul(word, NULL, 10);
		take_word(&at, word, sizeof(word)); /* IN */
		take_word(&at, word, sizeof(word));
	}
	record->rr.type = strcmp(word, "*") == 0 ? ANY_TYPE : mxw_rrtype_parse(word);
	if (!record->rr.type)
		fail_at(line, "unknown type");
	if (record->is_outcome) {
		take_word(&at, word, sizeof(word));
		record->outcome = outcome_of(word, line);
	} else {
		take_rdata(&at, line, record);
	}
	if (at[strspn(at, " \t")] != '\n' && at[strspn(at, " \t")] != '\0')
		fail_at(line, "something left at the end");
}

struct zone_world *zone_world_read(const char *text)
{
	struct zone_world *world = calloc(1, sizeof(*world));
	assert_non_null(world);
	while (*text) {
		size_t n = strcspn(text, "\n");
		if (n && *text != '#')
			read_line(world, text);
		text += n + (text[n] == '\n');
	}
	return world;
}

/* ---- answering ---- */

static const struct record *find(const struct zone_world *world, const char *name, uint16_t type, bool is_outcome)
{
	for (size_t i = 0; i < world->n; i++) {
		const struct record *record = &world->records[i];
		if (record->is_outcome == is_outcome && strcmp(record->owner, name) == 0 &&
		    (record->rr.type == type || record->rr.type == ANY_TYPE))
			return record;
	}
	return NULL;
}

static bool has_name(const struct zone_world *world, const char *name)
{
	for (size_t i = 0; i < world->n; i++)
		if (mxw_name_is_below(world->records[i].owner, name) &&
		    world->records[i].outcome != MXW_OUTCOME_NXDOMAIN)
			return true;
	return false;
}

static void deny(const struct zone_world *world, const char *name, struct mxw_answer_parts *parts)
{
	parts->head.soa_ttl = 3600;
	parts->head.soa_minimum = DEFAULT_MINIMUM;
	for (const char *zone = name; zone; zone = mxw_name_parent(zone)) {
		const struct record *soa = find(world, zone, MXW_TYPE_SOA, false);
		if (!soa)
			continue;
		parts->head.soa_owner = soa->owner;
		parts->head.soa_minimum = soa->rr.preference;
		return;
	}
	const char *org = mxw_target_org_domain(name);
	parts->head.soa_owner = has_name(world, org) ? org : mxw_name_parent(org);
}

/* Follows the aliases of the world; the end of the chain is in parts->chain. */
static void resolve(const struct zone_world *world, const char *name, uint16_t type, struct mxw_answer_parts *parts,
		    const char *chain[MXW_MAX_CHAIN + 1], struct mxw_rr *rrs)
{
	const struct record *record;
	parts->chain = chain;
	parts->rrs = rrs;
	parts->head.ede = -1;
	for (const char *at = name;; at = record->target) {
		if ((record = find(world, at, type, true)) != NULL) {
			parts->head.outcome = (enum mxw_outcome)record->outcome;
			if (record->outcome == MXW_OUTCOME_NXDOMAIN || record->outcome == MXW_OUTCOME_NODATA)
				deny(world, at, parts);
			return;
		}
		for (size_t i = 0; i < world->n; i++)
			if (!world->records[i].is_outcome && world->records[i].rr.type == type &&
			    strcmp(world->records[i].owner, at) == 0)
				rrs[parts->n_rrs++] = world->records[i].rr;
		if (parts->n_rrs) {
			parts->head.outcome = MXW_OUTCOME_ANSWER;
			return;
		}
		if ((record = find(world, at, MXW_TYPE_CNAME, false)) == NULL) {
			parts->head.outcome = has_name(world, at) ? MXW_OUTCOME_NODATA : MXW_OUTCOME_NXDOMAIN;
			deny(world, at, parts);
			return;
		}
		parts->head.outcome = MXW_OUTCOME_LOOP;
		if (parts->n_chain == MXW_MAX_CHAIN)
			return;
		chain[parts->n_chain++] = record->target;
		for (size_t i = 0; i + 1 < parts->n_chain; i++)
			if (strcmp(chain[i], record->target) == 0)
				return;
		if (strcmp(record->target, name) == 0)
			return;
	}
}

struct mxw_answer *zone_world_answer(const struct zone_world *world, const char *name, uint16_t type)
{
	const char *chain[MXW_MAX_CHAIN + 1];
	struct mxw_rr rrs[MAX_RECORDS];
	struct mxw_answer_parts parts = { 0 };
	struct mxw_answer *made;
	resolve(world, name, type, &parts, chain, rrs);
	if ((int)parts.head.outcome == UNANSWERED)
		return NULL;
	assert_int_equal(mxw_answer_new(&made, &parts), 0);
	return made;
}
