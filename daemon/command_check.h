/* `mxwatch check`: judges domains now, once, and prints what is wrong (design.md 5.2). */
#pragma once

/* argv[0] is "check". Returns the exit status: 0 ok, 1 warning, 2 critical, 3 unknown or usage error. */
int mxw_command_check(int argc, char **argv);
