/* Addresses: text forms, order, reverse names, and the special-purpose blocks at their edges. */
#include "lib/base/ip.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/util.h"

static struct mxw_ip ip_of(const char *text)
{
	struct mxw_ip ip = { 0 };
	if (mxw_ip_parse(text, &ip) < 0)
		fail_msg("%s is no address", text);
	return ip;
}

static void test_parse_and_format(void **state)
{
	static const struct {
		const char *text, *expected; /* NULL: refused */
	} rows[] = {
		{ "192.0.2.1", "192.0.2.1" },
		{ "0.0.0.0", "0.0.0.0" },
		{ "255.255.255.255", "255.255.255.255" },
		{ "2001:DB8:0:0:0:0:0:1", "2001:db8::1" },
		{ "::", "::" },
		{ "::1", "::1" },
		{ "1:0:0:2:0:0:0:3", "1:0:0:2::3" }, /* RFC 5952 4.2.3: the longest run */
		{ "::ffff:192.0.2.1", "::ffff:192.0.2.1" },
		{ "", NULL },
		{ "192.0.2", NULL },
		{ "192.0.2.256", NULL },
		{ "192.0.2.1 ", NULL },
		{ "192.0.2.01", NULL },
		{ "0xc0.0.2.1", NULL },
		{ "192.0.2.1/32", NULL },
		{ "192.0.2.1:53", NULL },
		{ "[2001:db8::1]", NULL },
		{ "fe80::1%eth0", NULL },
		{ "2001:db8:::1", NULL },
		{ "example.com", NULL },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_ip ip;
		char text[MXW_IP_TEXT_MAX];
		int r = mxw_ip_parse(rows[i].text, &ip);
		if (r != (rows[i].expected ? 0 : -EINVAL))
			fail_msg("%s: %d", rows[i].text, r);
		if (r < 0)
			continue;
		mxw_ip_format(&ip, text);
		assert_string_equal(text, rows[i].expected);
	}
}

static void test_order(void **state)
{
	static const char *const rising[] = { "0.0.0.1", "1.0.0.0", "1.0.0.1",    "255.0.0.0",
					      "::",      "::1",     "2001:db8::", "2001:db8::1" };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rising); i++)
		for (size_t k = 0; k < MXW_ARRAY_SIZE(rising); k++) {
			struct mxw_ip a = ip_of(rising[i]), b = ip_of(rising[k]);
			int order = mxw_ip_compare(&a, &b);
			assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
			assert_int_equal(mxw_ip_equal(&a, &b), i == k);
		}
}

static void test_from_bytes(void **state)
{
	static const uint8_t bytes[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 7 };
	char text[MXW_IP_TEXT_MAX];
	struct mxw_ip four = mxw_ip_from_bytes(4, bytes), six = mxw_ip_from_bytes(6, bytes);
	mxw_ip_format(&four, text);
	assert_string_equal(text, "32.1.13.184");
	mxw_ip_format(&six, text);
	assert_string_equal(text, "2001:db8::7");
	struct mxw_ip same = ip_of("32.1.13.184");
	assert_true(mxw_ip_equal(&four, &same)); /* the octets beyond IPv4 are zero */
}

