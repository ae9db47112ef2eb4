/* How long check_host() takes when all answers are at hand: a record with two includes and one mx, as most domains have.
 *
 *	bench_spf [EVALUATIONS]	CPU seconds and memory
 *
 * "filled": all answers lie in the observation. "anew": each evaluation begins with an empty observation and is asked again
 * after each turn of answers, as a round and `mxwatch spf` do it. */
#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "lib/spf/evaluate.h"
#include "tests/zone/zone.h"

static const char world[] =
	"example.com. 300 IN TXT \"v=spf1 mx ip4:20.0.0.0/24 include:_spf.a.example.net include:_spf.b.example.net "
	"~all\"\n"
	"example.com. 300 IN MX 10 mx1.example.com.\n"
	"example.com. 300 IN MX 20 mx2.example.com.\n"
	"mx1.example.com. 300 IN A 20.1.0.1\n"
	"mx2.example.com. 300 IN A 20.1.0.2\n"
	"_spf.a.example.net. 300 IN TXT \"v=spf1 ip4:20.2.0.0/20 ip4:20.3.0.0/19 ip4:20.4.0.0/20 ip6:2a00:1450::/36 "
	"~all\"\n"
	"_spf.b.example.net. 300 IN TXT \"v=spf1 ip4:20.5.0.0/17 ip4:20.6.1.0/24 ip6:2a01:111:f400::/48 ~all\"\n";

static double cpu_seconds(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* What a cache of answers would hold. */
struct cache {
	const struct zone *zone;
	struct mxw_missing questions;
	struct mxw_answer *answers[16];
};

static struct mxw_answer *cached(struct cache *cache, const char *name, uint16_t type)
{
	int i = mxw_missing_find(&cache->questions, name, type);
	if (i >= 0)
		return cache->answers[i];
	mxw_missing_add(&cache->questions, name, type);
	if (cache->questions.failed || cache->questions.n > sizeof(cache->answers) / sizeof(cache->answers[0]))
		abort();
	return cache->answers[cache->questions.n - 1] = zone_answer(cache->zone, name, type);
}

static void cache_done(struct cache *cache)
{
	for (size_t i = 0; i < cache->questions.n; i++)
		mxw_answer_unref(cache->answers[i]);
	mxw_missing_done(&cache->questions);
}

static void take_answers(struct cache *cache, struct mxw_observation *observation, struct mxw_missing *missing)
{
	for (size_t i = 0; i < missing->n; i++) {
		const struct mxw_missing_question *question = &missing->items[i];
		struct mxw_answer *answer = cached(cache, question->name, question->type);
		if (mxw_observation_put(observation, question->name, question->type, answer) < 0)
			abort();
	}
	mxw_missing_clear(missing);
}

static void evaluate(struct cache *cache, const struct mxw_spf_query *query, struct mxw_observation *observation,
		     struct mxw_missing *missing, struct mxw_spf_evaluation *ret)
{
	for (;;) {
		if (mxw_spf_evaluate(query, observation, missing, NULL, ret) < 0)
			abort();
		if (!missing->n)
			return;
		take_answers(cache, observation, missing);
	}
}

static void report(const char *what, unsigned long n, double seconds)
{
	printf("%-8s %lu evaluations  %.2f CPU-s  %.2f us each\n", what, n, seconds, seconds / (double)n * 1e6);
}

int main(int argc, char **argv)
{
	unsigned long n = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
	struct zone *zone = zone_new("bench", NULL, world);
	struct mxw_ip ip;
	struct mxw_spf_identity identity;
	struct mxw_observation *observation;
	struct mxw_missing missing = { 0 };
	struct mxw_spf_evaluation evaluation = { 0 };
	if (!zone || mxw_ip_parse("20.6.1.9", &ip) < 0 || mxw_observation_new(&observation) < 0 ||
	    mxw_spf_identity_init(&identity, &ip, "mail.example.com", "user@example.com") < 0)
		return 1;
	struct cache cache = { .zone = zone };
	const struct mxw_spf_query query = { .identity = &identity, .max_voids = MXW_SPF_MAX_VOIDS };
	evaluate(&cache, &query, observation, &missing, &evaluation);
	printf("result %s, %u lookups\n", mxw_spf_result_name(evaluation.result), evaluation.n_lookups);

	double start = cpu_seconds();
	for (unsigned long i = 0; i < n; i++)
		evaluate(&cache, &query, observation, &missing, &evaluation);
	report("filled", n, cpu_seconds() - start);
	mxw_observation_free(observation);

	size_t before = mallinfo2().uordblks, most = 0;
	start = cpu_seconds();
	for (unsigned long i = 0; i < n; i++) {
		if (mxw_observation_new(&observation) < 0)
			return 1;
		evaluate(&cache, &query, observation, &missing, &evaluation);
		if (i == 0)
			most = mallinfo2().uordblks - before;
		mxw_observation_free(observation);
	}
	report("anew", n, cpu_seconds() - start);
	printf("heap     %zu octets held by one evaluation and its observation, answers shared\n", most);
	cache_done(&cache);
	mxw_missing_done(&missing);
	mxw_spf_evaluation_done(&evaluation);
	mxw_spf_identity_done(&identity);
	zone_free(zone);
	return 0;
}
