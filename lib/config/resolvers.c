/* `resolvers` and `quorum`: entries to upstream specs, each address and each name once; see reader.h. */
#include "lib/config/resolvers.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/config/rows.h"
#include "lib/schema/scalar.h"
#include "lib/verdict/verdict.h"

static const char expected_address[] = "an address, address:port, [IPv6]:port or system";

void mxw_resolver_list_done(struct mxw_resolver_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		mxw_upstream_spec_done(&list->specs[i]);
	list->n = 0;
}

static void tell_twice(const struct mxw_resolver_list *list, size_t first, struct mxw_position at, const char *key,
		       const char *what, struct mxw_diags *diags)
{
	char place[32] = ""; /* arguments have no lines */
	if (list->at[first].line)
		snprintf(place, sizeof(place), ", first in line %u", list->at[first].line);
	mxw_diags_add(diags, MXW_DIAG_ERROR, at, "%s: %s%s; expected every operator once, as one vote", key, what,
		      place);
}

/* Compares a complete spec with those before it. */
static void tell_duplicates(const struct mxw_resolver_list *list, const struct mxw_upstream_spec *spec,
			    struct mxw_position at, const char *key, struct mxw_diags *diags)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct mxw_upstream_spec *other = &list->specs[i];
		for (size_t k = 0; k < spec->n_addresses * other->n_addresses; k++) {
			const struct mxw_endpoint *endpoint = &spec->addresses[k % spec->n_addresses];
			if (!mxw_endpoint_equal(endpoint, &other->addresses[k / spec->n_addresses]))
				continue;
			char ip[MXW_IP_TEXT_MAX], what[MXW_IP_TEXT_MAX + 32];
			mxw_ip_format(&endpoint->ip, ip);
			snprintf(what, sizeof(what), "%s port %u is given twice", ip, endpoint->port);
			tell_twice(list, i, at, key, what, diags);
			return;
		}
		if (strcmp(spec->name, other->name) == 0)
			tell_twice(list, i, at, key, "the name is given twice", diags);
	}
}

static void add_address(struct mxw_upstream_spec *spec, const char *text, struct mxw_position at, const char *key,
			const char *expected, struct mxw_diags *diags)
{
	struct mxw_endpoint endpoint;
	struct mxw_strbuf quoted = MXW_STRBUF_INIT;
	mxw_quote(&quoted, text);
	if (mxw_endpoint_parse(text, &endpoint) < 0) {
		mxw_diags_add(diags, MXW_DIAG_ERROR, at, "%s: %s is no address, expected %s", key,
			      mxw_strbuf_get(&quoted), expected);
	} else if (spec->n_addresses == MXW_MAX_UPSTREAM_ADDRESSES) {
		mxw_diags_add(diags, MXW_DIAG_ERROR, at, "%s: too many addresses, expected at most %d", key,
			      MXW_MAX_UPSTREAM_ADDRESSES);
	} else {
		for (size_t i = 0; i < spec->n_addresses; i++)
			if (mxw_endpoint_equal(&endpoint, &spec->addresses[i]))
				mxw_diags_add(diags, MXW_DIAG_ERROR, at, "%s: %s is given twice, expected once", key,
					      mxw_strbuf_get(&quoted));
		spec->addresses[spec->n_addresses++] = endpoint;
	}
	mxw_strbuf_done(&quoted);
}

static void take_limits(struct mxw_upstream_spec *spec, const struct mxw_values *values)
{
	spec->max_qps = (uint32_t)mxw_values_get(values, "max_qps")->number;
	spec->max_in_flight = (uint32_t)mxw_values_get(values, "max_in_flight")->number;
	spec->randomize_case = mxw_values_get(values, "randomize_case")->boolean;
}

/* One address text, or `system`. */
static int read_address(struct mxw_upstream_spec *spec, const char *text, struct mxw_position at, const char *key,
			const struct mxw_config_source *source, struct mxw_diags *diags)
{
	if (strcmp(text, "system") == 0)
		return mxw_config_read_system_resolvers(source, spec, at, key, diags);
	add_address(spec, text, at, key, expected_address, diags);
	return 0;
}

