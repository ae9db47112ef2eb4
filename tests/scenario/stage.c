/* Lives, folders and time of a scenario; see stage.h. */
#include "tests/scenario/stage.h"

#include <errno.h>
#include <ftw.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/scenario/fake_loop.h"
#include "tests/scenario/world.h"

static const char no_life[] = "no daemon is running";

const char *stage_problem(struct stage *stage, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(stage->problem, sizeof(stage->problem), format, args);
	va_end(args);
	return stage->problem;
}

/* A state directory of its own for what comes after a kill. */
static const char *make_dir(struct stage *stage)
{
	snprintf(stage->dir, sizeof(stage->dir), "%s/%u", stage->base, stage->n_dirs++);
	return mkdir(stage->dir, 0700) < 0 ? stage_problem(stage, "%s: %s", stage->dir, strerror(errno)) : NULL;
}

/* The store waits for the disk at every commit. Virtual time does not, so in memory scenarios are ten times faster. */
static const char *find_tmp(void)
{
	const char *tmp = getenv("TMPDIR");
	if (tmp)
		return tmp;
	return access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
}

const char *stage_init(struct stage *stage, unsigned long pass)
{
	*stage = (struct stage){ .pass = pass, .n_passes = 1, .wall_ms = fake_loop_start_wall_ms };
	snprintf(stage->base, sizeof(stage->base), "%s/mxwatch-scenario-XXXXXX", find_tmp());
	if (!mkdtemp(stage->base)) {
		stage->base[0] = '\0';
		return stage_problem(stage, "no temporary folder: %s", strerror(errno));
	}
	return make_dir(stage);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void stage_done(struct stage *stage)
{
	if (stage->life)
		life_stop(stage->life);
	if (stage->base[0] && nftw(stage->base, remove_one, 8, FTW_DEPTH | FTW_PHYS) != 0)
		fprintf(stderr, "%s: cannot be removed\n", stage->base);
	free(stage->yaml);
	stage->life = NULL;
	stage->yaml = NULL;
}

static const char *remember(struct stage *stage, const char *yaml)
{
	free(stage->yaml);
	stage->yaml = strdup(yaml);
	return stage->yaml ? NULL : "out of memory";
}

const char *stage_start(struct stage *stage)
{
	if (stage->life)
		return "a daemon is running already";
	if (!stage->yaml)
		return "there is no configuration";
	stage->life = life_start(stage->dir, stage->yaml, stage->wall_ms);
	return stage->life ? NULL : "the daemon does not start";
}

const char *stage_set_configuration(struct stage *stage, const char *yaml)
{
	if (stage->life && !life_reload(stage->life, yaml))
		return "the configuration is refused";
	return remember(stage, yaml);
}

const char *stage_configure(struct stage *stage, const char *yaml)
{
	const char *problem = stage_set_configuration(stage, yaml);
	return problem || stage->life ? problem : stage_start(stage);
}

const char *stage_stop(struct stage *stage)
{
	if (!stage->life)
		return no_life;
	stage->wall_ms = life_stop(stage->life);
	stage->life = NULL;
	return NULL;
}

const char *stage_kill(struct stage *stage)
{
	if (!stage->life)
		return no_life;
	const char *problem = make_dir(stage);
	if (problem)
		return problem;
	stage->wall_ms = life_kill(stage->life, stage->dir);
	stage->life = NULL;
	return NULL;
}

const char *stage_sql(struct stage *stage, const char *sql)
{
	char path[STAGE_DIR_MAX + 32];
	sqlite3 *db = NULL;
	if (stage->life)
		return "the daemon is running";
	snprintf(path, sizeof(path), "%s/mxwatch.db", stage->dir);
	int r = sqlite3_open(path, &db);
	if (r == SQLITE_OK)
		r = sqlite3_exec(db, sql, NULL, NULL, NULL);
	const char *problem = r == SQLITE_OK ? NULL : stage_problem(stage, "%s", sqlite3_errmsg(db));
	sqlite3_close(db);
	return problem;
}

int64_t stage_true_ms(const struct stage *stage)
{
	return world_true_ms(stage->life ? life_now_ms(stage->life) : FAKE_LOOP_START_MS);
}

void stage_advance(struct stage *stage, int64_t ms)
{
	if (!stage->life) {
		stage->wall_ms += ms;
		world.ttls.past_ms += ms;
		return;
	}
	int64_t end_ms = life_now_ms(stage->life) + ms;
	while (life_step(stage->life, end_ms))
		;
}

void stage_step_clock(struct stage *stage, int64_t ms)
{
	if (stage->life)
		life_step_clock(stage->life, ms);
	else
		stage->wall_ms += ms;
}

const char *stage_advance_killing(struct stage *stage, int64_t ms)
{
	const char *problem = NULL;
	unsigned long n = 0;
	if (!stage->life)
		return no_life;
	int64_t end_ms = life_now_ms(stage->life) + ms;
	while ((stage->pass == 0 || n < stage->pass) && life_step(stage->life, end_ms))
		n++;
	if (stage->pass == 0) {
		stage->n_passes = n + 1;
		return NULL;
	}
	int64_t rest_ms = end_ms - life_now_ms(stage->life);
	problem = stage_kill(stage);
	if (!problem)
		problem = stage_start(stage);
	if (!problem)
		stage_advance(stage, rest_ms);
	return problem;
}
