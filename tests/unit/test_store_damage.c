/* Hundreds of damaged files, in the long run a thousand (faults.md N14): each opens and can be used, is set aside when it is
 * opened, or is found to be damaged while it is used and set aside then. No crash, no start that fails for ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/store/store.h"
#include "lib/base/rng.h"
#include "lib/base/util.h"

enum {
	NOW_MS = 1795000000,
	N_FILES = 250,
	N_FILES_LONG = 1000,
	N_EVENTS = 40,
	MAX_REQUEST = 6000,
	MAX_FILE = 1024 * 1024
};

/* ---- a store with everything in it ---- */

static void put_one(struct mxw_store *store, unsigned i)
{
	static char summary[] = "example.com mx", findings[] = "[]", none[] = "", check[] = "mx";
	static char request[MAX_REQUEST];
	char id[32], domain[32];
	uint64_t row;
	snprintf(id, sizeof(id), "e-%u", i);
	snprintf(domain, sizeof(domain), "example-%u.com", i);
	memset(request, 'a' + (int)(i % 26), sizeof(request));
	struct mxw_store_state state = {
		.domain = domain, .check = check, .findings_json = findings, .finding_id = none, .cause = none
	};
	state.state.hard = MXW_CRITICAL;
	struct mxw_alert alert = {
		.id = id,
		.kind = MXW_ALERT_PROBLEM,
		.domain = domain,
		.check = check,
		.to = MXW_CRITICAL,
		.summary = summary,
		.finding_id = none,
		.findings_json = findings,
	};
	struct mxw_delivery delivery = { .event_id = id, .notifier = "ops", .key_hash = i, .created_wall_ms = NOW_MS };
	assert_int_equal(mxw_store_begin(store), 0);
	assert_int_equal(mxw_store_put_state(store, &state), 0);
	assert_int_equal(mxw_store_put_event(store, &alert), 0);
	assert_int_equal(mxw_store_put_delivery(store, &delivery, request, i * MAX_REQUEST / N_EVENTS, &row), 0);
	if (i % 3 == 0)
		assert_int_equal(mxw_store_update_delivery(store, row, MXW_DELIVERY_DELIVERED, 1, NOW_MS, ""), 0);
	assert_int_equal(mxw_store_commit(store), 0);
}

/* ---- files ---- */

struct bytes {
	unsigned char at[MAX_FILE];
	size_t n;
};

struct bench {
	char dir[64];
	struct bytes file,
		log; /* the good ones: as of a daemon that was killed before the log was brought into the file */
	struct bytes bad_file, bad_log;
	struct mxw_rng rng;
	unsigned n_aside, n_as_it_was, n_in_use, n_refused;
};

static const char *path_of(const struct bench *bench, const char *name)
{
	static char path[128];
	snprintf(path, sizeof(path), "%s/%s", bench->dir, name);
	return path;
}

static void read_bytes(const char *path, struct bytes *ret)
{
	FILE *file = fopen(path, "re");
	assert_non_null(file);
	ret->n = fread(ret->at, 1, sizeof(ret->at), file);
	assert_true(ret->n > 0 && ret->n < sizeof(ret->at));
	fclose(file);
}

static void write_bytes(const char *path, const struct bytes *bytes)
{
	FILE *file = fopen(path, "we");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes->at, 1, bytes->n, file), bytes->n);
	assert_int_equal(fclose(file), 0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	return ftw->level ? remove(path) : 0;
}