/* The addresses of a mapping, and its name: by itself or by its first address. */
static int read_mapping_values(struct mxw_upstream_spec *spec, const struct mxw_values *values,
			       const struct mxw_config_source *source, struct mxw_diags *diags)
{
	const struct mxw_value *name = mxw_values_get(values, "name"), *one = mxw_values_get(values, "address");
	const struct mxw_value *many = mxw_values_get(values, "addresses");
	struct mxw_strbuf key = MXW_STRBUF_INIT;
	int r = 0;
	if (one->is_given == many->is_given) {
		mxw_values_error(values, "address", diags, "%s, expected either address or addresses",
				 one->is_given ? "given beside addresses" : "missing");
	} else if (one->is_set) {
		mxw_strbuf_addf(&key, "%saddress", values->path);
		r = read_address(spec, one->text, one->at, mxw_strbuf_get(&key), source, diags);
	} else if (many->is_set && !many->n) {
		mxw_values_error(values, "addresses", diags, "an empty list, expected at least one address");
	}
	for (size_t i = 0; many->is_set && i < many->n; i++) {
		mxw_strbuf_clear(&key);
		mxw_strbuf_addf(&key, "%saddresses[%zu]", values->path, i);
		add_address(spec, many->texts[i], many->positions[i], mxw_strbuf_get(&key),
			    "an address, address:port or [IPv6]:port", diags);
	}
	mxw_strbuf_done(&key);
	const char *text = name->is_set              ? name->text
			   : one->is_set             ? one->text
			   : many->is_set && many->n ? many->texts[0]
						     : "";
	spec->name = strdup(text);
	return r < 0 ? r : spec->name ? 0 : -ENOMEM;
}

/* Takes the spec over unless something about it was told. */
static void put_spec(struct mxw_resolver_list *list, struct mxw_upstream_spec *spec, struct mxw_position at,
		     const char *key, size_t n_errors, struct mxw_diags *diags)
{
	if (diags->n_errors == n_errors)
		tell_duplicates(list, spec, at, key, diags);
	if (diags->n_errors != n_errors || list->n == MXW_MAX_UPSTREAMS) {
		mxw_upstream_spec_done(spec);
		return;
	}
	list->at[list->n] = at;
	list->specs[list->n++] = *spec;
}

int mxw_resolver_list_add_text(struct mxw_resolver_list *list, const char *text, struct mxw_position at,
			       const char *key, const struct mxw_config_source *source, struct mxw_diags *diags)
{
	struct mxw_upstream_spec spec = { .name = strdup(text) };
	struct mxw_values defaults;
	size_t n_errors = diags->n_errors;
	int r = mxw_values_init(&defaults, mxw_config_resolver_rows);
	if (r >= 0)
		take_limits(&spec, &defaults);
	mxw_values_done(&defaults);
	if (r >= 0)
		r = spec.name ? read_address(&spec, text, at, key, source, diags) : -ENOMEM;
	if (r < 0)
		mxw_upstream_spec_done(&spec);
	else
		put_spec(list, &spec, at, key, n_errors, diags);
	return r;
}

static int add_mapping(struct mxw_resolver_list *list, const struct mxw_node *node, const char *key,
		       const struct mxw_config_source *source, struct mxw_diags *diags)
{
	struct mxw_upstream_spec spec = { 0 };
	struct mxw_values values;
	size_t n_errors = diags->n_errors;
	char path[40];
	snprintf(path, sizeof(path), "%s.", key);
	int r = mxw_values_init(&values, mxw_config_resolver_rows);
	if (r >= 0)
		r = mxw_values_read(&values, node, path, diags);
	if (r >= 0) {
		take_limits(&spec, &values);
		r = read_mapping_values(&spec, &values, source, diags);
	}
	mxw_values_done(&values);
	if (r < 0)
		mxw_upstream_spec_done(&spec);
	else
		put_spec(list, &spec, node->at, key, n_errors, diags);
	return r;
}

