/* Where a scenario is played: the lives of one daemon, one after the other, and the time that passes.
 *
 * What can go wrong returns a problem: NULL when all is well, else a text that is valid until the next one. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/scenario/life.h"

enum { STAGE_DIR_MAX = 160 };

struct stage {
	struct life *life;            /* NULL between lives */
	char base[STAGE_DIR_MAX];     /* temporary; each kill begins a new folder below it */
	char dir[STAGE_DIR_MAX + 16]; /* the daemon's state directory */
	unsigned n_dirs;
	char *yaml;                   /* of the next start */
	int64_t wall_ms;              /* between lives */
	size_t n_expired;             /* deliveries that have to be expired at the end */
	unsigned long pass, n_passes; /* this run of the script, from 0, and how many it asks for */
	char problem[512];
};

const char *stage_init(struct stage *stage, unsigned long pass);
void stage_done(struct stage *stage); /* a life that is still there is dropped; the folders are removed */

const char *stage_problem(struct stage *stage, const char *format, ...) __attribute__((format(printf, 2, 3)));

const char *stage_configure(struct stage *stage, const char *yaml);         /* the first life, or a reload */
const char *stage_set_configuration(struct stage *stage, const char *yaml); /* of the next life, or a reload */
const char *stage_start(struct stage *stage);
const char *stage_stop(struct stage *stage);
const char *stage_kill(struct stage *stage);
const char *stage_sql(struct stage *stage, const char *sql); /* somebody's hand in the store of a stopped daemon */

int64_t stage_true_ms(const struct stage *stage); /* since the scenario began */
/* Between lives only the wall clock goes on. */
void stage_advance(struct stage *stage, int64_t ms);
void stage_step_clock(struct stage *stage, int64_t ms);

/* In the first pass counts the steps of that time and asks for a pass for each; in pass N kills and starts the daemon
 * after step N. */
const char *stage_advance_killing(struct stage *stage, int64_t ms);
