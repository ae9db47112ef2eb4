/* Option rows of expected records; see rows.h. */
#include "lib/config/rows.h"

/* In the order of enum mxw_expect_mode: a value's number is the enum. */
static const char *const modes[] = { "exact", "at_least", "forbid", NULL };

#define NOT_BEFORE_ROW(doc_)                                                                                      \
	{                                                                                                         \
		.name = "not_before", .type = MXW_OPTION_TEXT, .expected = "a time such as 2026-12-01T02:00:00Z", \
		.doc = doc_                                                                                       \
	}
#define DEADLINE_ROW(doc_)                                                                                      \
	{                                                                                                       \
		.name = "deadline", .type = MXW_OPTION_TEXT, .expected = "a time such as 2026-12-01T06:00:00Z", \
		.doc = doc_                                                                                     \
	}

const struct mxw_option mxw_config_expect_rows[] = {
	{ .name = "mx",
	  .type = MXW_OPTION_CUSTOM,
	  .expected = "a list of MX records such as [10 mx1.example.org], or a mapping",
	  .doc = "The MX records: preference and host, or a host alone for any preference; \"0 .\" is the null MX." },
	{ .name = "spf",
	  .type = MXW_OPTION_CUSTOM,
	  .expected = "an SPF record such as v=spf1 mx -all, or a mapping",
	  .doc = "The SPF record; [] for none. Outside exact also single terms, which it must or must not have." },
	{ .name = "ns",
	  .type = MXW_OPTION_CUSTOM,
	  .expected = "a list of name servers such as [ns1.example.net, ns2.example.net], or a mapping",
	  .doc = "The NS records; a domain that is not the apex of its zone has none." },
	{ .name = "ptr",
	  .type = MXW_OPTION_CUSTOM,
	  .expected = "a list of addresses with names such as [192.0.2.25 mail.example.org], or a mapping",
	  .doc = "The PTR records of addresses, each with its name; addresses that are not named are not looked at." },
	NOT_BEFORE_ROW("When the planned change of all types may begin (UTC)."),
	DEADLINE_ROW("When it must be done (UTC). With it, records without a next are those that are planned."),
	{ 0 },
};

const struct mxw_option mxw_config_expected_rows[] = {
	{ .name = "mode",
	  .type = MXW_OPTION_CHOICE,
	  .fallback = "exact",
	  .choices = modes,
	  .doc = "exact: these records and no others. at_least: others may be there. forbid: none of these." },
	{ .name = "records",
	  .type = MXW_OPTION_CUSTOM,
	  .expected = "a list of records",
	  .doc = "The records; where a change is planned, those before it, unless there is no next." },
	{ .name = "next",
	  .type = MXW_OPTION_CUSTOM,
	  .expected = "a list of records",
	  .doc = "The records after a planned change, which needs a deadline." },
	NOT_BEFORE_ROW("When the planned change may begin (UTC): until then only the old records are right. At any "
		       "time if not "
		       "given."),
	DEADLINE_ROW("When the planned change must be done (UTC): from then on only the new records are right."),
	{ 0 },
};