int mxw_config_read_resolvers(struct mxw_config_reader *reader, const struct mxw_values *top)
{
	const struct mxw_node *node = mxw_values_list(top, "resolvers", reader->diags);
	struct mxw_resolver_list list = { 0 };
	int r = 0;
	if (!node)
		return 0; /* missing or no list: told */
	if (!node->n)
		mxw_values_error(top, "resolvers", reader->diags,
				 "an empty list, expected at least one resolver such as 9.9.9.9");
	if (node->n > MXW_MAX_UPSTREAMS) {
		mxw_values_error(top, "resolvers", reader->diags, "a list of %zu resolvers, expected at most %d",
				 node->n, MXW_MAX_UPSTREAMS);
		return 0;
	}
	for (size_t i = 0; i < node->n && r >= 0; i++) {
		const struct mxw_node *child = node->children[i];
		char key[32];
		snprintf(key, sizeof(key), "resolvers[%zu]", i);
		if (child->kind == MXW_NODE_MAPPING) {
			r = add_mapping(&list, child, key, reader->source, reader->diags);
			continue;
		}
		const char *text = mxw_node_text(child, key, expected_address, reader->diags);
		if (text)
			r = mxw_resolver_list_add_text(&list, text, child->at, key, reader->source, reader->diags);
	}
	mxw_resolver_list_give(&list, reader->config);
	return r;
}

void mxw_resolver_list_give(struct mxw_resolver_list *list, struct mxw_config *config)
{
	for (size_t i = 0; i < config->n_upstreams; i++)
		mxw_upstream_spec_done(&config->upstreams[i]);
	memcpy(config->upstreams, list->specs, list->n * sizeof(list->specs[0]));
	config->n_upstreams = list->n;
	config->quorum = mxw_verdict_quorum(0, config->n_upstreams);
	list->n = 0;
}

void mxw_config_read_quorum(struct mxw_config_reader *reader, const struct mxw_values *top)
{
	const struct mxw_value *value = mxw_values_get(top, "quorum");
	const struct mxw_node *resolvers = mxw_values_get(top, "resolvers")->node;
	/* Counted as written: a resolver with an error of its own must not make the quorum wrong as well. */
	size_t n = resolvers && resolvers->kind == MXW_NODE_LIST ? resolvers->n : 0;
	int64_t number = 0;
	if (strcmp(value->text, "majority") == 0)
		return;
	if (mxw_integer_parse(value->text, &number) == -EINVAL) {
		struct mxw_strbuf text = MXW_STRBUF_INIT;
		mxw_quote(&text, value->text);
		mxw_values_error(top, "quorum", reader->diags, "found text %s, expected majority or a number",
				 mxw_strbuf_get(&text));
		mxw_strbuf_done(&text);
	} else if (number < 1 || (n && (uint64_t)number > n)) {
		mxw_values_error(
			top, "quorum", reader->diags,
			"%s is out of range, expected majority or a number from 1 to %zu, that of the resolvers",
			value->text, n);
	} else {
		reader->config->quorum = mxw_verdict_quorum((unsigned)number, n);
	}
}

static int read_arguments(struct mxw_resolver_list *list, const char *const *resolvers, size_t n,
			  const struct mxw_config_source *source, struct mxw_diags *diags)
{
	if (n > MXW_MAX_UPSTREAMS) {
		mxw_diags_add(diags, MXW_DIAG_ERROR, (struct mxw_position){ 0 },
			      "-r: %zu resolvers, expected at most %d", n, MXW_MAX_UPSTREAMS);
		return 0;
	}
	int r = 0;
	for (size_t i = 0; i < n && r >= 0; i++)
		r = mxw_resolver_list_add_text(list, resolvers[i], (struct mxw_position){ 0 }, "-r", source, diags);
	return r;
}

int mxw_config_set_resolvers(struct mxw_config *config, const char *const *resolvers, size_t n_resolvers,
			     const struct mxw_config_source *source, struct mxw_diags *diags)
{
	struct mxw_resolver_list list = { 0 };
	size_t n_errors = diags->n_errors;
	if (!n_resolvers)
		mxw_diags_add(diags, MXW_DIAG_ERROR, (struct mxw_position){ 0 },
			      "-r: missing, expected at least one resolver");
	int r = read_arguments(&list, resolvers, n_resolvers, source, diags);
	if (r >= 0 && diags->n_errors == n_errors)
		mxw_resolver_list_give(&list, config);
	mxw_resolver_list_done(&list);
	return r;
}
