/* What is watched: a mail domain and its profile (findings.md 3). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/ip.h"
#include "lib/base/strbuf.h"
#include "lib/dns/name.h"
#include "lib/target/expect.h"
#include "lib/target/record_type.h"

enum mxw_choice { MXW_AUTO, MXW_YES, MXW_NO };
enum mxw_topology { MXW_TOPOLOGY_AUTO, MXW_TOPOLOGY_FAILOVER, MXW_TOPOLOGY_BALANCED };

struct mxw_profile {
	enum mxw_choice receive, send, mx_hosts_send;
	enum mxw_topology topology;
	bool strict;
	const struct mxw_ip *send_ip; /* addresses declared to send mail of the domain */
	size_t n_send_ip;
};

struct mxw_target {
	const char *domain; /* canonical A-label form */
	const struct mxw_profile *profile;
	bool has_probes; /* ask also what is worth no more than advice: `mxwatch check`, and the daemon once a day */
	const struct mxw_expect *expect; /* NULL: nothing is pinned */
	unsigned
		watched_types; /* MXW_RECORD_BIT of the types whose answers somebody wants beside those that are judged */
	int64_t now_wall_ms; /* for planned changes; 0: not known, and then a plan allows what it allows at any time */
};

/* A domain as people write it: any case, final dot allowed, U-labels converted (IDNA2008, RFC 5891). On success the
 * canonical A-label name is in `ret` and 0 is returned; -EINVAL with *ret_reason (static text: "is an IP address",
 * "has one label only", "label ... longer than 63 octets", "is not valid under IDNA2008", ...). */
int mxw_target_parse_domain(const char *text, char ret[MXW_NAME_TEXT_MAX], const char **ret_reason);

/* A-labels for the U-labels of any name (RFC 5890 2.3.2.1), however many labels it has; plain ASCII stays as it is written.
 * *ret is owned. -EINVAL for a text that has no such form, -ENOMEM. */
int mxw_target_to_alabels(const char *text, char **ret);

/* The name for people: U-labels where they convert back to the same A-labels, else the name itself. */
void mxw_target_display(const char *domain, struct mxw_strbuf *ret);

/* The organisational domain by the Public Suffix List built into libpsl: one label below the longest public suffix.
 * Borrowed from inside `name`; `name` itself if it is a public suffix or the root. */
const char *mxw_target_org_domain(const char *name);
