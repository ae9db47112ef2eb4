/* Rows of findings in an arena, found by a linear walk: a view has a handful, and MXW_MAX_SUBJECTS bounds what a hostile
 * zone can make of it; see finding.h. */
#include "lib/finding/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/finding/symptom.h"

void mxw_findings_done(struct mxw_findings *findings)
{
	mxw_arena_done(&findings->arena);
	*findings = (struct mxw_findings){ 0 };
}

bool mxw_findings_failed(const struct mxw_findings *findings)
{
	return findings->arena.failed;
}

/* Room for one more element in an array of the arena; the old array stays behind until the arena dies. */
static bool reserve(struct mxw_arena *arena, void *items_ptr, size_t n, size_t *capacity, size_t size)
{
	if (n < *capacity)
		return true;
	size_t grown = *capacity ? *capacity * 2 : 4;
	void *items = mxw_arena_alloc(arena, grown * size);
	if (!items)
		return false;
	void *old;
	memcpy(&old, items_ptr, sizeof(old));
	if (n)
		memcpy(items, old, n * size);
	memcpy(items_ptr, &items, sizeof(items));
	*capacity = grown;
	return true;
}

static struct mxw_finding *find(const struct mxw_findings *findings, const struct mxw_finding_def *def,
				const char *subject, size_t *ret_n_subjects)
{
	*ret_n_subjects = 0;
	for (size_t i = 0; i < findings->n; i++) {
		if (findings->items[i]->def != def)
			continue;
		if (strcmp(findings->items[i]->subject, subject) == 0)
			return findings->items[i];
		++*ret_n_subjects;
	}
	return NULL;
}

static struct mxw_finding *append(struct mxw_findings *findings, const struct mxw_finding_def *def, const char *subject,
				  enum mxw_vote vote)
{
	struct mxw_finding *finding = mxw_arena_alloc(&findings->arena, sizeof(*finding));
	if (!finding || !reserve(&findings->arena, &findings->items, findings->n, &findings->capacity, sizeof(finding)))
		return &findings->sink;
	finding->def = def;
	finding->severity = def->severity;
	finding->vote = vote;
	finding->subject = mxw_arena_text(&findings->arena, subject);
	findings->items[findings->n++] = finding;
	return finding;
}

static struct mxw_finding *add(struct mxw_findings *findings, const struct mxw_finding_def *def, const char *subject,
			       enum mxw_vote vote)
{
	size_t n_subjects;
	struct mxw_finding *finding = find(findings, def, subject, &n_subjects);
	if (finding) {
		finding->vote = MXW_MAX(finding->vote, vote);
		return finding;
	}
	if (n_subjects >= MXW_MAX_SUBJECTS && *subject) {
		if (!find(findings, def, "", &n_subjects))
			append(findings, def, "", MXW_VOTE_UNKNOWN);
		return &findings->sink;
	}
	return append(findings, def, subject, vote);
}

struct mxw_finding *mxw_findings_add(struct mxw_findings *findings, const struct mxw_finding_def *def,
				     const char *subject)
{
	return add(findings, def, subject ? subject : "", MXW_VOTE_YES);
}

struct mxw_finding *mxw_findings_add_unknown(struct mxw_findings *findings, const struct mxw_finding_def *def,
					     const char *subject)
{
	return add(findings, def, subject ? subject : "", MXW_VOTE_UNKNOWN);
}

const struct mxw_finding *mxw_findings_get(const struct mxw_findings *findings, const struct mxw_finding_def *def,
					   const char *subject)
{
	size_t n_subjects;
	return find(findings, def, subject ? subject : "", &n_subjects);
}

static const struct mxw_finding_var *find_var(const struct mxw_finding *finding, const char *key, size_t n)
{
	for (size_t i = 0; i < finding->n_vars; i++)
		if (strlen(finding->vars[i].key) == n && memcmp(finding->vars[i].key, key, n) == 0)
			return &finding->vars[i];
	return NULL;
}

