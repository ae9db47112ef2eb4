/* Known providers; see provider.h. Suffixes of the hosts that the providers tell their customers to publish. */
#include "lib/check/provider.h"

#include "lib/dns/name.h"

static const char *const suffixes[] = {
	"outlook.com",
	"mx.microsoft", /* Microsoft */
	"google.com",
	"googlemail.com", /* Google */
	"pphosted.com",
	"ppe-hosted.com", /* Proofpoint */
	"mimecast.com",
	"mimecast.co.za",        /* Mimecast */
	"messagelabs.com",       /* Broadcom */
	"iphmx.com",             /* Cisco */
	"barracudanetworks.com", /* Barracuda */
	"trendmicro.com",
	"trendmicro.eu", /* Trend Micro */
	"amazonaws.com", /* Amazon SES */
	"mail.icloud.com",
	"yahoodns.net",
	"zoho.com",
	"zoho.eu",
	"hornetsecurity.com",
};

bool mxw_provider_is_known(const char *host, const struct mxw_values *options)
{
	char name[MXW_NAME_TEXT_MAX];
	for (size_t i = 0; i < MXW_ARRAY_SIZE(suffixes); i++)
		if (mxw_name_is_below(host, suffixes[i]))
			return true;
	const struct mxw_value *more = options ? mxw_values_get(options, "providers") : NULL;
	for (size_t i = 0; more && i < more->n; i++)
		if (mxw_name_canonical(more->texts[i], name) == 0 && mxw_name_is_below(host, name))
			return true;
	return false;
}
