/* The form of RDATA (RFC 1035 3.3), seen before anything takes it apart. */
#pragma once

#include "lib/dns/walk.h"

enum mxw_rdata_form {
	MXW_RDATA_BROKEN, /* its fields do not fill RDLENGTH exactly, or a name in it is none */
	MXW_RDATA_OCTETS, /* no names inside: what was sent is what it says; types that we do not know, too (RFC 3597 4) */
	MXW_RDATA_NAMES, /* names inside, perhaps compressed */
};

enum mxw_rdata_form mxw_rdata_form(const struct mxw_walk *walk, const struct mxw_raw_rr *raw);
