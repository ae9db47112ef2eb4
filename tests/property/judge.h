/* Did the daemon keep its promises? The properties of alerts.md 4, judged from the outside: what the world was like, what
 * was stored, what was received. Nothing here knows how lib/state works. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/property/trace.h"

enum { JUDGE_TEXT_MAX = 400 };

/* The first promise that was found broken. */
struct judgement {
	const char *property; /* "Q1", "A8", ...; static. NULL: all is well */
	char text[JUDGE_TEXT_MAX];
};

/* Notes a broken promise, unless there is one already. */
void judge_broken(struct judgement *judgement, const char *property, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

void judge(struct judgement *ret, const struct trace *trace);

void judge_streams(struct judgement *ret, const struct trace *trace);  /* what is stored: A5, A6 */
void judge_evidence(struct judgement *ret, const struct trace *trace); /* Q1, D1 */
void judge_quiet(struct judgement *ret, const struct trace *trace);    /* D2, A8, T1 */
void judge_mutes(struct judgement *ret, const struct trace *trace); /* silences, windows, acknowledgements, reminders */
void judge_gate(struct judgement *ret, const struct trace *trace);  /* Q2, Q3, T2 */
void judge_deliveries(struct judgement *ret, const struct trace *trace); /* A1, A2, A3, A4, A7 */
