/* Answers of one view by name and type; see observation.h.
 *
 * One hash entry a name, the types of a name chained behind it. A view holds no more than the questions of a round, so
 * uthash's unkeyed hash cannot be flooded. */
#include "lib/observation/observation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/util.h"

/* uthash calls this when it cannot allocate, and leaves the entry out of the table. */
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(entry) ((entry)->answer = NULL)
#include <uthash.h>

struct entry {
	UT_hash_handle hh;         /* of the first entry of a name only */
	struct entry *next;        /* another type of the same name */
	struct mxw_answer *answer; /* one reference */
	uint16_t type;
	char name[];
};

struct mxw_observation {
	struct entry *names;
	size_t n;
};

int mxw_observation_new(struct mxw_observation **ret)
{
	*ret = calloc(1, sizeof(**ret));
	return *ret ? 0 : -ENOMEM;
}

static void free_chain(struct entry *entry)
{
	while (entry) {
		struct entry *next = entry->next;
		mxw_answer_unref(entry->answer);
		free(entry);
		entry = next;
	}
}

void mxw_observation_free(struct mxw_observation *observation)
{
	if (!observation)
		return;
	struct entry *entry, *next;
	HASH_ITER (hh, observation->names, entry, next) {
		HASH_DEL(observation->names, entry);
		free_chain(entry);
	}
	free(observation);
}

/* The first entry of the name. */
static struct entry *find_name(const struct mxw_observation *observation, const char *name)
{
	struct entry *entry;
	HASH_FIND_STR(observation->names, name, entry);
	return entry;
}

static struct entry *find(const struct mxw_observation *observation, const char *name, uint16_t type)
{
	struct entry *entry = find_name(observation, name);
	while (entry && entry->type != type)
		entry = entry->next;
	return entry;
}

int mxw_observation_put(struct mxw_observation *observation, const char *name, uint16_t type, struct mxw_answer *answer)
{
	if (find(observation, name, type))
		return 0;
	size_t n = strlen(name);
	struct entry *entry = calloc(1, sizeof(*entry) + n + 1);
	if (!entry)
		return -ENOMEM;
	memcpy(entry->name, name, n + 1);
	entry->type = type;
	entry->answer = answer;
	struct entry *first = find_name(observation, name);
	if (first) {
		entry->next = first->next;
		first->next = entry;
	} else {
		HASH_ADD_STR(observation->names, name, entry);
		if (!entry->answer) {
			free(entry);
			return -ENOMEM;
		}
	}
	mxw_answer_ref(answer);
	observation->n++;
	return 0;
}

const struct mxw_answer *mxw_observation_get(const struct mxw_observation *observation, const char *name, uint16_t type)
{
	const struct entry *entry = find(observation, name, type);
	return entry ? entry->answer : NULL;
}

bool mxw_observation_has_stale(const struct mxw_observation *observation)
{
	for (const struct entry *first = observation->names; first; first = first->hh.next)
		for (const struct entry *entry = first; entry; entry = entry->next)
			if (entry->answer && entry->answer->stale)
				return true;
	return false;
}

size_t mxw_observation_count(const struct mxw_observation *observation)
{
	return observation->n;
}

const struct mxw_answer *mxw_observation_want(const struct mxw_observation *observation, struct mxw_missing *missing,
					      const char *name, uint16_t type)
{
	const struct mxw_answer *answer = mxw_observation_get(observation, name, type);
	if (!answer)
		mxw_missing_add(missing, name, type);
	return answer;
}
