/* Providers that serve one MX name from many machines and sites: a single MX record is how they want it. */
#pragma once

#include <stdbool.h>

#include "lib/schema/option.h"

/* `options` of the check mx, which may add suffixes (`providers`); NULL: the built-in ones only. */
bool mxw_provider_is_known(const char *host, const struct mxw_values *options);
