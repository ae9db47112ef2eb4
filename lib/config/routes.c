/* The way of an alert must not depend on what is watched (alerts.md 3.7): a webhook whose host lies in a watched domain
 * is silent when that domain's DNS is broken. */
#include "lib/config/reader.h"

#include <string.h>

/* The rows that name a peer, whatever the notifier: a URL, or "udp:HOST:PORT". */
static const char *const address_rows[] = { "url", "server" };

static const struct mxw_value *find_address(const struct mxw_notifier_config *notifier)
{
	const struct mxw_values *options = &notifier->options;
	for (size_t i = 0; i < options->n; i++)
		for (size_t k = 0; k < MXW_ARRAY_SIZE(address_rows); k++)
			if (strcmp(options->options[i].name, address_rows[k]) == 0 && options->items[i].text)
				return &options->items[i];
	return NULL;
}

/* The canonical host name in "scheme://host[:port]/..." or "scheme:host[:port]"; false for none. */
static bool host_of(const char *address, char ret[MXW_NAME_TEXT_MAX])
{
	char host[MXW_NAME_TEXT_MAX];
	const char *start = strchr(address, ':');
	start = start ? start + 1 : address;
	start += strspn(start, "/");
	size_t n = strcspn(start, ":/?#");
	if (!n || n >= sizeof(host))
		return false;
	memcpy(host, start, n);
	host[n] = '\0';
	return mxw_name_canonical(host, ret) == 0;
}

static const struct mxw_domain *watched_domain_of(const struct mxw_config *config,
						  const struct mxw_notifier_config *notifier)
{
	char host[MXW_NAME_TEXT_MAX];
	const struct mxw_value *address = find_address(notifier);
	if (!address || !host_of(address->text, host))
		return NULL;
	for (const char *name = host; name; name = mxw_name_parent(name)) {
		const struct mxw_domain *domain = mxw_config_find_domain(config, name);
		if (domain)
			return domain;
	}
	return NULL;
}

void mxw_config_check_routes(struct mxw_config_reader *reader)
{
	const struct mxw_config *config = reader->config;
	const struct mxw_domain *domain = NULL;
	for (size_t i = 0; i < config->n_notifiers; i++) {
		domain = watched_domain_of(config, &config->notifiers[i]);
		if (!domain)
			return; /* one way that does not depend on what is watched is enough */
	}
	for (size_t i = 0; i < config->n_notifiers; i++) {
		const struct mxw_notifier_config *notifier = &config->notifiers[i];
		const struct mxw_value *address = find_address(notifier);
		domain = watched_domain_of(config, notifier);
		if (!domain || !address)
			continue;
		mxw_diags_add(reader->diags, MXW_DIAG_WARNING, address->at,
			      "notifiers: the host of %s lies in %s, which is watched: its trouble may silence it; "
			      "expected a second notifier "
			      "that does not depend on it",
			      notifier->name, domain->name);
	}
}
