/* Option rows: defaults, every type read strictly, bounds, unknown and missing keys, several parts of one mapping. */
#include "lib/schema/option.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/strbuf.h"
#include "lib/schema/yaml.h"

static const char *const colours[] = { "red", "green", "blue", NULL };

static const struct mxw_option rows[] = {
	{ .name = "flag", .type = MXW_OPTION_BOOL, .fallback = "true" },
	{ .name = "count", .type = MXW_OPTION_INT, .fallback = "3", .min = 1, .max = 100 },
	{ .name = "free", .type = MXW_OPTION_INT },
	{ .name = "wait", .type = MXW_OPTION_DURATION, .fallback = "5m", .min = 1000, .max = 86400000 },
	{ .name = "text", .type = MXW_OPTION_TEXT, .min = 1, .max = 8 },
	{ .name = "colour", .type = MXW_OPTION_CHOICE, .fallback = "green", .choices = colours },
	{ .name = "texts", .type = MXW_OPTION_TEXTS, .fallback = "[a, b]", .min = 1, .max = 4 },
	{ .name = "times", .type = MXW_OPTION_DURATIONS, .fallback = "[1h, 4h]", .min = 1000, .max = 86400000 },
	{ .name = "map", .type = MXW_OPTION_MAP, .fallback = "{ k: v }" },
	{ .name = "any", .type = MXW_OPTION_CUSTOM, .expected = "a list of things" },
	{ 0 },
};

static void dump_value(const struct mxw_option *option, const struct mxw_value *value, struct mxw_strbuf *ret)
{
	mxw_strbuf_addf(ret, "%s%s=", option->name, value->is_given ? "!" : "");
	if (!value->is_set)
		mxw_strbuf_addc(ret, '-');
	else if (option->type == MXW_OPTION_BOOL)
		mxw_strbuf_adds(ret, value->boolean ? "true" : "false");
	else if (option->type == MXW_OPTION_TEXT)
		mxw_strbuf_adds(ret, value->text);
	else if (option->type <= MXW_OPTION_CHOICE)
		mxw_strbuf_addf(ret, "%lld", (long long)value->number);
	for (size_t i = 0; i < value->n; i++) {
		mxw_strbuf_addf(ret, "%s%s%s", i ? "," : "", value->keys ? value->keys[i] : "", value->keys ? ":" : "");
		if (value->numbers)
			mxw_strbuf_addf(ret, "%lld", (long long)value->numbers[i]);
		else
			mxw_strbuf_adds(ret, value->texts[i]);
	}
	mxw_strbuf_addc(ret, ' ');
}

static struct mxw_document *parse(const char *text, struct mxw_diags *diags)
{
	struct mxw_document *document = NULL;
	assert_int_equal(mxw_yaml_parse(&document, text, strlen(text), "f", diags), 0);
	assert_non_null(document);
	return document;
}

static void expect_diags(const struct mxw_diags *diags, const char *text, const char *expected)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf printed = MXW_STRBUF_INIT;
	mxw_diags_print(diags, &printed);
	if (strcmp(mxw_strbuf_get(&printed), expected) != 0)
		fail_msg("%s\n-> %s", text, mxw_strbuf_get(&printed));
}

static void test_defaults(void **state)
{
	struct mxw_values values;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	assert_int_equal(mxw_values_init(&values, rows), 0);
	for (size_t i = 0; i < values.n; i++)
		dump_value(&rows[i], &values.items[i], &text);
	assert_string_equal(mxw_strbuf_get(&text),
			    "flag=true count=3 free=- wait=300000 text=- colour=1 texts=a,b times=3600000,14400000 "
			    "map=k:v any=- ");
	mxw_values_done(&values);
	mxw_values_done(&values); /* twice is harmless */
}

