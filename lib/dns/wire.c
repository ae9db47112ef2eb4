/* Parsing of responses; see wire.h (queries are written in query.c).
 *
 * The walk over a message is ours (walk.h). ldns turns a record that passed it into fields with uncompressed names.
 * Records that nobody reads (other classes, RRSIG in the authority section, addresses that are no glue) never reach it. */
#include "lib/dns/wire.h"

#include <errno.h>
#include <string.h>

#include <ldns/rdata.h>
#include <ldns/rr.h>
#include <ldns/wire2host.h>

#include "lib/base/arena.h"
#include "lib/dns/rdata.h"
#include "lib/dns/referral.h"
#include "lib/dns/walk.h"

enum {
	OPTION_EDE = 15,    /* RFC 8914 2 */
	MAX_EDE_TEXT = 255, /* octets kept: it is a sentence, or an attempt to fill memory */
};

struct mxw_message {
	struct mxw_parsed parsed;
	struct mxw_reading_space space;
	struct mxw_arena arena;
};

/* A walk that remembers the owner: the records of a set repeat it, its text is made once. */
struct cursor {
	struct mxw_walk walk;
	const char *owner;
	size_t owner_at; /* where that name lies uncompressed; 0: none yet */
};

/* ---- records ---- */

static int status_error(ldns_status status)
{
	return status == LDNS_STATUS_MEM_ERR ? -ENOMEM : -EBADMSG;
}

static int take_name(struct mxw_message *message, const ldns_rdf *rdf, const char **ret)
{
	char text[MXW_NAME_TEXT_MAX];
	if (!rdf || mxw_name_from_wire(ldns_rdf_data(rdf), ldns_rdf_size(rdf), text) < 0)
		return -EBADMSG;
	*ret = mxw_arena_text(&message->arena, text);
	return message->arena.failed ? -ENOMEM : 0;
}

/* The field of a record, NULL unless it is there and of the expected kind (ldns_rr_rdf may give NULL for any index). */
static const ldns_rdf *field(const ldns_rr *rr, size_t i, ldns_rdf_type type)
{
	const ldns_rdf *rdf = i < ldns_rr_rd_count(rr) ? ldns_rr_rdf(rr, i) : NULL;
	return rdf && ldns_rdf_get_type(rdf) == type && ldns_rdf_data(rdf) ? rdf : NULL;
}

/* A name may be compressed into our own question, in the letter case that we made up. No length octet looks like a letter. */
static void lower_case(uint8_t *name, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (name[i] >= 'A' && name[i] <= 'Z')
			name[i] |= 0x20;
}

/* All fields one after the other: RDATA with its names uncompressed and in lower case (RFC 4034 6.2). */
static int take_octets(struct mxw_message *message, const ldns_rr *rr, struct mxw_rr *ret)
{
	size_t n = 0, n_fields = ldns_rr_rd_count(rr);
	for (size_t i = 0; i < n_fields; i++)
		n += ldns_rr_rdf(rr, i) ? ldns_rdf_size(ldns_rr_rdf(rr, i)) : 0;
	if (n > UINT16_MAX)
		return -EBADMSG;
	uint8_t *at = mxw_arena_alloc(&message->arena, n);
	if (!at)
		return -ENOMEM;
	ret->rdata = at;
	ret->n_rdata = (uint16_t)n;
	for (size_t i = 0; i < n_fields; i++) {
		const ldns_rdf *rdf = ldns_rr_rdf(rr, i);
		size_t size = rdf ? ldns_rdf_size(rdf) : 0;
		if (size)
			memcpy(at, ldns_rdf_data(rdf), size);
		if (size && ldns_rdf_get_type(rdf) == LDNS_RDF_TYPE_DNAME)
			lower_case(at, size);
		at += size;
	}
	return 0;
}

