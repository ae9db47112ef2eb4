/* The SOA serials of a zone's name servers over rounds, and what its SOA says of denials: cons-serial, cons-serial-backward,
 * cons-negttl-high (findings.md 9). One for each zone, however many domains are in it. Nothing of it is stored: what matters
 * is seen again after a restart, but for the memory of a serial that went back. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/finding/finding.h"
#include "lib/versions/versions.h"

enum { MXW_NEGTTL_HIGH_S = 3600 };

/* One server of the zone. */
struct mxw_serial {
	bool is_known;
	uint8_t n_back;        /* answers in a row that were smaller than `highest` */
	uint32_t serial;       /* its last */
	uint32_t highest;      /* the furthest it has been */
	int64_t counted_ms;    /* answer that was counted last */
	int64_t back_since_ms; /* its serial is before `highest` since then; NEVER: it is not */
	int64_t late_since_ms; /* it is behind another server, and stands still; NEVER: it is not */
};

/* Zero-initialised knows nothing. */
struct mxw_serials {
	struct mxw_serial servers[MXW_VERSIONS_MAX_SERVERS];
	uint32_t server_names;   /* a hash of who they are; others begin anew */
	int64_t agreed_since_ms; /* all that answer have one serial since then; NEVER: they do not */
};

/* The SOA of a zone, as its own servers give it. */
struct mxw_soa_times {
	uint32_t ttl_s, refresh_s, retry_s, minimum_s;
};

/* One round: of `servers` name, address, at_ms and the serial count. */
void mxw_serials_update(struct mxw_serials *serials, const struct mxw_versions_view *servers, size_t n_servers,
			const struct mxw_soa_times *soa);
/* Adds cons-serial and cons-serial-backward as of the last update, with the zone as subject. Memory: mxw_findings_failed. */
void mxw_serials_findings(const struct mxw_serials *serials, const char *zone, const struct mxw_versions_view *servers,
			  size_t n_servers, const struct mxw_soa_times *soa, int64_t now_ms, struct mxw_findings *ret);
/* Adds cons-negttl-high. */
void mxw_negttl_findings(const char *zone, const struct mxw_soa_times *soa, struct mxw_findings *ret);

/* RFC 1982 3.2: a comes after b. Two serials that are 2^31 apart are in no order. */
static inline bool mxw_serial_is_later(uint32_t a, uint32_t b)
{
	uint32_t ahead = a - b;
	return ahead != 0 && ahead < UINT32_C(1) << 31;
}
