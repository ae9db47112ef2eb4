/* Strict readers of authorities; see address.h. */
#include "lib/notify/address.h"

#include <string.h>

#include "lib/base/ip.h"

enum { MAX_HOST = 253, SYSLOG_PORT = 514, MAX_PORT = 65535 };

struct authority {
	char host[MAX_HOST + 1]; /* an IPv6 address without its brackets */
	bool is_ipv6;
	const char *port; /* the digits; NULL if there is none */
	size_t n_port;
};

static bool is_name(const char *text, size_t n)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_";
	return n && strspn(text, allowed) >= n && *text != '.' && *text != '-';
}

static bool is_port(const char *text, size_t n)
{
	unsigned port = 0;
	if (!n || n > 5 || *text == '0')
		return false;
	for (size_t i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		port = port * 10 + (unsigned)(text[i] - '0');
	}
	return port <= MAX_PORT;
}

static const char *read_host(struct authority *ret, const char *text, size_t n, size_t *ret_used)
{
	ret->is_ipv6 = n && *text == '[';
	const char *host = ret->is_ipv6 ? text + 1 : text;
	const char *end = memchr(text, ret->is_ipv6 ? ']' : ':', n);
	if (!end && ret->is_ipv6)
		return "bad host, expected ']' after the IPv6 address";
	size_t n_host = (size_t)((end ? end : text + n) - host);
	if (!n_host || n_host > MAX_HOST)
		return "bad host, expected a name or an address of at most 253 octets";
	memcpy(ret->host, host, n_host);
	ret->host[n_host] = '\0';
	struct mxw_ip ip;
	if (ret->is_ipv6 ? mxw_ip_parse(ret->host, &ip) < 0 || ip.family != 6 : !is_name(ret->host, n_host))
		return "bad host, expected a name, an IPv4 address or an IPv6 address in brackets";
	*ret_used = (size_t)(host - text) + n_host + (ret->is_ipv6 ? 1 : 0);
	return NULL;
}

static const char *read_authority(struct authority *ret, const char *text, size_t n)
{
	size_t used = 0;
	*ret = (struct authority){ 0 };
	const char *problem = read_host(ret, text, n, &used);
	if (problem || used == n)
		return problem;
	ret->port = text + used + 1;
	ret->n_port = n - used - 1;
	return text[used] == ':' && is_port(ret->port, ret->n_port) ? NULL : "bad port, expected 1 to 65535";
}

static bool is_loopback(const struct authority *authority)
{
	struct mxw_ip ip;
	if (mxw_ip_parse(authority->host, &ip) < 0)
		return strcasecmp(authority->host, "localhost") == 0;
	if (ip.family == 4)
		return ip.bytes[0] == 127;
	static const struct mxw_ip one = { .family = 6, .bytes = { [15] = 1 } };
	return mxw_ip_equal(&ip, &one);
}

static bool is_graphic(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x21 || (unsigned char)*text > 0x7e || *text == '\\')
			return false;
	return true;
}

const char *mxw_notify_url_problem(const char *url)
{
	bool is_https = strncasecmp(url, "https://", 8) == 0;
	if (!is_https && strncasecmp(url, "http://", 7) != 0)
		return "bad URL, expected https://HOST[:PORT]/PATH";
	if (!is_graphic(url))
		return "bad character in the URL, expected printable ASCII without spaces and backslashes";
	const char *start = url + (is_https ? 8 : 7);
	size_t n = strcspn(start, "/?#");
	if (memchr(start, '@', n))
		return "user information in the URL, expected auth_file for credentials";
	struct authority authority;
	const char *problem = read_authority(&authority, start, n);
	if (!problem && !is_https && !is_loopback(&authority))
		problem = "http to another host, expected https (http is for 127.0.0.0/8, [::1] and localhost)";
	return problem;
}

const char *mxw_notify_server_problem(const char *text, struct mxw_strbuf *ret)
{
	if (strncmp(text, "udp:", 4) != 0 && strncmp(text, "tcp:", 4) != 0)
		return "bad server, expected udp:HOST[:PORT] or tcp:HOST[:PORT]";
	struct authority authority;
	const char *problem = read_authority(&authority, text + 4, strlen(text + 4));
	if (problem || !ret)
		return problem;
	mxw_strbuf_addf(ret, "%.4s%s%s%s:", text, authority.is_ipv6 ? "[" : "", authority.host,
			authority.is_ipv6 ? "]" : "");
	if (authority.port)
		mxw_strbuf_add(ret, authority.port, authority.n_port);
	else
		mxw_strbuf_addf(ret, "%d", (int)SYSLOG_PORT);
	return NULL;
}
