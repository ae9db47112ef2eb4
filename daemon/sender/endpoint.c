/* Reading endpoints; see endpoint.h. */
#include "daemon/sender/endpoint.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

/* A decimal without sign, 1 to 65535; 0 if it is none. */
static uint16_t read_port(const char *text)
{
	size_t n = strlen(text);
	unsigned long port = n >= 1 && n <= 5 && strspn(text, "0123456789") == n ? strtoul(text, NULL, 10) : 0;
	return port <= UINT16_MAX ? (uint16_t)port : 0;
}

static int read_host_port(struct mxw_endpoint *ret, const char *text)
{
	const char *colon = strrchr(text, ':');
	if (!colon)
		return -EINVAL;
	ret->port = read_port(colon + 1);
	size_t n = (size_t)(colon - text);
	if (n >= 2 && *text == '[' && text[n - 1] == ']') {
		text++;
		n -= 2;
	} else if (memchr(text, ':', n)) {
		return -EINVAL;
	}
	if (!ret->port || !n || n > MXW_ENDPOINT_MAX_HOST)
		return -EINVAL;
	memcpy(ret->host, text, n);
	ret->host[n] = '\0';
	return 0;
}

int mxw_endpoint_parse(struct mxw_endpoint *ret, const char *address)
{
	struct sockaddr_storage unused;
	*ret = (struct mxw_endpoint){ 0 };
	if (strncmp(address, "unix:/", 6) == 0) {
		ret->kind = MXW_ENDPOINT_UNIX;
		if (!mxw_endpoint_unix_address(address + 5, &unused))
			return -EINVAL;
		strcpy(ret->host, address + 5); /* a socket path is shorter than a host name may be */
		return 0;
	}
	if (strncmp(address, "udp:", 4) == 0)
		ret->kind = MXW_ENDPOINT_UDP;
	else if (strncmp(address, "tcp:", 4) == 0)
		ret->kind = MXW_ENDPOINT_TCP;
	else
		return -EINVAL;
	return read_host_port(ret, address + 4);
}

socklen_t mxw_endpoint_unix_address(const char *path, struct sockaddr_storage *ret)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(un.sun_path))
		return 0;
	strcpy(un.sun_path, path);
	memcpy(ret, &un, sizeof(un));
	return sizeof(un);
}

socklen_t mxw_endpoint_ip_address(const struct mxw_ip *ip, uint16_t port, struct sockaddr_storage *ret)
{
	if (ip->family == 4) {
		struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(port) };
		memcpy(&v4.sin_addr, ip->bytes, sizeof(v4.sin_addr));
		memcpy(ret, &v4, sizeof(v4));
		return sizeof(v4);
	}
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	memcpy(&v6.sin6_addr, ip->bytes, sizeof(v6.sin6_addr));
	memcpy(ret, &v6, sizeof(v6));
	return sizeof(v6);
}
