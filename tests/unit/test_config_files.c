/* What a configuration takes from other files: lists of domains, the nameservers of the system; and files that cannot be
 * read. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/config_source.h"

#define NOTIFIERS "notifiers: [{ name: log, type: syslog }]\n"

/* Reads the files and compares the diagnostics, and the domains ("-" for no configuration). */
static void expect_files(const struct test_file *files, size_t n, const char *domains, const char *expected)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf diags = MXW_STRBUF_INIT, names = MXW_STRBUF_INIT;
	struct test_source source;
	test_source_init(&source, files, n);
	struct mxw_config *config = test_config_read(&source, &diags);
	for (size_t i = 0; config && i < config->n_domains; i++)
		mxw_strbuf_addf(&names, "%s%s", i ? " " : "", config->domains[i].name);
	assert_string_equal(mxw_strbuf_get(&diags), expected);
	assert_string_equal(config ? mxw_strbuf_get(&names) : "-", domains);
	mxw_config_free(config);
}

static void test_domain_files(void **state)
{
	static const struct test_file files[] = {
		{ "/etc/mxwatch.yaml",
		  "resolvers: [9.9.9.9]\n" NOTIFIERS
		  "domains: [m.example]\ndomain_files: [/srv/*.txt, lists/one, ./lists/*.list]\n",
		  0 },
		{ "/srv/b.txt", "z.example\r\n\r\n# a comment\r\n \t B.Example. # another\r\n", 0 },
		{ "/srv/a.txt", "\xef\xbb\xbfy.example", 0 },
		{ "/srv/c.txt", "", 0 },
		{ "/srv/not.me", "n.example\n", 0 },
		{ "/etc/lists/one", "one.example\n", 0 },
		{ "/etc/./lists/x.list",
		  "b\xc3\xbc"
		  "cher.example\n",
		  0 },
	};
	expect_files(files, MXW_ARRAY_SIZE(files),
		     "b.example m.example one.example xn--bcher-kva.example y.example z.example", "");
}

static void test_a_file_of_two_patterns_is_read_once(void **state)
{
	static const struct test_file files[] = {
		{ "/etc/mxwatch.yaml",
		  "resolvers: [9.9.9.9]\n" NOTIFIERS "domain_files: [/srv/*.txt, /srv/a.txt, '/srv/a*']\n", 0 },
		{ "/srv/a.txt", "a.example\n", 0 },
	};
	expect_files(files, MXW_ARRAY_SIZE(files), "a.example", "");
}

static void test_lines_with_errors(void **state)
{
	static const struct test_file files[] = {
		{ "/etc/mxwatch.yaml",
		  "resolvers: [9.9.9.9]\n" NOTIFIERS "domains:\n- a.example\ndomain_files: [/srv/*]\n", 0 },
		{ "/srv/a", "b.example\nlocalhost\n  a b.example\n\n- c.example\nA.EXAMPLE.\n", 0 },
		{ "/srv/b", "c.example\nb.example\nc.example\n", 0 },
	};
	expect_files(files, MXW_ARRAY_SIZE(files), "-",
		     "/srv/a:2:1: \"localhost\" has one label only, expected a mail domain such as example.com\n"
		     "/srv/a:3:3: \"a b.example\" contains a space, expected a mail domain such as example.com\n"
		     "/srv/a:5:1: \"- c.example\" contains a space, expected a mail domain such as example.com\n"
		     "/srv/a:6:1: \"a.example\" is listed twice, first in /etc/mxwatch.yaml line 4, expected once\n"
		     "/srv/b:2:1: \"b.example\" is listed twice, first in /srv/a line 1, expected once\n"
		     "/srv/b:3:1: \"c.example\" is listed twice, first in line 1, expected once\n");
}

