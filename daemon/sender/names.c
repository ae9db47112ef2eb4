/* Asynchronous host names; see names.h. */
#include "daemon/sender/names.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <utlist.h>

enum { POLL_MS = 20 };

struct lookup {
	struct lookup *prev, *next;
	struct mxw_names *names;
	char *host;
	struct gaicb control; /* the C library's while is_running */
	bool is_running;
	struct mxw_addresses addresses;
	const char *problem;
	int64_t expires_ms;
	struct mxw_names_wait *waits;
};

struct mxw_names {
	struct mxw_loop *loop;
	struct lookup *lookups;
	size_t n_known, n_running;
	bool is_telling; /* callbacks run: no lookup may go away */
	struct mxw_timer poll;
};

static const struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };

static void free_lookup(struct lookup *lookup)
{
	DL_DELETE(lookup->names->lookups, lookup);
	lookup->names->n_known--;
	free(lookup->host);
	free(lookup);
}

static void copy_addresses(struct mxw_addresses *ret, const struct addrinfo *info)
{
	for (ret->n = 0; info && ret->n < MXW_NAMES_MAX_ADDRESSES; info = info->ai_next) {
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
		if (info->ai_family == AF_INET && info->ai_addrlen >= sizeof(v4)) {
			memcpy(&v4, info->ai_addr, sizeof(v4));
			ret->ips[ret->n++] = mxw_ip_from_bytes(4, (const uint8_t *)&v4.sin_addr);
		} else if (info->ai_family == AF_INET6 && info->ai_addrlen >= sizeof(v6)) {
			memcpy(&v6, info->ai_addr, sizeof(v6));
			ret->ips[ret->n++] = mxw_ip_from_bytes(6, (const uint8_t *)&v6.sin6_addr);
		}
	}
}

/* Tells everyone who waits. Callbacks may ask again, also for the same name: the answer is known by then. */
static void complete(struct lookup *lookup)
{
	while (lookup->waits) {
		struct mxw_names_wait *wait = lookup->waits;
		mxw_names_cancel(wait);
		wait->callback(wait->arg, lookup->problem, &lookup->addresses);
	}
}

/* Asks the C library how a lookup goes; true when it is over. */
static bool collect(struct lookup *lookup)
{
	int error = gai_error(&lookup->control);
	if (error == EAI_INPROGRESS)
		return false;
	lookup->is_running = false;
	lookup->names->n_running--;
	if (error == 0) {
		copy_addresses(&lookup->addresses, lookup->control.ar_result);
		freeaddrinfo(lookup->control.ar_result);
		lookup->expires_ms = mxw_loop_now_ms(lookup->names->loop) + MXW_NAMES_KEEP_MS;
	}
	lookup->problem = lookup->addresses.n ? NULL : error ? gai_strerror(error) : "the name has no address";
	return true;
}

/* Forgets what is old; a failure is old at once: the next delivery tries anew. */
static void forget_old(struct mxw_names *names)
{
	struct lookup *lookup, *next;
	DL_FOREACH_SAFE (names->lookups, lookup, next)
		if (!lookup->is_running && !lookup->waits && lookup->expires_ms <= mxw_loop_now_ms(names->loop))
			free_lookup(lookup);
}

static void on_poll(void *arg)
{
	struct mxw_names *names = arg;
	struct lookup *lookup;
	names->is_telling = true;
	DL_FOREACH (names->lookups, lookup) /* callbacks append to the list */
		if (!lookup->is_running || collect(lookup))
			complete(lookup);
	names->is_telling = false;
	forget_old(names);
	if (names->n_running)
		mxw_timer_in(&names->poll, POLL_MS);
}

int mxw_names_new(struct mxw_names **ret, struct mxw_loop *loop)
{
	struct mxw_names *names = calloc(1, sizeof(*names));
	if (!names)
		return -ENOMEM;
	names->loop = loop;
	mxw_timer_init(&names->poll, loop, on_poll, names);
	*ret = names;
	return 0;
}

/* Lookups that a thread of the C library still works on when their owner is gone: theirs until the process ends. */
static struct lookup *abandoned;

void mxw_names_free(struct mxw_names *names)
{
	if (!names)
		return;
	mxw_timer_cancel(&names->poll);
	struct lookup *lookup, *next;
	DL_FOREACH_SAFE (names->lookups, lookup, next) {
		if (lookup->is_running) {
			DL_DELETE(names->lookups, lookup);
			DL_APPEND(abandoned, lookup);
		} else {
			free_lookup(lookup);
		}
	}
	free(names);
}

bool mxw_names_literal(const char *host, struct mxw_addresses *ret)
{
	*ret = (struct mxw_addresses){ 0 };
	if (strcasecmp(host, "localhost") == 0) {
		mxw_ip_parse("127.0.0.1", &ret->ips[ret->n++]);
		mxw_ip_parse("::1", &ret->ips[ret->n++]);
		return true;
	}
	if (mxw_ip_parse(host, &ret->ips[0]) < 0)
		return false;
	ret->n = 1;
	return true;
}

static struct lookup *find(struct mxw_names *names, const char *host)
{
	struct lookup *lookup;
	if (!names->is_telling)
		forget_old(names);
	DL_FOREACH (names->lookups, lookup)
		if (!lookup->problem && strcasecmp(lookup->host, host) == 0)
			return lookup;
	return NULL;
}

static int start(struct mxw_names *names, const char *host, struct lookup **ret)
{
	if (names->n_running == MXW_NAMES_MAX_RUNNING || names->n_known == MXW_NAMES_MAX_KNOWN)
		return -EBUSY;
	struct lookup *lookup = calloc(1, sizeof(*lookup));
	struct sigevent silent = { .sigev_notify = SIGEV_NONE };
	if (!lookup || !(lookup->host = strdup(host))) {
		free(lookup);
		return -ENOMEM;
	}
	lookup->names = names;
	lookup->control = (struct gaicb){ .ar_name = lookup->host, .ar_request = &hints };
	struct gaicb *list[] = { &lookup->control };
	if (getaddrinfo_a(GAI_NOWAIT, list, 1, &silent) != 0) {
		free(lookup->host);
		free(lookup);
		return -EBUSY;
	}
	lookup->is_running = true;
	names->n_running++;
	names->n_known++;
	DL_APPEND(names->lookups, lookup);
	*ret = lookup;
	return 0;
}

int mxw_names_ask(struct mxw_names *names, const char *host, struct mxw_names_wait *wait)
{
	struct lookup *lookup = find(names, host);
	int r = lookup ? 0 : start(names, host, &lookup);
	if (r < 0)
		return r;
	wait->lookup = lookup;
	DL_APPEND(lookup->waits, wait);
	mxw_timer_in(&names->poll, lookup->is_running ? POLL_MS : 0); /* what is known is told from the loop too */
	return 0;
}

void mxw_names_cancel(struct mxw_names_wait *wait)
{
	struct lookup *lookup = wait->lookup;
	if (!lookup)
		return;
	DL_DELETE(lookup->waits, wait);
	wait->lookup = NULL;
}
