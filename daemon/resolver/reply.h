/* What comes back from the transports, and what it means for the question. */
#pragma once

#include "daemon/resolver/try.h"

extern const struct mxw_try_sink mxw_reply_sink; /* the argument is the struct mxw_query */
