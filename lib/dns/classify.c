/* The classes of a response; see classify.h.
 *
 * The order of the decisions is the order of the functions: a filter's mark, the rcode, the aliases, then for rcode 0
 * without records what the authority section proves. When in doubt nothing is proven. */
#include "lib/dns/classify.h"

#include <assert.h>
#include <string.h>

#include "lib/base/util.h"
#include "lib/dns/referral.h"

/* ---- following aliases (RFC 1034 3.6.2, RFC 6672) ---- */

struct walk {
	const struct mxw_parsed *parsed;
	const struct mxw_question *question;
	struct mxw_reading_space *space;
	const char *name; /* the end of the chain so far */
	size_t n_chain;
	uint32_t ttl; /* smallest of the aliases and records used */
};

enum walk_end { WALK_END, WALK_LOOP, WALK_BROKEN };

static void use_ttl(struct walk *walk, uint32_t ttl)
{
	walk->ttl = MXW_MIN(walk->ttl, ttl);
}

/* The CNAME at the current name. Several are illegal (RFC 2181 10.1): then the first in the order of names counts, so
 * that the order of the records never matters. */
static const struct mxw_record *find_cname(const struct walk *walk)
{
	const struct mxw_record *found = NULL;
	for (size_t i = 0; i < walk->parsed->n_answer; i++) {
		const struct mxw_record *record = &walk->parsed->answer[i];
		if (record->rr.type != MXW_TYPE_CNAME || strcmp(record->owner, walk->name) != 0)
			continue;
		if (!found || strcmp(record->rr.name, found->rr.name) < 0)
			found = record;
	}
	return found;
}

/* The nearest DNAME above the current name; it says nothing about its own owner (RFC 6672 2.3). */
static const struct mxw_record *find_dname(const struct walk *walk)
{
	const struct mxw_record *found = NULL;
	for (size_t i = 0; i < walk->parsed->n_answer; i++) {
		const struct mxw_record *record = &walk->parsed->answer[i];
		if (record->rr.type != MXW_TYPE_DNAME || strcmp(record->owner, walk->name) == 0 ||
		    !mxw_name_is_below(walk->name, record->owner))
			continue;
		int nearer = found ? (int)mxw_name_n_labels(record->owner) - (int)mxw_name_n_labels(found->owner) : 1;
		if (nearer > 0 || (nearer == 0 && strcmp(record->rr.name, found->rr.name) < 0))
			found = record;
	}
	return found;
}

/* The current name with the DNAME's owner replaced by its target (RFC 6672 2.2); NULL if that is too long for a name. */
static const char *substitute(struct walk *walk, const struct mxw_record *dname)
{
	assert(walk->space->synthesised);
	char *name = walk->space->synthesised[walk->n_chain];
	size_t n_suffix = mxw_name_is_root(dname->owner) ? 0 : strlen(dname->owner) + 1;
	size_t n_prefix = strlen(walk->name) - n_suffix;
	size_t n_target = mxw_name_is_root(dname->rr.name) ? 0 : strlen(dname->rr.name) + 1;
	if (n_prefix + n_target >= MXW_NAME_TEXT_MAX)
		return NULL;
	memcpy(name, walk->name, n_prefix);
	name[n_prefix] = '\0';
	if (n_target) {
		name[n_prefix] = '.';
		memcpy(name + n_prefix + 1, dname->rr.name, n_target);
	}
	uint8_t wire[MXW_NAME_WIRE_MAX];
	return mxw_name_to_wire(name, wire) < 0 ? NULL : name;
}

static bool was_visited(const struct walk *walk, const char *name)
{
	if (strcmp(walk->question->name, name) == 0)
		return true;
	for (size_t i = 0; i < walk->n_chain; i++)
		if (strcmp(walk->space->chain[i], name) == 0)
			return true;
	return false;
}

