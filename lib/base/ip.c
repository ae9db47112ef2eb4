/* Addresses; see ip.h. The table of blocks follows the IANA special-purpose registries. */
#include "lib/base/ip.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/util.h"

static const struct block {
	uint8_t family, bits;
	uint8_t bytes[16];
	bool reachable; /* an exception inside a larger block */
	const char *name;
} blocks[] = {
	{ 4, 32, { 192, 0, 0, 9 }, true, "192.0.0.9/32 (RFC 7723)" },
	{ 4, 32, { 192, 0, 0, 10 }, true, "192.0.0.10/32 (RFC 8155)" },
	{ 4, 8, { 0 }, false, "0.0.0.0/8 (RFC 791)" },
	{ 4, 8, { 10 }, false, "10.0.0.0/8 (RFC 1918)" },
	{ 4, 10, { 100, 64 }, false, "100.64.0.0/10 (RFC 6598)" },
	{ 4, 8, { 127 }, false, "127.0.0.0/8 (RFC 1122)" },
	{ 4, 16, { 169, 254 }, false, "169.254.0.0/16 (RFC 3927)" },
	{ 4, 12, { 172, 16 }, false, "172.16.0.0/12 (RFC 1918)" },
	{ 4, 24, { 192, 0, 0 }, false, "192.0.0.0/24 (RFC 6890)" },
	{ 4, 24, { 192, 0, 2 }, false, "192.0.2.0/24 (RFC 5737)" },
	{ 4, 16, { 192, 168 }, false, "192.168.0.0/16 (RFC 1918)" },
	{ 4, 15, { 198, 18 }, false, "198.18.0.0/15 (RFC 2544)" },
	{ 4, 24, { 198, 51, 100 }, false, "198.51.100.0/24 (RFC 5737)" },
	{ 4, 24, { 203, 0, 113 }, false, "203.0.113.0/24 (RFC 5737)" },
	{ 4, 3, { 224 }, false, "224.0.0.0/3 (RFC 5771, RFC 1112)" },
	{ 6, 128, { 0 }, false, "::/128 (RFC 4291)" },
	{ 6, 128, { [15] = 1 }, false, "::1/128 (RFC 4291)" },
	{ 6, 96, { [10] = 0xff, [11] = 0xff }, false, "::ffff:0:0/96 (RFC 4291)" },
	{ 6, 48, { 0x00, 0x64, 0xff, 0x9b, 0, 1 }, false, "64:ff9b:1::/48 (RFC 8215)" },
	{ 6, 64, { 0x01 }, false, "100::/64 (RFC 6666)" },
	{ 6, 32, { 0x20, 0x01, 0x0d, 0xb8 }, false, "2001:db8::/32 (RFC 3849)" },
	{ 6, 20, { 0x3f, 0xff }, false, "3fff::/20 (RFC 9637)" },
	{ 6, 16, { 0x5f }, false, "5f00::/16 (RFC 9602)" },
	{ 6, 7, { 0xfc }, false, "fc00::/7 (RFC 4193)" },
	{ 6, 10, { 0xfe, 0x80 }, false, "fe80::/10 (RFC 4291)" },
	{ 6, 8, { 0xff }, false, "ff00::/8 (RFC 4291)" },
};

int mxw_ip_parse(const char *text, struct mxw_ip *ret)
{
	struct mxw_ip ip = { 0 };
	if (inet_pton(AF_INET, text, ip.bytes) == 1)
		ip.family = 4;
	else if (inet_pton(AF_INET6, text, ip.bytes) == 1)
		ip.family = 6;
	else
		return -EINVAL;
	*ret = ip;
	return 0;
}

struct mxw_ip mxw_ip_from_bytes(uint8_t family, const uint8_t *bytes)
{
	struct mxw_ip ip = { .family = family };
	memcpy(ip.bytes, bytes, family == 4 ? 4 : 16);
	return ip;
}

void mxw_ip_format(const struct mxw_ip *ip, char ret[MXW_IP_TEXT_MAX])
{
	if (!inet_ntop(ip->family == 4 ? AF_INET : AF_INET6, ip->bytes, ret, MXW_IP_TEXT_MAX))
		ret[0] = '\0';
}

bool mxw_ip_equal(const struct mxw_ip *a, const struct mxw_ip *b)
{
	return mxw_ip_compare(a, b) == 0;
}

int mxw_ip_compare(const struct mxw_ip *a, const struct mxw_ip *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

void mxw_ip_reverse_name(const struct mxw_ip *ip, char ret[MXW_IP_REVERSE_MAX])
{
	static const char hex[] = "0123456789abcdef";
	const uint8_t *b = ip->bytes;
	if (ip->family == 4) {
		snprintf(ret, MXW_IP_REVERSE_MAX, "%u.%u.%u.%u.in-addr.arpa", b[3], b[2], b[1], b[0]);
		return;
	}
	for (int i = 15; i >= 0; i--) {
		*ret++ = hex[b[i] & 15];
		*ret++ = '.';
		*ret++ = hex[b[i] >> 4];
		*ret++ = '.';
	}
	strcpy(ret, "ip6.arpa");
}

static bool in_prefix(const struct mxw_ip *ip, uint8_t family, const uint8_t *bytes, unsigned bits)
{
	if (ip->family != family || memcmp(ip->bytes, bytes, bits / 8) != 0)
		return false;
	if (bits % 8 == 0)
		return true;
	uint8_t mask = (uint8_t)(0xff00u >> (bits % 8));
	return ((ip->bytes[bits / 8] ^ bytes[bits / 8]) & mask) == 0;
}

bool mxw_ip_in_prefix(const struct mxw_ip *ip, const struct mxw_ip *prefix, unsigned bits)
{
	return bits <= (prefix->family == 4 ? 32u : 128u) && in_prefix(ip, prefix->family, prefix->bytes, bits);
}

const char *mxw_ip_special_block(const struct mxw_ip *ip)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(blocks); i++)
		if (in_prefix(ip, blocks[i].family, blocks[i].bytes, blocks[i].bits))
			return blocks[i].reachable ? NULL : blocks[i].name;
	return NULL;
}

bool mxw_ip_is_self(const struct mxw_ip *ip)
{
	if (ip->family == 4)
		return ip->bytes[0] == 127 || (ip->bytes[0] | ip->bytes[1] | ip->bytes[2] | ip->bytes[3]) == 0;
	static const uint8_t zero[15];
	return memcmp(ip->bytes, zero, 15) == 0 && ip->bytes[15] <= 1;
}
