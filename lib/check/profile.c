/* The effective profile; see profile.h. */
#include "lib/check/profile.h"

#include "lib/check/lookup.h"
#include "lib/spf/record.h"

enum mxw_choice mxw_profile_receive(const struct mxw_profile *profile, const struct mxw_mx_set *set)
{
	if (profile->receive != MXW_AUTO)
		return profile->receive;
	if (!mxw_lookup_is_settled(set->answer))
		return MXW_AUTO;
	return mxw_mx_set_is_null(set) ? MXW_NO : MXW_YES;
}

/* The one SPF record of the answer. 0, MXW_SPF_E_SYNTAX also where there is not exactly one, -ENOMEM. */
static int open_record(const struct mxw_answer *txt, struct mxw_spf_record *ret)
{
	struct mxw_spf_error error;
	const struct mxw_rr *rr;
	*ret = (struct mxw_spf_record){ 0 };
	return mxw_spf_record_select(txt, &rr) == 1 ? mxw_spf_record_open(ret, rr, &error) : MXW_SPF_E_SYNTAX;
}

/* "v=spf1 -all", spaces and case aside. */
static bool denies_all(const struct mxw_spf_record *record)
{
	struct mxw_spf_term first, second;
	size_t at = 0;
	return mxw_spf_record_next(record, &at, &first) && !mxw_spf_record_next(record, &at, &second) &&
	       first.kind == MXW_SPF_ALL && first.qualifier == '-';
}

int mxw_profile_send(const struct mxw_profile *profile, const struct mxw_answer *txt, enum mxw_choice *ret)
{
	struct mxw_spf_record record;
	*ret = profile->send;
	if (profile->send != MXW_AUTO || !mxw_lookup_is_settled(txt))
		return 0;
	int r = open_record(txt, &record);
	*ret = r == 0 && denies_all(&record) ? MXW_NO : MXW_YES;
	mxw_spf_record_done(&record);
	return r < 0 ? r : 0;
}

static bool authorises(const struct mxw_spf_record *record)
{
	struct mxw_spf_term term;
	for (size_t at = 0; mxw_spf_record_next(record, &at, &term);) {
		if (term.qualifier == '+')
			return true;
		if (term.kind == MXW_SPF_ALL)
			return false; /* what follows is never reached, a redirect neither (RFC 7208 5.1) */
	}
	return record->has_redirect;
}

int mxw_profile_authorises(const struct mxw_answer *txt, bool *ret)
{
	struct mxw_spf_record record;
	int r = open_record(txt, &record);
	*ret = r == 0 && authorises(&record);
	mxw_spf_record_done(&record);
	return r < 0 ? r : 0;
}
