/* Silences and acknowledgements; see silence.h. */
#include "lib/mute/silence.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/util.h"
#include "lib/mute/pattern.h"

static char *copy(const char *text)
{
	return strdup(text ? text : "");
}

void mxw_silence_done(struct mxw_silence *silence)
{
	free(silence->pattern);
	free(silence->check);
	free(silence->reason);
	free(silence->author);
	*silence = (struct mxw_silence){ 0 };
}

int mxw_silence_copy(struct mxw_silence *ret, const struct mxw_silence *from)
{
	*ret = *from;
	ret->pattern = copy(from->pattern);
	ret->check = from->check ? strdup(from->check) : NULL;
	ret->reason = copy(from->reason);
	ret->author = copy(from->author);
	if (ret->pattern && ret->reason && ret->author && !ret->check == !from->check)
		return 0;
	mxw_silence_done(ret);
	return -ENOMEM;
}

bool mxw_silence_holds(const struct mxw_silence *silence, const char *domain, const char *check, int64_t now_wall_ms)
{
	return now_wall_ms < silence->until_wall_ms && (!silence->check || strcmp(silence->check, check) == 0) &&
	       mxw_pattern_matches(silence->pattern, domain);
}

void mxw_ack_done(struct mxw_ack *ack)
{
	free(ack->domain);
	free(ack->check);
	free(ack->reason);
	free(ack->author);
	*ack = (struct mxw_ack){ 0 };
}

int mxw_ack_copy(struct mxw_ack *ret, const struct mxw_ack *from)
{
	*ret = *from;
	ret->domain = copy(from->domain);
	ret->check = copy(from->check);
	ret->reason = copy(from->reason);
	ret->author = copy(from->author);
	if (ret->domain && ret->check && ret->reason && ret->author)
		return 0;
	mxw_ack_done(ret);
	return -ENOMEM;
}

void mxw_mutes_done(struct mxw_mutes *mutes)
{
	for (size_t i = 0; i < mutes->n_silences; i++)
		mxw_silence_done(&mutes->silences[i]);
	for (size_t i = 0; i < mutes->n_acks; i++)
		mxw_ack_done(&mutes->acks[i]);
	free(mutes->silences);
	free(mutes->acks);
	*mutes = (struct mxw_mutes){ 0 };
}

/* Room for n items. */
static int grow(void **items, size_t n, size_t *capacity, size_t size)
{
	if (n <= *capacity)
		return 0;
	size_t larger = MXW_MAX(n, *capacity ? 2 * *capacity : 16);
	void *moved = reallocarray(*items, larger, size);
	if (!moved)
		return -ENOMEM;
	*items = moved;
	*capacity = larger;
	return 0;
}

/* Where the silence of this id is, or belongs. */
static size_t silence_place(const struct mxw_mutes *mutes, uint64_t id)
{
	size_t i = mutes->n_silences;
	while (i > 0 && mutes->silences[i - 1].id >= id) /* new ones come last */
		i--;
	return i;
}

int mxw_mutes_add_silence(struct mxw_mutes *mutes, const struct mxw_silence *silence)
{
	struct mxw_silence own;
	size_t at = silence_place(mutes, silence->id);
	if (mutes->n_silences >= MXW_MAX_SILENCES)
		return -E2BIG;
	int r = mxw_silence_copy(&own, silence);
	if (r < 0)
		return r;
	void *items = mutes->silences;
	r = grow(&items, mutes->n_silences + 1, &mutes->silence_capacity, sizeof(own));
	mutes->silences = items;
	if (r < 0) {
		mxw_silence_done(&own);
		return r;
	}
	memmove(mutes->silences + at + 1, mutes->silences + at, (mutes->n_silences - at) * sizeof(own));
	mutes->silences[at] = own;
	mutes->n_silences++;
	return 0;
}

const struct mxw_silence *mxw_mutes_find_silence(const struct mxw_mutes *mutes, uint64_t id)
{
	size_t at = silence_place(mutes, id);
	return at < mutes->n_silences && mutes->silences[at].id == id ? &mutes->silences[at] : NULL;
}

