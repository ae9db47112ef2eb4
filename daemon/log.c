/* Lines on stderr that never wait; see log.h.
 *
 * Pipes and terminals are opened anew through /proc to be written without waiting: O_NONBLOCK belongs to the open file,
 * which our parent and the sender share with us. A socket (the journal) needs no such thing, a file never blocks. */
#include "daemon/log.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/escape.h"
#include "lib/base/strbuf.h"

/* A pipe takes up to PIPE_BUF octets whole or not at all (pipe(7)), so lines are never torn. */
enum { MAX_LINE = PIPE_BUF };

/* One process has one stderr: the only global state of the daemon. */
static struct {
	enum mxw_log_level threshold;
	int fd;
	bool is_socket, is_journal;
	uint64_t n_dropped; /* lines since the last one that was written */
} sink = { .threshold = MXW_LOG_INFO, .fd = STDERR_FILENO };

/* $JOURNAL_STREAM is "device:inode" of the socket that systemd made our stderr (systemd.exec(5)). It is inherited by
 * children whose stderr is another one, hence the comparison. */
static bool is_journal(const struct stat *st)
{
	const char *stream = getenv("JOURNAL_STREAM");
	uintmax_t device = 0, inode = 0;
	return stream && sscanf(stream, "%" SCNuMAX ":%" SCNuMAX, &device, &inode) == 2 && device == st->st_dev &&
	       inode == st->st_ino;
}

void mxw_log_open(enum mxw_log_level threshold)
{
	if (sink.fd != STDERR_FILENO)
		close(sink.fd);
	sink.fd = STDERR_FILENO;
	sink.threshold = threshold;
	sink.n_dropped = 0;
	sink.is_socket = sink.is_journal = false;
	struct stat st;
	if (fstat(STDERR_FILENO, &st) < 0)
		return;
	sink.is_socket = S_ISSOCK(st.st_mode);
	sink.is_journal = is_journal(&st);
	if (S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode)) {
		int fd = open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
		if (fd >= 0)
			sink.fd = fd;
	}
}

static bool write_line(const char *line, size_t n)
{
	if (sink.is_socket)
		return send(sink.fd, line, n, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)n;
	struct pollfd ready = { .fd = sink.fd, .events = POLLOUT };
	if (poll(&ready, 1, 0) != 1 ||
	    ready.revents != POLLOUT) /* full; or POLLERR: no reader, which would be SIGPIPE */
		return false;
	return write(sink.fd, line, n) == (ssize_t)n;
}

static bool write_text(enum mxw_log_level level, const char *text)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf line = MXW_STRBUF_INIT;
	if (sink.is_journal)
		mxw_strbuf_addf(&line, "<%d>", (int)level);
	mxw_escape_line(&line, text, strlen(text), 0);
	mxw_strbuf_addc(&line, '\n');
	if (mxw_strbuf_failed(&line))
		return false;
	if (line.len > MAX_LINE) {
		static const char cut[] = "...\n";
		line.len = MAX_LINE;
		memcpy(line.data + MAX_LINE - strlen(cut), cut, strlen(cut));
	}
	return write_line(line.data, line.len);
}

static bool tell_dropped(void)
{
	if (!sink.n_dropped)
		return true;
	char text[80];
	snprintf(text, sizeof(text), "log: %" PRIu64 " lines were dropped, the reader of stderr is too slow",
		 sink.n_dropped);
	if (!write_text(MXW_LOG_WARNING, text))
		return false;
	sink.n_dropped = 0;
	return true;
}

void mxw_log(enum mxw_log_level level, const char *format, ...)
{
	if (level > sink.threshold)
		return;
	int saved_errno = errno; /* callers log an error and then pass it on */
	char text[MAX_LINE];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (!tell_dropped() || !write_text(level, text))
		sink.n_dropped++;
	errno = saved_errno;
}