static void empty_dir(const struct bench *bench)
{
	assert_int_equal(nftw(bench->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static int make_bench(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	struct mxw_store *store = NULL;
	char *set_aside = NULL;
	assert_non_null(bench);
	snprintf(bench->dir, sizeof(bench->dir), "%s/mxwatch-test-XXXXXX",
		 access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(bench->dir));
	assert_int_equal(mxw_store_open(&store, bench->dir, NOW_MS, &set_aside), 0);
	for (unsigned i = 0; i < N_EVENTS; i++) {
		if (i == N_EVENTS / 2) { /* half of it is in the file, half in the log */
			mxw_store_close(store);
			assert_int_equal(mxw_store_open(&store, bench->dir, NOW_MS, &set_aside), 0);
		}
		put_one(store, i);
	}
	read_bytes(path_of(bench, "mxwatch.db"), &bench->file);
	read_bytes(path_of(bench, "mxwatch.db-wal"), &bench->log);
	mxw_store_close(store);
	mxw_rng_seed(&bench->rng, 20261123);
	*state = bench;
	return 0;
}

static int remove_bench(void **state)
{
	struct bench *bench = *state;
	empty_dir(bench);
	int r = rmdir(bench->dir);
	free(bench);
	return r;
}

/* ---- damage ---- */

static size_t roll(struct bench *bench, size_t n)
{
	return (size_t)mxw_rng_below(&bench->rng, n ? n : 1);
}

static void flip_octets(struct bench *bench, struct bytes *bytes)
{
	for (size_t n = 1 + roll(bench, 20); n > 0; n--)
		bytes->at[roll(bench, bytes->n)] = (unsigned char)roll(bench, 256);
}

static void flip_header(struct bench *bench, struct bytes *bytes)
{
	bytes->at[roll(bench, 100)] = (unsigned char)roll(bench, 256);
}

static void fill_page(struct bench *bench, struct bytes *bytes)
{
	size_t at = roll(bench, bytes->n / 4096) * 4096;
	for (size_t i = 0; i < 4096; i++)
		bytes->at[at + i] = (unsigned char)roll(bench, 256);
}

static void swap_pages(struct bench *bench, struct bytes *bytes)
{
	size_t from = roll(bench, bytes->n / 4096) * 4096, to = roll(bench, bytes->n / 4096) * 4096;
	memmove(bytes->at + to, bytes->at + from, 4096);
}

static void clear_range(struct bench *bench, struct bytes *bytes)
{
	size_t at = roll(bench, bytes->n);
	memset(bytes->at + at, 0, roll(bench, bytes->n - at));
}

static void cut(struct bench *bench, struct bytes *bytes)
{
	bytes->n = roll(bench, bytes->n);
}

static void leave(struct bench *bench, struct bytes *bytes)
{
	(void)bench;
	(void)bytes;
}

static void spoil(struct bench *bench)
{
	static void (*const ways[])(struct bench * bench, struct bytes * bytes) = { flip_octets, flip_header, fill_page,
										    swap_pages,  clear_range, cut,
										    leave };
	bench->bad_file = bench->file;
	bench->bad_log = bench->log;
	ways[roll(bench, MXW_ARRAY_SIZE(ways))](bench, &bench->bad_file);
	if (roll(bench, 2))
		ways[roll(bench, MXW_ARRAY_SIZE(ways))](bench, &bench->bad_log);
	empty_dir(bench);
	write_bytes(path_of(bench, "mxwatch.db"), &bench->bad_file);
	if (roll(bench, 3))
		write_bytes(path_of(bench, "mxwatch.db-wal"), &bench->bad_log);
}

/* ---- use ---- */

static int on_state(void *arg, const struct mxw_store_state *row)
{
	(void)arg;
	assert_true(row->state.hard <= MXW_CRITICAL && strlen(row->domain) < MAX_FILE);
	return 0;
}

struct ids {
	uint64_t items[2 * N_EVENTS];
	size_t n;
};

static int on_delivery(void *arg, const struct mxw_delivery *row)
{
	struct ids *ids = arg;
	assert_true(row->part <= MXW_STREAM_APART && strlen(row->notifier) < MAX_FILE);
	if (ids->n < MXW_ARRAY_SIZE(ids->items))
		ids->items[ids->n++] = row->id;
	return 0;
}

static int try_requests(struct mxw_store *store, const struct ids *ids)
{
	int r = 0;
	for (size_t i = 0; i < ids->n && r == 0; i++) {
		void *bytes = NULL;
		size_t n = 0;
		r = mxw_store_get_request(store, ids->items[i], &bytes, &n);
		free(bytes);
		r = r == -ENOENT ? 0 : r;
	}
	return r;
}

/* What a daemon does: reads all, writes to all. 0, or what failed. */
static int use(struct mxw_store *store)
{
	struct mxw_store_state state = {
		.domain = "example.org", .check = "mx", .findings_json = "[]", .finding_id = "", .cause = ""
	};
	struct mxw_mutes mutes = { 0 };
	struct ids ids = { 0 };
	bool more;
	int r = mxw_store_each_state(store, on_state, NULL);
	if (r == 0)
		r = mxw_store_each_delivery(store, on_delivery, &ids);
	if (r == 0)
		r = mxw_store_load_mutes(store, &mutes);
	mxw_mutes_done(&mutes);
	if (r == 0)
		r = try_requests(store, &ids);
	if (r == 0)
		r = mxw_store_begin(store);
	if (r == 0)
		r = mxw_store_put_state(store, &state);
	for (size_t i = 0; i < ids.n && r == 0; i++)
		r = mxw_store_update_delivery(store, ids.items[i], MXW_DELIVERY_EXPIRED, 1, NOW_MS, "");
	if (r == 0)
		r = mxw_store_prune(store, NOW_MS + 1, 1000, &more);
	if (r == 0)
		return mxw_store_commit(store);
	mxw_store_rollback(store);
	return r;
}

static void try_file(struct bench *bench)
{
	struct mxw_store *store = NULL;
	char *set_aside = NULL;
	int r = mxw_store_open(&store, bench->dir, NOW_MS, &set_aside);
	if (r == -EPROTO) { /* it says that it is of a later version */
		assert_null(set_aside);
		bench->n_refused++;
		return;
	}
	assert_int_equal(r, 0);
	r = use(store);
	if (r == 0) {
		bench->n_aside += set_aside != NULL;
		bench->n_as_it_was += set_aside == NULL;
	} else {
		assert_null(set_aside); /* a new file is good */
		assert_int_equal(mxw_store_health(store), MXW_STORE_DAMAGED);
		mxw_store_close(store);
		assert_int_equal(mxw_store_open_anew(&store, bench->dir, NOW_MS + 1, &set_aside), 0);
		assert_int_equal(use(store), 0);
		bench->n_in_use++;
	}
	if (set_aside)
		assert_int_equal(access(set_aside, F_OK), 0);
	free(set_aside);
	mxw_store_close(store);
}

static void test_damaged_files(void **state)
{
	struct bench *bench = *state;
	unsigned n_files = getenv("MXWATCH_LONG") ? N_FILES_LONG : N_FILES;
	for (unsigned i = 0; i < n_files; i++) {
		spoil(bench);
		try_file(bench);
	}
	print_message("set aside %u, good %u, found damaged in use %u, refused %u\n", bench->n_aside,
		      bench->n_as_it_was, bench->n_in_use, bench->n_refused);
	assert_true(bench->n_aside > N_FILES / 10 && bench->n_as_it_was > N_FILES / 10 && bench->n_in_use > 0);
	assert_true(bench->n_refused < N_FILES / 50);
}

static void test_every_octet_of_the_header(void **state)
{
	struct bench *bench = *state;
	for (size_t i = 0; i < 2 * 100; i++) {
		bench->bad_file = bench->file;
		bench->bad_file.at[i / 2] = i % 2 ? 0xff : (unsigned char)(bench->file.at[i / 2] + 1);
		empty_dir(bench);
		write_bytes(path_of(bench, "mxwatch.db"), &bench->bad_file);
		try_file(bench);
	}
}

/* What a power cut leaves of the log is a beginning of the history: the longer the log, the more of it. */
static int count_state(void *arg, const struct mxw_store_state *row)
{
	(void)row;
	++*(unsigned *)arg;
	return 0;
}

static void test_every_beginning_of_the_log(void **state)
{
	struct bench *bench = *state;
	unsigned before = 0;
	for (size_t n = 0; n <= bench->log.n; n += 1361) {
		struct mxw_store *store = NULL;
		char *set_aside = NULL;
		unsigned n_states = 0;
		bench->bad_log = bench->log;
		bench->bad_log.n = n;
		empty_dir(bench);
		write_bytes(path_of(bench, "mxwatch.db"), &bench->file);
		write_bytes(path_of(bench, "mxwatch.db-wal"), &bench->bad_log);
		assert_int_equal(mxw_store_open(&store, bench->dir, NOW_MS, &set_aside), 0);
		assert_null(set_aside);
		assert_int_equal(mxw_store_each_state(store, count_state, &n_states), 0);
		assert_in_range(n_states, before, N_EVENTS);
		before = n_states;
		mxw_store_close(store);
	}
	assert_true(before > N_EVENTS - 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_damaged_files, make_bench, remove_bench),
		cmocka_unit_test_setup_teardown(test_every_octet_of_the_header, make_bench, remove_bench),
		cmocka_unit_test_setup_teardown(test_every_beginning_of_the_log, make_bench, remove_bench),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