static void test_reverse_name(void **state)
{
	char name[MXW_IP_REVERSE_MAX];
	struct mxw_ip four = ip_of("192.0.2.17"), six = ip_of("2001:db8::567:89ab"), widest = ip_of("255.255.255.255");
	mxw_ip_reverse_name(&four, name);
	assert_string_equal(name, "17.2.0.192.in-addr.arpa");
	mxw_ip_reverse_name(&widest, name);
	assert_string_equal(name, "255.255.255.255.in-addr.arpa");
	mxw_ip_reverse_name(&six, name); /* the example of RFC 3596 2.5, less its prefix */
	assert_string_equal(name, "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
	assert_int_equal(strlen(name) + 1, MXW_IP_REVERSE_MAX - 1);
}

/* The first and the last address of each block, and their neighbours outside. */
static void test_special_blocks(void **state)
{
	static const struct {
		const char *ip, *block; /* NULL: globally reachable */
	} rows[] = {
		{ "0.255.255.255", "0.0.0.0/8 (RFC 791)" },
		{ "1.0.0.0", NULL },
		{ "9.255.255.255", NULL },
		{ "10.0.0.0", "10.0.0.0/8 (RFC 1918)" },
		{ "10.255.255.255", "10.0.0.0/8 (RFC 1918)" },
		{ "11.0.0.0", NULL },
		{ "100.63.255.255", NULL },
		{ "100.64.0.0", "100.64.0.0/10 (RFC 6598)" },
		{ "100.127.255.255", "100.64.0.0/10 (RFC 6598)" },
		{ "100.128.0.0", NULL },
		{ "127.0.0.1", "127.0.0.0/8 (RFC 1122)" },
		{ "128.0.0.0", NULL },
		{ "169.254.0.1", "169.254.0.0/16 (RFC 3927)" },
		{ "172.15.255.255", NULL },
		{ "172.16.0.0", "172.16.0.0/12 (RFC 1918)" },
		{ "172.31.255.255", "172.16.0.0/12 (RFC 1918)" },
		{ "172.32.0.0", NULL },
		{ "192.0.0.8", "192.0.0.0/24 (RFC 6890)" },
		{ "192.0.0.9", NULL }, /* anycast exceptions inside the block */
		{ "192.0.0.10", NULL },
		{ "192.0.0.11", "192.0.0.0/24 (RFC 6890)" },
		{ "192.0.1.0", NULL },
		{ "192.0.2.255", "192.0.2.0/24 (RFC 5737)" },
		{ "192.0.3.0", NULL },
		{ "192.167.255.255", NULL },
		{ "192.168.255.255", "192.168.0.0/16 (RFC 1918)" },
		{ "198.17.255.255", NULL },
		{ "198.18.0.0", "198.18.0.0/15 (RFC 2544)" },
		{ "198.19.255.255", "198.18.0.0/15 (RFC 2544)" },
		{ "198.20.0.0", NULL },
		{ "223.255.255.255", NULL },
		{ "224.0.0.1", "224.0.0.0/3 (RFC 5771, RFC 1112)" },
		{ "255.255.255.255", "224.0.0.0/3 (RFC 5771, RFC 1112)" },
		{ "::", "::/128 (RFC 4291)" },
		{ "::1", "::1/128 (RFC 4291)" },
		{ "::2", NULL },
		{ "::ffff:8.8.8.8", "::ffff:0:0/96 (RFC 4291)" },
		{ "64:ff9b::1", NULL }, /* NAT64 well-known prefix: globally reachable */
		{ "64:ff9b:1::", "64:ff9b:1::/48 (RFC 8215)" },
		{ "2001:db8:ffff::1", "2001:db8::/32 (RFC 3849)" },
		{ "2001:db9::", NULL },
		{ "3fff:fff::", "3fff::/20 (RFC 9637)" },
		{ "3fff:1000::", NULL },
		{ "fbff::", NULL },
		{ "fc00::", "fc00::/7 (RFC 4193)" },
		{ "fdff::1", "fc00::/7 (RFC 4193)" },
		{ "fe80::1", "fe80::/10 (RFC 4291)" },
		{ "febf::1", "fe80::/10 (RFC 4291)" },
		{ "fec0::1", NULL },
		{ "ff02::1", "ff00::/8 (RFC 4291)" },
		{ "2620:fe::fe", NULL },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_ip ip = ip_of(rows[i].ip);
		const char *block = mxw_ip_special_block(&ip);
		if (!block != !rows[i].block || (block && strcmp(block, rows[i].block) != 0))
			fail_msg("%s: %s", rows[i].ip, block ? block : "globally reachable");
	}
}

static void test_self_and_prefix(void **state)
{
	static const char *const self[] = { "127.0.0.1", "127.255.255.255", "0.0.0.0", "::", "::1" };
	static const char *const others[] = { "0.0.0.1", "128.0.0.1", "::2", "::1:0", "2001:db8::1" };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(self); i++) {
		struct mxw_ip ip = ip_of(self[i]);
		assert_true(mxw_ip_is_self(&ip));
	}
	for (size_t i = 0; i < MXW_ARRAY_SIZE(others); i++) {
		struct mxw_ip ip = ip_of(others[i]);
		assert_false(mxw_ip_is_self(&ip));
	}
	struct mxw_ip ip = ip_of("192.0.2.129"), net = ip_of("192.0.2.128"), six = ip_of("::");
	assert_true(mxw_ip_in_prefix(&ip, &net, 25));
	assert_true(mxw_ip_in_prefix(&ip, &net, 0));
	assert_false(mxw_ip_in_prefix(&ip, &net, 32));
	assert_false(mxw_ip_in_prefix(&ip, &net, 33)); /* no such length */
	assert_false(mxw_ip_in_prefix(&ip, &six, 0));  /* the other family */
	net = ip_of("192.0.2.0");
	assert_false(mxw_ip_in_prefix(&ip, &net, 25));
	assert_true(mxw_ip_in_prefix(&ip, &net, 24));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse_and_format), cmocka_unit_test(test_order),
		cmocka_unit_test(test_from_bytes),       cmocka_unit_test(test_reverse_name),
		cmocka_unit_test(test_special_blocks),   cmocka_unit_test(test_self_and_prefix),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
