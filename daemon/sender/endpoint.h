/* Where lines and datagrams go, as requests write it. Read again here: the core is a stranger to the sender. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "lib/base/ip.h"

enum mxw_endpoint_kind { MXW_ENDPOINT_UNIX, MXW_ENDPOINT_UDP, MXW_ENDPOINT_TCP };

enum { MXW_ENDPOINT_MAX_HOST = 253 };

struct mxw_endpoint {
	enum mxw_endpoint_kind kind;
	char host[MXW_ENDPOINT_MAX_HOST + 1]; /* UNIX: the path; else a name or an address without brackets */
	uint16_t port;
};

/* "unix:/PATH", "udp:HOST:PORT", "tcp:HOST:PORT", an IPv6 address in brackets. -EINVAL. */
int mxw_endpoint_parse(struct mxw_endpoint *ret, const char *address);

/* Socket addresses for bind-less use with connect(2); the length is returned. */
socklen_t mxw_endpoint_unix_address(const char *path, struct sockaddr_storage *ret); /* 0: the path is too long */
socklen_t mxw_endpoint_ip_address(const struct mxw_ip *ip, uint16_t port, struct sockaddr_storage *ret);
