/* Names of DNS numbers, as tables; see type.h. */
#include "lib/dns/type.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/util.h"

static const struct {
	uint16_t type;
	const char *name;
} types[] = {
	{ MXW_TYPE_A, "A" },         { MXW_TYPE_NS, "NS" },   { MXW_TYPE_CNAME, "CNAME" }, { MXW_TYPE_SOA, "SOA" },
	{ MXW_TYPE_PTR, "PTR" },     { MXW_TYPE_MX, "MX" },   { MXW_TYPE_TXT, "TXT" },     { MXW_TYPE_AAAA, "AAAA" },
	{ MXW_TYPE_DNAME, "DNAME" }, { MXW_TYPE_OPT, "OPT" }, { MXW_TYPE_SPF, "SPF" },
};

static const char *const outcomes[MXW_N_OUTCOMES] = {
	[MXW_OUTCOME_ANSWER] = "answer",       [MXW_OUTCOME_NODATA] = "nodata",
	[MXW_OUTCOME_NXDOMAIN] = "nxdomain",   [MXW_OUTCOME_LOOP] = "loop",
	[MXW_OUTCOME_SERVFAIL] = "servfail",   [MXW_OUTCOME_BOGUS] = "bogus",
	[MXW_OUTCOME_REFUSED] = "refused",     [MXW_OUTCOME_REFERRAL] = "referral",
	[MXW_OUTCOME_FORMERR] = "formerr",     [MXW_OUTCOME_NOTIMP] = "notimp",
	[MXW_OUTCOME_FILTERED] = "filtered",   [MXW_OUTCOME_TRUNCATED] = "truncated",
	[MXW_OUTCOME_TIMEOUT] = "timeout",     [MXW_OUTCOME_NETWORK_ERROR] = "network-error",
	[MXW_OUTCOME_MALFORMED] = "malformed",
};

bool mxw_outcome_is_determinate(enum mxw_outcome outcome)
{
	return outcome <= MXW_OUTCOME_LOOP;
}

const char *mxw_outcome_name(enum mxw_outcome outcome)
{
	assert(outcome < MXW_N_OUTCOMES);
	return outcomes[outcome];
}

const char *mxw_rrtype_name(uint16_t type, char buffer[static 10])
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(types); i++)
		if (types[i].type == type)
			return types[i].name;
	snprintf(buffer, 10, "TYPE%u", (unsigned)type);
	return buffer;
}

uint16_t mxw_rrtype_parse(const char *text)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(types); i++)
		if (strcasecmp(types[i].name, text) == 0)
			return types[i].type;
	if (strncasecmp(text, "TYPE", 4) != 0)
		return 0;
	const char *digits = text + 4;
	size_t n = strspn(digits, "0123456789");
	if (n == 0 || n > 5 || digits[n])
		return 0;
	unsigned long type = strtoul(digits, NULL, 10);
	return type <= UINT16_MAX ? (uint16_t)type : 0;
}
