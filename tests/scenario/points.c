/* Named instants; see points.h. Each is the callback in which a count grows. */
#include "tests/scenario/points.h"

#include <string.h>

#include "lib/base/util.h"
#include "tests/scenario/world.h"

enum { DAY_MS = 24 * 3600 * 1000 };

static uint64_t count_ticks(const struct stage *stage)
{
	(void)stage;
	return world.n_canaries;
}

static uint64_t count_rounds(const struct stage *stage)
{
	(void)stage;
	return world.n_questions;
}

static uint64_t count_events(const struct stage *stage)
{
	return life_n_events(stage->life);
}

static uint64_t count_received(const struct stage *stage)
{
	uint64_t n = world.inbox.n_repeated;
	(void)stage;
	for (const struct inbox_event *event = world.inbox.events; event; event = event->next)
		n++;
	return n;
}

/* So many less are open; what is added meanwhile does not count. */
static uint64_t count_acknowledged(const struct stage *stage)
{
	return UINT32_MAX - life_n_open(stage->life);
}

static const struct {
	const char *name;
	uint64_t (*count)(const struct stage *stage);
} points[] = {
	{ "tick", count_ticks },
	{ "round", count_rounds },
	{ "event", count_events },
	{ "received", count_received },
	{ "acknowledged", count_acknowledged },
};

static const char *reach(struct stage *stage, uint64_t (*count)(const struct stage *stage))
{
	int64_t end_ms = life_now_ms(stage->life) + DAY_MS;
	for (uint64_t before = count(stage), now; (now = count(stage)) <= before; before = now)
		if (!life_step(stage->life, end_ms))
			return "it has not come to that in a day";
	return NULL;
}

const char *point_reach(struct stage *stage, const char *name)
{
	if (!stage->life)
		return "no daemon is running";
	for (size_t i = 0; i < MXW_ARRAY_SIZE(points); i++)
		if (strcmp(points[i].name, name) == 0)
			return reach(stage, points[i].count);
	return "no such point";
}