static enum walk_end follow_aliases(struct walk *walk)
{
	if (walk->question->type == MXW_TYPE_CNAME)
		return WALK_END;
	for (;;) {
		const struct mxw_record *alias = find_cname(walk);
		if (!alias)
			alias = find_dname(walk);
		if (!alias)
			return WALK_END;
		if (walk->n_chain == MXW_MAX_CHAIN)
			return WALK_LOOP;
		const char *target = alias->rr.type == MXW_TYPE_CNAME ? alias->rr.name : substitute(walk, alias);
		if (!target)
			return WALK_BROKEN;
		bool repeated = was_visited(walk, target);
		use_ttl(walk, alias->rr.ttl);
		walk->space->chain[walk->n_chain++] = target;
		walk->name = target;
		if (repeated)
			return WALK_LOOP;
	}
}

/* ---- classes ---- */

int mxw_ede_weight(int32_t ede)
{
	if (ede == MXW_EDE_FORGED_ANSWER || (ede >= MXW_EDE_BLOCKED && ede <= MXW_EDE_PROHIBITED))
		return 2;
	if (ede >= MXW_EDE_DNSSEC_BOGUS && ede <= MXW_EDE_NSEC_MISSING)
		return 1;
	return ede == MXW_EDE_NONE ? -1 : 0;
}

/* The class of an rcode that says nothing about names. */
static enum mxw_outcome error_outcome(const struct mxw_parsed *parsed)
{
	switch (parsed->rcode) {
	case MXW_RCODE_SERVFAIL:
		return mxw_ede_weight(parsed->ede) == 1 ? MXW_OUTCOME_BOGUS : MXW_OUTCOME_SERVFAIL;
	case MXW_RCODE_REFUSED:
		return MXW_OUTCOME_REFUSED;
	case MXW_RCODE_FORMERR:
	case MXW_RCODE_BADVERS:
		return MXW_OUTCOME_FORMERR;
	case MXW_RCODE_NOTIMP:
		return MXW_OUTCOME_NOTIMP;
	default:
		return MXW_OUTCOME_MALFORMED;
	}
}

/* The SOA of the zone that denied: owned by the chain's end or an ancestor; the nearest if there are several. Any other
 * proves nothing about the name. */
static const struct mxw_record *find_soa(const struct walk *walk)
{
	const struct mxw_record *found = NULL;
	for (size_t i = 0; i < walk->parsed->n_authority; i++) {
		const struct mxw_record *record = &walk->parsed->authority[i];
		if (record->rr.type == MXW_TYPE_SOA && mxw_name_is_below(walk->name, record->owner) &&
		    (!found || strlen(record->owner) > strlen(found->owner)))
			found = record;
	}
	return found;
}

static bool has_authority(const struct mxw_parsed *parsed, uint16_t type)
{
	for (size_t i = 0; i < parsed->n_authority; i++)
		if (parsed->authority[i].rr.type == type)
			return true;
	return false;
}

/* A denial may be cached for the smaller of the SOA's TTL and MINIMUM (RFC 2308 5); without SOA not at all. */
static void fill_denial(struct walk *walk, const struct mxw_record *soa, enum mxw_outcome outcome,
			struct mxw_answer *head)
{
	head->outcome = outcome;
	if (!soa) {
		use_ttl(walk, 0);
		return;
	}
	struct mxw_soa numbers = { 0 };
	mxw_rr_soa(&soa->rr, &numbers);
	head->soa_owner = soa->owner;
	head->soa_ttl = soa->rr.ttl;
	head->soa_minimum = numbers.minimum > INT32_MAX ? 0 : numbers.minimum; /* RFC 2181 8, as for every TTL */
	head->soa_serial = numbers.serial;
	use_ttl(walk, head->soa_ttl);
	use_ttl(walk, head->soa_minimum);
}

static size_t collect_rrs(struct walk *walk)
{
	size_t n = 0;
	for (size_t i = 0; i < walk->parsed->n_answer; i++) {
		const struct mxw_record *record = &walk->parsed->answer[i];
		if (record->rr.type != walk->question->type || strcmp(record->owner, walk->name) != 0)
			continue;
		use_ttl(walk, record->rr.ttl);
		walk->space->rrs[n++] = record->rr;
	}
	return n;
}

