/* A resolver entry of the configuration: one operator, one vote. Pure data. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/ip.h"

enum {
	MXW_MAX_UPSTREAMS = 16, /* votes are bit masks; more independent operators than this exist for nobody */
	MXW_MAX_UPSTREAM_ADDRESSES = 8,
};

struct mxw_endpoint {
	struct mxw_ip ip;
	uint16_t port;
	uint32_t scope; /* interface index of a link-local IPv6 address, else 0 */
};

struct mxw_upstream_spec {
	char *name; /* the entry's `name`, else its text as configured: what votes and evidence show; owned */
	struct mxw_endpoint addresses[MXW_MAX_UPSTREAM_ADDRESSES];
	size_t n_addresses;
	uint32_t max_qps;
	uint32_t max_in_flight;
	bool randomize_case; /* 0x20 */
};

/* "9.9.9.9", "127.0.0.1:5353", "[2620:fe::fe]:53", "2620:fe::fe", "fe80::1%2" (numeric scope): -EINVAL otherwise, port 1 to 65535. */
int mxw_endpoint_parse(const char *text, struct mxw_endpoint *ret);
bool mxw_endpoint_equal(const struct mxw_endpoint *a, const struct mxw_endpoint *b);
bool mxw_upstream_spec_equal(const struct mxw_upstream_spec *a, const struct mxw_upstream_spec *b);
void mxw_upstream_spec_done(struct mxw_upstream_spec *spec);
