/* From findings to causes; see cause.h. */
#include "lib/group/cause.h"

#include <errno.h>
#include <string.h>

struct roots {
	const char **texts;
	size_t n;
};

static bool is_lookup(const struct mxw_verdict_entry *entry)
{
	return entry->def->warn_after_min || entry->def->critical_after_min;
}

static bool is_confirmed(const struct mxw_verdict_entry *entry)
{
	return mxw_verdict_entry_holds(entry) && entry->severity >= MXW_WARNING && entry->severity != MXW_OFF;
}

static bool cites(const struct mxw_verdict_entry *entry, const char *name)
{
	for (size_t i = 0; i < entry->finding->n_evidence; i++)
		if (strcmp(entry->finding->evidence[i].name, name) == 0)
			return true;
	return false;
}

/* Names and addresses. What somebody wrote in the place of a name is his own mistake, and so is a bare label; the word of a
 * type ("mx", of cons-expect) is none either. */
static bool is_name(const char *text)
{
	const unsigned char *c = (const unsigned char *)text;
	while (*c > ' ' && *c < 0x7f)
		c++;
	return !*c && strpbrk(text, ".:");
}

static void add(struct roots *roots, const char *text, const char *domain)
{
	if (!is_name(text) || strcmp(text, domain) == 0)
		return;
	for (size_t i = 0; i < roots->n; i++)
		if (strcmp(roots->texts[i], text) == 0)
			return;
	roots->texts[roots->n++] = text;
}

static void add_evidence(struct roots *roots, const struct mxw_verdict_entry *entry, const char *domain)
{
	for (size_t i = 0; i < entry->finding->n_evidence; i++)
		add(roots, entry->finding->evidence[i].name, domain);
}

/* Subjects of the findings that this one is derived from. Where those are made by another check (mx-all-dead of a host
 * with a private address) they are unknown here; then what is critical has nothing left, so all that it cites is broken. */
static void add_derived(struct roots *roots, const struct mxw_verdict *verdict, const struct mxw_verdict_entry *entry,
			const char *domain)
{
	for (size_t i = 0; i < verdict->n_entries; i++) {
		const struct mxw_verdict_entry *other = &verdict->entries[i];
		if (is_confirmed(other) && other->def->kind != MXW_KIND_SET && cites(entry, other->subject))
			add(roots, other->subject, domain);
	}
	if (!roots->n && entry->def->severity == MXW_CRITICAL)
		add_evidence(roots, entry, domain);
}

static void find_roots(struct roots *roots, const struct mxw_verdict *verdict, const struct mxw_verdict_entry *entry,
		       const char *domain)
{
	if (is_lookup(entry)) /* its subject is a name and a type */
		add_evidence(roots, entry, domain);
	else if (strcmp(entry->subject, domain) != 0)
		add(roots, entry->subject, domain);
	else if (entry->def->kind == MXW_KIND_SET)
		add_derived(roots, verdict, entry, domain);
}

static bool counts(const struct mxw_verdict_entry *entry, const struct mxw_verdict *verdict, enum mxw_severity to)
{
	if (verdict->state >= MXW_WARNING)
		return is_confirmed(entry) && entry->severity == to;
	return is_lookup(entry) && entry->votes.yes;
}

int mxw_cause_find(const struct mxw_verdict *verdict, struct mxw_arena *arena, struct mxw_group_item *ret)
{
	struct mxw_group_finding *findings = mxw_arena_alloc(arena, (verdict->n_entries + 1) * sizeof(*findings));
	size_t n = 0;
	for (size_t i = 0; findings && i < verdict->n_entries; i++) {
		const struct mxw_verdict_entry *entry = &verdict->entries[i];
		if (!counts(entry, verdict, ret->to))
			continue;
		size_t max = MXW_MAX(verdict->n_entries, entry->finding->n_evidence) + 1;
		struct roots roots = { .texts = mxw_arena_alloc(arena, max * sizeof(char *)) };
		if (!roots.texts)
			break;
		find_roots(&roots, verdict, entry, ret->domain);
		findings[n++] = (struct mxw_group_finding){ .roots = roots.texts, .n_roots = roots.n };
	}
	ret->findings = findings;
	ret->n_findings = arena->failed ? 0 : n;
	return arena->failed ? -ENOMEM : 0;
}