/* Records of the asked type at another name: whoever sent this mixed something up, so it is silent about ours. */
static bool has_strangers(const struct walk *walk)
{
	for (size_t i = 0; i < walk->parsed->n_answer; i++) {
		const struct mxw_record *record = &walk->parsed->answer[i];
		if (record->rr.type == walk->question->type && strcmp(record->owner, walk->name) != 0)
			return true;
	}
	return false;
}

/* NS records of the name or above it, and nothing else: false if this is no referral. */
static bool refer(struct walk *walk, struct mxw_answer *head)
{
	uint32_t ttl = 0;
	if (!walk->space->referral)
		return false;
	head->referral = mxw_referral_read(walk->parsed, walk->name, walk->space->referral, &ttl);
	if (!head->referral)
		return false;
	head->outcome = MXW_OUTCOME_REFERRAL;
	use_ttl(walk, ttl);
	return true;
}

/* A direct question without AA: it is referred, or else the server is lame, and what it says of names does not count. */
static enum mxw_reading read_without_authority(struct walk *walk, struct mxw_answer *head)
{
	const struct mxw_parsed *parsed = walk->parsed;
	if (parsed->rcode == MXW_RCODE_NOERROR && !find_soa(walk) && refer(walk, head))
		return MXW_READING_DONE;
	/* TC, which is over TCP here: the referral may be what was cut off. */
	head->outcome = parsed->tc ? MXW_OUTCOME_TRUNCATED : MXW_OUTCOME_REFERRAL;
	use_ttl(walk, 0);
	return MXW_READING_DONE;
}

/* The chain's end is not in the packet. */
static enum mxw_reading read_on(const struct walk *walk, struct mxw_answer *head)
{
	head->outcome = walk->question->direct ? MXW_OUTCOME_REFERRAL : MXW_OUTCOME_ANSWER;
	return MXW_READING_CONTINUE;
}

/* No record, no SOA of the zone: AA proves the absence, or else that TCP brings nothing either (RFC 2308 2.2 type 3). To a
 * direct question everything that counts has AA, so there it proves no more. Another zone's SOA or another name's records
 * are not nothing, and what TC=1 cut off may have been anything. */
static enum mxw_reading read_silence(struct walk *walk, enum mxw_outcome outcome, enum mxw_via via,
				     struct mxw_answer *head)
{
	const struct mxw_parsed *parsed = walk->parsed;
	bool strangers = has_strangers(walk);
	fill_denial(walk, NULL, outcome, head);
	if (parsed->tc) { /* over TCP: over UDP it was sent on before */
		head->outcome = MXW_OUTCOME_TRUNCATED;
		return MXW_READING_DONE;
	}
	if (parsed->aa && !strangers && !walk->question->direct)
		return MXW_READING_DONE;
	if (via == MXW_VIA_UDP)
		return MXW_READING_UNPROVEN;
	if (parsed->n_authority > 0 || strangers)
		head->outcome = MXW_OUTCOME_MALFORMED;
	return MXW_READING_DONE;
}

/* rcode 0 and no record of the type at the chain's end: proven absence, a referral, or neither. `moved`: this message
 * led from the asked name to another. */
static enum mxw_reading read_empty(struct walk *walk, bool moved, enum mxw_via via, struct mxw_answer *head)
{
	const struct mxw_parsed *parsed = walk->parsed;
	const struct mxw_record *soa = find_soa(walk);
	if (soa) {
		fill_denial(walk, soa, MXW_OUTCOME_NODATA, head);
		return MXW_READING_DONE;
	}
	bool direct = walk->question->direct;
	if (!direct && has_authority(parsed, MXW_TYPE_NS) && (!parsed->aa || !parsed->ra)) {
		head->outcome = MXW_OUTCOME_REFERRAL;
		use_ttl(walk, 0);
		return MXW_READING_DONE;
	}
	/* AA speaks for the first owner name alone (RFC 1035 4.1.1): behind an alias it proves no absence. */
	if (moved)
		return read_on(walk, head);
	if (direct && refer(walk, head)) /* some servers set AA in referrals */
		return MXW_READING_DONE;
	return read_silence(walk, MXW_OUTCOME_NODATA, via, head);
}