static int take_fields(struct mxw_message *message, const ldns_rr *rr, struct mxw_rr *ret)
{
	switch (ret->type) {
	case MXW_TYPE_MX: {
		const ldns_rdf *preference = field(rr, 0, LDNS_RDF_TYPE_INT16);
		if (!preference || ldns_rdf_size(preference) != 2)
			return -EBADMSG;
		ret->preference = mxw_read_u16(ldns_rdf_data(preference));
		return take_name(message, field(rr, 1, LDNS_RDF_TYPE_DNAME), &ret->name);
	}
	case MXW_TYPE_NS:
	case MXW_TYPE_CNAME:
	case MXW_TYPE_PTR:
	case MXW_TYPE_DNAME:
		return take_name(message, field(rr, 0, LDNS_RDF_TYPE_DNAME), &ret->name);
	default:
		return take_octets(message, rr, ret);
	}
}

static int take_owner(struct mxw_message *message, struct cursor *cursor, const struct mxw_raw_rr *raw,
		      const char **ret)
{
	const uint8_t *p = cursor->walk.packet + raw->start;
	size_t owner_at = p[0] >= 0xc0 ? mxw_read_u16(p) & 0x3fffu : raw->start;
	if (cursor->owner_at != owner_at) {
		ldns_rdf *owner = NULL;
		size_t at = raw->start;
		ldns_status status = ldns_wire2dname(&owner, cursor->walk.packet, cursor->walk.n, &at);
		int r = status == LDNS_STATUS_OK ? take_name(message, owner, &cursor->owner) : status_error(status);
		ldns_rdf_deep_free(owner);
		if (r < 0)
			return r;
		cursor->owner_at = owner_at;
	}
	*ret = cursor->owner;
	return 0;
}

/* RDATA without names. So are character-strings, of which ldns would make an object each: 64 KiB of empty ones are worth
 * hundreds of MiB. */
static int take_as_sent(struct mxw_message *message, const uint8_t *packet, const struct mxw_raw_rr *raw,
			struct mxw_rr *ret)
{
	ret->n_rdata = (uint16_t)(raw->end - raw->rdata);
	ret->rdata = (uint8_t *)mxw_arena_textn(&message->arena, (const char *)packet + raw->rdata, ret->n_rdata);
	return message->arena.failed ? -ENOMEM : 0;
}

static int take_rdata(struct mxw_message *message, const struct mxw_walk *walk, const struct mxw_raw_rr *raw,
		      struct mxw_rr *ret)
{
	enum mxw_rdata_form form = mxw_rdata_form(walk, raw);
	if (form == MXW_RDATA_BROKEN)
		return -EBADMSG;
	if (form == MXW_RDATA_OCTETS)
		return take_as_sent(message, walk->packet, raw, ret);
	ldns_rr *rr = NULL;
	size_t at = raw->start;
	ldns_status status = ldns_wire2rr(&rr, walk->packet, walk->n, &at, LDNS_SECTION_ANSWER);
	if (status != LDNS_STATUS_OK)
		return status_error(status);
	int r = at == raw->end ? take_fields(message, rr, ret) : -EBADMSG;
	ldns_rr_free(rr);
	return r;
}

static int take_record(struct mxw_message *message, struct cursor *cursor, const struct mxw_raw_rr *raw,
		       struct mxw_record *ret)
{
	ret->rr = (struct mxw_rr){
		.type = raw->type,
		.ttl = raw->ttl > INT32_MAX ? 0 : raw->ttl,
		.rdata = (const uint8_t *)"",
	};
	int r = take_owner(message, cursor, raw, &ret->owner);
	return r < 0 ? r : take_rdata(message, &cursor->walk, raw, &ret->rr);
}

/* ---- EDNS ---- */

