/* Walks down small trees: what resolvers know, what each server says when it is asked directly, and who is found. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/authority/walk.h"
#include "lib/base/strbuf.h"
#include "lib/base/util.h"
#include "tests/zone/zone.h"

/* What a server says to any question for NS: an outcome; "answer NAME..." its NS records; "refer CUT NAME[=ADDRESS]...". */
struct server {
	const char *address, *says;
};

struct tree {
	const char *name;
	const char *domain;
	const char *resolver; /* the language of tests/zone/zone.h */
	struct server servers[8];
	const char *expect; /* see describe() */
};

enum { MAX_ANSWERS = 64 };

struct world {
	const struct tree *tree;
	struct zone *zone;
	struct mxw_answer *answers[MAX_ANSWERS];
	char *keys[MAX_ANSWERS];
	size_t n, n_allowed; /* answers that have come; later ones are still on their way */
};

/* ---- what servers say ---- */

static struct mxw_answer *make(const struct mxw_answer_parts *parts)
{
	struct mxw_answer *answer = NULL;
	assert_int_equal(mxw_answer_new(&answer, parts), 0);
	return answer;
}

static struct mxw_answer *make_referral(char *words)
{
	const char *names[8], *cut = strtok(words, " ");
	struct mxw_glue glue[8];
	struct mxw_referral referral = { .cut = cut, .ttl = 86400, .servers = names, .glue = glue };
	for (char *word; (word = strtok(NULL, " "));) {
		char *address = strchr(word, '=');
		if (address) {
			*address++ = '\0';
			glue[referral.n_glue].server = referral.n_servers;
			assert_int_equal(mxw_ip_parse(address, &glue[referral.n_glue++].ip), 0);
		}
		names[referral.n_servers++] = word;
	}
	struct mxw_answer_parts parts = { .head = {
						  .outcome = MXW_OUTCOME_REFERRAL, .ede = -1, .referral = &referral } };
	return make(&parts);
}

static struct mxw_answer *make_ns(char *words)
{
	struct mxw_rr rrs[8];
	struct mxw_answer_parts parts = { .head = { .outcome = MXW_OUTCOME_ANSWER, .ede = -1, .aa = true, .ttl = 300 },
					  .rrs = rrs };
	for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
		rrs[parts.n_rrs++] = (struct mxw_rr){ .ttl = 300, .type = MXW_TYPE_NS, .name = word };
	return make(&parts);
}

static struct mxw_answer *say(const char *text)
{
	struct mxw_answer *answer = NULL;
	MXW_CLEANUP(mxw_freep) char *words = strdup(text);
	if (strncmp(text, "refer ", strlen("refer ")) == 0)
		return make_referral(words + strlen("refer "));
	if (strncmp(text, "answer ", strlen("answer ")) == 0)
		return make_ns(words + strlen("answer "));
	for (int i = 0; i < MXW_N_OUTCOMES && !answer; i++)
		if (strcmp(text, mxw_outcome_name((enum mxw_outcome)i)) == 0)
			assert_int_equal(mxw_answer_new_failure(&answer, (enum mxw_outcome)i), 0);
	assert_non_null(answer);
	return answer;
}

/* ---- the source ---- */

static const struct mxw_answer *find(struct world *world, const char *key, struct mxw_answer *made)
{
	for (size_t i = 0; i < world->n; i++) {
		if (strcmp(world->keys[i], key) != 0)
			continue;
		mxw_answer_unref(made);
		return i < world->n_allowed ? world->answers[i] : NULL;
	}
	assert_true(world->n < MAX_ANSWERS);
	assert_non_null(made);
	world->keys[world->n] = strdup(key);
	world->answers[world->n++] = made;
	return world->n <= world->n_allowed ? made : NULL;
}

static const struct mxw_answer *ask_resolver(void *arg, const char *name, uint16_t type)
{
	struct world *world = arg;
	char key[300];
	snprintf(key, sizeof(key), "%s %u", name, type);
	return find(world, key, zone_answer(world->zone, name, type));
}

