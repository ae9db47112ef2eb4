/* TZif; see zone.h. */
#include "lib/mute/zone.h"

#include <errno.h>
#include <string.h>

#include "lib/mute/civil.h"

enum {
	HEADER_BYTES = 44,
	MIN_OFFSET_S = -89999, /* RFC 9636 3.2: -24:59:59 to 25:59:59 */
	MAX_OFFSET_S = 93599,
	TYPE_BYTES = 6,
	MAX_TYPES = 256,
	MAX_CHARS = 256,
	MAX_INDICATORS = 256, /* one a type at most */
};

bool mxw_zone_is_name(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-";
	if (strlen(name) > MXW_ZONE_NAME_MAX)
		return false;
	for (;;) {
		size_t n = strspn(name, allowed);
		if (n == 0 || (name[n] && name[n] != '/'))
			return false;
		if (!name[n])
			return true;
		name += n + 1;
	}
}

bool mxw_zone_is_utc(const char *name)
{
	return strcmp(name, "UTC") == 0 || strcmp(name, "Etc/UTC") == 0;
}

void mxw_zone_init_utc(struct mxw_zone *zone, const char *name)
{
	*zone = (struct mxw_zone){ .name = name };
}

struct header {
	char version;
	size_t n_ut, n_std, n_leap, n_times, n_types, n_chars;
};

/* What is left of the file. */
struct reader {
	const unsigned char *at;
	size_t n;
};

static uint64_t read_number(const unsigned char *at, size_t n_bytes)
{
	uint64_t value = 0;
	for (size_t i = 0; i < n_bytes; i++)
		value = value << 8 | at[i];
	return value;
}

static int64_t read_signed(const unsigned char *at, size_t n_bytes)
{
	uint64_t value = read_number(at, n_bytes);
	return n_bytes == 4 ? (int32_t)(uint32_t)value : (int64_t)value;
}

static int read_header(struct reader *reader, struct header *ret)
{
	size_t *const counts[] = { &ret->n_ut, &ret->n_std, &ret->n_leap, &ret->n_times, &ret->n_types, &ret->n_chars };
	if (reader->n < HEADER_BYTES || memcmp(reader->at, "TZif", 4) != 0)
		return -EINVAL;
	ret->version = (char)reader->at[4];
	for (size_t i = 0; i < MXW_ARRAY_SIZE(counts); i++)
		*counts[i] = (size_t)read_number(reader->at + 20 + 4 * i, 4);
	if (ret->n_types < 1 || ret->n_types > MAX_TYPES || ret->n_times > MXW_ZONE_MAX_TRANSITIONS ||
	    ret->n_chars > MAX_CHARS || ret->n_leap > 0 || ret->n_ut > MAX_INDICATORS || ret->n_std > MAX_INDICATORS)
		return -EINVAL;
	reader->at += HEADER_BYTES;
	reader->n -= HEADER_BYTES;
	return 0;
}

static size_t block_bytes(const struct header *header, size_t time_bytes)
{
	return header->n_times * (time_bytes + 1) + header->n_types * TYPE_BYTES + header->n_chars + header->n_std +
	       header->n_ut;
}

static int skip(struct reader *reader, size_t n)
{
	if (reader->n < n)
		return -EINVAL;
	reader->at += n;
	reader->n -= n;
	return 0;
}

static int read_offset(const unsigned char *types, size_t type, const struct header *header, int32_t *ret)
{
	if (type >= header->n_types)
		return -EINVAL;
	*ret = (int32_t)read_signed(types + type * TYPE_BYTES, 4);
	return *ret < MIN_OFFSET_S || *ret > MAX_OFFSET_S ? -EINVAL : 0;
}