void mxw_mutes_remove_silence(struct mxw_mutes *mutes, uint64_t id)
{
	size_t at = silence_place(mutes, id);
	if (at == mutes->n_silences || mutes->silences[at].id != id)
		return;
	mxw_silence_done(&mutes->silences[at]);
	mutes->n_silences--;
	memmove(mutes->silences + at, mutes->silences + at + 1, (mutes->n_silences - at) * sizeof(mutes->silences[0]));
}

const struct mxw_silence *mxw_mutes_find_holding(const struct mxw_mutes *mutes, const char *domain, const char *check,
						 int64_t now_wall_ms)
{
	for (size_t i = 0; i < mutes->n_silences; i++)
		if (mxw_silence_holds(&mutes->silences[i], domain, check, now_wall_ms))
			return &mutes->silences[i];
	return NULL;
}

static int compare_key(const struct mxw_ack *ack, const char *domain, const char *check)
{
	int order = strcmp(ack->domain, domain);
	return order ? order : strcmp(ack->check, check);
}

/* Where the acknowledgement of a key is, or belongs. */
static size_t ack_place(const struct mxw_mutes *mutes, const char *domain, const char *check)
{
	size_t low = 0, high = mutes->n_acks;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_key(&mutes->acks[middle], domain, check) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct mxw_ack *mxw_mutes_find_ack(const struct mxw_mutes *mutes, const char *domain, const char *check)
{
	size_t at = ack_place(mutes, domain, check);
	return at < mutes->n_acks && compare_key(&mutes->acks[at], domain, check) == 0 ? &mutes->acks[at] : NULL;
}

void mxw_mutes_remove_ack(struct mxw_mutes *mutes, const char *domain, const char *check)
{
	if (!mxw_mutes_find_ack(mutes, domain, check))
		return;
	size_t at = ack_place(mutes, domain, check);
	mxw_ack_done(&mutes->acks[at]);
	mutes->n_acks--;
	memmove(mutes->acks + at, mutes->acks + at + 1, (mutes->n_acks - at) * sizeof(mutes->acks[0]));
}

int mxw_mutes_reserve_acks(struct mxw_mutes *mutes, const struct mxw_ack *acks, size_t n)
{
	void *items = mutes->acks;
	size_t n_new = 0;
	for (size_t i = 0; i < n; i++)
		n_new += !mxw_mutes_find_ack(mutes, acks[i].domain, acks[i].check);
	if (mutes->n_acks + n_new > MXW_MAX_ACKS)
		return -E2BIG;
	int r = grow(&items, mutes->n_acks + n_new, &mutes->ack_capacity, sizeof(mutes->acks[0]));
	mutes->acks = items;
	return r;
}

void mxw_mutes_take_ack(struct mxw_mutes *mutes, struct mxw_ack *own)
{
	mxw_mutes_remove_ack(mutes, own->domain, own->check);
	size_t at = ack_place(mutes, own->domain, own->check);
	memmove(mutes->acks + at + 1, mutes->acks + at, (mutes->n_acks - at) * sizeof(*own));
	mutes->acks[at] = *own;
	mutes->n_acks++;
}

int mxw_mutes_put_ack(struct mxw_mutes *mutes, const struct mxw_ack *ack)
{
	struct mxw_ack own;
	int r = mxw_mutes_reserve_acks(mutes, ack, 1);
	if (r == 0)
		r = mxw_ack_copy(&own, ack);
	if (r == 0)
		mxw_mutes_take_ack(mutes, &own);
	return r;
}

bool mxw_mutes_is_acked(const struct mxw_mutes *mutes, const char *domain, const char *check,
			int64_t incident_since_wall_ms)
{
	const struct mxw_ack *ack = incident_since_wall_ms && mutes->n_acks ? mxw_mutes_find_ack(mutes, domain, check)
									    : NULL;
	return ack && ack->incident_since_wall_ms == incident_since_wall_ms;
}
