/* A domain has more hosts, or addresses, than the checks look at: what was not looked at is unknown, and nothing is denied. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "tests/unit/zone_view.h"

enum { MANY_HOSTS = 21, MANY_ADDRESSES = 41 };

static void assert_vote(const struct mxw_check *check, const struct zone_case *world, const char *id,
			const char *subject, bool is_unknown, enum mxw_severity severity)
{
	struct mxw_findings findings = { 0 };
	zone_view_judge(check, world, &findings);
	const struct mxw_finding *row = mxw_findings_get(&findings, mxw_check_find_finding(id, NULL), subject);
	if (is_unknown && (!row || row->vote != MXW_VOTE_UNKNOWN || row->severity != severity))
		fail_msg("%s: %s is not unknown at %s", world->name, id, mxw_severity_name(severity));
	if (!is_unknown && row)
		fail_msg("%s: %s has a row", world->name, id);
	mxw_findings_done(&findings);
}

/* Hosts h0, h1, ... of the domain's own, each with one address and its reverse name. */
static const char *write_hosts(struct mxw_strbuf *zone, unsigned n)
{
	mxw_strbuf_clear(zone);
	for (unsigned i = 0; i < n; i++)
		mxw_strbuf_addf(zone,
				"example.com. 300 IN MX %u h%u.example.com.\nh%u.example.com. 300 IN A 20.0.0.%u\n"
				"%u.0.0.20.in-addr.arpa. 300 IN PTR h%u.example.com.\n",
				i, i, i, i + 1, i + 1, i);
	mxw_strbuf_adds(zone, "example.com. 300 IN TXT \"v=spf1 ip4:20.0.0.0/24 -all\"\n");
	return mxw_strbuf_get(zone);
}

static void test_hosts(void **state)
{
	static const struct {
		const struct mxw_check *check;
		const char *id;
		enum mxw_severity severity;
	} rows[] = {
		{ &mxw_check_mx, "mx-target-nxdomain", MXW_WARNING },
		{ &mxw_check_mx, "mx-target-cname", MXW_CRITICAL },
		{ &mxw_check_mx, "mx-target-ip", MXW_WARNING },
		{ &mxw_check_address, "addr-private", MXW_WARNING },
		{ &mxw_check_address, "addr-aaaa-broken", MXW_WARNING },
		{ &mxw_check_ptr, "ptr-none", MXW_WARNING },
		{ &mxw_check_spf, "spf-not-covering-mx", MXW_INFO },
	};
	struct mxw_strbuf zone = MXW_STRBUF_INIT;
	struct zone_case world = { .profile = { .strict = true } };
	for (unsigned n = MANY_HOSTS - 1; n <= MANY_HOSTS; n++) {
		world.name = n == MANY_HOSTS ? "21 hosts" : "20 hosts";
		world.zone = write_hosts(&zone, n);
		for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
			assert_vote(rows[i].check, &world, rows[i].id, "", n == MANY_HOSTS, rows[i].severity);
	}
	mxw_strbuf_done(&zone);
}

/* One host with many addresses, all of them good. */
static const char *write_addresses(struct mxw_strbuf *zone, unsigned n, const char *host)
{
	mxw_strbuf_clear(zone);
	mxw_strbuf_addf(zone, "example.com. 300 IN MX 10 %s.\n", host);
	for (unsigned i = 1; i <= n; i++)
		mxw_strbuf_addf(zone, "%s. 300 IN A 20.0.0.%u\n%u.0.0.20.in-addr.arpa. 300 IN PTR %s.\n", host, i, i,
				host);
	mxw_strbuf_adds(zone, "example.com. 300 IN TXT \"v=spf1 ip4:20.0.0.0/24 -all\"\n");
	return mxw_strbuf_get(zone);
}

static void test_addresses(void **state)
{
	struct mxw_strbuf zone = MXW_STRBUF_INIT;
	struct zone_case world = { 0 };
	for (unsigned n = MANY_ADDRESSES - 1; n <= MANY_ADDRESSES; n++) {
		bool is_more = n == MANY_ADDRESSES;
		world.name = is_more ? "41 addresses" : "40 addresses";
		world.zone = write_addresses(&zone, n, "a.example.com");
		world.profile = (struct mxw_profile){ 0 };
		assert_vote(&mxw_check_ptr, &world, "ptr-none", "", is_more, MXW_WARNING);
		assert_vote(&mxw_check_spf, &world, "spf-not-covering-mx", "", is_more, MXW_INFO);
		world.profile.mx_hosts_send = MXW_YES;
		assert_vote(&mxw_check_ptr, &world, "ptr-none", "", is_more, MXW_CRITICAL);
		assert_vote(&mxw_check_spf, &world, "spf-not-covering-mx", "", is_more, MXW_WARNING);
		assert_vote(&mxw_check_spf, &world, "spf-helo-none", "", is_more, MXW_INFO);
	}
	/* Of a host of others that may not send it is advice, and no reason for a state. */
	world.zone = write_addresses(&zone, MANY_ADDRESSES, "a.example.org");
	world.profile = (struct mxw_profile){ .send = MXW_NO };
	assert_vote(&mxw_check_ptr, &world, "ptr-none", "", true, MXW_INFO);
	mxw_strbuf_done(&zone);
}

static void test_declared(void **state)
{
	static struct mxw_ip senders[MANY_ADDRESSES];
	struct mxw_strbuf zone = MXW_STRBUF_INIT;
	for (unsigned i = 0; i < MANY_ADDRESSES; i++)
		senders[i] = (struct mxw_ip){ 4, { 20, 0, 0, (uint8_t)(i + 1) } };
	struct zone_case world = { .zone = write_addresses(&zone, MANY_ADDRESSES, "a.example.com") };
	for (unsigned n = MANY_ADDRESSES - 1; n <= MANY_ADDRESSES; n++) {
		bool is_more = n == MANY_ADDRESSES;
		world.name = is_more ? "41 senders" : "40 senders";
		world.profile = (struct mxw_profile){ .send_ip = senders, .n_send_ip = n, .mx_hosts_send = MXW_NO };
		assert_vote(&mxw_check_spf, &world, "spf-sender-fail", "", is_more, MXW_CRITICAL);
	}
	assert_vote(&mxw_check_spf, &world, "spf-ok", "example.com", true, MXW_OK);
	mxw_strbuf_done(&zone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_declared),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
