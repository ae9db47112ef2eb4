/* Endpoints and resolver entries as values; see upstream.h. */
#include "lib/dns/upstream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	DNS_PORT = 53,
	ENDPOINT_TEXT_MAX = MXW_IP_TEXT_MAX + sizeof("[%4294967295]:65535"),
};

/* A decimal number of digits alone, without leading zeros, from 1 to `max`. */
static int parse_number(const char *text, unsigned long max, unsigned long *ret)
{
	size_t n = strspn(text, "0123456789");
	if (n == 0 || n > 10 || text[n] || text[0] == '0')
		return -EINVAL;
	unsigned long value = strtoul(text, NULL, 10);
	if (value > max)
		return -EINVAL;
	*ret = value;
	return 0;
}

static bool is_link_local(const struct mxw_ip *ip)
{
	return ip->family == 6 && ip->bytes[0] == 0xfe && (ip->bytes[1] & 0xc0) == 0x80;
}

/* An address with its scope; a link-local address without one leads nowhere (RFC 4007 6), a scope on another address
 * is a mistake. */
static int parse_address(char *text, struct mxw_endpoint *ret)
{
	unsigned long scope = 0;
	char *percent = strchr(text, '%');
	if (percent) {
		*percent = '\0';
		if (parse_number(percent + 1, UINT32_MAX, &scope) < 0)
			return -EINVAL;
	}
	if (mxw_ip_parse(text, &ret->ip) < 0 || is_link_local(&ret->ip) != (scope != 0))
		return -EINVAL;
	ret->scope = (uint32_t)scope;
	return 0;
}

int mxw_endpoint_parse(const char *text, struct mxw_endpoint *ret)
{
	char copy[ENDPOINT_TEXT_MAX];
	size_t n = strlen(text);
	if (n >= sizeof(copy))
		return -EINVAL;
	memcpy(copy, text, n + 1);

	struct mxw_endpoint endpoint = { .port = DNS_PORT };
	char *address = copy, *port = NULL;
	bool brackets = copy[0] == '[';
	if (brackets) {
		address++;
		char *close = strchr(address, ']');
		if (!close || close[1] != ':')
			return -EINVAL;
		*close = '\0';
		port = close + 2;
	} else {
		/* One colon separates a port; more are an IPv6 address. */
		char *colon = strchr(copy, ':');
		if (colon && !strchr(colon + 1, ':')) {
			*colon = '\0';
			port = colon + 1;
		}
	}
	unsigned long number = DNS_PORT;
	if (port && parse_number(port, UINT16_MAX, &number) < 0)
		return -EINVAL;
	endpoint.port = (uint16_t)number;
	if (parse_address(address, &endpoint) < 0 || (port && brackets != (endpoint.ip.family == 6)))
		return -EINVAL;
	*ret = endpoint;
	return 0;
}

bool mxw_endpoint_equal(const struct mxw_endpoint *a, const struct mxw_endpoint *b)
{
	return mxw_ip_equal(&a->ip, &b->ip) && a->port == b->port && a->scope == b->scope;
}

bool mxw_upstream_spec_equal(const struct mxw_upstream_spec *a, const struct mxw_upstream_spec *b)
{
	if (a->n_addresses != b->n_addresses || a->max_qps != b->max_qps || a->max_in_flight != b->max_in_flight ||
	    a->randomize_case != b->randomize_case)
		return false;
	if (a->name && b->name ? strcmp(a->name, b->name) != 0 : a->name != b->name)
		return false;
	for (size_t i = 0; i < a->n_addresses; i++)
		if (!mxw_endpoint_equal(&a->addresses[i], &b->addresses[i]))
			return false;
	return true;
}

void mxw_upstream_spec_done(struct mxw_upstream_spec *spec)
{
	free(spec->name);
	*spec = (struct mxw_upstream_spec){ 0 };
}
