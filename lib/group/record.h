/* A key's place among the groups as a text, for the store. */
#pragma once

#include "lib/base/arena.h"
#include "lib/group/group.h"

/* The item's route and the roots of its findings, and where it is told. Roots and routes hold no line end, roots no blank
 * either (lib/group/cause.h makes none that do). */
void mxw_group_place_write(struct mxw_strbuf *ret, const struct mxw_group_item *item, bool is_folded,
			   enum mxw_group_kind special);
/* Fills route and findings of `ret`, in the arena. 0, -ENOMEM, or -EBADMSG for what mxw_group_place_write did not write. */
int mxw_group_place_read(const char *text, struct mxw_arena *arena, struct mxw_group_item *ret, bool *ret_is_folded,
			 enum mxw_group_kind *ret_special);
