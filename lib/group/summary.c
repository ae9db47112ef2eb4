/* Words for a group's message; see summary.h. */
#include "lib/group/summary.h"

#include <ctype.h>
#include <string.h>

#include "lib/base/duration.h"
#include "lib/base/escape.h"

enum { MAX_NAMED = 3 }; /* domains in the line; the event lists more */

static void add_state(struct mxw_strbuf *ret, enum mxw_severity severity)
{
	for (const char *c = mxw_severity_name(severity); *c; c++)
		mxw_strbuf_addc(ret, (char)toupper((unsigned char)*c));
}

static void add_name(struct mxw_strbuf *ret, const char *name)
{
	mxw_escape_line(ret, name, strlen(name), MXW_MAX_FIELD);
}

static void add_count(struct mxw_strbuf *ret, size_t n)
{
	mxw_strbuf_addf(ret, "%zu domain%s", n, n == 1 ? "" : "s");
}

/* Who it is about: the line's first word, as a domain is of other lines. */
static void add_subject(struct mxw_strbuf *ret, const struct mxw_group_message *message)
{
	static const char *const subjects[MXW_N_GROUP_KINDS] = {
		[MXW_GROUP_MASS] = "many domains",
		[MXW_GROUP_STORM] = "more domains",
		[MXW_GROUP_DIGEST] = "warnings",
	};
	enum mxw_group_kind kind = mxw_group_kind(message->group);
	if (kind == MXW_GROUP_CAUSE)
		add_name(ret, mxw_group_name(message->group));
	else
		mxw_strbuf_adds(ret, subjects[kind]);
}

static const char *reason(const struct mxw_group_message *message, const char *what)
{
	static const char *const reasons[MXW_N_GROUP_KINDS] = {
		[MXW_GROUP_CAUSE] = "the same cause",
		[MXW_GROUP_MASS] = "so many turned at the same time that they are told together",
		[MXW_GROUP_STORM] = "over the limit of messages, withheld one by one; \"mxwatch status\" lists them",
		[MXW_GROUP_DIGEST] = "told together",
	};
	enum mxw_group_kind kind = mxw_group_kind(message->group);
	return kind == MXW_GROUP_CAUSE && *what ? what : reasons[kind];
}

static void add_head(struct mxw_strbuf *ret, const struct mxw_group_message *message, int64_t duration_ms)
{
	if (message->kind == MXW_TRANSITION_REMINDER) {
		mxw_strbuf_adds(ret, " still ");
		add_state(ret, message->to);
		mxw_strbuf_adds(ret, " for ");
		mxw_duration_format_short(ret, duration_ms);
		return;
	}
	mxw_strbuf_addc(ret, ' ');
	add_state(ret, message->to);
	if (message->from == message->to) {
		mxw_strbuf_adds(ret, " (changed)");
		return;
	}
	mxw_strbuf_adds(ret, " (was ");
	add_state(ret, message->from);
	mxw_strbuf_addc(ret, ')');
}

static void add_domains(struct mxw_strbuf *ret, const struct mxw_group_message *message)
{
	size_t n = MXW_MIN(message->n_listed, (size_t)MAX_NAMED);
	mxw_strbuf_adds(ret, "; affects ");
	add_count(ret, message->n_domains);
	for (size_t i = 0; i < n; i++) {
		mxw_strbuf_adds(ret, i ? ", " : ": ");
		add_name(ret, message->domains[i]);
	}
	if (message->n_domains > n)
		mxw_strbuf_addf(ret, " and %zu more", message->n_domains - n);
	if (message->kind == MXW_TRANSITION_CHANGE && message->n_before != message->n_domains)
		mxw_strbuf_addf(ret, "; before: %zu", message->n_before);
}

char *mxw_group_summary(const struct mxw_group_message *message, const char *what, int64_t duration_ms)
{
	struct mxw_strbuf sb = MXW_STRBUF_INIT;
	const char *why = reason(message, what);
	add_subject(&sb, message);
	add_head(&sb, message, duration_ms);
	if (message->kind == MXW_TRANSITION_RECOVERY) {
		mxw_strbuf_adds(&sb, ": recovered after ");
		mxw_duration_format_short(&sb, duration_ms);
		mxw_strbuf_adds(&sb, "; had been: ");
		add_name(&sb, why);
		mxw_strbuf_adds(&sb, "; had affected ");
		add_count(&sb, message->n_most);
	} else {
		mxw_strbuf_adds(&sb, ": ");
		add_name(&sb, why);
		if (message->n_domains) {
			add_domains(&sb, message);
		} else {
			mxw_strbuf_adds(&sb, "; affected ");
			add_count(&sb, message->n_most);
			mxw_strbuf_adds(&sb, ", all well again by now");
		}
	}
	return mxw_strbuf_take(&sb);
}
