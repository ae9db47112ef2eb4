/* `mxwatch explain`: everything about one finding id, placeholders left open; see catalogue.h. */
#include <errno.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/health/findings.h"
#include "lib/report/catalogue.h"
#include "lib/report/print.h"

enum { LABEL_WIDTH = 10 };

static void print_field(const struct mxw_print *print, const char *label, const char *text)
{
	unsigned len = (unsigned)strlen(label);
	if (!*text)
		return;
	mxw_print_ink(print, MXW_INK_DIM, label);
	mxw_print_spaces(print, LABEL_WIDTH - len);
	mxw_print_wrapped(print, LABEL_WIDTH, LABEL_WIDTH, text);
}

/* The parts of a template, one a line; they are never wrapped. */
static void print_parts(const struct mxw_print *print, const char *label, const char *template, char separator,
			struct mxw_arena *arena)
{
	for (const char *part = template; *part;) {
		const char *end = strchr(part, separator);
		size_t n = end ? (size_t)(end - part) : strlen(part);
		size_t skip = strspn(part, " ");
		skip = MXW_MIN(skip, n);
		mxw_print_ink(print, MXW_INK_DIM, label);
		mxw_print_spaces(print, LABEL_WIDTH - (unsigned)strlen(label));
		mxw_print_text(print, mxw_arena_textn(arena, part + skip, n - skip));
		mxw_strbuf_addc(print->out, '\n');
		label = "";
		part += n + (end != NULL);
	}
}

/* Every check that may say it: lookup failures belong to several, and what the monitor says about itself to none. */
static void print_checks(const struct mxw_finding_def *def, struct mxw_strbuf *ret)
{
	const char *separator = " by default, check ";
	if (mxw_health_find_finding(def->id))
		mxw_strbuf_adds(ret, " by default, about the monitor itself");
	for (size_t i = 0; i < mxw_n_checks; i++) {
		const struct mxw_finding_def *row = mxw_checks[i]->findings;
		while (row->id && strcmp(row->id, def->id) != 0)
			row++;
		if (!row->id)
			continue;
		mxw_strbuf_addf(ret, "%s%s", separator, mxw_checks[i]->name);
		separator = ", ";
	}
}

int mxw_catalogue_explain(const char *finding_id, const struct mxw_report_style *style, struct mxw_strbuf *ret)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf symptom = MXW_STRBUF_INIT;
	MXW_CLEANUP(mxw_arena_done) struct mxw_arena arena = { 0 };
	const struct mxw_finding_def *def = mxw_check_find_finding(finding_id, NULL);
	if (!def)
		def = mxw_health_find_finding(finding_id);
	struct mxw_print print = { .out = ret, .style = style };
	if (!def)
		return -ENOENT;
	struct mxw_finding open = { .def = def, .subject = "{subject}" };
	if (def->symptom)
		mxw_finding_symptom(&open, &symptom);
	mxw_print_ink(&print, MXW_INK_BOLD, def->id);
	mxw_strbuf_adds(ret, ": ");
	mxw_print_ink(&print, mxw_print_severity_ink(def->severity), mxw_severity_name(def->severity));
	print_checks(def, ret);
	mxw_strbuf_adds(ret, "\n\n");
	print_field(&print, "message", def->message);
	print_field(&print, "meaning", def->doc ? def->doc : "");
	print_field(&print, "senders", mxw_strbuf_get(&symptom));
	print_field(&print, "rule", def->rfc ? def->rfc : "");
	print_parts(&print, "look", def->reproduce ? def->reproduce : "", ';', &arena);
	print_parts(&print, "fix", def->fix ? def->fix : "", '\n', &arena);
	if (def->severity != MXW_OK) /* a good thing needs no other severity */
		print_field(&print, "override",
			    mxw_arena_textf(&arena, "severity: { %s: critical|warning|info|off }", def->id));
	return mxw_strbuf_failed(ret) || mxw_strbuf_failed(&symptom) || arena.failed ? -ENOMEM : 0;
}