static void test_values(void **state)
{
	static const struct {
		const char *text, *value;
	} table[] = {
		{ "flag: false", "flag!=false " },
		{ "count: 1", "count!=1 " },
		{ "count: 100", "count!=100 " },
		{ "free: -5", "free!=-5 " },
		{ "free: 9223372036854775807", "free!=9223372036854775807 " },
		{ "wait: 1s", "wait!=1000 " },
		{ "wait: '1d'", "wait!=86400000 " },
		{ "text: x", "text!=x " },
		{ "text: 5", "text!=5 " },
		{ "text: true", "text!=true " },
		{ "text: \"null\"", "text!=null " },
		{ "colour: red", "colour!=0 " },
		{ "colour: 'blue'", "colour!=2 " },
		{ "texts: []", "texts!="
			       " " },
		{ "texts: [c]", "texts!=c " },
		{ "times: []", "times!="
			       " " },
		{ "times: [1s, 1m30s]", "times!=1000,90000 " },
		{ "map: {}", "map!="
			     " " },
		{ "map: { a: 1, b: \"\" }", "map!=a:1,b: " },
		{ "any: [1]", "any!="
			      " " },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(table); i++) {
		struct mxw_diags diags = { 0 };
		struct mxw_values values;
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
		struct mxw_document *document = parse(table[i].text, &diags);
		assert_int_equal(mxw_values_init(&values, rows), 0);
		assert_int_equal(mxw_values_read(&values, mxw_document_root(document), "", &diags), 0);
		for (size_t k = 0; k < values.n; k++)
			if (values.items[k].is_given)
				dump_value(&rows[k], &values.items[k], &text);
		expect_diags(&diags, table[i].text, "");
		assert_string_equal(mxw_strbuf_get(&text), table[i].value);
		mxw_values_done(&values);
		mxw_document_free(document);
	}
}

static const struct {
	const char *text, *diags;
} errors[] = {
	{ "flag: yes", "f:1:7: p.flag: found text \"yes\", expected true or false\n" },
	{ "flag: True", "f:1:7: p.flag: found text \"True\", expected true or false\n" },
	{ "flag: 1", "f:1:7: p.flag: found text \"1\", expected true or false\n" },
	{ "flag: 'true'", "f:1:7: p.flag: found quoted text \"true\", expected true or false\n" },
	{ "flag:", "f:1:6: p.flag: found nothing, expected true or false\n" },
	{ "flag: ~", "f:1:7: p.flag: found nothing, expected true or false\n" },
	{ "flag: []", "f:1:7: p.flag: found an empty list, expected true or false\n" },
	{ "count: 0", "f:1:8: p.count: \"0\" is out of range, expected a number from 1 to 100\n" },
	{ "count: 101", "f:1:8: p.count: \"101\" is out of range, expected a number from 1 to 100\n" },
	{ "count: -1", "f:1:8: p.count: \"-1\" is out of range, expected a number from 1 to 100\n" },
	{ "count: 18446744073709551617",
	  "f:1:8: p.count: \"18446744073709551617\" is out of range, expected a number from 1 to 100\n" },
	{ "free: 9223372036854775808", "f:1:7: p.free: \"9223372036854775808\" is out of range, expected a number\n" },
	{ "count: 010", "f:1:8: p.count: found text \"010\", expected a number from 1 to 100\n" },
	{ "count: 0x10", "f:1:8: p.count: found text \"0x10\", expected a number from 1 to 100\n" },
	{ "count: 1e3", "f:1:8: p.count: found text \"1e3\", expected a number from 1 to 100\n" },
	{ "count: 1.0", "f:1:8: p.count: found text \"1.0\", expected a number from 1 to 100\n" },
	{ "count: +1", "f:1:8: p.count: found text \"+1\", expected a number from 1 to 100\n" },
	{ "count: 1_000", "f:1:8: p.count: found text \"1_000\", expected a number from 1 to 100\n" },
	{ "count: '5'", "f:1:8: p.count: found quoted text \"5\", expected a number from 1 to 100\n" },
	{ "free: -0", "f:1:7: p.free: found text \"-0\", expected a number\n" },
	{ "count: { a: 1 }", "f:1:8: p.count: found a mapping, expected a number from 1 to 100\n" },
	{ "wait: 300", "f:1:7: p.wait: found text \"300\", expected a duration with a unit such as 30s, 5m or 1h30m, "
		       "from 1s to 1d\n" },
	{ "wait: 999ms", "f:1:7: p.wait: \"999ms\" is out of range, expected a duration with a unit such as 30s, 5m or "
			 "1h30m, from 1s to 1d\n" },
	{ "wait: 99999999d", "f:1:7: p.wait: \"99999999d\" is out of range, expected a duration with a unit such as "
			     "30s, 5m or 1h30m, from 1s to 1d\n" },
	{ "wait: [1s]",
	  "f:1:7: p.wait: found a list, expected a duration with a unit such as 30s, 5m or 1h30m, from 1s to 1d\n" },
	{ "text: null", "f:1:7: p.text: found nothing, expected text of 1 to 8 octets\n" },
	{ "text: ''", "f:1:7: p.text: \"\" is out of range, expected text of 1 to 8 octets\n" },
	{ "text: 123456789", "f:1:7: p.text: \"123456789\" is out of range, expected text of 1 to 8 octets\n" },
	{ "colour: pink", "f:1:9: p.colour: found text \"pink\", expected red, green or blue\n" },
	{ "colour: gren", "f:1:9: p.colour: found text \"gren\", did you mean \"green\"?\n" },
	{ "colour: true", "f:1:9: p.colour: found text \"true\", expected red, green or blue\n" },
	{ "colour: [red]", "f:1:9: p.colour: found a list, expected red, green or blue\n" },
	{ "texts: a", "f:1:8: p.texts: found text \"a\", expected a list of texts of 1 to 4 octets\n" },
	{ "texts: [a, [b], ~, abcde]",
	  "f:1:12: p.texts[1]: found a list, expected text of 1 to 4 octets\n"
	  "f:1:17: p.texts[2]: found nothing, expected text of 1 to 4 octets\n"
	  "f:1:20: p.texts[3]: \"abcde\" is out of range, expected text of 1 to 4 octets\n" },
	{ "times: [1, 1ms]", "f:1:9: p.times[0]: found text \"1\", expected a duration with a unit such as 30s, 5m or "
			     "1h30m, from 1s to 1d\n"
			     "f:1:12: p.times[1]: \"1ms\" is out of range, expected a duration with a unit such as "
			     "30s, 5m or 1h30m, from 1s to 1d\n" },
	{ "times: {}", "f:1:8: p.times: found an empty mapping, expected a list of durations such as [1h, 4h, 24h], "
		       "from 1s to 1d\n" },
	{ "map: [a]", "f:1:6: p.map: found a list, expected a mapping of texts\n" },
	{ "map: { a: [b] }", "f:1:11: p.map.a: found a list, expected text\n" },
	{ "cuont: 1", "f:1:1: p.cuont: unknown key, did you mean \"count\"?\n" },
	{ "zzzzzz: 1", "f:1:1: p.zzzzzz: unknown key, expected one of flag, count, free, wait, text, colour, texts, "
		       "times, map, any\n" },
	{ "flag: 1\ncount: x", "f:1:7: p.flag: found text \"1\", expected true or false\n"
			       "f:2:8: p.count: found text \"x\", expected a number from 1 to 100\n" },
	{ "[a]", "f:1:1: p: found a list, expected a mapping\n" },
	{ "text: \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
	  "f:1:7: p.text: \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...\" is out of range, "
	  "expected text of 1 to 8 "
	  "octets\n" },
};

