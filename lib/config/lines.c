/* Splitting at line ends; see lines.h. */
#include "lib/config/lines.h"

#include <string.h>

void mxw_lines_init(struct mxw_lines *lines, const char *bytes, size_t n)
{
	size_t skip = n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	*lines = (struct mxw_lines){ .next = n ? bytes + skip : NULL, .end = n ? bytes + n : NULL };
}

bool mxw_lines_next(struct mxw_lines *lines, const char **ret, size_t *ret_n)
{
	if (lines->next == lines->end)
		return false;
	size_t left = (size_t)(lines->end - lines->next);
	const char *lf = memchr(lines->next, '\n', left);
	size_t n = lf ? (size_t)(lf - lines->next) : left;
	*ret = lines->next;
	*ret_n = n && lines->next[n - 1] == '\r' ? n - 1 : n;
	lines->next += lf ? n + 1 : n;
	lines->number++;
	return true;
}
