/* What of a domain's records is pinned (`expect`) or watched for changes (`notify_changes`), in the words of the
 * configuration. */
#pragma once

#include <stddef.h>

enum mxw_record_type {
	MXW_RECORD_MX,      /* the MX records of the domain */
	MXW_RECORD_SPF,     /* its SPF records: those of its TXT records that are one (RFC 7208 4.5) */
	MXW_RECORD_NS,      /* its NS records; only the apex of a zone has some */
	MXW_RECORD_ADDRESS, /* A and AAAA of its own MX hosts, mxw_watched_has_host in lib/check/watched.h; never pinned */
	MXW_RECORD_PTR,     /* of an address; never watched */
	MXW_N_RECORD_TYPES,
};

/* For sets of types: `unsigned` with one bit a type. */
#define MXW_RECORD_BIT(type) (1u << (type))

const char *mxw_record_type_name(enum mxw_record_type type); /* "mx", "spf", "ns", "address", "ptr"; static */
