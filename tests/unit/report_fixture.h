/* Rounds made by hand for tests of lib/report: small checks, fake rounds, real findings, votes and answers.
 *
 * Takes the place of lib/round and of the registry of lib/check at link time. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/report/report.h"
#include "lib/round/round.h"

enum {
	FIXTURE_MX,
	FIXTURE_PTR,
	FIXTURE_SPF,
	FIXTURE_N_CHECKS,
	FIXTURE_MAX_RESOLVERS = 3,
	FIXTURE_MAX_SERVERS = 2,
	FIXTURE_MAX_VIEWS = FIXTURE_MAX_RESOLVERS + FIXTURE_MAX_SERVERS
};

/* Rows of the checks; spf has none, and is no part of a round unless a test says so. */
extern const struct mxw_finding_def fixture_mx_defs[], fixture_ptr_defs[];
enum { DEF_MX_OK, DEF_MX_NONE, DEF_MX_TTL, DEF_MX_TIMEOUT, DEF_MX_SYNTAX };
enum { DEF_PTR_NONE, DEF_PTR_TIMEOUT };

/* Three resolvers: 9.9.9.9, "office" at 192.0.2.53 port 5353, 2001:db8::53. */
extern const struct mxw_report_context fixture_context;

struct mxw_round *fixture_new(const char *domain, size_t n_views);
void fixture_free(struct mxw_round *round);
void fixture_add_check(struct mxw_round *round, size_t check);
void fixture_set_voters(struct mxw_round *round, uint32_t voters); /* at first all views */
/* Two name servers take part, views 3 and 4: ns1.example.com[192.0.2.1] and ns2.example.com[2001:db8::2]. */
void fixture_add_servers(struct mxw_round *round);
void fixture_set_cap(struct mxw_round *round, const char *text); /* static; at first none */

/* View `view` says yes; for an unknown row see fixture_cannot_tell. The finding is there to be filled. */
struct mxw_finding *fixture_say(struct mxw_round *round, size_t check, size_t view, const struct mxw_finding_def *def,
				const char *subject);
void fixture_cannot_tell(struct mxw_round *round, size_t check, size_t view, const struct mxw_finding_def *def);
void fixture_set(struct mxw_round *round, size_t check, size_t view, struct mxw_finding *finding, const char *key,
		 const char *value);
void fixture_cite(struct mxw_round *round, size_t check, size_t view, struct mxw_finding *finding, const char *name,
		  uint16_t type);

/* An answer of one view: MX ("10 mx1.example.com"), A, AAAA (address), PTR (name), TXT (octets). No text: `outcome` alone. */
void fixture_answer(struct mxw_round *round, size_t view, const char *name, uint16_t type, enum mxw_outcome outcome,
		    const char *const *texts, size_t n_texts);

/* An answer made elsewhere; takes the reference. NULL: none ever comes. */
void fixture_put(struct mxw_round *round, size_t view, const char *name, uint16_t type, struct mxw_answer *answer);

/* Counts the votes with the majority as quorum; what servers were asked, the parent has confirmed. `age` is that of all
 * resolvers' answers that the servers contradict. */
void fixture_judge_aged(struct mxw_round *round, enum mxw_age age);
/* The same with no history. */
void fixture_judge(struct mxw_round *round);

/* example.com without MX: two of three say so, the third one times out; PTR is fine everywhere. */
struct mxw_round *fixture_broken(void);
/* example.org: two mail hosts, reverse names of both lead back. */
struct mxw_round *fixture_healthy(void);
