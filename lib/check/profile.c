/* The effective profile; see profile.h. */
#include "lib/check/profile.h"

#include <errno.h>

#include "lib/check/lookup.h"
#include "lib/check/spf_text.h"

enum mxw_choice mxw_profile_receive(const struct mxw_profile *profile, const struct mxw_mx_set *set)
{
	if (profile->receive != MXW_AUTO)
		return profile->receive;
	if (!mxw_lookup_is_settled(set->answer))
		return MXW_AUTO;
	return mxw_mx_set_is_null(set) ? MXW_NO : MXW_YES;
}

int mxw_profile_send(const struct mxw_profile *profile, const struct mxw_answer *txt, enum mxw_choice *ret)
{
	const struct mxw_rr *record;
	bool failed = false;
	*ret = profile->send;
	if (profile->send != MXW_AUTO || !mxw_lookup_is_settled(txt))
		return 0;
	*ret = mxw_spf_text_count(txt, &record) == 1 && mxw_spf_text_denies_all(record, &failed) ? MXW_NO : MXW_YES;
	return failed ? -ENOMEM : 0;
}
