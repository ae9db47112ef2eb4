/* Rounds from lines of text; see versions_world.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/util.h"
#include "lib/dns/type.h"
#include "tests/unit/versions_world.h"

enum { NOON_S = 1795435200 }; /* 2026-11-23 12:00:00 UTC */

void versions_world_init(struct versions_world *world)
{
	*world = (struct versions_world){
		.key = { .name = "example.com",
			 .type = MXW_TYPE_MX,
			 .what = "MX",
			 .subject = "mx",
			 .zone = "example.com" },
		.wall_offset_ms = 1000 * (int64_t)NOON_S,
		.quorum = 2,
		.refresh_s = 600,
		.retry_s = 120,
	};
}

void versions_world_done(struct versions_world *world)
{
	mxw_versions_done(&world->versions);
	mxw_versions_entries_done(&world->entries);
}

/* ---- what is shown ---- */

static const char *set_of(char letter)
{
	static const char *const sets[] = {
		"10 a.example.com", "10 b.example.com", "10 c.example.com", "10 d.example.com",
		"10 e.example.com", "10 f.example.com", "10 g.example.com", "10 h.example.com",
		"10 i.example.com", "10 j.example.com", "10 k.example.com", "10 l.example.com",
	};
	if (letter == 'N')
		return "no records";
	if (letter == 'X')
		return "no such name";
	assert_in_range(letter, 'A', 'A' + (int)MXW_ARRAY_SIZE(sets) - 1);
	return sets[letter - 'A'];
}

static const char *read_view(const char *at, struct mxw_versions_view *ret, int64_t now_ms)
{
	int64_t before_ms = ret->at_ms;
	*ret = (struct mxw_versions_view){ .name = ret->name, .address = ret->address, .at_ms = now_ms, .ttl_s = 300 };
	if (*at != '-') {
		ret->set = set_of(*at);
		ret->is_negative = *at == 'N' || *at == 'X';
	}
	at++;
	while (*at && *at != ' ') {
		char *end = NULL;
		switch (*at++) {
		case '/':
			ret->ttl_s = (uint32_t)strtoul(at, &end, 10);
			break;
		case '#':
			ret->has_serial = true;
			ret->serial = (uint32_t)strtoul(at, &end, 10);
			break;
		case '!':
			ret->is_stale = true;
			break;
		case '&':
			ret->at_ms = before_ms;
			break;
		default:
			fail_msg("\"%s\" is no view", at - 1);
		}
		at = end ? end : at;
	}
	return at;
}

static size_t read_views(const char *at, struct mxw_versions_view *views, size_t max, int64_t now_ms)
{
	size_t n = 0;
	while (at && *(at += strspn(at, " "))) {
		assert_true(n < max);
		at = read_view(at, &views[n++], now_ms);
	}
	return n;
}

static const char *read_delegation(struct versions_world *world, const char *at)
{
	static const char *const names[2][MXW_VERSIONS_MAX_SERVERS] = {
		{ "ns1", "ns2", "ns3", "ns4", "ns5", "ns6", "ns7", "ns8" },
		{ "new1", "new2", "new3", "new4", "new5", "new6", "new7", "new8" },
	};
	static const char *const addresses[] = { "192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4",
						 "192.0.2.5", "192.0.2.6", "192.0.2.7", "192.0.2.8" };
	char *end = NULL;
	world->round.ns_set = at && *at == '@' ? strtoul(at + 1, &end, 10) : 1;
	for (size_t i = 0; i < MXW_VERSIONS_MAX_SERVERS; i++) {
		world->servers[i].name = names[world->round.ns_set != 1][i];
		world->servers[i].address = addresses[i];
	}
	return end ? end : at;
}

void versions_world_look(struct versions_world *world, const struct versions_row *row)
{
	static const char *const names[] = { "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8" };
	int64_t now_ms = 1000 * (int64_t)row->at_s;
	const char *servers = read_delegation(world, row->servers);
	uint64_t ns_set = world->round.ns_set;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(world->resolvers); i++)
		world->resolvers[i].name = names[i];
	world->round = (struct mxw_versions_round){
		.now_ms = now_ms,
		.now_wall_ms = now_ms + world->wall_offset_ms,
		.servers = world->servers,
		.n_servers = read_views(servers, world->servers, MXW_ARRAY_SIZE(world->servers), now_ms),
		.resolvers = world->resolvers,
		.n_resolvers = read_views(row->resolvers, world->resolvers, MXW_ARRAY_SIZE(world->resolvers), now_ms),
		.quorum = world->quorum,
		.has_soa = world->refresh_s || world->retry_s,
		.refresh_s = world->refresh_s,
		.retry_s = world->retry_s,
		.ns_set = ns_set,
		.parent_ttl_s = world->parent_ttl_s,
	};
	assert_int_equal(mxw_versions_update(&world->versions, &world->round, &world->report), 0);
	assert_int_equal(
		mxw_versions_findings(&world->versions, &world->key, &world->round, &world->report, &world->entries),
		0);
}