/* `value` is in the arena. */
static void set_var(struct mxw_findings *findings, struct mxw_finding *finding, const char *key, const char *value)
{
	const struct mxw_finding_var *old = find_var(finding, key, strlen(key));
	if (old) {
		finding->vars[old - finding->vars].value = value;
		return;
	}
	if (!reserve(&findings->arena, &finding->vars, finding->n_vars, &finding->max_vars, sizeof(*finding->vars)))
		return;
	finding->vars[finding->n_vars++] = (struct mxw_finding_var){ mxw_arena_text(&findings->arena, key), value };
}

void mxw_finding_set(struct mxw_findings *findings, struct mxw_finding *finding, const char *key, const char *value)
{
	if (finding != &findings->sink)
		set_var(findings, finding, key, mxw_arena_text(&findings->arena, value));
}

void mxw_finding_setf(struct mxw_findings *findings, struct mxw_finding *finding, const char *key, const char *format,
		      ...)
{
	if (finding == &findings->sink)
		return;
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	char *value = n < 0 ? NULL : mxw_arena_alloc(&findings->arena, (size_t)n + 1);
	if (value) {
		vsnprintf(value, (size_t)n + 1, format, again);
		set_var(findings, finding, key, value);
	}
	va_end(again);
	va_end(args);
}

void mxw_finding_cite(struct mxw_findings *findings, struct mxw_finding *finding, const char *name, uint16_t type)
{
	if (finding == &findings->sink)
		return;
	for (size_t i = 0; i < finding->n_evidence; i++)
		if (finding->evidence[i].type == type && strcmp(finding->evidence[i].name, name) == 0)
			return;
	if (!reserve(&findings->arena, &finding->evidence, finding->n_evidence, &finding->max_evidence,
		     sizeof(*finding->evidence)))
		return;
	finding->evidence[finding->n_evidence++] =
		(struct mxw_finding_evidence){ mxw_arena_text(&findings->arena, name), type };
}

/* Value of a placeholder, NULL for an unknown one. */
static const char *lookup(const struct mxw_finding *finding, const char *key, size_t n)
{
	const struct mxw_finding_var *var = find_var(finding, key, n);
	if (var)
		return var->value;
	if (n == 7 && memcmp(key, "subject", n) == 0)
		return finding->subject;
	if (n == 2 && memcmp(key, "id", n) == 0)
		return finding->def->id;
	return NULL;
}

void mxw_finding_expand(const struct mxw_finding *finding, const char *template, struct mxw_strbuf *ret)
{
	for (const char *p = template; *p;) {
		size_t n = strcspn(p, "{");
		mxw_strbuf_add(ret, p, n);
		p += n;
		if (!*p)
			return;
		size_t n_key = strcspn(p + 1, "{}");
		const char *value = p[1 + n_key] == '}' ? lookup(finding, p + 1, n_key) : NULL;
		if (value) {
			mxw_strbuf_adds(ret, value);
			p += n_key + 2;
		} else {
			mxw_strbuf_addc(ret, *p++);
		}
	}
}

/* Length of the code ("B-NX") that starts at `p`, 0 if none does. */
static size_t code_length(const char *p)
{
	size_t n = 2;
	if (p[0] != 'B' || p[1] != '-')
		return 0;
	while (p[n] >= 'A' && p[n] <= 'Z')
		n++;
	return mxw_symptom_text(p, n) ? n : 0;
}

void mxw_finding_symptom(const struct mxw_finding *finding, struct mxw_strbuf *ret)
{
	struct mxw_strbuf template MXW_CLEANUP(mxw_strbuf_done) = MXW_STRBUF_INIT;
	bool after_code = false;
	for (const char *p = finding->def->symptom; *p;) {
		size_t n = code_length(p);
		if (n) {
			mxw_strbuf_adds(&template, mxw_symptom_text(p, n));
			p += n;
		} else if (*p == ' ' && after_code && code_length(p + 1)) {
			mxw_strbuf_adds(&template, "; "); /* two codes side by side: both happen */
			p++;
		} else {
			mxw_strbuf_addc(&template, *p++);
		}
		after_code = n > 0;
	}
	ret->failed |= mxw_strbuf_failed(&template);
	mxw_finding_expand(finding, mxw_strbuf_get(&template), ret);
}
