/* `mxwatch test-notify`: an event of kind test through the daemon's outbox, and what became of it. */
#pragma once

/* argv[0] is the name of the command. Returns the exit status: 0 delivered, 3 not. */
int mxw_command_test_notify(int argc, char **argv);
