/* Every notifier there is: one line each. */
#include <string.h>

#include "lib/base/util.h"
#include "lib/notify/notify.h"

const struct mxw_notifier *const mxw_notifiers[] = {
	&mxw_notifier_syslog,
	&mxw_notifier_journal,
	&mxw_notifier_webhook,
	&mxw_notifier_exec,
};

const size_t mxw_n_notifiers = MXW_ARRAY_SIZE(mxw_notifiers);

const struct mxw_notifier *mxw_notifier_find(const char *name)
{
	for (size_t i = 0; i < mxw_n_notifiers; i++)
		if (strcmp(mxw_notifiers[i]->name, name) == 0)
			return mxw_notifiers[i];
	return NULL;
}
