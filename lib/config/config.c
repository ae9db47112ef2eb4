/* The finished configuration: looking up and freeing; see config.h. */
#include "lib/config/config.h"

#include <stdlib.h>
#include <string.h>

void mxw_config_free(struct mxw_config *config)
{
	if (!config)
		return;
	for (size_t i = 0; i < config->n_upstreams; i++)
		mxw_upstream_spec_done(&config->upstreams[i]);
	for (size_t i = 0; i < config->n_notifiers; i++)
		mxw_values_done(&config->notifiers[i].options);
	for (size_t i = 0; i < MXW_MAX_CHECKS; i++)
		mxw_values_done(&config->check_options[i]);
	free(config->notifiers);
	free(config->domains);
	mxw_arena_done(&config->arena);
	free(config);
}

static int compare_name(const void *name, const void *domain)
{
	return strcmp(name, ((const struct mxw_domain *)domain)->name);
}

const struct mxw_domain *mxw_config_find_domain(const struct mxw_config *config, const char *name)
{
	if (!config->n_domains)
		return NULL;
	return bsearch(name, config->domains, config->n_domains, sizeof(*config->domains), compare_name);
}

size_t mxw_config_find_notifier(const struct mxw_config *config, const char *name)
{
	size_t i = 0;
	while (i < config->n_notifiers && strcmp(config->notifiers[i].name, name) != 0)
		i++;
	return i;
}

size_t mxw_config_find_upstream(const struct mxw_config *config, const char *name)
{
	size_t i = 0;
	while (i < config->n_upstreams && strcmp(config->upstreams[i].name, name) != 0)
		i++;
	return i;
}
