/* Silences and acknowledgements: what people told the daemon not to tell them.
 *
 * A silence stops the messages of domains until an instant; an acknowledgement stops the reminders of one incident and ends with
 * it. Both are kept in the store; here is what they mean. The wall clock rules: an end was named by people. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	MXW_MAX_SILENCES = 1000, /* each is looked at in every round of every domain */
	MXW_MAX_ACKS = 10000,    /* each is looked at once a minute; all of them fit one answer of the API */
	MXW_MAX_REASON = 500,    /* octets */
	MXW_MAX_AUTHOR = 64,
};

struct mxw_silence {
	uint64_t id;   /* from 1, never used twice */
	char *pattern; /* of domains, canonical: lib/mute/pattern.h */
	char *check;   /* NULL: all */
	int64_t until_wall_ms, created_wall_ms;
	char *reason, *author; /* "" for none */
	int64_t over_since_ms; /* monotonic, not kept by the store: since when the wall clock has said so; 0: it has not */
};

int mxw_silence_copy(struct mxw_silence *ret, const struct mxw_silence *from); /* -ENOMEM */
void mxw_silence_done(struct mxw_silence *silence);
bool mxw_silence_holds(const struct mxw_silence *silence, const char *domain, const char *check, int64_t now_wall_ms);

struct mxw_ack {
	char *domain, *check;
	int64_t incident_since_wall_ms; /* which incident: another one of the same key is not acknowledged */
	int64_t created_wall_ms;
	char *reason, *author;
};

int mxw_ack_copy(struct mxw_ack *ret, const struct mxw_ack *from); /* -ENOMEM */
void mxw_ack_done(struct mxw_ack *ack);

/* All of them. Zero-initialised is empty. */
struct mxw_mutes {
	struct mxw_silence *silences; /* by id */
	size_t n_silences, silence_capacity;
	struct mxw_ack *acks; /* by domain, check */
	size_t n_acks, ack_capacity;
};

void mxw_mutes_done(struct mxw_mutes *mutes);

/* Copies. -ENOMEM; -E2BIG at the limit. */
int mxw_mutes_add_silence(struct mxw_mutes *mutes, const struct mxw_silence *silence);
const struct mxw_silence *mxw_mutes_find_silence(const struct mxw_mutes *mutes,
						 uint64_t id); /* NULL if there is none */
void mxw_mutes_remove_silence(struct mxw_mutes *mutes, uint64_t id);
/* One that holds; NULL if there is none. Borrowed until the next change. */
const struct mxw_silence *mxw_mutes_find_holding(const struct mxw_mutes *mutes, const char *domain, const char *check,
						 int64_t now_wall_ms);

/* Copies; takes the place of an earlier one of this key. -ENOMEM; -E2BIG at the limit. */
int mxw_mutes_put_ack(struct mxw_mutes *mutes, const struct mxw_ack *ack);
/* The same in two steps for some at once: room for these, and then each, which cannot fail any more; `own` is taken over. */
int mxw_mutes_reserve_acks(struct mxw_mutes *mutes, const struct mxw_ack *acks, size_t n);
void mxw_mutes_take_ack(struct mxw_mutes *mutes, struct mxw_ack *own);
const struct mxw_ack *mxw_mutes_find_ack(const struct mxw_mutes *mutes, const char *domain, const char *check);
void mxw_mutes_remove_ack(struct mxw_mutes *mutes, const char *domain, const char *check);
/* Whether the key's incident that began then (0: there is none) is acknowledged. */
bool mxw_mutes_is_acked(const struct mxw_mutes *mutes, const char *domain, const char *check,
			int64_t incident_since_wall_ms);
