/* Raw text to canonical names; see domain.h. */
#include "lib/spf/domain.h"

#include <errno.h>
#include <string.h>

int mxw_spf_domain_name(const char *text, size_t n, char ret[MXW_NAME_TEXT_MAX])
{
	uint8_t wire[MXW_NAME_WIRE_MAX];
	if (n && text[n - 1] == '.')
		n--;
	if (n > MXW_NAME_WIRE_MAX - 2) /* the first length octet and the root come on top */
		return -EINVAL;
	size_t label = 0; /* where the length octet of this label goes */
	for (size_t i = 0; i <= n; i++) {
		if (i < n && text[i] != '.') {
			wire[i + 1] = (uint8_t)text[i];
			continue;
		}
		size_t len = i - label; /* each dot makes room for one length octet: label i begins at wire[i] */
		if (len == 0 || len > MXW_LABEL_MAX)
			return -EINVAL;
		wire[label] = (uint8_t)len;
		label = i + 1;
	}
	wire[n + 1] = 0;
	return mxw_name_from_wire(wire, n + 2, ret);
}

bool mxw_spf_domain_is_usable(const char *text, size_t n)
{
	char name[MXW_NAME_TEXT_MAX];
	return n && text[0] != '[' && mxw_spf_domain_name(text, n, name) == 0 && mxw_name_n_labels(name) >= 2;
}
