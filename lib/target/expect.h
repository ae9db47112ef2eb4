/* Expected records: what somebody has pinned for a domain, and when that is planned to change (the key `expect`).
 *
 * A planned change has two sets. Until not_before only the old one is right, from then to the deadline either of them as
 * a whole (never a mix), after it only the new one. Without a plan there is the old one alone. A set that nobody gave is
 * right whatever is published: of a plan without an old set nothing can be wrong before its deadline. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/ip.h"
#include "lib/target/record_type.h"

enum mxw_expect_mode {
	MXW_EXPECT_EXACT,    /* these records and no others */
	MXW_EXPECT_AT_LEAST, /* these; others may be there */
	MXW_EXPECT_FORBID,   /* none of these */
};

enum {
	MXW_PREFERENCE_ANY = -1,
	MXW_MAX_EXPECTED = 16, /* records of one set: every fix lists them all */
};

/* A record, or, of SPF outside EXACT, a term that a record must or must not have. */
struct mxw_expected {
	int preference;   /* of MX: 0 to 65535 or MXW_PREFERENCE_ANY; 0 for other types */
	const char *key;  /* what is compared: a canonical name; of SPF the text by mxw_spf_normalise */
	const char *text; /* as it is to be published: the same name; of SPF the text as it was written */
};

struct mxw_expected_set {
	bool is_given;
	const struct mxw_expected *items;
	size_t n; /* 0, in EXACT only: there is no such record */
};

enum mxw_plan_phase { MXW_PLAN_OLD, MXW_PLAN_EITHER, MXW_PLAN_NEW };

/* What is expected of one type of the domain's records, or of the PTR records of one address. */
struct mxw_expectation {
	enum mxw_record_type type; /* MX, SPF, NS or PTR */
	enum mxw_expect_mode mode; /* of both sets */
	struct mxw_ip ip;          /* PTR */
	bool is_planned;
	struct mxw_expected_set old, new;             /* `new` only of a plan */
	int64_t not_before_wall_ms, deadline_wall_ms; /* of a plan; INT64_MIN: it may come at any time */
};

/* What a domain's `expect` holds; all of it lives as long as the configuration. */
struct mxw_expect {
	const struct mxw_expectation *items;
	size_t n;
};

/* Where the plan stands. 0 for a time that is not known: then what the plan allows at any time is right. */
enum mxw_plan_phase mxw_expectation_phase(const struct mxw_expectation *expectation, int64_t now_wall_ms);
/* Some set is published that would be wrong; else nobody needs to ask. */
bool mxw_expectation_can_fail(const struct mxw_expectation *expectation, enum mxw_plan_phase phase);
