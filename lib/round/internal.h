/* Shared inside lib/round. */
#pragma once

#include "lib/round/round.h"

/* The verdict of a judged check, to be changed. */
struct mxw_verdict *mxw_round_own_verdict(struct mxw_round *round, size_t check);
