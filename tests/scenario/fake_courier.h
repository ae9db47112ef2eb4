/* What a scenario does to the sender process that it does not have. */
#pragma once

#include "daemon/courier.h"

/* The process dies: everything in flight is reported as lost, and for a moment nothing is taken. */
void fake_courier_lose(struct mxw_courier *courier);

/* Deliveries that a receiver has taken and that the store cannot know of yet: after a kill they are repeated. */
size_t fake_courier_n_unwritten(const struct mxw_courier *courier);
