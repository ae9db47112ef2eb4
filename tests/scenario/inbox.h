/* What the receivers got, and whether it is a stream that can be trusted (alerts.md 4). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/request/request.h"

enum { INBOX_NAME_MAX = 32 };

/* One event as a receiver got it for the first time: the body of a webhook in mxwatch's own format. Owned texts. */
struct inbox_event {
	struct inbox_event *next;
	char receiver[INBOX_NAME_MAX];
	char *id, *kind, *from, *to, *summary, *body;
	char *domain, *check; /* "" for an event about the monitor */
	char *findings;       /* ids, each between spaces */
	char *changed;        /* the type of a record change, else "" */
	int64_t seq, at_ms;   /* at_ms: true time of the receipt, since the scenario began */
	unsigned reminder;    /* N of an id that ends in "-rN" */
	unsigned
		min_yes; /* the fewest resolvers that any of its findings has on its side, those aside that name servers confirm */
	bool is_of_group;
	size_t n_affected; /* domains of a group's event */
	bool is_low;       /* its confidence */
	bool is_expected;  /* the script has asked for it */
};

struct inbox {
	struct inbox_event *events, **end; /* in the order of their arrival */
	size_t n_repeated;                 /* receipts beyond the first of an id at a receiver */
	size_t n_broken;                   /* promises broken so far; each has been said on stderr */
	const char *first_broken;          /* what was said of the first one; static */
};

void inbox_init(struct inbox *inbox);
void inbox_done(struct inbox *inbox);

/* Notes what a receiver accepted. A repetition must be byte-equal to what was received before under its id, wherever that
 * was (A3); what is new must continue the stream of its key at this receiver (A4, A5). */
void inbox_receive(struct inbox *inbox, const char *receiver, const struct mxw_request *request, int64_t at_ms);

/* The first event of this key at this receiver that the script has not asked for, NULL if there is none. An event about
 * the monitor: domain and check are "". */
struct inbox_event *inbox_next(const struct inbox *inbox, const char *receiver, const char *domain, const char *check);

/* The first event at any receiver that the script has not asked for; NULL if there is none. */
const struct inbox_event *inbox_first_unexpected(const struct inbox *inbox);

/* The last event of a key at a receiver, where that one left a problem open; NULL if there is none. */
const struct inbox_event *inbox_first_open(const struct inbox *inbox);

/* The event with this id at this receiver, NULL if it never came. */
const struct inbox_event *inbox_find(const struct inbox *inbox, const char *receiver, const char *id);
