/* Three kinds of lines: "own" or "folded cause", the route, and the roots of a finding each; see record.h. */
#include "lib/group/record.h"

#include <errno.h>
#include <string.h>

void mxw_group_place_write(struct mxw_strbuf *ret, const struct mxw_group_item *item, bool is_folded,
			   enum mxw_group_kind special)
{
	if (is_folded)
		mxw_strbuf_addf(ret, "folded %s\n%s\n", mxw_group_kind_name(special), item->route);
	else
		mxw_strbuf_addf(ret, "own\n%s\n", item->route);
	for (size_t i = 0; i < item->n_findings; i++) {
		for (size_t k = 0; k < item->findings[i].n_roots; k++)
			mxw_strbuf_addf(ret, "%s%s", k ? " " : "", item->findings[i].roots[k]);
		mxw_strbuf_addc(ret, '\n');
	}
}

/* Cuts at the separator, or ends the text; NULL when there is nothing left. */
static char *cut(char **rest, char separator)
{
	char *part = *rest, *end = part ? strchr(part, separator) : NULL;
	*rest = end ? end + 1 : NULL;
	if (end)
		*end = '\0';
	return part;
}

static int read_place(const char *line, bool *ret_is_folded, enum mxw_group_kind *ret_special)
{
	static const char folded[] = "folded ";
	*ret_is_folded = false;
	*ret_special = MXW_GROUP_CAUSE;
	if (!line)
		return -EBADMSG;
	if (strcmp(line, "own") == 0)
		return 0;
	if (strncmp(line, folded, strlen(folded)) != 0)
		return -EBADMSG;
	*ret_is_folded = true;
	for (enum mxw_group_kind kind = 0; kind < MXW_N_GROUP_KINDS; kind++) {
		*ret_special = kind;
		if (strcmp(line + strlen(folded), mxw_group_kind_name(kind)) == 0)
			return 0;
	}
	return -EBADMSG;
}

static size_t count(const char *text, char c)
{
	size_t n = 0;
	for (; *text; text++)
		n += *text == c;
	return n;
}

static int read_finding(char *line, struct mxw_arena *arena, struct mxw_group_finding *ret)
{
	const char **roots = mxw_arena_alloc(arena, (count(line, ' ') + 1) * sizeof(*roots));
	char *rest = *line ? line : NULL;
	const char *root;
	*ret = (struct mxw_group_finding){ .roots = roots };
	if (!roots)
		return -ENOMEM;
	while ((root = cut(&rest, ' '))) {
		if (!*root)
			return -EBADMSG;
		roots[ret->n_roots++] = root;
	}
	return 0;
}

int mxw_group_place_read(const char *text, struct mxw_arena *arena, struct mxw_group_item *ret, bool *ret_is_folded,
			 enum mxw_group_kind *ret_special)
{
	size_t n = strlen(text), max = count(text, '\n') + 1;
	char *rest = mxw_arena_text(arena, text);
	struct mxw_group_finding *findings = mxw_arena_alloc(arena, max * sizeof(*findings));
	if (arena->failed)
		return -ENOMEM;
	if (!n || text[n - 1] != '\n')
		return -EBADMSG;
	rest[n - 1] = '\0'; /* the end of the last line is not a line */
	int r = read_place(cut(&rest, '\n'), ret_is_folded, ret_special);
	ret->route = cut(&rest, '\n');
	ret->findings = findings;
	ret->n_findings = 0;
	while (r == 0 && rest)
		r = read_finding(cut(&rest, '\n'), arena, &findings[ret->n_findings++]);
	return r == 0 && !ret->route ? -EBADMSG : r;
}
