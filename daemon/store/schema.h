/* The tables, version 1, and every statement that touches them. */
#pragma once

#include "daemon/store/internal.h"

extern const char mxw_store_schema[];
extern const char *const mxw_store_sql[MXW_N_STATEMENTS];
