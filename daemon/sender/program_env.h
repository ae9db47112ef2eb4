/* The environment of a program that is run for an event: the event's words, and of ours only what programs need to find
 * their way. */
#pragma once

#include "lib/request/request.h"

/* "NAME=value" strings ended by NULL, for mxw_program_env_free. The request's headers must be MXWATCH_* in A-Z, 0-9
 * and _, so that a request cannot set LD_PRELOAD: -EINVAL. -ENOMEM. */
int mxw_program_env(const struct mxw_request *request, char ***ret);
void mxw_program_env_free(char **env);
