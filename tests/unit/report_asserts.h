/* What the tests of renderers ask of a text. Include after <cmocka.h>. */
#pragma once

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static inline void assert_contains(const char *text, const char *part)
{
	if (!text)
		abort();
	if (strstr(text, part))
		return;
	print_message("no \"%s\" in:\n%s", part, text);
	fail();
}

static inline void assert_text(const char *text, const char *expect)
{
	if (strcmp(text, expect) == 0)
		return;
	fail_msg("expected\n%sbut it is\n%s", expect, text);
}

/* The caller's reference. */
static inline json_t *load_json(const char *text)
{
	json_error_t error;
	json_t *value = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	if (!value)
		fail_msg("%s: %s", error.text, text);
	return value;
}
