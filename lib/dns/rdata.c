/* One table of the types that have fields for us; see rdata.h. */
#include "lib/dns/rdata.h"

#include "lib/base/util.h"
#include "lib/dns/type.h"

/* Octets, then names, then octets. */
static const struct shape {
	uint16_t type;
	uint8_t n_head, n_names, n_tail;
	bool strings; /* character-strings to the end instead */
} shapes[] = {
	{ MXW_TYPE_A, .n_head = 4 },       { MXW_TYPE_NS, .n_names = 1 },
	{ MXW_TYPE_CNAME, .n_names = 1 },  { MXW_TYPE_SOA, .n_names = 2, .n_tail = 20 },
	{ MXW_TYPE_PTR, .n_names = 1 },    { MXW_TYPE_MX, .n_head = 2, .n_names = 1 },
	{ MXW_TYPE_TXT, .strings = true }, { MXW_TYPE_AAAA, .n_head = 16 },
	{ MXW_TYPE_DNAME, .n_names = 1 },  { MXW_TYPE_SPF, .strings = true },
};

static const struct shape *find_shape(uint16_t type)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(shapes); i++)
		if (shapes[i].type == type)
			return &shapes[i];
	return NULL;
}

/* One character-string or more (RFC 1035 3.3.14): none at all is no TXT record. */
static bool has_strings(const uint8_t *packet, const struct mxw_raw_rr *raw)
{
	size_t at = raw->rdata;
	while (at < raw->end)
		at += 1u + packet[at];
	return at == raw->end && at > raw->rdata;
}

/* The fields fill RDLENGTH exactly, and pointers inside lead backward. */
static bool is_sound(const struct shape *shape, const struct mxw_walk *walk, const struct mxw_raw_rr *raw)
{
	if (shape->strings)
		return has_strings(walk->packet, raw);
	size_t at = raw->rdata + shape->n_head;
	for (unsigned i = 0; i < shape->n_names; i++) {
		size_t span = at < raw->end ? mxw_walk_name(walk->packet, walk->n, at) : 0;
		if (!span)
			return false;
		at += span;
	}
	return at + shape->n_tail == raw->end;
}

enum mxw_rdata_form mxw_rdata_form(const struct mxw_walk *walk, const struct mxw_raw_rr *raw)
{
	const struct shape *shape = find_shape(raw->type);
	if (!shape)
		return MXW_RDATA_OCTETS;
	if (!is_sound(shape, walk, raw))
		return MXW_RDATA_BROKEN;
	return shape->n_names ? MXW_RDATA_NAMES : MXW_RDATA_OCTETS;
}
