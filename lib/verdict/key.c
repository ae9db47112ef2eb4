/* How bad a key is; see key.h. */
#include "lib/verdict/key.h"

#include "lib/base/util.h"

/* The highest severity that at least `quorum` of the yes-rows reach; OK if there are fewer. */
static enum mxw_severity agreed_severity(const struct mxw_row *rows, size_t n, unsigned quorum)
{
	unsigned n_at[MXW_OFF + 1] = { 0 }, n_reach = 0;
	for (size_t i = 0; i < n; i++)
		if (rows[i].finding->vote == MXW_VOTE_YES)
			n_at[rows[i].finding->severity]++;
	for (enum mxw_severity severity = MXW_CRITICAL; severity > MXW_OK; severity--) {
		n_reach += n_at[severity];
		if (n_reach >= quorum)
			return severity;
	}
	return MXW_OK;
}

static enum mxw_severity highest_severity(const struct mxw_row *rows, size_t n)
{
	enum mxw_severity highest = MXW_OK;
	for (size_t i = 0; i < n; i++)
		highest = MXW_MAX(highest, rows[i].finding->severity);
	return highest;
}

enum mxw_severity mxw_key_worst(const struct mxw_key *key)
{
	return highest_severity(key->rows, key->n);
}

enum mxw_severity mxw_key_weight(const struct mxw_key *key)
{
	return highest_severity(key->rows, key->n_resolvers);
}

const struct mxw_finding *mxw_key_speaker(const struct mxw_key *key)
{
	const struct mxw_finding *highest = key->rows[0].finding;
	for (size_t i = 0; i < key->n; i++) {
		const struct mxw_finding *finding = key->rows[i].finding;
		if (finding->vote == MXW_VOTE_YES)
			return finding;
		if (i < key->n_resolvers && finding->severity > highest->severity)
			highest = finding;
	}
	return highest;
}

/* What a quorum of resolvers agrees on, and what all servers agree on, is true at least. */
static enum mxw_severity confirmed_severity(const struct mxw_key *key, const struct mxw_verdict_entry *entry,
					    unsigned quorum)
{
	enum mxw_severity severity = agreed_severity(key->rows, key->n_resolvers, quorum);
	if (entry->authority != MXW_AUTHORITY_YES)
		return severity;
	return MXW_MAX(severity, agreed_severity(key->rows + key->n_resolvers, key->n - key->n_resolvers,
						 mxw_popcount(entry->servers.yes)));
}

static enum mxw_severity disputed_severity(const struct mxw_key *key, const struct mxw_verdict_entry *entry,
					   unsigned quorum)
{
	if (mxw_popcount(entry->votes.yes) >= quorum)
		return agreed_severity(key->rows, key->n_resolvers, quorum);
	return MXW_MIN(agreed_severity(key->rows + key->n_resolvers, key->n - key->n_resolvers, 1), MXW_WARNING);
}

enum mxw_severity mxw_key_severity(const struct mxw_key *key, const struct mxw_verdict_entry *entry, unsigned quorum)
{
	switch (entry->status) {
	case MXW_CONFIRMED:
		return confirmed_severity(key, entry, quorum);
	case MXW_DISAGREE:
		return disputed_severity(key, entry, quorum);
	case MXW_MINORITY:
	case MXW_STALE:
	case MXW_ALIEN:
		return MXW_MIN(mxw_key_weight(key), MXW_WARNING);
	default:
		return MXW_UNKNOWN;
	}
}