static int take_ede(struct mxw_message *message, const uint8_t *option, size_t n)
{
	struct mxw_parsed *parsed = &message->parsed;
	uint16_t code = mxw_read_u16(option);
	if (code == MXW_EDE_STALE_ANSWER || code == MXW_EDE_STALE_NXDOMAIN)
		parsed->stale = true;
	if (mxw_ede_weight(code) <= mxw_ede_weight(parsed->ede))
		return 0;
	parsed->ede = code;
	size_t n_text = strnlen((const char *)option + 2, MXW_MIN(n - 2, (size_t)MAX_EDE_TEXT));
	parsed->ede_text = mxw_arena_textn(&message->arena, (const char *)option + 2, n_text);
	return message->arena.failed ? -ENOMEM : 0;
}

static int take_opt(struct mxw_message *message, const uint8_t *packet, const struct mxw_raw_rr *raw)
{
	message->parsed.rcode |= (uint16_t)(raw->ttl >> 24 << 4);
	for (size_t at = raw->rdata; at < raw->end;) {
		if (raw->end - at < 4)
			return -EBADMSG;
		uint16_t code = mxw_read_u16(packet + at), n = mxw_read_u16(packet + at + 2);
		at += 4;
		if (raw->end - at < n)
			return -EBADMSG;
		int r = code == OPTION_EDE && n >= 2 ? take_ede(message, packet + at, n) : 0;
		if (r < 0)
			return r;
		at += n;
	}
	return 0;
}

/* ---- messages ---- */

/* Answer and authority sections: class IN, and of the authority section what proves or refers. */
static int take_section(struct mxw_message *message, struct cursor *cursor, unsigned n, bool is_authority,
			const struct mxw_record **ret, size_t *ret_n)
{
	if (n == 0)
		return 0;
	struct mxw_record *records = mxw_arena_alloc(&message->arena, n * sizeof(*records));
	if (!records)
		return -ENOMEM;
	*ret = records;
	for (unsigned i = 0; i < n; i++) {
		struct mxw_raw_rr raw;
		if (!mxw_walk_rr(&cursor->walk, &raw) ||
		    raw.type == MXW_TYPE_OPT) /* EDNS lives in the additional section */
			return -EBADMSG;
		if (raw.class != MXW_CLASS_IN || (is_authority && raw.type != MXW_TYPE_SOA && raw.type != MXW_TYPE_NS))
			continue;
		int r = take_record(message, cursor, &raw, &records[*ret_n]);
		if (r < 0)
			return r;
		++*ret_n;
	}
	return 0;
}

/* NS records and no answer: then addresses in the additional section may be glue. */
static bool may_refer(const struct mxw_parsed *parsed)
{
	for (size_t i = 0; i < parsed->n_authority; i++)
		if (parsed->authority[i].rr.type == MXW_TYPE_NS)
			return parsed->n_answer == 0;
	return false;
}

/* Glue is a help and no part of an answer: an address of a wrong length is left out, and the rest of the message stands. */
static int take_glue(struct mxw_message *message, struct cursor *cursor, const struct mxw_raw_rr *raw,
		     struct mxw_record *records, size_t *ret_n)
{
	size_t n = raw->end - raw->rdata;
	bool is_address = (raw->type == MXW_TYPE_A && n == 4) || (raw->type == MXW_TYPE_AAAA && n == 16);
	if (raw->class != MXW_CLASS_IN || !is_address)
		return 0;
	return take_record(message, cursor, raw, &records[(*ret_n)++]);
}

static int take_additional(struct mxw_message *message, struct cursor *cursor, unsigned n)
{
	struct mxw_parsed *parsed = &message->parsed;
	struct mxw_record *glue = NULL;
	if (may_refer(parsed)) {
		parsed->glue = glue = mxw_arena_alloc(&message->arena, n * sizeof(*glue));
		if (!glue)
			return -ENOMEM;
	}
	bool seen_opt = false;
	for (unsigned i = 0; i < n; i++) {
		struct mxw_raw_rr raw;
		if (!mxw_walk_rr(&cursor->walk, &raw))
			return -EBADMSG;
		int r = 0;
		if (raw.type != MXW_TYPE_OPT)
			r = glue ? take_glue(message, cursor, &raw, glue, &parsed->n_glue) : 0;
		else /* one only: RFC 6891 6.1.1 */
			r = seen_opt ? -EBADMSG : take_opt(message, cursor->walk.packet, &raw);
		seen_opt |= raw.type == MXW_TYPE_OPT;
		if (r < 0)
			return r;
	}
	return 0;
}