/* The rcode is about the chain's end (RFC 6604 3), whatever else is in the answer. It needs no SOA, but the one of a zone that
 * does not hold the name tells that somebody else was asked, or that a filter speaks. */
static enum mxw_reading read_nxdomain(struct walk *walk, bool moved, enum mxw_via via, struct mxw_answer *head)
{
	const struct mxw_record *soa = find_soa(walk);
	if (soa || !has_authority(walk->parsed, MXW_TYPE_SOA)) {
		fill_denial(walk, soa, MXW_OUTCOME_NXDOMAIN, head);
		return MXW_READING_DONE;
	}
	if (moved)
		return read_on(walk, head);
	return read_silence(walk, MXW_OUTCOME_NXDOMAIN, via, head);
}

static enum mxw_reading read_names(struct walk *walk, enum mxw_via via, struct mxw_answer_parts *ret)
{
	if (walk->question->direct && !walk->parsed->aa)
		return read_without_authority(walk, &ret->head);
	size_t n_before = walk->n_chain;
	enum walk_end end = follow_aliases(walk);
	if (end == WALK_BROKEN)
		return MXW_READING_MALFORMED;
	ret->n_chain = walk->n_chain;
	if (end == WALK_LOOP) {
		ret->head.outcome = MXW_OUTCOME_LOOP;
		return MXW_READING_DONE;
	}
	bool moved = walk->n_chain > n_before;
	if (walk->parsed->rcode == MXW_RCODE_NXDOMAIN)
		return read_nxdomain(walk, moved, via, &ret->head);
	ret->n_rrs = collect_rrs(walk);
	if (ret->n_rrs == 0)
		return read_empty(walk, moved, via, &ret->head);
	ret->head.outcome = MXW_OUTCOME_ANSWER;
	return MXW_READING_DONE;
}

enum mxw_reading mxw_classify(const struct mxw_parsed *parsed, const struct mxw_question *question,
			      const char *const *chain, size_t n_chain, enum mxw_via via,
			      struct mxw_reading_space *space, struct mxw_answer_parts *ret)
{
	assert(n_chain <= MXW_MAX_CHAIN);
	for (size_t i = 0; i < n_chain; i++)
		space->chain[i] = chain[i];
	*ret = (struct mxw_answer_parts){
		.head = { .rcode = parsed->rcode,
			  .ede = parsed->ede,
			  .ede_text = parsed->ede_text,
			  .aa = parsed->aa,
			  .tc = parsed->tc,
			  .over_tcp = via == MXW_VIA_TCP,
			  .ra = parsed->ra,
			  .ad = parsed->ad,
			  .stale = parsed->stale },
		.chain = space->chain,
		.n_chain = n_chain,
		.rrs = space->rrs,
	};
	if (parsed->tc && via != MXW_VIA_TCP) {
		ret->head.outcome = MXW_OUTCOME_TRUNCATED;
		return MXW_READING_TRUNCATED;
	}
	ret->head.outcome = MXW_OUTCOME_MALFORMED;
	if (parsed->cut)
		return MXW_READING_MALFORMED;
	if (mxw_ede_weight(parsed->ede) == 2) {
		ret->head.outcome = MXW_OUTCOME_FILTERED;
		return MXW_READING_DONE;
	}
	if (parsed->rcode != MXW_RCODE_NOERROR && parsed->rcode != MXW_RCODE_NXDOMAIN) {
		ret->head.outcome = error_outcome(parsed);
		return MXW_READING_DONE;
	}
	struct walk walk = {
		.parsed = parsed,
		.question = question,
		.space = space,
		.name = n_chain ? chain[n_chain - 1] : question->name,
		.n_chain = n_chain,
		.ttl = INT32_MAX,
	};
	enum mxw_reading reading = read_names(&walk, via, ret);
	ret->head.ttl = walk.ttl;
	return reading;
}
