/* Queries written octet by octet, and the first look at what comes back; see wire.h. Nothing is allocated here. */
#include "lib/dns/wire.h"

#include <errno.h>
#include <string.h>

#include "lib/dns/walk.h"

static void write_u16(uint8_t *p, uint16_t value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

static bool is_letter(uint8_t c)
{
	return (uint8_t)((c | 0x20) - 'a') < 26;
}

int mxw_wire_query(const struct mxw_question *question, uint16_t id, const struct mxw_query_options *options,
		   uint8_t ret[MXW_QUERY_MAX])
{
	enum { RD = 0x01, AD = 0x20, CD = 0x10 }; /* octets 2 and 3 */
	static const uint8_t header[MXW_HEADER_SIZE] = { [5] = 1 };
	static const uint8_t opt[] = { 0, 0, MXW_TYPE_OPT, MXW_EDNS_SIZE >> 8, MXW_EDNS_SIZE & 0xff, 0, 0, 0, 0, 0, 0 };

	memcpy(ret, header, MXW_HEADER_SIZE);
	write_u16(ret, id);
	/* RD asks for recursion; AD asks to be told about validation without the weight of DNSSEC records (RFC 6840 5.7). */
	if (!question->direct) {
		ret[2] = RD;
		ret[3] = AD;
	}
	if (options->checking_disabled)
		ret[3] |= CD;
	int n_name = mxw_name_to_wire(question->name, ret + MXW_HEADER_SIZE);
	if (n_name < 0)
		return n_name;
	uint8_t *at = ret + MXW_HEADER_SIZE;
	uint8_t *end = at + n_name;
	/* A length octet is at most 63 and never looks like a letter. */
	for (unsigned i = 0; options->case_bits && at < end; at++)
		if (is_letter(*at) && options->case_bits >> (i++ % 64) & 1)
			*at ^= 0x20;
	write_u16(end, question->type);
	write_u16(end + 2, MXW_CLASS_IN);
	end += 4;
	if (options->edns) {
		memcpy(end, opt, sizeof(opt));
		ret[11] = 1;
		end += sizeof(opt);
	}
	return (int)(end - ret);
}

/* Length of the question section of a query of ours. */
static size_t question_size(const uint8_t *query, size_t n_query)
{
	size_t at = MXW_HEADER_SIZE;
	while (at < n_query && query[at])
		at += 1u + query[at];
	return at + 5 - MXW_HEADER_SIZE;
}

enum mxw_match mxw_wire_match(const uint8_t *packet, size_t n, const uint8_t *query, size_t n_query)
{
	if (n < MXW_HEADER_SIZE || n_query < MXW_HEADER_SIZE || memcmp(packet, query, 2) != 0)
		return MXW_MATCH_NOT_OURS;
	if (!(packet[2] & 0x80) || (packet[2] & 0x78) != (query[2] & 0x78))
		return MXW_MATCH_NOT_OURS;
	if (mxw_read_u16(packet + 4) == 0) {
		unsigned rcode = packet[3] & 0x0f;
		return rcode != MXW_RCODE_NOERROR && rcode != MXW_RCODE_NXDOMAIN ? MXW_MATCH_NO_QUESTION
										 : MXW_MATCH_NOT_OURS;
	}
	size_t size = question_size(query, n_query);
	if (mxw_read_u16(packet + 4) != 1 || MXW_HEADER_SIZE + size > n_query || MXW_HEADER_SIZE + size > n)
		return MXW_MATCH_NOT_OURS;
	const uint8_t *theirs = packet + MXW_HEADER_SIZE, *ours = query + MXW_HEADER_SIZE;
	if (memcmp(theirs, ours, size) == 0)
		return MXW_MATCH_OK;
	if (memcmp(theirs + size - 4, ours + size - 4, 4) != 0)
		return MXW_MATCH_NOT_OURS;
	for (size_t i = 0; i < size - 4; i++)
		if (theirs[i] != ours[i] && (!is_letter(ours[i]) || (theirs[i] ^ ours[i]) != 0x20))
			return MXW_MATCH_NOT_OURS;
	return MXW_MATCH_CASE;
}