static const struct mxw_answer *ask_server(void *arg, const struct mxw_endpoint *server, const char *name,
					   uint16_t type)
{
	struct world *world = arg;
	char key[400], address[MXW_IP_TEXT_MAX];
	assert_int_equal(type, MXW_TYPE_NS);
	assert_int_equal(server->port, 53);
	assert_string_equal(name, world->tree->domain);
	mxw_ip_format(&server->ip, address);
	snprintf(key, sizeof(key), "@%s %s %u", address, name, type);
	for (size_t i = 0; i < MXW_ARRAY_SIZE(world->tree->servers) && world->tree->servers[i].address; i++)
		if (strcmp(world->tree->servers[i].address, address) == 0)
			return find(world, key, say(world->tree->servers[i].says));
	return find(world, key, say("timeout"));
}

/* "example.com < com: ns1.example.com 192.0.2.1 192.0.2.2; ns2.example.net(alias)". */
static void describe(const struct mxw_delegation *authority, struct mxw_strbuf *ret)
{
	mxw_strbuf_addf(ret, "%s < %s%s%s:", authority->zone, authority->parent ? authority->parent : "?",
			authority->is_denied ? " denied" : "", authority->is_own_parent ? " own-parent" : "");
	for (size_t i = 0; i < authority->n_ns; i++) {
		const struct mxw_zone_ns *ns = &authority->ns[i];
		mxw_strbuf_addf(ret, "%s %s%s%s", i ? ";" : "", ns->name, ns->is_alias ? "(alias)" : "",
				ns->is_failed ? "(failed)" : "");
		for (size_t k = 0; k < authority->n_servers; k++) {
			char address[MXW_IP_TEXT_MAX];
			mxw_ip_format(&authority->servers[k].endpoint.ip, address);
			if (authority->servers[k].ns == i)
				mxw_strbuf_addf(ret, " %s", address);
		}
	}
}

/* Again and again, with one more answer each time, as if each came alone. */
static void run(const struct tree *tree)
{
	struct world world = { .tree = tree, .zone = zone_new(tree->name, NULL, tree->resolver) };
	const struct mxw_walk_source source = { .ask_resolver = ask_resolver, .ask_server = ask_server, .arg = &world };
	struct mxw_delegation authority;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	int r;
	assert_non_null(world.zone);
	while ((r = mxw_authority_walk(tree->domain, &source, &authority)) == MXW_WALK_MISSING)
		assert_true(++world.n_allowed <= MAX_ANSWERS);
	if (r == MXW_WALK_DONE)
		describe(&authority, &text);
	else
		mxw_strbuf_adds(&text, r == MXW_WALK_FAILED ? "failed" : "error");
	if (strcmp(mxw_strbuf_get(&text), tree->expect) != 0)
		fail_msg("%s: expected\n%s\ngot\n%s", tree->name, tree->expect, mxw_strbuf_get(&text));
	mxw_delegation_done(&authority);
	for (size_t i = 0; i < world.n; i++) {
		mxw_answer_unref(world.answers[i]);
		free(world.keys[i]);
	}
	zone_free(world.zone);
}

#define COM                                          \
	"com. 3600 IN SOA 900\n"                     \
	"com. 3600 IN NS a.gtld.net.\n"              \
	"com. 3600 IN NS b.gtld.net.\n"              \
	"gtld.net. 3600 IN SOA 900\n"                \
	"a.gtld.net. 3600 IN A 192.0.2.1\n"          \
	"b.gtld.net. 3600 IN A 192.0.2.2\n"          \
	"example.net. 3600 IN SOA 900\n"             \
	"ns.example.net. 3600 IN A 198.51.100.7\n"   \
	"ns.example.net. 3600 IN AAAA 2001:db8::7\n" \
	"dual.example.net. 3600 IN A 198.51.100.8\n" \
	"old.example.net. 3600 IN CNAME ns.example.net.\n"

