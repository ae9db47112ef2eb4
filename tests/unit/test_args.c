/* Command lines: values, operands, and errors that name what is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "daemon/args.h"

static const struct mxw_args_option options[] = {
	{ .letter = 'c', .name = "config", .value = "FILE", .doc = "the file" },
	{ .letter = 'v', .name = "verbose", .doc = "more" },
	{ .letter = 'x', .is_long_only = true, .name = "format", .value = "FORMAT", .doc = "the format" },
	{ .letter = 'y', .is_long_only = true, .name = "force", .doc = "by force" },
	{ 0 },
};
static const struct mxw_args_command command = {
	.name = "tool do", .usage = "[OPTION]... NAME", .doc = "Does it.", .options = options
};

enum { MAX_WORDS = 6 };

/* Reads the words; the letters and values go to `ret` as "c=FILE v | operand operand", an error as "! text". */
static void read_words(const char *const *words, struct mxw_strbuf *ret)
{
	char *argv[MAX_WORDS + 2] = { (char *)"do" };
	int argc = 1;
	struct mxw_args args;
	for (; words[argc - 1]; argc++)
		argv[argc] = (char *)words[argc - 1];
	mxw_args_start(&args, &command, argc, argv);
	for (;;) {
		struct mxw_strbuf error = MXW_STRBUF_INIT;
		int option = mxw_args_next(&args, &error);
		if (option == MXW_ARGS_ERROR)
			mxw_strbuf_addf(ret, "! %s", mxw_strbuf_get(&error));
		mxw_strbuf_done(&error);
		if (option < 0)
			break;
		mxw_strbuf_addf(ret, "%c%s%s ", options[option].letter, args.value ? "=" : "",
				args.value ? args.value : "");
	}
	for (size_t i = 0; i < args.n_operands; i++)
		mxw_strbuf_addf(ret, "| %s ", args.operands[i]);
}

static void test_reading(void **state)
{
	static const struct {
		const char *words[MAX_WORDS], *expected;
	} rows[] = {
		{ { NULL }, "" },
		{ { "-c", "f", "a" }, "c=f | a " },
		{ { "-cf", "-v" }, "c=f v " },
		{ { "-vcf" }, "v c=f " },
		{ { "--config=f", "--config", "g" }, "c=f c=g " },
		{ { "a", "-v", "b" }, "v | a | b " },
		{ { "-v", "--", "-c" }, "v | -c " },
		{ { "--verb" }, "v " },
		{ { "--format", "json" }, "x=json " },
		{ { "-" }, "| - " },
		{ { "--verbos3" }, "! unknown option --verbos3, did you mean --verbose?" },
		{ { "--fromat=json" }, "! unknown option --fromat, did you mean --format?" },
		{ { "--quite-other" }, "! unknown option --quite-other" },
		{ { "--fo" }, "! ambiguous option --fo" },
		{ { "-q" }, "! unknown option -q" },
		{ { "-vq" }, "v ! unknown option -q" },
		{ { "-x" }, "! unknown option -x" },
		{ { "-\x1b" }, "! unknown option -\\x1b" },
		{ { "-c" }, "! option --config needs a value: FILE" },
		{ { "--format" }, "! option --format needs a value: FORMAT" },
		{ { "--verbose=3" }, "! option --verbose takes no value" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_strbuf text = MXW_STRBUF_INIT;
		read_words(rows[i].words, &text);
		assert_string_equal(mxw_strbuf_get(&text), rows[i].expected);
		mxw_strbuf_done(&text);
	}
}

static void test_help(void **state)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_args_help(&command, &text);
	assert_string_equal(mxw_strbuf_get(&text), "Usage: tool do [OPTION]... NAME\n\nDoes it.\n\nOptions:\n"
						   "  -c, --config FILE       the file\n"
						   "  -v, --verbose           more\n"
						   "      --format FORMAT     the format\n"
						   "      --force             by force\n");
	mxw_strbuf_done(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reading),
		cmocka_unit_test(test_help),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
