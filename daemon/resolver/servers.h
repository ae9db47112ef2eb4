/* The upstreams of a resolver for servers of zones: one for each endpoint, whoever needs it, gone when nobody does. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "daemon/resolver/room.h"
#include "daemon/resolver/upstream.h"

struct mxw_server_entry;

/* Zero-initialised is empty, and of no use before its init. */
struct mxw_server_table {
	struct mxw_query_room *room;
	struct mxw_server_entry *by_endpoint;
	struct mxw_server_entry **by_index; /* MXW_RESOLVER_MAX_SERVERS; NULL: free */
	uint32_t next_number;
	struct mxw_timer sweep; /* frees what nobody needs: not from inside a call, whose caller may stand on it */
};

int mxw_server_table_init(struct mxw_server_table *table, struct mxw_query_room *room); /* -ENOMEM */
void mxw_server_table_done(struct mxw_server_table *table); /* nothing of the room runs any more */

/* See mxw_resolver_add_server and mxw_resolver_drop_server. */
int mxw_server_table_add(struct mxw_server_table *table, const struct mxw_endpoint *endpoint, uint32_t max_qps,
			 size_t *ret_index);
void mxw_server_table_drop(struct mxw_server_table *table, size_t index);

struct mxw_upstream *mxw_server_table_get(const struct mxw_server_table *table, size_t index); /* must be there */
