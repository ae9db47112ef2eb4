/* Reverse-path, HELO name and address to the identity that is checked; see identity.h. */
#include "lib/spf/identity.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/target/target.h"

/* The last "@" outside quotes; with a quote that does not end, the last one at all. NULL if there is none. */
static const char *find_at(const char *text, size_t n)
{
	const char *plain = NULL, *any = NULL;
	bool is_quoted = false;
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '\\' && is_quoted)
			i++;
		else if (text[i] == '"')
			is_quoted = !is_quoted;
		else if (text[i] == '@') {
			any = text + i;
			if (!is_quoted)
				plain = any;
		}
	}
	return is_quoted ? any : plain;
}

/* A name with A-labels for U-labels; as written if it has no such form, so that it shows why it is unusable. NULL when out
 * of memory. */
static char *copy_name(const char *text, size_t n)
{
	char *name = strndup(text, n), *converted;
	if (!name)
		return NULL;
	int r = mxw_target_to_alabels(name, &converted);
	if (r == -EINVAL)
		return name;
	free(name);
	return converted;
}

static struct mxw_ip unmap(const struct mxw_ip *ip)
{
	static const struct mxw_ip mapped = { .family = 6, .bytes = { [10] = 0xff, [11] = 0xff } };
	return mxw_ip_in_prefix(ip, &mapped, 96) ? mxw_ip_from_bytes(4, ip->bytes + 12) : *ip;
}

int mxw_spf_identity_init(struct mxw_spf_identity *ret, const struct mxw_ip *ip, const char *helo,
			  const char *mail_from)
{
	size_t n = strlen(mail_from);
	if (!helo)
		helo = "";
	if (n >= 2 && mail_from[0] == '<' && mail_from[n - 1] == '>') {
		mail_from++;
		n -= 2;
	}
	const char *at = find_at(mail_from, n);
	const char *domain = at ? at + 1 : mail_from;
	bool has_local_part = at && at > mail_from;
	*ret = (struct mxw_spf_identity){ .ip = unmap(ip), .is_helo = n == 0 };
	ret->local_part = has_local_part ? strndup(mail_from, (size_t)(at - mail_from)) : strdup("postmaster");
	ret->helo = copy_name(helo, strlen(helo));
	ret->domain = ret->is_helo ? copy_name(helo, strlen(helo))
				   : copy_name(domain, (size_t)(mail_from + n - domain));
	if (ret->local_part && ret->helo && ret->domain)
		return 0;
	mxw_spf_identity_done(ret);
	return -ENOMEM;
}

void mxw_spf_identity_done(struct mxw_spf_identity *identity)
{
	free(identity->domain);
	free(identity->local_part);
	free(identity->helo);
	*identity = (struct mxw_spf_identity){ 0 };
}
