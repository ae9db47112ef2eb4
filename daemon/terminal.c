/* Standard output and error; see terminal.h. */
#include "daemon/terminal.h"

#include <errno.h>
#include <langinfo.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/base/escape.h"

static bool has_colour(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
	if (no_color && *no_color)
		return false;
	return isatty(STDOUT_FILENO) && term && *term && strcmp(term, "dumb") != 0;
}

void mxw_terminal_style(struct mxw_report_style *ret)
{
	struct winsize size;
	*ret = (struct mxw_report_style){ .colour = has_colour() };
	ret->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0; /* of the locale that main() has set */
	if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		ret->width = size.ws_col;
}

/* Another process may have made the shared descriptor non-blocking. */
static void wait_writable(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };
	poll(&out, 1, -1);
}

int mxw_terminal_write(const struct mxw_strbuf *text)
{
	const char *bytes = mxw_strbuf_get(text);
	size_t left = text->len;
	if (mxw_strbuf_failed(text))
		return -ENOMEM;
	while (left > 0) {
		ssize_t n = write(STDOUT_FILENO, bytes, left);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN) {
			wait_writable();
			continue;
		}
		if (n < 0)
			return -errno;
		bytes += n;
		left -= (size_t)n;
	}
	return 0;
}

void mxw_terminal_error(const char *format, ...)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf safe = MXW_STRBUF_INIT;
	va_list args;
	va_start(args, format);
	mxw_strbuf_vaddf(&text, format, args);
	va_end(args);
	mxw_escape_terminal(&safe, mxw_strbuf_get(&text), text.len);
	fprintf(stderr, "mxwatch: %s\n", mxw_strbuf_get(&safe));
}
