/* The texts that an incident was told with. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/monitor/internal.h"

void mxw_told_done(struct told *told)
{
	free(told->findings_json);
	free(told->finding_id);
	free(told->cause);
	free(told->notifiers);
	*told = (struct told){ 0 };
}

static char *copy(const char *text)
{
	return strdup(text ? text : "");
}

int mxw_told_copy(struct told *ret, const struct told *from)
{
	*ret = (struct told){ .findings_json = copy(from->findings_json),
			      .finding_id = copy(from->finding_id),
			      .cause = copy(from->cause),
			      .notifiers = from->notifiers ? strdup(from->notifiers) : NULL };
	if (ret->findings_json && ret->finding_id && ret->cause && !ret->notifiers == !from->notifiers)
		return 0;
	mxw_told_done(ret);
	return -ENOMEM;
}
