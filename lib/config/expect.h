/* `expect` of a domain: expected records and planned changes (lib/target/expect.h); see reader.h. */
#pragma once

#include "lib/check/expected.h"
#include "lib/config/reader.h"

/* A record of the configuration. `expected` is as in lib/target/expect.h. */
struct mxw_pinned {
	struct mxw_ip ip; /* of a PTR record; zero for other types */
	struct mxw_expected expected;
};

/* expect_record.c: one record, or outside EXACT an SPF term. *ret_problem is set to words for what is wrong with it ("is no SPF
 * record, expected one such as v=spf1 mx -all"), in the arena or static. 0 or -ENOMEM. */
int mxw_config_read_pinned(enum mxw_record_type type, enum mxw_expect_mode mode, const char *text,
			   struct mxw_arena *arena, struct mxw_pinned *ret, const char **ret_problem);
