/* `control_socket`: where the daemon listens; see reader.h. */
#include "lib/config/reader.h"

#include <errno.h>
#include <string.h>

static const char off[] = "off", file_name[] = "control.sock";

/* systemd gives a list with colons when a unit has several directories: the first is ours. */
static char *default_path(struct mxw_config_reader *reader)
{
	const struct mxw_config_source *source = reader->source;
	const char *dir = source->env ? source->env(source->arg, "RUNTIME_DIRECTORY") : NULL;
	size_t n = dir ? strcspn(dir, ":") : 0;
	if (!n) {
		dir = reader->config->state_dir;
		n = dir ? strlen(dir) : 0;
	}
	return n ? mxw_arena_textf(&reader->config->arena, "%.*s/%s", (int)n, dir, file_name) : NULL;
}

int mxw_config_read_control(struct mxw_config_reader *reader, const struct mxw_values *top)
{
	const struct mxw_value *value = mxw_values_get(top, "control_socket");
	struct mxw_config *config = reader->config;
	if (value->is_set && strcmp(value->text, off) == 0)
		return 0;
	if (value->is_set && value->text[0] != '/')
		mxw_values_error(top, "control_socket", reader->diags,
				 "a relative path, expected an absolute one such as /run/mxwatch/control.sock, or off");
	else if (value->is_set && strlen(value->text) > MXW_MAX_SOCKET_PATH)
		mxw_values_error(top, "control_socket", reader->diags,
				 "too long for the address of a socket, expected at most %d octets",
				 MXW_MAX_SOCKET_PATH);
	else
		config->control_socket = value->is_set ? mxw_arena_text(&config->arena, value->text)
						       : default_path(reader);
	if (config->control_socket && strlen(config->control_socket) > MXW_MAX_SOCKET_PATH) {
		mxw_diags_add(reader->diags, MXW_DIAG_WARNING, top->at,
			      "control_socket: the default is too long for the address of a socket: off");
		config->control_socket = NULL;
	}
	return config->arena.failed ? -ENOMEM : 0;
}
