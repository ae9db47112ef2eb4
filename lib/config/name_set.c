/* Lists of names that are sets: checks, notifiers, severities, kinds; see reader.h. */
#include "lib/config/reader.h"

#include <string.h>

#include "lib/schema/scalar.h"
#include "lib/schema/suggest.h"

static void tell_unknown_name(struct mxw_config_reader *reader, const struct mxw_values *values,
			      const struct mxw_name_set *set, size_t i)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	const char *word = mxw_values_get(values, set->key)->texts[i];
	mxw_quote(&text, word);
	mxw_strbuf_addf(&text, " is no %s, ", set->what);
	mxw_suggest(&text, word, set->names, set->n, set->n ? NULL : "expected none: there are none", reader->diags);
	mxw_values_item_error(values, set->key, i, reader->diags, "%s", mxw_strbuf_get(&text));
	mxw_strbuf_done(&text);
}

uint64_t mxw_config_read_name_set(struct mxw_config_reader *reader, const struct mxw_values *values,
				  const struct mxw_name_set *set)
{
	const struct mxw_value *value = mxw_values_get(values, set->key);
	uint64_t bits = 0;
	for (size_t i = 0; i < value->n; i++) {
		size_t k = 0;
		while (k < set->n && strcmp(set->names[k], value->texts[i]) != 0)
			k++;
		if (k == set->n)
			tell_unknown_name(reader, values, set, i);
		else if (bits & UINT64_C(1) << k)
			mxw_values_item_error(values, set->key, i, reader->diags, "%s is named twice, expected once",
					      value->texts[i]);
		else
			bits |= UINT64_C(1) << k;
	}
	return bits;
}