static int read_block(struct mxw_zone *zone, struct reader *reader, const struct header *header, size_t time_bytes,
		      struct mxw_arena *arena)
{
	const unsigned char *times = reader->at, *indexes = times + header->n_times * time_bytes,
			    *types = indexes + header->n_times;
	if (skip(reader, block_bytes(header, time_bytes)) < 0)
		return -EINVAL;
	int64_t *at = mxw_arena_alloc(arena, header->n_times * sizeof(*at) + 1);
	int32_t *offsets = mxw_arena_alloc(arena, header->n_times * sizeof(*offsets) + 1);
	if (!at || !offsets)
		return -ENOMEM;
	for (size_t i = 0; i < header->n_times; i++) {
		at[i] = read_signed(times + i * time_bytes, time_bytes);
		if ((i && at[i] <= at[i - 1]) || read_offset(types, indexes[i], header, &offsets[i]) < 0)
			return -EINVAL;
	}
	zone->at = at;
	zone->offsets = offsets;
	zone->n = header->n_times;
	return read_offset(types, 0, header, &zone->first);
}

/* "\nTZ string\n"; an empty one means that nobody knows. */
static int read_footer(struct mxw_zone *zone, const struct reader *reader)
{
	if (reader->n < 2 || reader->at[0] != '\n')
		return -EINVAL;
	const unsigned char *text = reader->at + 1, *end = memchr(text, '\n', reader->n - 1);
	if (!end)
		return -EINVAL;
	zone->has_rule = end > text;
	return zone->has_rule ? mxw_zone_rule_parse(&zone->rule, (const char *)text, (size_t)(end - text)) : 0;
}

int mxw_zone_parse(struct mxw_zone *ret, const char *name, const void *bytes, size_t n, struct mxw_arena *arena)
{
	struct reader reader = { bytes, n };
	struct header header;
	*ret = (struct mxw_zone){ .name = name };
	int r = n > MXW_ZONE_MAX_BYTES ? -EINVAL : read_header(&reader, &header);
	if (r < 0 || header.version == 0)
		return r < 0 ? r : read_block(ret, &reader, &header, 4, arena);
	/* The first block is for readers of 32-bit times only; the second has a header of its own. */
	r = skip(&reader, block_bytes(&header, 4));
	if (r == 0)
		r = read_header(&reader, &header);
	if (r == 0)
		r = read_block(ret, &reader, &header, 8, arena);
	return r < 0 ? r : read_footer(ret, &reader);
}

int32_t mxw_zone_offset(const struct mxw_zone *zone, int64_t utc_s)
{
	size_t low = 0, high = zone->n; /* how many transitions are not later */
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (zone->at[middle] <= utc_s)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == zone->n && zone->has_rule)
		return mxw_zone_rule_offset(&zone->rule, utc_s);
	return low ? zone->offsets[low - 1] : zone->first;
}

/* The offsets around a local time and the instant at which one follows the other. No zone is a day away from UTC, so
 * the instants of the local time lie between. */
struct around {
	int32_t before, after;
	int64_t change_s; /* meaningful if they differ */
};

static struct around look_around(const struct mxw_zone *zone, int64_t local_s)
{
	int64_t low = local_s - 2 * MXW_DAY_S, high = local_s + 2 * MXW_DAY_S;
	struct around around = { mxw_zone_offset(zone, low), mxw_zone_offset(zone, high), 0 };
	if (around.before == around.after)
		return around;
	while (high - low > 1) {
		int64_t middle = low + (high - low) / 2;
		if (mxw_zone_offset(zone, middle) == around.before)
			low = middle;
		else
			high = middle;
	}
	around.change_s = high;
	return around;
}

int64_t mxw_zone_begin(const struct mxw_zone *zone, int64_t local_s)
{
	struct around around = look_around(zone, local_s);
	int64_t early_s = local_s - around.before, late_s = local_s - around.after;
	if (around.before == around.after || early_s < around.change_s)
		return early_s;
	return MXW_MAX(around.change_s, late_s);
}

int64_t mxw_zone_end(const struct mxw_zone *zone, int64_t local_s)
{
	struct around around = look_around(zone, local_s);
	int64_t early_s = local_s - around.before, late_s = local_s - around.after;
	if (around.before == around.after || late_s > around.change_s)
		return late_s;
	return MXW_MIN(around.change_s, early_s);
}