static int take_space(struct mxw_message *message)
{
	const struct mxw_parsed *parsed = &message->parsed;
	message->space.rrs = mxw_arena_alloc(&message->arena, parsed->n_answer * sizeof(struct mxw_rr));
	if (!message->space.rrs)
		return -ENOMEM;
	if (may_refer(parsed)) {
		message->space.referral = mxw_arena_alloc(&message->arena, sizeof(*message->space.referral));
		return message->space.referral ? 0 : -ENOMEM;
	}
	for (size_t i = 0; i < parsed->n_answer; i++) {
		if (parsed->answer[i].rr.type != MXW_TYPE_DNAME)
			continue;
		message->space.synthesised = mxw_arena_alloc(&message->arena,
							     (size_t)MXW_MAX_CHAIN * MXW_NAME_TEXT_MAX);
		return message->space.synthesised ? 0 : -ENOMEM;
	}
	return 0;
}

static int take_body(struct mxw_message *message, const uint8_t *packet, size_t n)
{
	struct mxw_parsed *parsed = &message->parsed;
	struct cursor cursor = { .walk = { .packet = packet, .n = n, .at = MXW_HEADER_SIZE } };
	unsigned n_questions = mxw_read_u16(packet + 4), n_answer = mxw_read_u16(packet + 6);
	unsigned n_authority = mxw_read_u16(packet + 8), n_additional = mxw_read_u16(packet + 10);
	if (n_questions > 1)
		return -EBADMSG;
	if (n_questions && !mxw_walk_question(&cursor.walk))
		return -EBADMSG;
	/* Counts that the octets cannot hold are a lie; memory is taken for none of it. */
	if ((size_t)n_answer + n_authority + n_additional > (n - cursor.walk.at) / MXW_RR_MIN_SIZE)
		return -EBADMSG;
	int r = take_section(message, &cursor, n_answer, false, &parsed->answer, &parsed->n_answer);
	if (r == 0)
		r = take_section(message, &cursor, n_authority, true, &parsed->authority, &parsed->n_authority);
	if (r == 0)
		r = take_additional(message, &cursor, n_additional);
	if (r == 0)
		r = take_space(message);
	return r;
}

int mxw_message_parse(struct mxw_message **ret, const uint8_t *packet, size_t n)
{
	if (n < MXW_HEADER_SIZE)
		return -EBADMSG;
	struct mxw_message *message = malloc(sizeof(*message));
	if (!message)
		return -ENOMEM;
	struct mxw_parsed header = {
		.rcode = packet[3] & 0x0f,
		.aa = packet[2] & 0x04,
		.tc = packet[2] & 0x02,
		.ra = packet[3] & 0x80,
		.ad = packet[3] & 0x20,
		.ede = MXW_EDE_NONE,
		.ede_text = "",
	};
	*message = (struct mxw_message){ .parsed = header };
	int r = take_body(message, packet, n);
	if (r == -EBADMSG && header.tc) {
		/* Some servers cut in the middle of a record; TC says so, and nothing of it is used. */
		message->parsed = header;
		message->parsed.cut = true;
		r = 0;
	}
	if (r < 0) {
		mxw_message_free(message);
		return r;
	}
	*ret = message;
	return 0;
}

void mxw_message_free(struct mxw_message *message)
{
	if (!message)
		return;
	mxw_arena_done(&message->arena);
	free(message);
}

enum mxw_reading mxw_message_read(struct mxw_message *message, const struct mxw_question *question,
				  const char *const *chain, size_t n_chain, enum mxw_via via,
				  struct mxw_answer_parts *ret)
{
	return mxw_classify(&message->parsed, question, chain, n_chain, via, &message->space, ret);
}
