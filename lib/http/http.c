/* HTTP/1.1 of one request and one response; see http.h. */
#include "lib/http/http.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

static const char crlf[] = "\r\n", end_of_head[] = "\r\n\r\n";

/* RFC 9110 5.6.2 */
static const char token_characters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~";
/* No "%": nothing that is served has a name that needs it. */
static const char path_characters[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/";

/* Octets of a line or a part of it. */
struct span {
	const char *at;
	size_t n;
};

/* What the head says. */
struct head {
	size_t n; /* with the empty line */
	unsigned n_hosts, n_lengths, n_headers;
	size_t n_body;
	bool has_length, wants_continue, has_coding;
};

static bool span_is(struct span span, const char *text)
{
	return span.n == strlen(text) && memcmp(span.at, text, span.n) == 0;
}

static bool span_is_caseless(struct span span, const char *text)
{
	return span.n == strlen(text) && strncasecmp(span.at, text, span.n) == 0;
}

static bool consists_of(struct span span, const char *characters)
{
	for (size_t i = 0; i < span.n; i++)
		if (!span.at[i] || !strchr(characters, span.at[i]))
			return false;
	return span.n > 0;
}

/* Cuts a span at the first `c`; false if it has none. */
static bool cut(struct span *rest, char c, struct span *ret)
{
	const char *at = rest->n ? memchr(rest->at, c, rest->n) : NULL;
	if (!at)
		return false;
	*ret = (struct span){ rest->at, (size_t)(at - rest->at) };
	rest->at += ret->n + 1;
	rest->n -= ret->n + 1;
	return true;
}

/* 0, or the status to refuse it with. */
static unsigned read_request_line(struct mxw_http_request *ret, struct span line)
{
	struct span method, target, version;
	if (!cut(&line, ' ', &method) || !cut(&line, ' ', &target) || !consists_of(method, token_characters))
		return 400;
	version = line;
	if (version.n != strlen("HTTP/1.1") || memcmp(version.at, "HTTP/", 5) != 0)
		return 400;
	if (!span_is(version, "HTTP/1.1") && !span_is(version, "HTTP/1.0"))
		return 505;
	if (target.n > MXW_HTTP_MAX_TARGET)
		return 414;
	if (method.n > MXW_HTTP_MAX_METHOD)
		return 501;
	if (!consists_of(target, path_characters) || target.at[0] != '/')
		return 400;
	memcpy(ret->method, method.at, method.n);
	memcpy(ret->path, target.at, target.n);
	return 0;
}

static bool read_length(struct span value, size_t *ret)
{
	if (!consists_of(value, "0123456789") || value.n > 9) /* nine digits are far beyond every limit */
		return false;
	*ret = 0;
	for (size_t i = 0; i < value.n; i++)
		*ret = 10 * *ret + (size_t)(value.at[i] - '0');
	return true;
}

static struct span trim(struct span value)
{
	while (value.n && (value.at[0] == ' ' || value.at[0] == '\t')) {
		value.at++;
		value.n--;
	}
	while (value.n && (value.at[value.n - 1] == ' ' || value.at[value.n - 1] == '\t'))
		value.n--;
	return value;
}

static bool is_field_value(struct span value)
{
	for (size_t i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.at[i];
		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

/* A folded header begins with a space, which is no token. */
static unsigned read_header(struct head *head, struct span line)
{
	struct span name;
	if (!cut(&line, ':', &name) || !consists_of(name, token_characters) || !is_field_value(line))
		return 400;
	struct span value = trim(line);
	if (++head->n_headers > MXW_HTTP_MAX_HEADERS)
		return 431;
	if (span_is_caseless(name, "Host")) {
		head->n_hosts++;
	} else if (span_is_caseless(name, "Content-Length")) {
		head->n_lengths++;
		head->has_length = true;
		if (!read_length(value, &head->n_body))
			return 400;
	} else if (span_is_caseless(name, "Transfer-Encoding")) {
		head->has_coding = true;
	} else if (span_is_caseless(name, "Expect")) {
		head->wants_continue = span_is_caseless(value, "100-continue");
		return head->wants_continue ? 0 : 417;
	}
	return 0;
}

static unsigned check_head(const struct head *head)
{
	if (head->n_hosts != 1 || head->n_lengths > 1)
		return 400;
	if (head->has_coding) /* beside a Content-Length it is an attack, alone it is only not needed here */
		return head->has_length ? 400 : 501;
	return head->n_body > MXW_HTTP_MAX_BODY ? 413 : 0;
}

/* A line up to its CRLF; a bare CR or LF ends none and is refused by those who read the line. */
static struct span next_line(struct span *rest)
{
	const char *end = memmem(rest->at, rest->n, crlf, 2);
	struct span line = { rest->at, (size_t)(end - rest->at) };
	rest->at = end + 2;
	rest->n -= line.n + 2;
	return line;
}

static unsigned read_head(struct mxw_http_request *ret, struct head *head, const char *bytes)
{
	struct span rest = { bytes, head->n - 2 }; /* without the empty line */
	unsigned status = read_request_line(ret, next_line(&rest));
	while (!status && rest.n)
		status = read_header(head, next_line(&rest));
	return status ? status : check_head(head);
}

static enum mxw_http_progress refuse(struct mxw_http_request *ret, unsigned status)
{
	ret->status = status;
	return MXW_HTTP_BAD;
}

enum mxw_http_progress mxw_http_request_read(struct mxw_http_request *ret, const char *bytes, size_t n)
{
	struct head head = { 0 };
	*ret = (struct mxw_http_request){ 0 };
	const char *end = n ? memmem(bytes, MXW_MIN(n, (size_t)MXW_HTTP_MAX_HEAD), end_of_head, 4) : NULL;
	if (!end)
		return n < MXW_HTTP_MAX_HEAD ? MXW_HTTP_INCOMPLETE : refuse(ret, 431);
	head.n = (size_t)(end - bytes) + 4;
	unsigned status = read_head(ret, &head, bytes);
	if (status)
		return refuse(ret, status);
	size_t n_rest = n - head.n;
	if (n_rest < head.n_body) {
		ret->wants_continue = head.wants_continue;
		return MXW_HTTP_INCOMPLETE;
	}
	if (n_rest > head.n_body)
		return refuse(ret, 400);
	ret->body = bytes + head.n;
	ret->n_body = head.n_body;
	return MXW_HTTP_COMPLETE;
}

void mxw_http_request_write(struct mxw_strbuf *ret, const char *method, const char *path, const char *body,
			    size_t n_body)
{
	mxw_strbuf_addf(ret,
			"%s %s HTTP/1.1\r\nHost: localhost\r\nUser-Agent: mxwatch/" MXW_VERSION
			"\r\nAccept: application/json\r\nConnection: close\r\n",
			method, path);
	if (body)
		mxw_strbuf_addf(ret, "Content-Type: application/json\r\nContent-Length: %zu\r\n", n_body);
	mxw_strbuf_adds(ret, crlf);
	if (body)
		mxw_strbuf_add(ret, body, n_body);
}

const char *mxw_http_status_text(unsigned status)
{
	static const struct {
		unsigned status;
		const char *text;
	} texts[] = {
		{ 200, "OK" },
		{ 201, "Created" },
		{ 202, "Accepted" },
		{ 400, "Bad Request" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 408, "Request Timeout" },
		{ 409, "Conflict" },
		{ 413, "Content Too Large" },
		{ 414, "URI Too Long" },
		{ 417, "Expectation Failed" },
		{ 431, "Request Header Fields Too Large" },
		{ 500, "Internal Server Error" },
		{ 501, "Not Implemented" },
		{ 503, "Service Unavailable" },
		{ 505, "HTTP Version Not Supported" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(texts); i++)
		if (texts[i].status == status)
			return texts[i].text;
	return "Unknown";
}

void mxw_http_response_write(struct mxw_strbuf *ret, unsigned status, const char *allow, const char *body,
			     size_t n_body)
{
	mxw_strbuf_addf(ret, "HTTP/1.1 %u %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n", status,
			mxw_http_status_text(status), n_body);
	if (allow)
		mxw_strbuf_addf(ret, "Allow: %s\r\n", allow);
	mxw_strbuf_adds(ret, "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n");
	mxw_strbuf_add(ret, body, n_body);
}

/* "HTTP/1.1 200 ..." */
static bool read_status_line(struct span line, unsigned *ret)
{
	size_t number;
	struct span version;
	if (!cut(&line, ' ', &version) || (!span_is(version, "HTTP/1.1") && !span_is(version, "HTTP/1.0")) ||
	    line.n < 3 || !read_length((struct span){ line.at, 3 }, &number) || number < 100)
		return false;
	*ret = (unsigned)number;
	return true;
}

static int read_one_response(struct mxw_http_response *ret, struct span *rest)
{
	struct head head = { 0 };
	const char *end = rest->n ? memmem(rest->at, rest->n, end_of_head, 4) : NULL;
	if (!end)
		return -EBADMSG;
	struct span lines = { rest->at, (size_t)(end - rest->at) + 2 };
	if (!read_status_line(next_line(&lines), &ret->status))
		return -EBADMSG;
	while (lines.n)
		if (read_header(&head, next_line(&lines)))
			return -EBADMSG;
	rest->n -= (size_t)(end + 4 - rest->at);
	rest->at = end + 4;
	if (head.has_coding || head.n_lengths > 1 || head.n_body > rest->n)
		return -EBADMSG;
	ret->body = rest->at;
	ret->n_body = head.has_length ? head.n_body : rest->n;
	return 0;
}

int mxw_http_response_read(struct mxw_http_response *ret, const char *bytes, size_t n)
{
	struct span rest = { bytes, n };
	int r;
	do
		r = read_one_response(ret, &rest);
	while (r == 0 && ret->status < 200);
	return r;
}
