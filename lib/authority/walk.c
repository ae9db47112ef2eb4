/* Down the tree; see walk.h. */
#include "lib/authority/walk.h"

#include <errno.h>
#include <string.h>

#include "lib/base/util.h"
#include "lib/dns/name.h"
#include "lib/target/target.h"

enum {
	MAX_DEPTH = 8,          /* zones between the first that a resolver knows and the domain's */
	MAX_ASKED = 3,          /* servers of one zone that are asked for a delegation until one answers */
	MAX_STEP_NAMES = 4,     /* name servers of a zone on the way whose addresses are looked up */
	MAX_STEP_ADDRESSES = 4, /* of a zone on the way */
};

/* A zone on the way, or the last one. */
struct zone {
	const char *apex;
	const char *names[MXW_AUTHORITY_MAX_NAMES];
	size_t n_names;
	const struct mxw_referral *referral; /* its glue; NULL: none */
	const char *referred_by;             /* apex of the zone that referred; glue below it is to be believed */
	uint32_t ttl;
};

static bool is_answer(const struct mxw_answer *answer)
{
	return answer->outcome == MXW_OUTCOME_ANSWER && !answer->n_chain && answer->n_rrs;
}

static void take_ns(struct zone *zone, const struct mxw_answer *answer)
{
	zone->n_names = 0;
	zone->referral = NULL;
	zone->ttl = answer->ttl;
	for (size_t i = 0; i < answer->n_rrs && zone->n_names < MXW_AUTHORITY_MAX_NAMES; i++)
		if (answer->rrs[i].name)
			zone->names[zone->n_names++] = answer->rrs[i].name;
}

static void take_referral(struct zone *zone, const struct mxw_referral *referral)
{
	zone->referred_by = zone->apex;
	zone->apex = referral->cut;
	zone->n_names = MXW_MIN((size_t)referral->n_servers, (size_t)MXW_AUTHORITY_MAX_NAMES);
	memcpy(zone->names, referral->servers, zone->n_names * sizeof(zone->names[0]));
	zone->referral = referral;
	zone->ttl = referral->ttl;
}

/* The nearest zone above the registered name that a resolver knows name servers of: what somebody else runs, so that the
 * delegation to the owner's servers is seen. A lookup that fails says nothing, and any zone further up leads down again. */
static int find_start(const char *domain, const struct mxw_walk_source *source, struct zone *ret)
{
	const char *registered = mxw_target_org_domain(domain);
	for (const char *name = mxw_name_parent(registered); name; name = mxw_name_parent(name)) {
		const struct mxw_answer *answer = source->ask_resolver(source->arg, name, MXW_TYPE_NS);
		if (!answer)
			return MXW_WALK_MISSING;
		if (!is_answer(answer))
			continue;
		*ret = (struct zone){ .apex = name };
		take_ns(ret, answer);
		return MXW_WALK_DONE;
	}
	return MXW_WALK_FAILED;
}

/* ---- addresses ---- */

struct addresses {
	struct mxw_ip ips[MXW_AUTHORITY_MAX_SERVERS];
	size_t n;
};

static void add_ip(struct addresses *addresses, const struct mxw_ip *ip)
{
	for (size_t i = 0; i < addresses->n; i++)
		if (mxw_ip_equal(&addresses->ips[i], ip))
			return;
	if (addresses->n < MXW_ARRAY_SIZE(addresses->ips))
		addresses->ips[addresses->n++] = *ip;
}

/* Glue of this name in this family; believed where the server that gave it speaks for the name. */
static bool find_glue(const struct zone *zone, size_t name, uint16_t type, struct addresses *ret)
{
	const struct mxw_referral *referral = zone->referral;
	bool found = false;
	if (!referral || !mxw_name_is_below(zone->names[name], zone->referred_by))
		return false;
	for (size_t i = 0; i < referral->n_glue; i++) {
		const struct mxw_glue *glue = &referral->glue[i];
		if (glue->server != name || glue->ip.family != (type == MXW_TYPE_A ? 4 : 6))
			continue;
		add_ip(ret, &glue->ip);
		found = true;
	}
	return found;
}

