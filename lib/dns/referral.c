/* Two bounded, sorted sets, filled record by record; see referral.h. The order of the records never matters. */
#include "lib/dns/referral.h"

#include <string.h>

#include "lib/base/util.h"

/* The nearest owner of NS records that is the name or above it. */
static const char *find_cut(const struct mxw_parsed *parsed, const char *name)
{
	const char *found = NULL;
	for (size_t i = 0; i < parsed->n_authority; i++) {
		const struct mxw_record *record = &parsed->authority[i];
		if (record->rr.type == MXW_TYPE_NS && mxw_name_is_below(name, record->owner) &&
		    (!found || mxw_name_n_labels(record->owner) > mxw_name_n_labels(found)))
			found = record->owner;
	}
	return found;
}

/* Where an item of a full or growing set moves up to make room; returns the new count. */
static uint8_t open_gap(void *items, size_t size, uint8_t n, size_t max, size_t at)
{
	size_t n_kept = MXW_MIN((size_t)n, max - 1); /* the last of a full set falls out */
	uint8_t *gap = (uint8_t *)items + at * size;
	memmove(gap + size, gap, (n_kept - at) * size);
	return (uint8_t)(n_kept + 1);
}

static void add_server(struct mxw_referral_space *space, const char *name)
{
	struct mxw_referral *referral = &space->referral;
	size_t at = 0;
	while (at < referral->n_servers && strcmp(space->servers[at], name) < 0)
		at++;
	bool is_known = at < referral->n_servers && strcmp(space->servers[at], name) == 0;
	if (is_known || at == MXW_MAX_REFERRAL_SERVERS)
		return;
	referral->n_servers = open_gap(space->servers, sizeof(*space->servers), referral->n_servers,
				       MXW_MAX_REFERRAL_SERVERS, at);
	space->servers[at] = name;
}

static int compare_glue(const struct mxw_glue *a, const struct mxw_glue *b)
{
	return a->server != b->server ? (int)a->server - (int)b->server : mxw_ip_compare(&a->ip, &b->ip);
}

static void add_glue(struct mxw_referral_space *space, const struct mxw_glue *glue)
{
	struct mxw_referral *referral = &space->referral;
	size_t at = 0;
	while (at < referral->n_glue && compare_glue(&space->glue[at], glue) < 0)
		at++;
	bool is_known = at < referral->n_glue && compare_glue(&space->glue[at], glue) == 0;
	if (is_known || at == MXW_MAX_GLUE)
		return;
	referral->n_glue = open_gap(space->glue, sizeof(*space->glue), referral->n_glue, MXW_MAX_GLUE, at);
	space->glue[at] = *glue;
}

/* The address of a record, if its owner is one of the servers. */
static bool read_glue(const struct mxw_referral *referral, const struct mxw_record *record, struct mxw_glue *ret)
{
	for (uint8_t i = 0; i < referral->n_servers; i++) {
		if (strcmp(referral->servers[i], record->owner) != 0)
			continue;
		ret->server = i;
		return mxw_rr_ip(&record->rr, &ret->ip);
	}
	return false;
}

const struct mxw_referral *mxw_referral_read(const struct mxw_parsed *parsed, const char *name,
					     struct mxw_referral_space *space, uint32_t *ret_ttl)
{
	const char *cut = parsed->n_answer == 0 ? find_cut(parsed, name) : NULL;
	if (!cut)
		return NULL;
	struct mxw_referral *referral = &space->referral;
	*referral = (struct mxw_referral){
		.cut = cut,
		.ttl = INT32_MAX,
		.servers = space->servers,
		.glue = space->glue,
	};
	for (size_t i = 0; i < parsed->n_authority; i++) {
		const struct mxw_record *record = &parsed->authority[i];
		if (record->rr.type != MXW_TYPE_NS || strcmp(record->owner, cut) != 0)
			continue;
		referral->ttl = MXW_MIN(referral->ttl, record->rr.ttl);
		add_server(space, record->rr.name);
	}
	*ret_ttl = referral->ttl;
	for (size_t i = 0; i < parsed->n_glue; i++) {
		struct mxw_glue glue;
		if (!read_glue(referral, &parsed->glue[i], &glue))
			continue;
		*ret_ttl = MXW_MIN(*ret_ttl, parsed->glue[i].rr.ttl);
		add_glue(space, &glue);
	}
	return referral;
}