/* ---- what follows ---- */

static void write_time(struct mxw_strbuf *ret, const char *key, int64_t at_ms)
{
	if (at_ms == MXW_VERSIONS_NEVER || at_ms == INT64_MAX)
		return;
	mxw_strbuf_addf(ret, " %s=%" PRId64, key, at_ms / 1000);
	if (at_ms % 1000)
		mxw_strbuf_addf(ret, ".%03" PRId64, at_ms % 1000);
}

static char letter_of(const struct mxw_versions_seen *seen)
{
	static const char letters[] = {
		[MXW_AGE_UNKNOWN] = 'u', [MXW_AGE_CURRENT] = 'c', [MXW_AGE_OLD_IN_TIME] = 'o', [MXW_AGE_OLD_LATE] = 'l'
	};
	return seen->is_answered ? letters[seen->age] : '-';
}

static void write_findings(const struct versions_world *world, struct mxw_strbuf *ret)
{
	bool is_spreading = false;
	const char *separator = " | ";
	for (size_t i = 0; i < world->entries.n; i++) {
		const struct mxw_verdict_entry *entry = &world->entries.items[i];
		versions_expect_filled(entry->finding);
		assert_int_equal(entry->severity, entry->finding->severity);
		if (strcmp(entry->def->id, "cons-propagating") == 0) {
			is_spreading = true;
			continue;
		}
		mxw_strbuf_addf(ret, "%s%s %s", separator, entry->def->id, mxw_severity_name(entry->severity));
		separator = ", ";
	}
	assert_int_equal(is_spreading, world->report.state == MXW_VERSIONS_PROPAGATING);
}

static void write_report(const struct versions_world *world, struct mxw_strbuf *ret)
{
	const struct mxw_versions_report *report = &world->report;
	int64_t next_ms = mxw_versions_next_ms(report, world->round.now_ms);
	mxw_strbuf_adds(ret, report->state == MXW_VERSIONS_PROPAGATING ? "spreading " : "settled ");
	for (size_t i = 0; i < world->round.n_resolvers; i++)
		mxw_strbuf_addc(ret, letter_of(&report->resolvers[i]));
	write_time(ret, "all", report->everywhere_ms);
	write_time(ret, "exp", report->expires_ms);
	write_time(ret, "end", report->deadline_ms);
	write_time(ret, "eta", report->eta_ms);
	write_time(ret, "next", next_ms);
	write_findings(world, ret);
}

void versions_world_play(struct versions_world *world, const char *name, const struct versions_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct mxw_strbuf text = MXW_STRBUF_INIT;
		versions_world_look(world, &rows[i]);
		write_report(world, &text);
		if (rows[i].expected && strcmp(mxw_strbuf_get(&text), rows[i].expected) != 0)
			fail_msg("%s, %d s:\n  it is \"%s\",\nexpected \"%s\"", name, rows[i].at_s,
				 mxw_strbuf_get(&text), rows[i].expected);
		mxw_strbuf_done(&text);
	}
}

/* ---- texts ---- */

const struct mxw_finding *versions_world_finding(const struct versions_world *world, const char *id)
{
	for (size_t i = 0; i < world->entries.n; i++)
		if (strcmp(world->entries.items[i].def->id, id) == 0)
			return world->entries.items[i].finding;
	return NULL;
}

void versions_world_expect_text(const struct versions_world *world, const char *id, const char *message)
{
	const struct mxw_finding *finding = versions_world_finding(world, id);
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	if (!finding) {
		fail_msg("no %s", id);
		return;
	}
	mxw_finding_expand(finding, finding->def->message, &text);
	assert_string_equal(mxw_strbuf_get(&text), message);
	mxw_strbuf_done(&text);
}

void versions_expect_filled(const struct mxw_finding *finding)
{
	const char *const templates[] = { finding->def->message, finding->def->symptom, finding->def->reproduce,
					  finding->def->fix };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(templates); i++) {
		struct mxw_strbuf text = MXW_STRBUF_INIT;
		mxw_finding_expand(finding, templates[i], &text);
		assert_null(strchr(mxw_strbuf_get(&text), '{'));
		mxw_strbuf_done(&text);
	}
	assert_true(finding->n_evidence > 0);
}
