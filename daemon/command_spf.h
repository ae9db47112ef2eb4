/* `mxwatch spf`: evaluates SPF for one client and sender, and shows why (design.md 5.2). */
#pragma once

/* argv[0] is "spf". Returns the exit status: 0 pass, 1 another definite result, 2 permerror, 3 temperror or usage error. */
int mxw_command_spf(int argc, char **argv);