/* What does not fit is told with what was found, where, and what was expected; the default stays. */
static void test_errors(void **state)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(errors); i++) {
		MXW_CLEANUP(mxw_diags_done) struct mxw_diags diags = { 0 };
		struct mxw_values values;
		struct mxw_document *document = parse(errors[i].text, &diags);
		assert_int_equal(mxw_values_init(&values, rows), 0);
		assert_int_equal(mxw_values_read(&values, mxw_document_root(document), "p.", &diags), 0);
		expect_diags(&diags, errors[i].text, errors[i].diags);
		assert_true(mxw_values_get(&values, "flag")->boolean);
		assert_int_equal(mxw_values_get(&values, "count")->number, 3);
		assert_int_equal(mxw_values_get(&values, "texts")->n, 2);
		mxw_values_done(&values);
		mxw_document_free(document);
	}
}

static const struct mxw_option common[] = {
	{ .name = "name", .type = MXW_OPTION_TEXT, .required = true },
	{ .name = "kind", .type = MXW_OPTION_TEXT, .required = true, .expected = "a kind of thing" },
	{ 0 },
};
static const struct mxw_option own[] = { { .name = "url", .type = MXW_OPTION_TEXT, .required = true }, { 0 } };

static void test_parts_of_one_mapping(void **state)
{
	static const struct {
		const char *text, *diags;
	} table[] = {
		{ "{ name: a, kind: b, url: c }", "" },
		{ "{ url: c }",
		  "f:1:1: x[0].name: missing, expected text\nf:1:1: x[0].kind: missing, expected a kind of thing\n" },
		{ "{ name: a, kind: b }", "f:1:1: x[0].url: missing, expected text\n" },
		{ "{ name: a, kind: b, url: c, ulr: d }", "f:1:29: x[0].ulr: unknown key, did you mean \"url\"?\n" },
		{ "{ name: a, kind: b, url: c, nmae: d }", "f:1:29: x[0].nmae: unknown key, did you mean \"name\"?\n" },
		{ "{ name: [], kind: b, url: c }",
		  "f:1:9: x[0].name: found an empty list, expected text\n" }, /* not missing as well */
		{ "text", "f:1:1: x[0]: found text \"text\", expected a mapping\n" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(table); i++) {
		MXW_CLEANUP(mxw_diags_done) struct mxw_diags diags = { 0 };
		struct mxw_values a, b, *const parts[] = { &a, &b };
		struct mxw_document *document = parse(table[i].text, &diags);
		assert_int_equal(mxw_values_init(&a, common), 0);
		assert_int_equal(mxw_values_init(&b, own), 0);
		assert_int_equal(mxw_values_read_parts(parts, 2, mxw_document_root(document), "x[0].", &diags), 0);
		expect_diags(&diags, table[i].text, table[i].diags);
		mxw_values_done(&a);
		mxw_values_done(&b);
		mxw_document_free(document);
	}
}

/* Errors of owners carry the path of the mapping and the place of the value, or of the mapping that lacks it. */
static void test_errors_of_owners(void **state)
{
	MXW_CLEANUP(mxw_diags_done) struct mxw_diags diags = { 0 };
	struct mxw_values values;
	struct mxw_document *document = parse("text: x\ntexts: [a, b]\nmap: { k: v }\nany: 5\n", &diags);
	assert_int_equal(mxw_values_init(&values, rows), 0);
	assert_int_equal(mxw_values_read(&values, mxw_document_root(document), "p.", &diags), 0);
	mxw_values_error(&values, "text", &diags, "%d", 1);
	mxw_values_error(&values, "free", &diags, "%d", 0);
	mxw_values_item_error(&values, "texts", 1, &diags, "%d", 2);
	mxw_values_item_error(&values, "map", 0, &diags, "%d", 3);
	assert_null(mxw_values_list(&values, "any", &diags));
	expect_diags(&diags, "",
		     "f:1:1: p.free: 0\n"
		     "f:1:7: p.text: 1\n"
		     "f:2:12: p.texts[1]: 2\n"
		     "f:3:11: p.map.k: 3\n"
		     "f:4:6: p.any: found text \"5\", expected a list of things\n");
	mxw_values_detach(&values);
	mxw_document_free(document);
	assert_null(mxw_values_get(&values, "any")->node);
	assert_null(mxw_values_get(&values, "texts")->positions[1].file);
	assert_string_equal(mxw_values_get(&values, "texts")->texts[1], "b");
	mxw_values_done(&values);
}

/* A million unknown keys: counted, not each searched for its nearest neighbour. */
static void test_many_unknown_keys(void **state)
{
	MXW_CLEANUP(mxw_diags_done) struct mxw_diags diags = { 0 };
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	struct mxw_values values;
	enum { N = 200000 };
	for (size_t i = 0; i < N; i++)
		mxw_strbuf_addf(&text, "key_that_nobody_has_%zu: 1\n", i);
	struct mxw_document *document = parse(mxw_strbuf_get(&text), &diags);
	assert_int_equal(mxw_values_init(&values, rows), 0);
	assert_int_equal(mxw_values_read(&values, mxw_document_root(document), "", &diags), 0);
	assert_int_equal(diags.n_errors, N);
	mxw_values_done(&values);
	mxw_document_free(document);
}

static void test_names(void **state)
{
	assert_int_equal(mxw_options_count(rows), 10);
	assert_int_equal(mxw_options_count(&rows[10]), 0);
	for (int type = MXW_OPTION_BOOL; type <= MXW_OPTION_CUSTOM; type++)
		assert_true(strlen(mxw_option_type_name((enum mxw_option_type)type)) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_parts_of_one_mapping),
		cmocka_unit_test(test_errors_of_owners),
		cmocka_unit_test(test_many_unknown_keys),
		cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
