/* Fuzz target: the configuration from octets to what the daemon uses. The input is up to three files with an octet 0xff
 * between them, which no valid one contains: the configuration, a domain file, resolv.conf(5). Beyond memory safety it
 * checks what the rest of the program relies on. */
#include <errno.h>
#include <string.h>

#include "lib/config/config.h"
#include "tests/fuzz/fuzz.h"

enum { MAX_SIZE = 64 * 1024, N_FILES = 3 };

struct files {
	const uint8_t *bytes[N_FILES];
	size_t n[N_FILES];
};

static void split(struct files *ret, const uint8_t *data, size_t size)
{
	*ret = (struct files){ 0 };
	for (size_t i = 0; i < N_FILES; i++) {
		const uint8_t *end = i + 1 < N_FILES && size ? memchr(data, 0xff, size) : NULL;
		ret->bytes[i] = data;
		ret->n[i] = end ? (size_t)(end - data) : size;
		data += ret->n[i] + (end ? 1 : 0);
		size -= ret->n[i] + (end ? 1 : 0);
	}
}

/* Any path that is neither of the two names is a domain file. */
static int source_read(void *arg, const char *path, char **ret_bytes, size_t *ret_n)
{
	const struct files *files = arg;
	size_t i = strcmp(path, "/etc/mxwatch.yaml") == 0 ? 0 : strcmp(path, "/etc/resolv.conf") == 0 ? 2 : 1;
	char *bytes = malloc(files->n[i] ? files->n[i] : 1);
	if (!bytes)
		return -ENOMEM;
	if (files->n[i])
		memcpy(bytes, files->bytes[i], files->n[i]);
	*ret_bytes = bytes;
	*ret_n = files->n[i];
	return 0;
}

static int source_glob(void *arg, const char *pattern, char ***ret_paths, size_t *ret_n)
{
	char **paths = calloc(1, sizeof(*paths));
	char *path = strdup(pattern);
	if (!paths || !path) {
		free(paths);
		free(path);
		return -ENOMEM;
	}
	paths[0] = path;
	*ret_paths = paths;
	*ret_n = 1;
	return 0;
}

static void check_settings(const struct mxw_config *config, const struct mxw_domain_settings *settings)
{
	const struct mxw_state_policy *policy = &settings->policy;
	CHECK(policy->interval_ms >= 1000);
	CHECK(policy->retry_interval_ms >= 1000 && policy->retry_interval_ms <= policy->interval_ms);
	CHECK(policy->failure_threshold >= 1 && policy->success_threshold >= 1);
	CHECK(policy->n_reminders <= MXW_MAX_REMINDERS);
	for (size_t i = 1; i < policy->n_reminders; i++)
		CHECK(policy->reminders_ms[i] > policy->reminders_ms[i - 1]);
	CHECK(settings->checks && settings->checks < UINT64_C(1) << mxw_n_checks);
	CHECK(config->n_notifiers >= 64 || settings->notifiers < UINT64_C(1) << config->n_notifiers);
	for (size_t i = 0; i < settings->n_overrides; i++)
		CHECK(settings->overrides[i].def && settings->overrides[i].severity != MXW_OK);
	for (size_t i = 0; i < settings->n_labels; i++)
		CHECK(*settings->labels[i].name && settings->labels[i].value);
}

static void check_config(const struct mxw_config *config)
{
	char again[MXW_NAME_TEXT_MAX];
	CHECK(config->n_upstreams >= 1 && config->n_upstreams <= MXW_MAX_UPSTREAMS);
	CHECK(config->quorum >= 1 && config->quorum <= config->n_upstreams);
	CHECK(config->n_canaries <= MXW_MAX_CANARIES);
	CHECK(config->n_notifiers <= MXW_MAX_NOTIFIERS);
	for (size_t i = 0; i < config->n_upstreams; i++)
		CHECK(config->upstreams[i].name && config->upstreams[i].n_addresses >= 1);
	for (size_t i = 0; i < config->n_notifiers; i++)
		CHECK(config->notifiers[i].type && *config->notifiers[i].name);
	check_settings(config, &config->defaults);
	for (size_t i = 0; i < config->n_domains; i++) {
		CHECK(mxw_name_canonical(config->domains[i].name, again) == 0 &&
		      strcmp(again, config->domains[i].name) == 0);
		CHECK(!i || strcmp(config->domains[i - 1].name, config->domains[i].name) < 0);
		CHECK(mxw_config_find_domain(config, config->domains[i].name) == &config->domains[i]);
		check_settings(config, config->domains[i].settings);
	}
}

/* Whatever the input says, a terminal gets lines of printable ASCII. */
static void check_diags(const struct mxw_diags *diags)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_diags_print(diags, &text);
	for (size_t i = 0; i < text.len; i++)
		CHECK((text.data[i] >= 0x20 && text.data[i] < 0x7f) || text.data[i] == '\n');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct files files;
	struct mxw_config *config = NULL;
	struct mxw_diags diags = { 0 };
	if (size > MAX_SIZE)
		return 0;
	split(&files, data, size);
	const struct mxw_config_source source = { .read = source_read, .glob = source_glob, .arg = &files };
	CHECK(mxw_config_read(&config, "/etc/mxwatch.yaml", &source, &diags) == 0);
	CHECK(!config == (diags.n_errors > 0));
	check_diags(&diags);
	if (config)
		check_config(config);
	mxw_config_free(config);
	mxw_diags_done(&diags);
	return 0;
}
