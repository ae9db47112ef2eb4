/* Whether a domain receives and sends mail, as configured or, where that is left open, as this view's own answers tell
 * (findings.md 3). */
#pragma once

#include "lib/check/mx_set.h"
#include "lib/target/target.h"

/* MXW_NO: as configured, or a null MX says so. MXW_AUTO: not to be told, the MX lookup failed. */
enum mxw_choice mxw_profile_receive(const struct mxw_profile *profile, const struct mxw_mx_set *set);

/* MXW_NO: as configured, or the SPF record is "v=spf1 -all". MXW_AUTO: not to be told, the TXT lookup failed.
 * `txt`: the answer to the domain's TXT question or NULL. 0 or -ENOMEM. */
int mxw_profile_send(const struct mxw_profile *profile, const struct mxw_answer *txt, enum mxw_choice *ret);

/* The SPF record lets somebody send mail as the domain: a mechanism gives "pass", or another record decides. False for
 * records that are not well-formed, for none and for several. `txt` as above. 0 or -ENOMEM. */
int mxw_profile_authorises(const struct mxw_answer *txt, bool *ret);