static const struct tree trees[] = {
	{ "glue",
	  "example.com",
	  COM,
	  { { "192.0.2.1", "refer example.com ns1.example.com=203.0.113.1" } },
	  "example.com < com: ns1.example.com 203.0.113.1" },
	{ "no glue",
	  "example.com",
	  COM,
	  { { "192.0.2.1", "refer example.com ns.example.net dual.example.net" } },
	  "example.com < com: ns.example.net 198.51.100.7 2001:db8::7; dual.example.net 198.51.100.8" },
	{ "glue that is not the registry's to give",
	  "example.com",
	  COM,
	  { { "192.0.2.1", "refer example.com ns.example.net=203.0.113.66" } },
	  "example.com < com: ns.example.net 198.51.100.7 2001:db8::7" },
	{ "one server of the registry is down",
	  "example.com",
	  COM,
	  { { "192.0.2.1", "timeout" }, { "192.0.2.2", "refer example.com ns1.example.com=203.0.113.1" } },
	  "example.com < com: ns1.example.com 203.0.113.1" },
	{ "one is lame",
	  "example.com",
	  COM,
	  { { "192.0.2.1", "refer . a.root.net" }, { "192.0.2.2", "refer example.com ns1.example.com=203.0.113.1" } },
	  "example.com < com: ns1.example.com 203.0.113.1" },
	{ "nobody of the registry answers", "example.com", COM, { { "192.0.2.1", "timeout" } }, "failed" },
	{ "no delegation",
	  "example.com",
	  COM,
	  { { "192.0.2.1", "nxdomain" } },
	  "com < ? denied: a.gtld.net 192.0.2.1; b.gtld.net 192.0.2.2" },
	{ "a name of the zone",
	  "shop.example.com",
	  COM,
	  { { "192.0.2.1", "refer example.com ns1.example.com=203.0.113.1" }, { "203.0.113.1", "nodata" } },
	  "example.com < com: ns1.example.com 203.0.113.1" },
	{ "a zone below",
	  "shop.example.com",
	  COM,
	  { { "192.0.2.1", "refer example.com ns1.example.com=203.0.113.1" },
	    { "203.0.113.1", "refer shop.example.com ns.shop.example.com=203.0.113.9 ns1.example.com=203.0.113.1" } },
	  "shop.example.com < example.com: ns.shop.example.com 203.0.113.9; ns1.example.com 203.0.113.1" },
	{ "a zone below on the same server",
	  "shop.example.com",
	  COM,
	  { { "192.0.2.1", "refer example.com ns1.example.com=203.0.113.1" },
	    { "203.0.113.1", "answer ns.example.net" } },
	  "shop.example.com < example.com own-parent: ns.example.net 198.51.100.7 2001:db8::7" },
	{ "a name that the zone denies",
	  "gone.example.com",
	  COM,
	  { { "192.0.2.1", "refer example.com ns1.example.com=203.0.113.1" }, { "203.0.113.1", "nxdomain" } },
	  "example.com < com denied: ns1.example.com 203.0.113.1" },
	{ "a referral in a circle",
	  "a.b.example.com",
	  COM,
	  { { "192.0.2.1", "refer example.com ns1.example.com=203.0.113.1" },
	    { "203.0.113.1", "refer example.com ns1.example.com=203.0.113.1" } },
	  "failed" },
	{ "two names, one address",
	  "example.com",
	  COM,
	  { { "192.0.2.1", "refer example.com ns1.example.com=203.0.113.1 ns2.example.com=203.0.113.1" } },
	  "example.com < com: ns1.example.com 203.0.113.1; ns2.example.com" },
	{ "an alias and a name without address",
	  "example.com",
	  COM,
	  { { "192.0.2.1", "refer example.com old.example.net none.example.net" } },
	  "example.com < com: old.example.net(alias) 198.51.100.7 2001:db8::7; none.example.net" },
	{ "a lookup that fails",
	  "example.com",
	  COM "bad.example.net * SERVFAIL\n",
	  { { "192.0.2.1", "refer example.com bad.example.net ns1.example.com=203.0.113.1" } },
	  "example.com < com: bad.example.net(failed); ns1.example.com 203.0.113.1" },
	{ "the resolvers know nothing",
	  "example.com",
	  "com * SERVFAIL\n. NS SERVFAIL\n",
	  { { NULL, NULL } },
	  "failed" },
	{ "from further up",
	  "example.com",
	  "com * SERVFAIL\n. 3600 IN NS a.root.net.\nroot.net. 3600 IN SOA 900\na.root.net. 3600 IN A 192.0.2.99\n",
	  { { "192.0.2.99", "refer com a.gtld.com=192.0.2.1" },
	    { "192.0.2.1", "refer example.com ns1.example.com=203.0.113.1" } },
	  "example.com < com: ns1.example.com 203.0.113.1" },
};

static void test_trees(void **state)
{
	(void)state;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(trees); i++)
		run(&trees[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_trees) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
