/* Words and order of severities; see severity.h. */
#include "lib/finding/severity.h"

#include <errno.h>
#include <string.h>

#include "lib/base/util.h"

static const char *const names[] = {
	[MXW_OK] = "ok",           [MXW_INFO] = "info",         [MXW_UNKNOWN] = "unknown",
	[MXW_WARNING] = "warning", [MXW_CRITICAL] = "critical", [MXW_OFF] = "off",
};

const char *mxw_severity_name(enum mxw_severity severity)
{
	return names[severity];
}

int mxw_severity_parse(const char *text, enum mxw_severity *ret)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(names); i++) {
		if (strcmp(text, names[i]) == 0) {
			*ret = (enum mxw_severity)i;
			return 0;
		}
	}
	return -EINVAL;
}

/* A state is never INFO or OFF: advice and hidden findings leave it OK. */
static enum mxw_severity as_state(enum mxw_severity severity)
{
	return severity == MXW_INFO || severity == MXW_OFF ? MXW_OK : severity;
}

enum mxw_severity mxw_severity_worse(enum mxw_severity a, enum mxw_severity b)
{
	return MXW_MAX(as_state(a), as_state(b));
}