/* Addresses of one family of one name server. `ns` may be NULL. */
static int find_addresses(const struct zone *zone, size_t name, uint16_t type, const struct mxw_walk_source *source,
			  struct addresses *ret, struct mxw_zone_ns *ns)
{
	if (find_glue(zone, name, type, ret))
		return MXW_WALK_DONE;
	const struct mxw_answer *answer = source->ask_resolver(source->arg, zone->names[name], type);
	if (!answer)
		return MXW_WALK_MISSING;
	if (ns) {
		ns->is_alias |= answer->n_chain > 0;
		ns->is_failed |= !mxw_outcome_is_determinate(answer->outcome);
	}
	for (size_t i = 0; answer->outcome == MXW_OUTCOME_ANSWER && i < answer->n_rrs; i++) {
		struct mxw_ip ip;
		if (mxw_rr_ip(&answer->rrs[i], &ip))
			add_ip(ret, &ip);
	}
	return MXW_WALK_DONE;
}

static struct mxw_endpoint endpoint_of(const struct mxw_ip *ip)
{
	return (struct mxw_endpoint){ .ip = *ip, .port = MXW_AUTHORITY_PORT };
}

/* ---- one step down ---- */

/* Some addresses of a zone on the way: IPv4, and IPv6 only where there is no other. */
static int find_some(const struct zone *zone, const struct mxw_walk_source *source, struct addresses *ret)
{
	static const uint16_t types[] = { MXW_TYPE_A, MXW_TYPE_AAAA };
	size_t n_names = MXW_MIN(zone->n_names, (size_t)MAX_STEP_NAMES);
	*ret = (struct addresses){ 0 };
	for (size_t t = 0; t < MXW_ARRAY_SIZE(types) && !ret->n; t++)
		for (size_t i = 0; i < n_names && ret->n < MAX_STEP_ADDRESSES; i++) {
			int r = find_addresses(zone, i, types[t], source, ret, NULL);
			if (r != MXW_WALK_DONE)
				return r;
		}
	return ret->n ? MXW_WALK_DONE : MXW_WALK_FAILED;
}

enum step { STEP_DOWN, STEP_HERE, STEP_OWN, STEP_DENIED, STEP_USELESS };

/* A cut that is not below the zone delegates nothing: such a server is lame (RFC 1912 2.8). */
static bool is_on_the_way(const struct zone *zone, const char *domain, const char *cut)
{
	return mxw_name_is_below(domain, cut) && mxw_name_is_below(cut, zone->apex) && strcmp(cut, zone->apex) != 0;
}

/* What a server of `zone` says to the question for the domain's NS records. */
static enum step read_step(const struct zone *zone, const char *domain, const struct mxw_answer *answer)
{
	const struct mxw_referral *referral = answer->referral;
	switch (answer->outcome) {
	case MXW_OUTCOME_REFERRAL:
		if (answer->n_chain) /* an alias: no zone begins at it */
			return STEP_HERE;
		return referral && is_on_the_way(zone, domain, referral->cut) ? STEP_DOWN : STEP_USELESS;
	case MXW_OUTCOME_ANSWER:
		return answer->n_chain ? STEP_HERE : STEP_OWN;
	case MXW_OUTCOME_NODATA:
		return STEP_HERE;
	case MXW_OUTCOME_NXDOMAIN:
		return STEP_DENIED;
	default:
		return STEP_USELESS;
	}
}

