/* From a plan that breaks a promise to a small one that breaks the same (delta debugging). */
#pragma once

#include <stdbool.h>

#include "tests/property/plan.h"

/* Makes the plan smaller as long as `fails` says so of what is left. */
void shrink(struct plan *plan, bool (*fails)(void *arg, const struct plan *plan), void *arg);
