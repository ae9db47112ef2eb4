/* Endpoints and resolver entries. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "lib/dns/upstream.h"

static void endpoints(void **state)
{
	static const struct {
		const char *text, *ip; /* NULL: -EINVAL */
		uint16_t port;
		uint32_t scope;
	} rows[] = {
		{ "9.9.9.9", "9.9.9.9", 53, 0 },
		{ "127.0.0.1:5353", "127.0.0.1", 5353, 0 },
		{ "127.0.0.1:65535", "127.0.0.1", 65535, 0 },
		{ "2620:fe::fe", "2620:fe::fe", 53, 0 },
		{ "::1", "::1", 53, 0 },
		{ "[2620:fe::fe]:5300", "2620:fe::fe", 5300, 0 },
		{ "fe80::1%2", "fe80::1", 53, 2 },
		{ "[fe80::1%4294967295]:53", "fe80::1", 53, UINT32_MAX },
		{ "", NULL },
		{ "9.9.9", NULL },
		{ "dns.example.org", NULL },
		{ "9.9.9.9:", NULL },
		{ "9.9.9.9:0", NULL },
		{ "9.9.9.9:65536", NULL },
		{ "9.9.9.9:53x", NULL },
		{ "9.9.9.9:+53", NULL },
		{ "9.9.9.9:053", NULL },
		{ "9.9.9.9:99999999999", NULL },
		{ " 9.9.9.9", NULL },
		{ "9.9.9.9 ", NULL },
		{ "9.9.9.9%2", NULL },
		{ "[9.9.9.9]:53", NULL },
		{ "[::1]", NULL },
		{ "[::1", NULL },
		{ "[::1]53", NULL },
		{ "[::1]:", NULL },
		{ "::1%2", NULL },
		{ "fe80::1", NULL },
		{ "fe80::1%", NULL },
		{ "fe80::1%0", NULL },
		{ "fe80::1%eth0", NULL },
		{ "fe80::1%4294967296", NULL },
		{ "fe80::1%2%3", NULL },
		{ ":53", NULL },
		{ "[]:53", NULL },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		  NULL },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_endpoint endpoint = { .port = 7 };
		int r = mxw_endpoint_parse(rows[i].text, &endpoint);
		if (!rows[i].ip) {
			if (r != -EINVAL || endpoint.port != 7)
				fail_msg("\"%s\" was taken", rows[i].text);
			continue;
		}
		char text[MXW_IP_TEXT_MAX];
		assert_int_equal(r, 0);
		mxw_ip_format(&endpoint.ip, text);
		assert_string_equal(text, rows[i].ip);
		assert_int_equal(endpoint.port, rows[i].port);
		assert_int_equal(endpoint.scope, rows[i].scope);
	}
}

static struct mxw_upstream_spec make_spec(void)
{
	struct mxw_upstream_spec spec = {
		.name = strdup("quad9"), .n_addresses = 2, .max_qps = 100, .max_in_flight = 50, .randomize_case = true
	};
	assert_non_null(spec.name);
	assert_int_equal(mxw_endpoint_parse("9.9.9.9", &spec.addresses[0]), 0);
	assert_int_equal(mxw_endpoint_parse("fe80::1%3", &spec.addresses[1]), 0);
	return spec;
}

/* Every member counts, and addresses beyond n_addresses do not. */
static void equality(void **state)
{
	struct mxw_upstream_spec a = make_spec(), b = make_spec();
	b.addresses[2].port = 1;
	assert_true(mxw_upstream_spec_equal(&a, &b));
	for (int i = 0; i < 8; i++) {
		struct mxw_upstream_spec c = make_spec();
		switch (i) {
		case 0:
			c.name[0] = 'Q';
			break;
		case 1:
			c.n_addresses = 1;
			break;
		case 2:
			c.max_qps++;
			break;
		case 3:
			c.max_in_flight++;
			break;
		case 4:
			c.randomize_case = false;
			break;
		case 5:
			c.addresses[0].ip.bytes[0]++;
			break;
		case 6:
			c.addresses[0].port++;
			break;
		case 7:
			c.addresses[1].scope++;
			break;
		}
		assert_false(mxw_upstream_spec_equal(&a, &c));
		mxw_upstream_spec_done(&c);
	}
	free(b.name);
	b.name = NULL;
	assert_false(mxw_upstream_spec_equal(&a, &b));
	assert_false(mxw_upstream_spec_equal(&b, &a));
	mxw_upstream_spec_done(&b);
	assert_null(b.name);
	assert_false(mxw_upstream_spec_equal(&a, &b));
	mxw_upstream_spec_done(&a);
	assert_true(mxw_upstream_spec_equal(&a, &b));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(endpoints), cmocka_unit_test(equality) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
