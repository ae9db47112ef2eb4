/* The domains while they are read: from the file's list and from domain files, unsorted, with their places. */
#pragma once

#include <stdint.h>

#include "lib/config/reader.h"

struct mxw_domain_entry {
	char *name; /* canonical, in the configuration's arena */
	const struct mxw_domain_settings *settings;
	struct mxw_position at;
	uint32_t order; /* of reading */
	uint32_t index; /* in the file's list; MXW_DOMAIN_NO_INDEX: a line of a domain file */
};

#define MXW_DOMAIN_NO_INDEX UINT32_MAX

struct mxw_domain_list {
	struct mxw_domain_entry *entries;
	size_t n, capacity;
};

/* Adds a domain as it was written; what is wrong with it is told under `key` ("" for a line of a domain file). 0 or -ENOMEM. */
int mxw_domain_list_add(struct mxw_config_reader *reader, struct mxw_domain_list *list, const char *text,
			const struct mxw_domain_settings *settings, struct mxw_position at, uint32_t index,
			const char *key);

/* domain_files.c. The paths live in the configuration's arena: positions name them. */
int mxw_config_read_domain_files(struct mxw_config_reader *reader, const struct mxw_values *top,
				 struct mxw_domain_list *list);
