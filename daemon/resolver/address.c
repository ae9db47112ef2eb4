/* See address.h. */
#include "daemon/resolver/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

struct mxw_address mxw_address_of(const struct mxw_endpoint *endpoint)
{
	struct mxw_address ret = { 0 };
	if (endpoint->ip.family == 4) {
		struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(endpoint->port) };
		memcpy(&in.sin_addr, endpoint->ip.bytes, sizeof(in.sin_addr));
		memcpy(&ret.storage, &in, sizeof(in));
		ret.len = sizeof(in);
	} else {
		struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(endpoint->port) };
		memcpy(&in6.sin6_addr, endpoint->ip.bytes, sizeof(in6.sin6_addr));
		in6.sin6_scope_id = endpoint->scope;
		memcpy(&ret.storage, &in6, sizeof(in6));
		ret.len = sizeof(in6);
	}
	return ret;
}

bool mxw_error_is_shortage(int error)
{
	switch (error) {
	case EAGAIN: /* no free port for a connected UDP socket; a full send buffer */
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
	case EINTR:
		return true;
	default:
		return false;
	}
}
