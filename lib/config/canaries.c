/* `canaries`: questions that show whether a resolver works at all; see reader.h. */
#include "lib/config/reader.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/config/rows.h"
#include "lib/dns/name.h"
#include "lib/dns/type.h"
#include "lib/schema/scalar.h"

/* Types that are no data of a zone: pseudo types such as OPT, and 128 to 255 (RFC 6895 3.1). */
static bool is_askable(uint16_t type)
{
	return type != 0 && type != MXW_TYPE_OPT && (type < 128 || type > 255);
}

static void tell(struct mxw_config_reader *reader, const struct mxw_values *values, const char *name, const char *what)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_quote(&text, mxw_values_get(values, name)->text);
	mxw_values_error(values, name, reader->diags, "%s is %s", mxw_strbuf_get(&text), what);
	mxw_strbuf_done(&text);
}

static int add_canary(struct mxw_config *config, const char *name, uint16_t type)
{
	char *copy = mxw_arena_text(&config->arena, name);
	if (config->arena.failed)
		return -ENOMEM;
	config->canaries[config->n_canaries++] = (struct mxw_canary){ copy, type };
	return 0;
}

static int read_canary(struct mxw_config_reader *reader, const struct mxw_node *node, size_t index)
{
	struct mxw_values values;
	char path[32], canonical[MXW_NAME_TEXT_MAX];
	snprintf(path, sizeof(path), "canaries[%zu].", index);
	int r = mxw_values_init(&values, mxw_config_canary_rows);
	if (r >= 0)
		r = mxw_values_read(&values, node, path, reader->diags);
	const struct mxw_value *name = r >= 0 ? mxw_values_get(&values, "name") : NULL;
	const struct mxw_value *type = r >= 0 ? mxw_values_get(&values, "type") : NULL;
	if (name && name->is_set && type->is_set) {
		uint16_t number = mxw_rrtype_parse(type->text);
		bool is_name = mxw_name_canonical(name->text, canonical) == 0;
		if (!is_name)
			tell(reader, &values, "name", "no domain name, expected one such as \".\" or example.com");
		if (!is_askable(number))
			tell(reader, &values, "type", "no record type, expected one such as NS, SOA or A");
		if (is_name && is_askable(number))
			r = add_canary(reader->config, canonical, number);
	}
	mxw_values_done(&values);
	return r;
}

int mxw_config_read_canaries(struct mxw_config_reader *reader, const struct mxw_values *top)
{
	const struct mxw_node *node = mxw_values_list(top, "canaries", reader->diags);
	int r = 0;
	if (!mxw_values_get(top, "canaries")->is_given)
		return add_canary(reader->config, ".",
				  MXW_TYPE_NS); /* the root's name servers: no resolver works without them */
	if (node && node->n > MXW_MAX_CANARIES) {
		mxw_values_error(top, "canaries", reader->diags, "a list of %zu questions, expected at most %d",
				 node->n, MXW_MAX_CANARIES);
		return 0;
	}
	for (size_t i = 0; node && i < node->n && r >= 0; i++)
		r = read_canary(reader, node->children[i], i);
	return r;
}
