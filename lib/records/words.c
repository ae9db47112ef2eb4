/* Sets for people; see records.h. */
#include <string.h>

#include "lib/base/escape.h"
#include "lib/base/util.h"
#include "lib/records/records.h"

const char mxw_records_none[] = "no records", mxw_records_no_name[] = "no such name";

const char *mxw_records_type_words(enum mxw_record_type type)
{
	static const char *const words[MXW_N_RECORD_TYPES] = {
		[MXW_RECORD_MX] = "MX",   [MXW_RECORD_SPF] = "SPF",
		[MXW_RECORD_NS] = "NS",   [MXW_RECORD_ADDRESS] = "mail host address",
		[MXW_RECORD_PTR] = "PTR",
	};
	return words[type];
}

void mxw_records_line(const char *set, struct mxw_strbuf *ret)
{
	while (*set) {
		size_t n = strcspn(set, "\n");
		mxw_strbuf_add(ret, set, n);
		set += n;
		if (*set++ != '\n')
			return;
		mxw_strbuf_adds(ret, ", ");
	}
}

static void add_field(struct mxw_strbuf *ret, const char *set)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf line = MXW_STRBUF_INIT;
	mxw_records_line(set, &line);
	mxw_escape_line_once(ret, mxw_strbuf_get(&line), line.len, MXW_MAX_FIELD);
	ret->failed |= mxw_strbuf_failed(&line);
}

char *mxw_records_summary(const char *domain, enum mxw_record_type type, const char *old, const char *new)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_escape_line(&text, domain, strlen(domain), MXW_MAX_FIELD);
	mxw_strbuf_addf(&text, " %s changed: ", mxw_records_type_words(type));
	add_field(&text, old);
	mxw_strbuf_adds(&text, " -> ");
	add_field(&text, new);
	return mxw_strbuf_take(&text);
}

bool mxw_records_next(const char **at, const char **ret, size_t *ret_n)
{
	if (!**at || strcmp(*at, mxw_records_none) == 0 || strcmp(*at, mxw_records_no_name) == 0)
		return false;
	*ret = *at;
	*ret_n = strcspn(*at, "\n");
	*at += *ret_n;
	*at += **at == '\n';
	return true;
}
