/* A hash table by endpoint and an array by index; see servers.h. */
#include "daemon/resolver/servers.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#include "lib/base/util.h"

/* Over UDP, of one server: one carries all its questions, the other is there for retries. */
enum { MAX_SOCKETS = 2 };

/* An endpoint without the gaps between its members. */
struct endpoint_key {
	uint8_t octets[1 + 16 + 2 + 4];
};

struct mxw_server_entry {
	UT_hash_handle hh;
	struct endpoint_key key;
	size_t index;
	unsigned n_users; /* 0: waits for the sweep, or for somebody who needs it again */
	struct mxw_upstream *upstream;
};

static struct endpoint_key make_key(const struct mxw_endpoint *endpoint)
{
	struct endpoint_key key = { .octets = { endpoint->ip.family } };
	uint8_t *at = key.octets + 1;
	memcpy(at, endpoint->ip.bytes, sizeof(endpoint->ip.bytes));
	at += sizeof(endpoint->ip.bytes);
	memcpy(at, &endpoint->port, sizeof(endpoint->port));
	at += sizeof(endpoint->port);
	memcpy(at, &endpoint->scope, sizeof(endpoint->scope));
	return key;
}

/* Questions that nobody waits for any more may still be on their way there. */
static void remove_entry(struct mxw_server_table *table, struct mxw_server_entry *entry)
{
	mxw_query_room_abandon(table->room, entry->upstream);
	HASH_DEL(table->by_endpoint, entry);
	table->by_index[entry->index] = NULL;
	mxw_upstream_free(entry->upstream);
	free(entry);
}

static void on_sweep(void *arg)
{
	struct mxw_server_table *table = arg;
	struct mxw_server_entry *entry, *next;
	HASH_ITER (hh, table->by_endpoint, entry, next)
		if (entry->n_users == 0)
			remove_entry(table, entry);
}

int mxw_server_table_init(struct mxw_server_table *table, struct mxw_query_room *room)
{
	*table = (struct mxw_server_table){ .room = room };
	mxw_timer_init(&table->sweep, room->loop, on_sweep, table);
	table->by_index = mxw_new_array(MXW_RESOLVER_MAX_SERVERS, sizeof(struct mxw_server_entry *));
	return table->by_index ? 0 : -ENOMEM;
}

void mxw_server_table_done(struct mxw_server_table *table)
{
	mxw_timer_cancel(&table->sweep);
	while (table->by_endpoint)
		remove_entry(table, table->by_endpoint);
	free(table->by_index);
	table->by_index = NULL;
}

static int find_free_index(const struct mxw_server_table *table, size_t *ret)
{
	size_t i = 0;
	while (i < MXW_RESOLVER_MAX_SERVERS && table->by_index[i])
		i++;
	*ret = i;
	return i < MXW_RESOLVER_MAX_SERVERS ? 0 : -ENOSPC;
}

static int make_upstream(struct mxw_server_table *table, const struct mxw_endpoint *endpoint, uint32_t max_qps,
			 struct mxw_upstream **ret)
{
	const struct mxw_upstream_spec spec = {
		.addresses = { *endpoint },
		.n_addresses = 1,
		.max_qps = max_qps,
		.max_in_flight = MXW_RESOLVER_SERVER_IN_FLIGHT,
		.randomize_case = true,
	};
	return mxw_upstream_new(ret, &table->room->udp, &spec, table->next_number++, MAX_SOCKETS);
}

static int make_entry(struct mxw_server_table *table, const struct mxw_endpoint *endpoint, uint32_t max_qps,
		      struct mxw_server_entry **ret)
{
	size_t index = 0;
	int r = find_free_index(table, &index);
	if (r < 0)
		return r;
	struct mxw_server_entry *entry = calloc(1, sizeof(*entry));
	if (!entry)
		return -ENOMEM;
	entry->key = make_key(endpoint);
	entry->index = index;
	r = make_upstream(table, endpoint, max_qps, &entry->upstream);
	if (r == 0) {
		HASH_ADD(hh, table->by_endpoint, key, sizeof(entry->key), entry);
		r = entry->hh.tbl ? 0 : -ENOMEM; /* the table could not grow */
	}
	if (r < 0) {
		mxw_upstream_free(entry->upstream);
		free(entry);
		return r;
	}
	table->by_index[index] = entry;
	*ret = entry;
	return 0;
}

int mxw_server_table_add(struct mxw_server_table *table, const struct mxw_endpoint *endpoint, uint32_t max_qps,
			 size_t *ret_index)
{
	struct endpoint_key key = make_key(endpoint);
	struct mxw_server_entry *entry = NULL;
	if (!max_qps)
		max_qps = MXW_RESOLVER_SERVER_QPS;
	HASH_FIND(hh, table->by_endpoint, &key, sizeof(key), entry);
	int r = entry ? 0 : make_entry(table, endpoint, max_qps, &entry);
	if (r < 0)
		return r;
	entry->n_users++;
	entry->upstream->pace.max_qps = max_qps;
	*ret_index = entry->index;
	return 0;
}

void mxw_server_table_drop(struct mxw_server_table *table, size_t index)
{
	assert(index < MXW_RESOLVER_MAX_SERVERS && table->by_index[index] && table->by_index[index]->n_users > 0);
	if (--table->by_index[index]->n_users == 0)
		mxw_timer_in(&table->sweep, 0);
}

struct mxw_upstream *mxw_server_table_get(const struct mxw_server_table *table, size_t index)
{
	assert(index < MXW_RESOLVER_MAX_SERVERS && table->by_index[index] && table->by_index[index]->n_users > 0);
	return table->by_index[index]->upstream;
}
