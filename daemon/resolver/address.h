/* Addresses and errors of the socket layer, as the transports need them. */
#pragma once

#include <stdbool.h>
#include <sys/socket.h>

#include "lib/dns/upstream.h"

struct mxw_address {
	struct sockaddr_storage storage;
	socklen_t len;
};

struct mxw_address mxw_address_of(const struct mxw_endpoint *endpoint);

/* We lack something at this moment (descriptors, ports, buffers): wait a little and try again, nobody is to blame. */
bool mxw_error_is_shortage(int error);
