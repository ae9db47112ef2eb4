/* The nearest word to a misspelt one. */
#pragma once

#include <stddef.h>

/* The candidate with the smallest edit distance (insert, delete, replace, swap of neighbours), ASCII case ignored;
 * NULL when even the best one is too far to be meant (more than a third of the word, at least 1). Borrowed. */
const char *mxw_nearest(const char *word, const char *const *candidates, size_t n);
