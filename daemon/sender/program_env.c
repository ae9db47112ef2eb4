/* Environments of programs; see program_env.h. */
#include "daemon/sender/program_env.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/util.h"

static const char prefix[] = "MXWATCH_";
static const char *const inherited[] = { "PATH", "HOME", "USER", "LOGNAME", "LANG", "TZ" };
static const char fallback_path[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

static int add(char **slot, const char *name, const char *value)
{
	if (asprintf(slot, "%s=%s", name, value) >= 0)
		return 0;
	*slot = NULL;
	return -ENOMEM;
}

static bool is_ours(const char *name)
{
	return strncmp(name, prefix, strlen(prefix)) == 0 &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == strlen(name);
}

int mxw_program_env(const struct mxw_request *request, char ***ret)
{
	char **env = mxw_new_array(request->n_headers + MXW_ARRAY_SIZE(inherited) + 1, sizeof(*env));
	size_t n = 0;
	int r = env ? 0 : -ENOMEM;
	for (size_t i = 0; i < request->n_headers && r == 0; i++) {
		const struct mxw_request_header *header = &request->headers[i];
		r = is_ours(header->name) ? add(&env[n++], header->name, header->value) : -EINVAL;
	}
	for (size_t i = 0; i < MXW_ARRAY_SIZE(inherited) && r == 0; i++) {
		const char *value = getenv(inherited[i]);
		if (!value && strcmp(inherited[i], "PATH") == 0)
			value = fallback_path;
		if (value)
			r = add(&env[n++], inherited[i], value);
	}
	if (r < 0) {
		mxw_program_env_free(env);
		return r;
	}
	*ret = env;
	return 0;
}

void mxw_program_env_free(char **env)
{
	for (char **each = env; each && *each; each++)
		free(*each);
	free(env);
}
