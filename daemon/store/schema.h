/* The tables, the way to them from earlier versions, and every statement that touches them. */
#pragma once

#include "daemon/store/internal.h"

extern const char mxw_store_schema[];
/* [i] leads from version i + 1 to the next. */
extern const char *const mxw_store_migrations[MXW_STORE_VERSION - 1];
extern const char *const mxw_store_sql[MXW_N_STATEMENTS];
