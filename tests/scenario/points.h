/* Named instants in a life of the daemon, between two callbacks: those at which a kill means something else. */
#pragma once

#include "tests/scenario/stage.h"

/* Lets time pass until what the name says has happened once more, and not a callback longer:
 *
 *	tick		the canaries are asked
 *	round		a domain is asked about
 *	event		an event is in the store; nobody has it yet
 *	received	a receiver has it; the daemon does not know yet
 *	acknowledged	the daemon knows; the store does not know yet
 *
 * NULL or a problem: no such point, or it has not come in a day. */
const char *point_reach(struct stage *stage, const char *name);
