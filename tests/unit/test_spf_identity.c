/* Who sent a message: reverse-path, HELO name, address; and which domains can be checked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "lib/spf/domain.h"
#include "lib/spf/identity.h"

#define L60 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefgh"

static const struct {
	const char *paragraph, *helo, *mail_from;
	const char *local_part, *domain, *ret_helo;
	bool is_helo;
} rows[] = {
	{ "2.4", "mx.example.org", "joe@example.com", "joe", "example.com", "mx.example.org", false },
	{ "2.4, with brackets", "mx.example.org", "<joe@example.com>", "joe", "example.com", "mx.example.org", false },
	{ "2.4, null reverse-path", "mx.example.org", "", "postmaster", "mx.example.org", "mx.example.org", true },
	{ "2.4, null reverse-path", "mx.example.org", "<>", "postmaster", "mx.example.org", "mx.example.org", true },
	{ "4.3, no local part", "h.example", "@example.com", "postmaster", "example.com", "h.example", false },
	{ "4.3, no local part", "h.example", "<@example.com>", "postmaster", "example.com", "h.example", false },
	{ "4.3, a domain alone", "h.example", "example.com", "postmaster", "example.com", "h.example", false },
	{ "4.3, case stays", "H.Example", "Joe@Example.COM", "Joe", "Example.COM", "H.Example", false },
	{ "4.3, no HELO name", "", "joe@example.com", "joe", "example.com", "", false },
	{ "4.3, no HELO name", NULL, "joe@example.com", "joe", "example.com", "", false },
	{ "4.3, nothing known", NULL, "<>", "postmaster", "", "", true },
	{ "4.3, address literals stay", "[192.0.2.1]", "<>", "postmaster", "[192.0.2.1]", "[192.0.2.1]", true },
	{ "RFC 5321 4.1.2, quoted", "h.example", "\"a@b\"@example.com", "\"a@b\"", "example.com", "h.example", false },
	{ "RFC 5321 4.1.2, a quote in quotes", "h.example", "\"a\\\"@b\"@example.com", "\"a\\\"@b\"", "example.com",
	  "h.example", false },
	{ "RFC 5321 4.1.2, two backslashes", "h.example", "\"a\\\\\"@example.com", "\"a\\\\\"", "example.com",
	  "h.example", false },
	{ "the last @", "h.example", "a@b@example.com", "a@b", "example.com", "h.example", false },
	{ "a quote without end", "h.example", "\"a@example.com", "\"a", "example.com", "h.example", false },
	{ "nothing behind the @", "h.example", "joe@", "joe", "", "h.example", false },
	{ "4.3, U-labels",
	  "b\xc3\xbc"
	  "cher.example",
	  "joe@B\xc3\x9c"
	  "CHER.example",
	  "joe", "xn--bcher-kva.example", "xn--bcher-kva.example", false },
	{ "4.3, U-labels of the HELO identity",
	  "b\xc3\xbc"
	  "cher.example",
	  "<>", "postmaster", "xn--bcher-kva.example", "xn--bcher-kva.example", true },
	{ "RFC 8616 4, the local part stays", "h.example", "j\xc3\xbcrgen@example.com", "j\xc3\xbcrgen", "example.com",
	  "h.example", false },
	{ "4.3, an A-label stays", "h.example", "joe@xn--bcher-kva.example", "joe", "xn--bcher-kva.example",
	  "h.example", false },
	{ "what is no name stays", "h.example", "joe@\xff.example", "joe", "\xff.example", "h.example", false },
};

static void test_identity(void **state)
{
	struct mxw_ip ip;
	assert_int_equal(mxw_ip_parse("192.0.2.1", &ip), 0);
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_spf_identity identity;
		assert_int_equal(mxw_spf_identity_init(&identity, &ip, rows[i].helo, rows[i].mail_from), 0);
		if (strcmp(identity.local_part, rows[i].local_part) != 0 ||
		    strcmp(identity.domain, rows[i].domain) != 0 || strcmp(identity.helo, rows[i].ret_helo) != 0 ||
		    identity.is_helo != rows[i].is_helo)
			fail_msg("%s: %s: got \"%s\" at \"%s\", HELO \"%s\" %d", rows[i].paragraph, rows[i].mail_from,
				 identity.local_part, identity.domain, identity.helo, identity.is_helo);
		mxw_spf_identity_done(&identity);
		assert_null(identity.domain);
	}
}

/* RFC 7208 5: an IPv4-mapped IPv6 address is an IPv4 address. */
static void test_address(void **state)
{
	static const struct {
		const char *ip, *expect;
	} addresses[] = {
		{ "192.0.2.1", "192.0.2.1" },
		{ "::ffff:192.0.2.1", "192.0.2.1" },
		{ "2001:db8::1", "2001:db8::1" },
		{ "::192.0.2.1", "::192.0.2.1" },
		{ "::fffe:c000:201", "::fffe:c000:201" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(addresses); i++) {
		struct mxw_spf_identity identity;
		struct mxw_ip ip, expect;
		assert_int_equal(mxw_ip_parse(addresses[i].ip, &ip), 0);
		assert_int_equal(mxw_ip_parse(addresses[i].expect, &expect), 0);
		assert_int_equal(mxw_spf_identity_init(&identity, &ip, "h.example", ""), 0);
		assert_true(mxw_ip_equal(&identity.ip, &expect));
		mxw_spf_identity_done(&identity);
	}
}

/* RFC 7208 4.3: other domains have the result none. */
static void test_usable(void **state)
{
	static const struct {
		const char *domain;
		bool is_usable;
	} domains[] = {
		{ "example.com", true },
		{ "example.com.", true },
		{ "a.b.c.example.com", true },
		{ "_spf.example.com", true },
		{ "a b.example", true }, /* DNS can hold it */
		{ "xn--bcher-kva.example", true },
		{ L60 "abc.example", true },
		{ "com", false },
		{ "com.", false },
		{ "", false },
		{ ".", false },
		{ ".com", false },
		{ "example..com", false },
		{ "example.com..", false },
		{ L60 "abcd.example", false },
		{ L60 "." L60 "." L60 "." L60 ".abcdefghij", false },
		{ "[192.0.2.1]", false },
		{ "[IPv6:2001:db8::1.2.3.4]", false },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(domains); i++)
		if (mxw_spf_domain_is_usable(domains[i].domain, strlen(domains[i].domain)) != domains[i].is_usable)
			fail_msg("%s", domains[i].domain);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_usable),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
