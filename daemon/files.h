/* Files and the environment for the reader of the configuration: implements struct mxw_config_source.
 *
 * Nothing here can hang: files are opened without waiting and only regular ones are read (faults.md P12). */
#pragma once

#include <stddef.h>

struct mxw_config_source; /* lib/config/config.h */

#define MXW_CONFIG_PATH "/etc/mxwatch.yaml"

/* Reads a regular file whole; a NUL follows the bytes, which are the caller's to free. Negative errno: -EISDIR for a
 * directory, -ENODEV for a FIFO, socket or device, -EFBIG above MXW_YAML_MAX_BYTES. */
int mxw_files_read(const char *path, char **ret_bytes, size_t *ret_n);

/* Paths that match a glob(7) pattern, sorted; no match is an empty list, a pattern without wildcards is itself. Each path and the list are the caller's to
 * free. Negative errno: an unreadable directory is an error, not "no match". */
int mxw_files_glob(const char *pattern, char ***ret_paths, size_t *ret_n);

/* The file system and the environment of this process; static, without argument. */
const struct mxw_config_source *mxw_files_source(void);
