/* Equal settings are stored once: a million domains usually have a handful of different ones. */
#pragma once

#include "lib/config/config.h"

struct mxw_intern_entry;
struct mxw_intern {
	struct mxw_intern_entry *table;
	struct mxw_arena *arena; /* keeps the settings */
};

void mxw_intern_init(struct mxw_intern *intern, struct mxw_arena *arena); /* the arena outlives it; borrowed */
void mxw_intern_done(struct mxw_intern *intern);                          /* the settings stay */
/* The stored settings that equal `settings`, a deep copy of them when they are new. 0 or -ENOMEM. */
int mxw_intern_settings(struct mxw_intern *intern, const struct mxw_domain_settings *settings,
			const struct mxw_domain_settings **ret);
