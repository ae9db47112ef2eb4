/* The table of bounce symptoms; see symptom.h. Enhanced status codes: RFC 3463, RFC 7372, RFC 7505. */
#include "lib/finding/symptom.h"

#include <string.h>

const struct mxw_symptom mxw_symptoms[] = {
	{ "B-NX", "mail bounces at once: domain or host not found, NXDOMAIN (5.4.4, 5.1.2, 5.4.310)" },
	{ "B-NODATA",
	  "mail bounces: the domain exists but has no usable mail host (5.4.4); some senders defer instead" },
	{ "B-DEAD", "mail bounces or is deferred: no MX host has a valid address (5.4.4, 5.1.2, host unknown)" },
	{ "B-NULL", "mail bounces at once: the domain declares that it accepts no mail, null MX (5.1.10, 5.1.0)" },
	{ "B-TEMP",
	  "mail waits in the sender's queue with a DNS lookup failure (4.4.3, 4.4.312): the sender is told of a "
	  "delay after hours, a bounce follows after 4 to 5 days" },
	{ "B-CONN",
	  "mail waits in the sender's queue: connection refused, timed out or no route (4.4.1, 4.4.316, 4.4.317)" },
	{ "B-LOOP", "mail bounces: the sender finds itself as the mail host, \"loops back to myself\" (5.4.6)" },
	{ "B-RELAY", "mail bounces: the host that was reached refuses to relay for the domain (554 5.7.1, 550)" },
	{ "B-PTR", "receivers reject or defer mail from this address for its reverse DNS (5.7.25, 4.7.25, 450 4.7.1)" },
	{ "B-AUTH",
	  "receivers reject or defer mail of the domain as unauthenticated (5.7.26, 5.7.27, 5.7.23, 5.7.24, 5.7.515)" },
	{ "B-DMARC", "receivers reject mail of the domain under its DMARC policy (5.7.26, 5.7.509)" },
	{ "B-TLS",
	  "mail waits or bounces because the required TLS connection fails (4.7.4, 4.7.5, 5.7.321 to 5.7.324)" },
	{ "B-SENDER",
	  "receivers reject mail from the domain because its sender address cannot be answered (5.1.8, 4.1.8, "
	  "5.7.27)" },
	{ "B-BL", "receivers reject mail from this address because a blocklist names it (554 5.7.1)" },
	{ 0 },
};

const char *mxw_symptom_text(const char *code, size_t n)
{
	for (const struct mxw_symptom *s = mxw_symptoms; s->code; s++)
		if (strlen(s->code) == n && memcmp(s->code, code, n) == 0)
			return s->text;
	return NULL;
}
