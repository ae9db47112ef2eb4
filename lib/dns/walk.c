/* Offsets into a message, nothing copied; see walk.h. */
#include "lib/dns/walk.h"

#include "lib/dns/name.h"

enum { MAX_POINTERS = 127 }; /* one a label is all that a name can use; longer chains only cost time */

size_t mxw_walk_name(const uint8_t *packet, size_t n, size_t start)
{
	size_t at = start, segment = start, span = 0, n_octets = 0, n_pointers = 0;
	for (;;) {
		if (at >= n)
			return 0;
		uint8_t c = packet[at];
		if (c >= 0xc0) {
			if (at + 1 >= n)
				return 0;
			size_t target = mxw_read_u16(packet + at) & 0x3fff;
			if (target < MXW_HEADER_SIZE || target >= segment || ++n_pointers > MAX_POINTERS)
				return 0;
			if (!span)
				span = at + 2 - start;
			at = segment = target;
			continue;
		}
		n_octets += 1u + c;
		if (c > MXW_LABEL_MAX || n_octets > MXW_NAME_WIRE_MAX)
			return 0;
		at += 1u + c;
		if (c == 0)
			return span ? span : at - start;
	}
}

bool mxw_walk_question(struct mxw_walk *walk)
{
	size_t span = mxw_walk_name(walk->packet, walk->n, walk->at);
	if (!span || walk->n - walk->at - span < 4)
		return false;
	walk->at += span + 4;
	return true;
}

bool mxw_walk_rr(struct mxw_walk *walk, struct mxw_raw_rr *ret)
{
	size_t span = mxw_walk_name(walk->packet, walk->n, walk->at);
	size_t fixed = walk->at + span;
	if (!span || walk->n - fixed < MXW_RR_FIXED_SIZE)
		return false;
	const uint8_t *p = walk->packet + fixed;
	*ret = (struct mxw_raw_rr){
		.start = walk->at,
		.rdata = fixed + MXW_RR_FIXED_SIZE,
		.end = fixed + MXW_RR_FIXED_SIZE + mxw_read_u16(p + 8),
		.type = mxw_read_u16(p),
		.class = mxw_read_u16(p + 2),
		.ttl = mxw_read_u32(p + 4),
	};
	walk->at = ret->end;
	return ret->end <= walk->n;
}
