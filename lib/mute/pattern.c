/* Patterns of domains; see pattern.h. */
#include "lib/mute/pattern.h"

#include <errno.h>
#include <string.h>

#include "lib/target/target.h"

bool mxw_pattern_is_name(const char *pattern)
{
	return pattern[0] != '*';
}

int mxw_pattern_parse(const char *text, char ret[MXW_PATTERN_MAX], const char **ret_reason)
{
	size_t n_prefix = strncmp(text, "*.", 2) == 0 ? 2 : 0;
	*ret_reason = "has a * at another place than the first label";
	if (strcmp(text, "*") == 0) {
		memcpy(ret, "*", 2);
		return 0;
	}
	if (strchr(text + n_prefix, '*'))
		return -EINVAL;
	memcpy(ret, text, n_prefix);
	/* Below a name of one label there are domains, too. */
	if (n_prefix && mxw_name_is_hostname(text + 2) && mxw_name_canonical(text + 2, ret + 2) == 0 &&
	    mxw_name_n_labels(ret + 2) == 1)
		return 0;
	return mxw_target_parse_domain(text + n_prefix, ret + n_prefix, ret_reason);
}

bool mxw_pattern_matches(const char *pattern, const char *domain)
{
	if (pattern[0] != '*')
		return strcmp(pattern, domain) == 0;
	if (!pattern[1])
		return true;
	size_t n_suffix = strlen(pattern + 1), n_domain = strlen(domain); /* ".example.com" */
	return n_domain > n_suffix && strcmp(domain + n_domain - n_suffix, pattern + 1) == 0;
}
