/* Which answers a set is read from: of the domain itself, and for its addresses of its own hosts. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/check/mx_set.h"
#include "lib/check/watched.h"
#include "lib/dns/type.h"

/* The question about the domain; of its addresses the one that names the hosts. */
static inline uint16_t mxw_records_question(enum mxw_record_type type)
{
	return type == MXW_RECORD_SPF ? MXW_TYPE_TXT : type == MXW_RECORD_NS ? MXW_TYPE_NS : MXW_TYPE_MX;
}

static inline bool mxw_records_is_own_host(const struct mxw_mx_host *host, const struct mxw_target *target)
{
	return mxw_host_is_asked(host) && mxw_watched_has_host(target, host->name);
}
