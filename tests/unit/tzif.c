#include "tests/unit/tzif.h"

#include <assert.h>
#include <string.h>

static unsigned char *put(unsigned char *at, uint64_t value, size_t n_bytes)
{
	for (size_t i = n_bytes; i-- > 0;)
		*at++ = (unsigned char)(value >> (8 * i));
	return at;
}

static unsigned char *put_header(unsigned char *at, const struct tzif *file, size_t n_times)
{
	memcpy(at, "TZif", 4);
	at[4] = (unsigned char)file->version;
	memset(at + 5, 0, 15);
	at += 20;
	at = put(at, 0, 4);
	at = put(at, 0, 4);
	at = put(at, file->n_leap, 4);
	at = put(at, n_times, 4);
	at = put(at, file->n_types, 4);
	return put(at, 4, 4);
}

static unsigned char *put_block(unsigned char *at, const struct tzif *file, size_t n_times, size_t time_bytes)
{
	for (size_t i = 0; i < n_times; i++)
		at = put(at, (uint64_t)file->at[i], time_bytes);
	for (size_t i = 0; i < n_times; i++)
		*at++ = file->types_at[i];
	for (size_t i = 0; i < file->n_types; i++) {
		at = put(at, (uint32_t)file->offsets[i], 4);
		at = put(at, 0, 2);
	}
	memcpy(at, "XXX", 4);
	return at + 4;
}

size_t tzif_write(unsigned char ret[TZIF_MAX], const struct tzif *file)
{
	bool is_long = file->version != 0;
	size_t n_first = is_long ? 0 : file->n_times;
	unsigned char *at = put_block(put_header(ret, file, n_first), file, n_first, 4);
	if (is_long) {
		at = put_block(put_header(at, file, file->n_times), file, file->n_times, 8);
		*at++ = '\n';
		memcpy(at, file->footer, strlen(file->footer));
		at += strlen(file->footer);
		*at++ = '\n';
	}
	assert(at - ret < TZIF_MAX);
	return (size_t)(at - ret);
}

void tzif_zone(struct mxw_zone *ret, const char *rule, struct mxw_arena *arena)
{
	static const int32_t offsets[] = { 0 };
	unsigned char bytes[TZIF_MAX];
	size_t n = tzif_write(bytes,
			      &(struct tzif){ .version = '2', .offsets = offsets, .n_types = 1, .footer = rule });
	int r = mxw_zone_parse(ret, "Test/Zone", bytes, n, arena);
	assert(r == 0);
	(void)r;
}
