/* `system` as a resolver: the nameserver lines of resolv.conf(5), read through the source; see reader.h.
 *
 * Nothing else of that file counts: names are absolute here, and retries are ours. */
#include "lib/config/reader.h"

#include <errno.h>
#include <string.h>

#include "lib/config/lines.h"
#include "lib/schema/scalar.h"

static const char resolv_conf[] = "/etc/resolv.conf";

enum { MAX_ADDRESS = 128 }; /* longer texts are none */

static void add_nameserver(struct mxw_upstream_spec *spec, const char *text, struct mxw_position at,
			   struct mxw_diags *diags)
{
	struct mxw_endpoint endpoint;
	if (mxw_endpoint_parse(text, &endpoint) < 0) {
		struct mxw_strbuf quoted = MXW_STRBUF_INIT;
		mxw_quote(&quoted, text);
		mxw_diags_add(diags, MXW_DIAG_WARNING, at,
			      "nameserver: %s is passed over, expected an address (a link-local one as fe80::1%%2, "
			      "with the number of "
			      "the interface)",
			      mxw_strbuf_get(&quoted));
		mxw_strbuf_done(&quoted);
		return;
	}
	for (size_t i = 0; i < spec->n_addresses; i++)
		if (mxw_endpoint_equal(&spec->addresses[i], &endpoint))
			return;
	if (spec->n_addresses < MXW_MAX_UPSTREAM_ADDRESSES)
		spec->addresses[spec->n_addresses++] = endpoint;
}

static void read_line(struct mxw_upstream_spec *spec, const char *line, size_t n, unsigned number,
		      struct mxw_diags *diags)
{
	static const char keyword[] = "nameserver", blanks[] = " \t";
	char text[MAX_ADDRESS];
	size_t skip = strlen(keyword);
	if (n <= skip || memcmp(line, keyword, skip) != 0 || !memchr(blanks, line[skip], strlen(blanks)))
		return;
	while (skip < n && memchr(blanks, line[skip], strlen(blanks)))
		skip++;
	size_t len = MXW_MIN(n - skip, sizeof(text) - 1);
	memcpy(text, line + skip, len);
	text[len] = '\0';
	text[strcspn(text, " \t#;")] = '\0';
	add_nameserver(spec, text, (struct mxw_position){ resolv_conf, number, (unsigned)skip + 1 }, diags);
}

int mxw_config_read_system_resolvers(const struct mxw_config_source *source, struct mxw_upstream_spec *spec,
				     struct mxw_position at, const char *key, struct mxw_diags *diags)
{
	char *bytes MXW_CLEANUP(mxw_freep) = NULL;
	size_t n = 0;
	int r = source->read(source->arg, resolv_conf, &bytes, &n);
	if (r == -ENOMEM)
		return r;
	if (r < 0) {
		mxw_diags_add(diags, MXW_DIAG_ERROR, at, "%s: system: %s %s, expected a file with nameserver lines",
			      key, resolv_conf, mxw_config_source_error(r));
		return 0;
	}
	struct mxw_lines lines;
	const char *line;
	size_t len;
	mxw_lines_init(&lines, bytes, n);
	while (mxw_lines_next(&lines, &line, &len))
		read_line(spec, line, len, lines.number, diags);
	if (!spec->n_addresses)
		mxw_diags_add(diags, MXW_DIAG_ERROR, at, "%s: system: %s names no nameserver, expected at least one",
			      key, resolv_conf);
	return 0;
}
