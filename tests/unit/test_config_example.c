/* The example that is installed as /etc/mxwatch.yaml: good as shipped, and with every option that it shows switched on.
 * The argument is its path. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/config/config.h"
#include "tests/unit/config_source.h"

static const char *example_path;

static void read_example(struct mxw_strbuf *ret)
{
	char buffer[4096];
	size_t n;
	FILE *file = fopen(example_path, "r");
	assert_non_null(file);
	while ((n = fread(buffer, 1, sizeof(buffer), file)) > 0)
		mxw_strbuf_add(ret, buffer, n);
	fclose(file);
}

static void test_as_shipped(void **state)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT, diags = MXW_STRBUF_INIT;
	read_example(&text);
	struct mxw_config *config = test_config_read_text(mxw_strbuf_get(&text), &diags);
	assert_string_equal(mxw_strbuf_get(&diags), ""); /* no warning either */
	assert_int_equal(config->n_upstreams, 3);
	assert_int_equal(config->quorum, 2);
	assert_int_equal(config->n_domains, 1);
	assert_int_equal(config->n_notifiers, 1);
	mxw_config_free(config);
}

/* "#key: value" is an option that is off and "# - x" or "#   x" its lines in a list; "# Prose" stays a comment. */
static bool is_option(const char *line)
{
	return line[0] == '#' &&
	       ((line[1] >= 'a' && line[1] <= 'z') || strncmp(line, "# - ", 4) == 0 || strncmp(line, "#   ", 4) == 0);
}

static void switch_on(const char *text, struct mxw_strbuf *ret)
{
	for (const char *line = text; *line;) {
		size_t n = strcspn(line, "\n");
		bool is_listed = is_option(line) && line[1] == ' ';
		if (is_option(line) && strncmp(line, "#domain_files", 13) != 0) {
			mxw_strbuf_adds(ret, is_listed ? " " : "");
			mxw_strbuf_add(ret, line + 1, n - 1);
		} else {
			mxw_strbuf_add(ret, line, n);
		}
		mxw_strbuf_addc(ret, '\n');
		line += n + (line[n] == '\n');
	}
}

/* What is shown commented out is right, too, and shows the defaults. */
static void test_with_everything_on(void **state)
{
	MXW_CLEANUP(mxw_strbuf_done)
	struct mxw_strbuf text = MXW_STRBUF_INIT, all = MXW_STRBUF_INIT, diags = MXW_STRBUF_INIT;
	read_example(&text);
	struct mxw_config *shipped = test_config_read_text(mxw_strbuf_get(&text), &diags);
	switch_on(mxw_strbuf_get(&text), &all);
	struct mxw_config *config = test_config_read_text(mxw_strbuf_get(&all), &diags);
	assert_string_equal(mxw_strbuf_get(&diags), "");
	assert_int_equal(config->n_upstreams, 4);
	assert_int_equal(config->n_domains, 2);
	assert_int_equal(config->n_notifiers, 2);
	assert_string_equal(config->state_dir, "/var/lib/mxwatch");
	assert_int_equal(config->timeout_ms, shipped->timeout_ms);
	assert_int_equal(config->max_age_ms, shipped->max_age_ms);
	assert_int_equal(config->n_canaries, shipped->n_canaries);
	assert_memory_equal(&config->defaults.policy, &shipped->defaults.policy, sizeof(shipped->defaults.policy));
	assert_int_equal(config->defaults.checks, shipped->defaults.checks);
	mxw_config_free(shipped);
	mxw_config_free(config);
}

/* An option that the example does not show is one that nobody finds. */
static void test_every_option_of_the_top_level_is_shown(void **state)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	struct mxw_option_table tables[MXW_MAX_OPTION_TABLES];
	size_t n = mxw_config_option_tables(tables), n_shown = 0;
	read_example(&text);
	for (size_t i = 0; i < n; i++) {
		if (strncmp(tables[i].name, "(top level)", 11) != 0)
			continue;
		for (const struct mxw_option *row = tables[i].options; row->name; row++, n_shown++) {
			char on[64], off[64], inside[64];
			snprintf(on, sizeof(on), "\n%s:", row->name);
			snprintf(off, sizeof(off), "\n#%s:", row->name);
			snprintf(inside, sizeof(inside), "\n#   %s:", row->name); /* of a domain */
			const char *example = mxw_strbuf_get(&text);
			if (!strstr(example, on) && !strstr(example, off) && !strstr(example, inside))
				fail_msg("%s is not shown", row->name);
		}
	}
	assert_true(n_shown > 20);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_shipped),
		cmocka_unit_test(test_with_everything_on),
		cmocka_unit_test(test_every_option_of_the_top_level_is_shown),
	};
	if (argc != 2) {
		fprintf(stderr, "usage: %s EXAMPLE\n", argv[0]);
		return 2;
	}
	example_path = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
