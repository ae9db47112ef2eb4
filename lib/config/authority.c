/* `authority`: on, off, or the name servers of the domain's zone; see reader.h. */
#include <errno.h>
#include <string.h>

#include "lib/config/reader.h"
#include "lib/config/rows.h"
#include "lib/schema/scalar.h"

static const char expected[] = "on, off or a mapping such as { servers: [192.0.2.53] }";
static const struct mxw_config_authority walked;

static void read_server(struct mxw_config_reader *reader, const struct mxw_values *values, size_t i,
			struct mxw_config_authority *authority)
{
	const char *text = mxw_values_get(values, "servers")->texts[i];
	struct mxw_endpoint endpoint;
	if (mxw_endpoint_parse(text, &endpoint) < 0) {
		struct mxw_strbuf quoted = MXW_STRBUF_INIT;
		mxw_quote(&quoted, text);
		mxw_values_item_error(values, "servers", i, reader->diags,
				      "%s is no address, expected an address, address:port or [IPv6]:port",
				      mxw_strbuf_get(&quoted));
		mxw_strbuf_done(&quoted);
		return;
	}
	for (size_t k = 0; k < authority->n_servers; k++)
		if (mxw_endpoint_equal(&endpoint, &authority->servers[k]))
			mxw_values_item_error(values, "servers", i, reader->diags, "%s is given twice, expected once",
					      text);
	authority->servers[authority->n_servers++] = endpoint;
}

static void read_servers(struct mxw_config_reader *reader, const struct mxw_values *values,
			 struct mxw_config_authority *authority)
{
	const struct mxw_value *servers = mxw_values_get(values, "servers");
	if (servers->is_set && !servers->n)
		mxw_values_error(values, "servers", reader->diags, "an empty list, expected at least one address");
	if (servers->n > MXW_ARRAY_SIZE(authority->servers)) {
		mxw_values_error(values, "servers", reader->diags, "a list of %zu servers, expected at most %zu",
				 servers->n, MXW_ARRAY_SIZE(authority->servers));
		return;
	}
	for (size_t i = 0; servers->is_set && i < servers->n; i++)
		read_server(reader, values, i, authority);
}

static void read_zone(struct mxw_config_reader *reader, const struct mxw_values *values,
		      struct mxw_config_authority *authority)
{
	const struct mxw_value *zone = mxw_values_get(values, "zone");
	const char *reason = NULL;
	char name[MXW_NAME_TEXT_MAX];
	if (!zone->is_set)
		return;
	if (mxw_target_parse_domain(zone->text, name, &reason) < 0)
		mxw_values_error(values, "zone", reader->diags, "the name %s, expected a zone such as example.com",
				 reason);
	else
		authority->zone = mxw_arena_text(&reader->config->arena, name);
}

static int read_mapping(struct mxw_config_reader *reader, const struct mxw_node *node, const char *path,
			const struct mxw_config_authority **ret)
{
	struct mxw_arena *arena = &reader->config->arena;
	struct mxw_config_authority *authority = mxw_arena_alloc(arena, sizeof(*authority));
	struct mxw_values values = { 0 };
	if (!authority)
		return -ENOMEM;
	int r = mxw_values_init(&values, mxw_config_authority_rows);
	if (r >= 0)
		r = mxw_values_read(&values, node, path, reader->diags);
	if (r >= 0) {
		read_servers(reader, &values, authority);
		read_zone(reader, &values, authority);
		*ret = authority;
	}
	mxw_values_done(&values);
	return arena->failed ? -ENOMEM : r;
}

int mxw_config_read_authority(struct mxw_config_reader *reader, const struct mxw_values *values,
			      struct mxw_domain_settings *settings)
{
	const struct mxw_node *node = mxw_values_get(values, "authority")->node;
	struct mxw_strbuf key = MXW_STRBUF_INIT;
	bool is_word = node && node->kind == MXW_NODE_SCALAR && node->is_plain;
	int r = 0;
	if (!node)
		return 0;
	mxw_strbuf_addf(&key, "%sauthority", values->path);
	if (node->kind == MXW_NODE_MAPPING) {
		mxw_strbuf_addc(&key, '.');
		r = read_mapping(reader, node, mxw_strbuf_get(&key), &settings->authority);
	} else if (is_word && strcmp(node->text, "on") == 0) {
		settings->authority = &walked;
	} else if (is_word && strcmp(node->text, "off") == 0) {
		settings->authority = NULL;
	} else {
		mxw_node_mismatch(node, mxw_strbuf_get(&key), expected, reader->diags);
	}
	mxw_strbuf_done(&key);
	return r;
}

void mxw_config_check_authority(struct mxw_config_reader *reader, const char *domain,
				const struct mxw_domain_settings *settings, struct mxw_position at)
{
	const char *zone = settings->authority ? settings->authority->zone : NULL;
	if (zone && !mxw_name_is_below(domain, zone))
		mxw_diags_add(reader->diags, MXW_DIAG_ERROR, at,
			      "\"%s\" is not in the zone %s of its authority, expected a zone that holds it", domain,
			      zone);
}
