/* `mxwatch list` and `mxwatch explain`: what mxwatch knows, from the tables that it works by (design.md 5.2). */
#pragma once

#include "daemon/args.h"

extern const struct mxw_args_command mxw_command_list_args, mxw_command_explain_args;

/* argv[0] is the name of the command. Return the exit status: 0, or 3 for a usage error. */
int mxw_command_list(int argc, char **argv);
int mxw_command_explain(int argc, char **argv);
