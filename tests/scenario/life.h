/* One life of the daemon: what daemon/app.c puts together, on the fakes, from a start to its end. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct life;

/* Starts on the state directory `dir` at that wall clock time. `yaml` is the configuration; what it does not have
 * it gets: three resolvers r1, r2, r3, and one notifier, ops. NULL when the daemon refuses to start; the reason has been
 * said. */
struct life *life_start(const char *dir, const char *yaml, int64_t wall_ms);
/* As SIGTERM does it. Returns the wall clock time of the end. */
int64_t life_stop(struct life *life);
/* As kill -9 does it: the store as it is in this instant goes on in `new_dir`, nothing else does. The objects are
 * destroyed, and what they still write goes to the old directory, at which nobody looks any more. */
int64_t life_kill(struct life *life, const char *new_dir);

/* False when the configuration is bad and the old one stays in force. */
bool life_reload(struct life *life, const char *yaml);

/* Virtual time. One step is the callback of one timer that is due until end_ms; false when there is none. */
bool life_step(struct life *life, int64_t end_ms);
int64_t life_now_ms(const struct life *life);
void life_step_clock(struct life *life, int64_t ms); /* the wall clock only */

void life_suspend(struct life *life, int64_t ms); /* time passes, and nothing runs */

void life_lose_sender(struct life *life);

/* What people mute, as the control socket does it: negative errno. `check` may be NULL; -ENOENT: nothing to acknowledge. */
int life_silence(struct life *life, const char *pattern, const char *check, int64_t for_ms);
int life_unsilence(struct life *life, uint64_t id);
int life_ack(struct life *life, const char *domain, const char *check);
int life_test_notifier(struct life *life, const char *name);
/* Silences and acknowledgements; `with_ended`: those that are kept and hold no more, too. */
size_t life_n_mutes(const struct life *life, bool with_ended);

size_t life_n_open(const struct life *life);     /* deliveries pending or parked */
uint64_t life_n_events(const struct life *life); /* that this life has stored */
unsigned life_quorum(const struct life *life);