/* Asks the zone's servers, one after the other, until one has something to say. */
static int step_down(struct zone *zone, const char *domain, const struct mxw_walk_source *source, enum step *ret)
{
	struct addresses addresses;
	int r = find_some(zone, source, &addresses);
	for (size_t i = 0; r == MXW_WALK_DONE && i < addresses.n && i < MAX_ASKED; i++) {
		struct mxw_endpoint server = endpoint_of(&addresses.ips[i]);
		const struct mxw_answer *answer = source->ask_server(source->arg, &server, domain, MXW_TYPE_NS);
		if (!answer)
			return MXW_WALK_MISSING;
		*ret = read_step(zone, domain, answer);
		if (*ret == STEP_DOWN)
			take_referral(zone, answer->referral);
		if (*ret == STEP_OWN) {
			zone->referred_by = zone->apex;
			zone->apex = domain;
			take_ns(zone, answer);
		}
		if (*ret != STEP_USELESS)
			return MXW_WALK_DONE;
	}
	return r == MXW_WALK_DONE ? MXW_WALK_FAILED : r;
}

/* ---- the result ---- */

/* Two names with one address are one server. */
static void add_server(struct mxw_delegation *ret, const struct mxw_ip *ip, size_t ns)
{
	for (size_t i = 0; i < ret->n_servers; i++)
		if (mxw_ip_equal(&ret->servers[i].endpoint.ip, ip))
			return;
	if (ret->n_servers < MXW_AUTHORITY_MAX_SERVERS)
		ret->servers[ret->n_servers++] = (struct mxw_zone_server){ .endpoint = endpoint_of(ip), .ns = ns };
}

static int add_servers(const struct zone *zone, uint16_t type, const struct mxw_walk_source *source,
		       struct mxw_delegation *ret)
{
	for (size_t i = 0; i < zone->n_names; i++) {
		struct addresses found = { 0 };
		int r = find_addresses(zone, i, type, source, &found, &ret->ns[i]);
		if (r != MXW_WALK_DONE)
			return r;
		ret->ns[i].n_addresses += found.n;
		for (size_t k = 0; k < found.n; k++)
			add_server(ret, &found.ips[k], i);
	}
	return MXW_WALK_DONE;
}

static int fill(const struct zone *zone, const struct mxw_walk_source *source, struct mxw_delegation *ret)
{
	int r = add_servers(zone, MXW_TYPE_A, source, ret);
	if (r == MXW_WALK_DONE)
		r = add_servers(zone, MXW_TYPE_AAAA, source, ret);
	if (r != MXW_WALK_DONE)
		return r;
	ret->zone = mxw_arena_text(&ret->arena, zone->apex);
	ret->parent = zone->referred_by ? mxw_arena_text(&ret->arena, zone->referred_by) : NULL;
	ret->ttl = zone->ttl;
	ret->n_ns = zone->n_names;
	for (size_t i = 0; i < zone->n_names; i++)
		ret->ns[i].name = mxw_arena_text(&ret->arena, zone->names[i]);
	return ret->arena.failed ? -ENOMEM : MXW_WALK_DONE;
}

int mxw_authority_walk(const char *domain, const struct mxw_walk_source *source, struct mxw_delegation *ret)
{
	struct zone zone;
	enum step step = STEP_DOWN;
	*ret = (struct mxw_delegation){ 0 };
	int r = find_start(domain, source, &zone);
	for (unsigned depth = 0; r == MXW_WALK_DONE && step == STEP_DOWN && strcmp(zone.apex, domain) != 0; depth++)
		r = depth < MAX_DEPTH ? step_down(&zone, domain, source, &step) : MXW_WALK_FAILED;
	if (r == MXW_WALK_DONE) {
		ret->is_denied = step == STEP_DENIED;
		ret->is_own_parent = step == STEP_OWN;
		r = fill(&zone, source, ret);
	}
	if (r != MXW_WALK_DONE)
		mxw_delegation_done(ret);
	return r;
}

void mxw_delegation_done(struct mxw_delegation *delegation)
{
	mxw_arena_done(&delegation->arena);
	*delegation = (struct mxw_delegation){ 0 };
}
