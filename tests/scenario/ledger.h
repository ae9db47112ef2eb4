/* The audit after the last life: what the store has against what was received (alerts.md A1, A2, A6). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "tests/scenario/inbox.h"

/* Reads the database in `dir`, which nobody has open any more. False with the differences on stderr. */
bool ledger_audit(const char *dir, const struct inbox *inbox, size_t n_expired_expected);
