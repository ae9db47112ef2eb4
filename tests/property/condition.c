/* The table of conditions; see condition.h. */
#include "tests/property/condition.h"

static const char good_zone[] = "@ $ IN SOA $\n"
				"@ $ IN MX 10 mx.@\n"
				"@ $ IN TXT \"v=spf1 ip4:45.33.2.0/24 -all\"\n"
				"mx.@ $ IN A 45.33.2.10\n";

const struct condition_row condition_rows[N_CONDITIONS] = {
	[GOOD] = { .name = "good", .severity = { MXW_OK, MXW_OK }, .findings = { "", "" }, .zone = "" },
	[NO_MX] = { .name = "no-mx",
		    .severity = { MXW_CRITICAL, MXW_OK },
		    .findings = { " mx-none ", "" },
		    .zone = "@ MX NODATA\n" },
	[DEAD_HOST] = { .name = "dead-host",
			.severity = { MXW_CRITICAL, MXW_OK },
			.findings = { " mx-all-dead mx-target-nxdomain ", "" },
			.zone = "mx.@ * NXDOMAIN\n" },
	[LOST_HOST] = { .name = "lost-host",
			.severity = { MXW_CRITICAL, MXW_OK },
			.findings = { " mx-all-dead mx-target-nxdomain ", "" },
			.zone = "@ $ IN MX 10 lost.example.com\n" },
	[HALF_DEAD] = { .name = "half-dead",
			.severity = { MXW_WARNING, MXW_OK },
			.findings = { " mx-target-nxdomain ", "" },
			.zone = "@ $ IN MX 10 mx.@\n@ $ IN MX 20 old.@\n" },
	[NO_SPF] = { .name = "no-spf",
		     .severity = { MXW_OK, MXW_WARNING },
		     .findings = { "", " spf-none " },
		     .zone = "@ TXT NODATA\n" },
	[GONE] = { .name = "gone",
		   .severity = { MXW_CRITICAL, MXW_WARNING },
		   .findings = { " mx-nxdomain ", " spf-none " },
		   .explains_rest = true,
		   .zone = "@ * NXDOMAIN\nmx.@ * NXDOMAIN\n" },
	[FAILING] = { .name = "failing",
		      .severity = { MXW_UNKNOWN, MXW_UNKNOWN },
		      .findings = { " dns-servfail ", " dns-servfail spf-temperror " },
		      .explains_rest = true,
		      .hides_rest = true,
		      .zone = "@ * SERVFAIL\nmx.@ * SERVFAIL\n" },
	[BOGUS] = { .name = "bogus",
		    .severity = { MXW_CRITICAL, MXW_CRITICAL },
		    .findings = { " dnssec-bogus ", " dnssec-bogus spf-temperror " },
		    .explains_rest = true,
		    .hides_rest = true,
		    .zone = "@ * BOGUS\nmx.@ * BOGUS\n" },
	[EVIL] = { .name = "evil",
		   .severity = { MXW_OK, MXW_CRITICAL },
		   .findings = { "", " spf-syntax " },
		   .zone = "@ $ IN TXT \"v=spf1 \\027[2J\\010evil\\000:x -all\"\n" },
};

static void add_lines(struct mxw_strbuf *ret, const char *lines, unsigned domain, uint32_t ttl)
{
	char name[PLAN_NAME_MAX];
	plan_domain_name(name, domain);
	for (; *lines; lines++) {
		if (*lines == '@')
			mxw_strbuf_adds(ret, name);
		else if (*lines == '$')
			mxw_strbuf_addf(ret, "%u", (unsigned)ttl);
		else
			mxw_strbuf_addc(ret, *lines);
	}
}

void condition_add_good_zone(struct mxw_strbuf *ret, const struct plan *plan)
{
	mxw_strbuf_adds(ret, "example.com. 3600 IN SOA 900\n");
	for (unsigned i = 0; i < plan->n_domains; i++)
		add_lines(ret, good_zone, i, plan->ttl);
}

void condition_add_zone(struct mxw_strbuf *ret, const struct plan *plan, const uint8_t *says)
{
	for (unsigned i = 0; i < plan->n_domains; i++)
		add_lines(ret, condition_rows[says[i]].zone, i, plan->ttl);
}
