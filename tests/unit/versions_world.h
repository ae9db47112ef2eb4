/* Rounds of a zone and its resolvers under virtual time, a line each, and what a history makes of them as a line. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/versions/findings.h"

/* What a server or a resolver shows: a letter is a set ("10 A.example.com" in lower case), N is NODATA, X NXDOMAIN, - is no
 * answer; then /TTL in seconds (300 without), #SERIAL of a server, ! for a stale answer of a resolver. "@N" before the
 * servers: another delegation, with servers of other names. "&": the answer is the one that was seen at the time before, from
 * a cache. */
struct versions_row {
	int at_s;
	const char *servers, *resolvers;
	/* State (settled, spreading), an octet a resolver (c current, o old in time, l old late, u unknown, - no answer), then
	 * what is not "never": all= T_all, exp= expires, end= deadline, eta=, next=; "|" and the findings with their
	 * severities but for cons-propagating, which is where the state is. Times in seconds. */
	const char *expected;
};

struct versions_world {
	struct mxw_versions versions;
	struct mxw_versions_key key;
	int64_t wall_offset_ms;
	unsigned quorum;
	uint32_t refresh_s, retry_s; /* 0 and 0: no SOA */
	uint32_t parent_ttl_s;
	/* Of the last round. */
	struct mxw_versions_view servers[MXW_VERSIONS_MAX_SERVERS], resolvers[8];
	struct mxw_versions_round round;
	struct mxw_versions_report report;
	struct mxw_versions_entries entries;
};

/* An MX set of example.com, SOA refresh 600 and retry 120, quorum 2, noon of 2026-11-23 UTC at 0 s. */
void versions_world_init(struct versions_world *world);
void versions_world_done(struct versions_world *world);
void versions_world_look(struct versions_world *world, const struct versions_row *row);
/* Plays the rows and fails the test at the first that is not as expected. */
void versions_world_play(struct versions_world *world, const char *name, const struct versions_row *rows, size_t n);
/* The text of one finding of the last round: message, or a fix; NULL: it is not there. */
const struct mxw_finding *versions_world_finding(const struct versions_world *world, const char *id);
void versions_world_expect_text(const struct versions_world *world, const char *id, const char *message);
/* No placeholder of the finding's texts is open. */
void versions_expect_filled(const struct mxw_finding *finding);
