/* `mxwatch silence`, `silences`, `unsilence` and `ack`: requests to the daemon and its answers in lines. */
#pragma once

/* argv[0] is the name of the command. Return the exit status: 0, or 3 when it could not be done. */
int mxw_command_silence(int argc, char **argv);
int mxw_command_silences(int argc, char **argv);
int mxw_command_unsilence(int argc, char **argv);
int mxw_command_ack(int argc, char **argv);
