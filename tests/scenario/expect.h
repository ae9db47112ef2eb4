/* What a script expects of the events, and what is expected of every scenario at its end. */
#pragma once

#include "tests/scenario/script.h"
#include "tests/scenario/stage.h"

/* NULL when the expectation holds, else the problem. */
const char *expect(struct stage *stage, const struct script_command *command);

/* Stops the daemon and looks at the whole: everything was expected, nothing is left open, the store agrees. */
const char *expect_good_end(struct stage *stage);
