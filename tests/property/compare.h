/* A10: what one notifier does leaves the others' traces unchanged. */
#pragma once

#include "tests/property/judge.h"

/* A plan that can be compared: nothing in it depends on how busy the daemon is. */
void compare_prepare(struct plan *plan);
/* What the receivers of the world have got that is there now, but for one of them. */
struct compare_lines {
	struct compare_line *items;
	size_t n;
};
void compare_take(struct compare_lines *ret, const struct plan *plan);
void compare_done(struct compare_lines *lines);
/* Plays the plan once more, with that one never well: the others must get the same. */
void compare(struct judgement *ret, const struct plan *plan, const struct compare_lines *before);
