/* Sets of questions; see observation.h. */
#include "lib/observation/observation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void mxw_missing_done(struct mxw_missing *missing)
{
	mxw_missing_clear(missing);
	free(missing->items);
	*missing = (struct mxw_missing){ 0 };
}

void mxw_missing_clear(struct mxw_missing *missing)
{
	for (size_t i = 0; i < missing->n; i++)
		free(missing->items[i].name);
	missing->n = 0;
	missing->failed = false;
}

int mxw_missing_find(const struct mxw_missing *missing, const char *name, uint16_t type)
{
	for (size_t i = 0; i < missing->n; i++)
		if (missing->items[i].type == type && strcmp(missing->items[i].name, name) == 0)
			return (int)i;
	return -ENOENT;
}

static bool reserve(struct mxw_missing *missing)
{
	if (missing->n < missing->capacity)
		return true;
	size_t capacity = missing->capacity ? missing->capacity * 2 : 8;
	struct mxw_missing_question *items = realloc(missing->items, capacity * sizeof(*items));
	if (!items)
		return false;
	missing->items = items;
	missing->capacity = capacity;
	return true;
}

void mxw_missing_add(struct mxw_missing *missing, const char *name, uint16_t type)
{
	if (missing->n >= MXW_MAX_MISSING || mxw_missing_find(missing, name, type) >= 0)
		return;
	char *copy = strdup(name);
	if (!copy || !reserve(missing)) {
		free(copy);
		missing->failed = true;
		return;
	}
	missing->items[missing->n++] = (struct mxw_missing_question){ copy, type };
}

void mxw_missing_add_all(struct mxw_missing *missing, const struct mxw_missing *other)
{
	missing->failed |= other->failed;
	for (size_t i = 0; i < other->n; i++)
		mxw_missing_add(missing, other->items[i].name, other->items[i].type);
}