static void test_files_that_cannot_be_read(void **state)
{
	static const struct test_file files[] = {
		{ "/etc/mxwatch.yaml",
		  "resolvers: [9.9.9.9]\n" NOTIFIERS "domain_files: [/srv/*, /srv/missing, /none/*.txt, /denied/*]\n",
		  0 },
		{ "/srv/denied", "", -EACCES },
		{ "/srv/folder", "", -EISDIR },
		{ "/srv/fifo", "", -ENODEV },
		{ "/srv/huge", "", -EFBIG },
		{ "/srv/broken", "", -EIO },
	};
	expect_files(files, MXW_ARRAY_SIZE(files), "-",
		     "/etc/mxwatch.yaml:3:15: domain_files: /srv/broken cannot be read, expected a readable file\n"
		     "/etc/mxwatch.yaml:3:15: domain_files: /srv/denied cannot be read: permission denied, expected a "
		     "readable file\n"
		     "/etc/mxwatch.yaml:3:15: domain_files: /srv/fifo is no regular file, expected a readable file\n"
		     "/etc/mxwatch.yaml:3:15: domain_files: /srv/folder is a folder, expected a readable file\n"
		     "/etc/mxwatch.yaml:3:15: domain_files: /srv/huge is too large, expected a readable file\n"
		     "/etc/mxwatch.yaml:3:15: domain_files: /srv/missing does not exist, expected a readable file\n"
		     "/etc/mxwatch.yaml:3:38: warning: domain_files[2]: /none/*.txt matches no file\n"
		     "/etc/mxwatch.yaml:3:51: domain_files[3]: /denied/* cannot be read: permission denied, expected a "
		     "readable folder\n");
}

/* A pattern that matches nothing may match tomorrow: the configuration stands. */
static void test_a_pattern_without_match(void **state)
{
	static const struct test_file files[] = {
		{ "/etc/mxwatch.yaml",
		  "resolvers: [9.9.9.9]\n" NOTIFIERS "domains: [a.example]\ndomain_files: [/srv/*.txt]\n", 0 },
	};
	expect_files(files, MXW_ARRAY_SIZE(files), "a.example",
		     "/etc/mxwatch.yaml:4:16: warning: domain_files[0]: /srv/*.txt matches no file\n");
}

static void test_the_configuration_itself(void **state)
{
	static const struct {
		struct test_file file;
		const char *expected;
	} rows[] = {
		{ { "/elsewhere", "", 0 },
		  "/etc/mxwatch.yaml: the configuration does not exist, expected a readable file\n" },
		{ { "/etc/mxwatch.yaml", "", -EACCES },
		  "/etc/mxwatch.yaml: the configuration cannot be read: permission denied, expected a readable "
		  "file\n" },
		{ { "/etc/mxwatch.yaml", "", -EISDIR },
		  "/etc/mxwatch.yaml: the configuration is a folder, expected a readable file\n" },
		{ { "/etc/mxwatch.yaml", "", -ENODEV },
		  "/etc/mxwatch.yaml: the configuration is no regular file, expected a readable file\n" },
		{ { "/etc/mxwatch.yaml", "", -EFBIG },
		  "/etc/mxwatch.yaml: the configuration is too large, expected a readable file\n" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
		expect_files(&rows[i].file, 1, "-", rows[i].expected);
}

static void expect_system(const char *resolv_conf, const char *addresses, const char *expected)
{
	const struct test_file files[] = {
		{ "/etc/mxwatch.yaml", "resolvers: [system]\ndomains: [a.example]\n" NOTIFIERS, 0 },
		{ "/etc/resolv.conf", resolv_conf, 0 },
	};
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf diags = MXW_STRBUF_INIT, text = MXW_STRBUF_INIT;
	struct test_source source;
	test_source_init(&source, files, MXW_ARRAY_SIZE(files));
	struct mxw_config *config = test_config_read(&source, &diags);
	for (size_t i = 0; config && i < config->upstreams[0].n_addresses; i++) {
		char ip[MXW_IP_TEXT_MAX];
		mxw_ip_format(&config->upstreams[0].addresses[i].ip, ip);
		mxw_strbuf_addf(&text, "%s%s", i ? " " : "", ip);
	}
	if (config) {
		assert_int_equal(config->n_upstreams, 1); /* one operator, one vote */
		assert_string_equal(config->upstreams[0].name, "system");
	}
	assert_string_equal(mxw_strbuf_get(&diags), expected);
	assert_string_equal(config ? mxw_strbuf_get(&text) : "-", addresses);
	mxw_config_free(config);
}

static void test_system_resolvers(void **state)
{
	expect_system("# Generated\nsearch example.com\nnameserver 192.0.2.1\noptions edns0\nnameserver\t2001:db8::1 ; "
		      "second\nnameserver 192.0.2.1",
		      "192.0.2.1 2001:db8::1", "");
	expect_system("nameserver 192.0.2.1\r\nnameserver fe80::1%2\n", "192.0.2.1 fe80::1", "");
	expect_system("nameserver fe80::1%eth0\nnameserver 192.0.2.1\n", "192.0.2.1",
		      "/etc/resolv.conf:1:12: warning: nameserver: \"fe80::1%eth0\" is passed over, expected an "
		      "address (a link-local one as "
		      "fe80::1%2, with the number of the interface)\n");
	expect_system(
		"nameserver 1.0.0.1\nnameserver 1.0.0.2\nnameserver 1.0.0.3\nnameserver 1.0.0.4\nnameserver 1.0.0.5\n"
		"nameserver 1.0.0.6\nnameserver 1.0.0.7\nnameserver 1.0.0.8\nnameserver 1.0.0.9\n",
		"1.0.0.1 1.0.0.2 1.0.0.3 1.0.0.4 1.0.0.5 1.0.0.6 1.0.0.7 1.0.0.8", "");
	expect_system("nameservers 192.0.2.1\n#nameserver 192.0.2.1\nnameserver", "-",
		      "/etc/mxwatch.yaml:1:13: resolvers[0]: system: /etc/resolv.conf names no nameserver, expected at "
		      "least one\n");
	expect_system("", "-",
		      "/etc/mxwatch.yaml:1:13: resolvers[0]: system: /etc/resolv.conf names no nameserver, expected at "
		      "least one\n");
}

/* In proportion, not quadratic: a hundred thousand names, as a list and as a file, then with duplicates. */
static void test_many_domains(void **state)
{
	enum { N = 100000 };
	MXW_CLEANUP(mxw_strbuf_done)
	struct mxw_strbuf list = MXW_STRBUF_INIT, lines = MXW_STRBUF_INIT, diags = MXW_STRBUF_INIT;
	mxw_strbuf_adds(&list, "resolvers: [9.9.9.9]\n" NOTIFIERS "domain_files: [/f]\ndomains:\n");
	for (unsigned i = 0; i < N; i++) {
		unsigned k = (unsigned)(i * 2654435761u); /* in no order */
		mxw_strbuf_addf(&list, "- d%u.example\n", k);
		mxw_strbuf_addf(&lines, "e%u.example\n", k);
	}
	struct test_file files[] = { { "/etc/mxwatch.yaml", mxw_strbuf_get(&list), 0 },
				     { "/f", mxw_strbuf_get(&lines), 0 } };
	struct test_source source;
	test_source_init(&source, files, MXW_ARRAY_SIZE(files));
	struct mxw_config *config = test_config_read(&source, &diags);
	assert_string_equal(mxw_strbuf_get(&diags), "");
	assert_int_equal(config->n_domains, 2 * N);
	for (size_t i = 1; i < config->n_domains; i++)
		assert_true(strcmp(config->domains[i - 1].name, config->domains[i].name) < 0);
	assert_ptr_equal(mxw_config_find_domain(config, "d0.example")->settings, &config->defaults);
	mxw_config_free(config);

	/* Every name again: counted, not compared with every other. */
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf again = MXW_STRBUF_INIT;
	mxw_strbuf_addf(&again, "%s%s", mxw_strbuf_get(&lines), mxw_strbuf_get(&lines));
	files[1].text = mxw_strbuf_get(&again);
	assert_null(test_config_read(&source, &diags));
	assert_non_null(strstr(mxw_strbuf_get(&diags), "and 99800 more\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_domain_files),
		cmocka_unit_test(test_a_file_of_two_patterns_is_read_once),
		cmocka_unit_test(test_lines_with_errors),
		cmocka_unit_test(test_files_that_cannot_be_read),
		cmocka_unit_test(test_a_pattern_without_match),
		cmocka_unit_test(test_the_configuration_itself),
		cmocka_unit_test(test_system_resolvers),
		cmocka_unit_test(test_many_domains),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
