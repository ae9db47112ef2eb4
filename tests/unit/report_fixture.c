/* Rounds made by hand; see report_fixture.h. */
#include "tests/unit/report_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Not assert(3): what a test needs happens in release builds too. */
static void must(bool ok)
{
	if (!ok)
		abort();
}

struct mxw_round {
	struct mxw_round_spec spec;
	struct mxw_observation *observations[FIXTURE_MAX_VIEWS];
	struct mxw_findings findings[FIXTURE_N_CHECKS][FIXTURE_MAX_VIEWS];
	struct mxw_verdict verdicts[FIXTURE_N_CHECKS];
	const char *cap_text;
};

const struct mxw_finding_def fixture_mx_defs[] = {
	[DEF_MX_OK] = { .id = "mx-ok",
			.severity = MXW_OK,
			.message = "{domain}: {n} MX, all usable",
			.reproduce = "dig {domain} MX",
			.rfc = "RFC 5321 5.1",
			.symptom = "",
			.fix = "" },
	[DEF_MX_NONE] = { .id = "mx-none",
			  .severity = MXW_CRITICAL,
			  .kind = MXW_KIND_ABSENCE,
			  .rfc = "RFC 5321 5.1",
			  .message = "{domain} has no MX and no address record; mail cannot be delivered",
			  .symptom = "B-NODATA",
			  .reproduce = "dig {domain} MX; dig {domain} A; dig +trace {domain} NS",
			  .fix = "{domain}. 3600 IN MX 10 {cand}.\n{domain}. 3600 IN MX 0 .",
			  .doc = "No MX, A or AAAA record exists." },
	[DEF_MX_TTL] = { .id = "mx-ttl",
			 .severity = MXW_INFO,
			 .message = "MX TTL of {domain} is {ttl} s",
			 .rfc = "RFC 1912 2.2",
			 .symptom = "",
			 .reproduce = "dig {domain} MX",
			 .fix = "{domain}. 3600 IN MX ..." },
	[DEF_MX_TIMEOUT] = { .id = "dns-timeout",
			     .severity = MXW_UNKNOWN,
			     .message = "{subject}: no answer at {votes} resolvers",
			     .rfc = "RFC 1035 7.2",
			     .symptom = "B-TEMP",
			     .reproduce = "dig {domain} MX",
			     .fix = "" },
	[DEF_MX_SYNTAX] = { .id = "mx-target-syntax",
			    .severity = MXW_WARNING,
			    .message = "MX target \"{mx}\" is not a valid host name",
			    .rfc = "RFC 1123 2.1",
			    .symptom = "",
			    .reproduce = "dig {mx} A",
			    .fix = "{domain}. MX 10 {mx}." },
	{ 0 },
};

const struct mxw_finding_def fixture_ptr_defs[] = {
	[DEF_PTR_NONE] = { .id = "ptr-none",
			   .severity = MXW_WARNING,
			   .message = "{subject} has no reverse DNS",
			   .rfc = "RFC 1912 2.1",
			   .symptom = "B-PTR",
			   .reproduce = "dig -x {subject}",
			   .fix = "{rev}. 3600 IN PTR {mx}." },
	[DEF_PTR_TIMEOUT] = { .id = "dns-timeout",
			      .severity = MXW_UNKNOWN,
			      .message = "{subject}: no answer at {votes} resolvers",
			      .rfc = "RFC 1035 7.2",
			      .symptom = "B-TEMP",
			      .reproduce = "dig {domain} MX",
			      .fix = "" },
	{ 0 },
};

static const struct mxw_check mx = { .name = "mx", .doc = "MX records", .findings = fixture_mx_defs };
static const struct mxw_check ptr = { .name = "ptr", .doc = "reverse DNS", .findings = fixture_ptr_defs };
static const struct mxw_finding_def no_defs[] = { { 0 } };
static const struct mxw_check spf = { .name = "spf", .doc = "SPF records", .findings = no_defs };
const struct mxw_check *const mxw_checks[] = { &mx, &ptr, &spf };
const size_t mxw_n_checks = FIXTURE_N_CHECKS;

static char name_9[] = "9.9.9.9", name_office[] = "office", name_v6[] = "2001:db8::53";
static const struct mxw_upstream_spec upstreams[] = {
	{ .name = name_9, .n_addresses = 1, .addresses = { { .ip = { 4, { 9, 9, 9, 9 } }, .port = 53 } } },
	{ .name = name_office, .n_addresses = 1, .addresses = { { .ip = { 4, { 192, 0, 2, 53 } }, .port = 5353 } } },
	{ .name = name_v6,
	  .n_addresses = 1,
	  .addresses = { { .ip = { 6, { 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x53 } }, .port = 53 } } },
};
const struct mxw_report_context fixture_context = { .upstreams = upstreams,
						    .n_upstreams = 3,
						    .now_wall_ms = 1795425165123 };

const struct mxw_finding_def *mxw_check_find_finding(const char *id, const struct mxw_check **ret_check)
{
	for (size_t c = 0; c < mxw_n_checks; c++) {
		for (const struct mxw_finding_def *def = mxw_checks[c]->findings; def->id; def++) {
			if (strcmp(def->id, id) == 0) {
				if (ret_check)
					*ret_check = mxw_checks[c];
				return def;
			}
		}
	}
	return NULL;
}

const struct mxw_verdict *mxw_round_verdict(const struct mxw_round *round, size_t check)
{
	return round->spec.checks & 1u << check ? &round->verdicts[check] : NULL;
}

enum mxw_severity mxw_round_state(const struct mxw_round *round)
{
	enum mxw_severity worst = MXW_OK;
	for (size_t c = 0; c < mxw_n_checks; c++)
		if (mxw_round_verdict(round, c))
			worst = mxw_severity_worse(worst, round->verdicts[c].state);
	return worst;
}

const struct mxw_observation *mxw_round_observation(const struct mxw_round *round, size_t view)
{
	return round->observations[view];
}

const struct mxw_round_spec *mxw_round_get_spec(const struct mxw_round *round)
{
	return &round->spec;
}

const char *mxw_round_cap_text(const struct mxw_round *round)
{
	return round->cap_text;
}

struct mxw_round *fixture_new(const char *domain, size_t n_views)
{
	struct mxw_round *round = calloc(1, sizeof(*round));
	must(round && n_views <= FIXTURE_MAX_RESOLVERS);
	round->spec = (struct mxw_round_spec){ .target = { .domain = domain },
					       .checks = 1u << FIXTURE_MX | 1u << FIXTURE_PTR,
					       .n_views = n_views,
					       .voters = (1u << n_views) - 1 };
	for (size_t v = 0; v < FIXTURE_MAX_VIEWS; v++)
		must(mxw_observation_new(&round->observations[v]) == 0);
	return round;
}

void fixture_free(struct mxw_round *round)
{
	for (size_t c = 0; c < FIXTURE_N_CHECKS; c++) {
		mxw_verdict_done(&round->verdicts[c]);
		for (size_t v = 0; v < FIXTURE_MAX_VIEWS; v++)
			mxw_findings_done(&round->findings[c][v]);
	}
	for (size_t v = 0; v < FIXTURE_MAX_VIEWS; v++)
		mxw_observation_free(round->observations[v]);
	free(round);
}

void fixture_add_check(struct mxw_round *round, size_t check)
{
	round->spec.checks |= 1u << check;
}

void fixture_set_voters(struct mxw_round *round, uint32_t voters)
{
	round->spec.voters = voters;
}

void fixture_add_servers(struct mxw_round *round)
{
	static const struct mxw_round_server servers[FIXTURE_MAX_SERVERS] = {
		{ .name = "ns1.example.com[192.0.2.1]", .endpoint = { .ip = { 4, { 192, 0, 2, 1 } }, .port = 53 } },
		{ .name = "ns2.example.com[2001:db8::2]",
		  .endpoint = { .ip = { 6, { 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2 } }, .port = 53 } },
	};
	round->spec.zone = "example.com";
	round->spec.server = servers;
	round->spec.n_servers = FIXTURE_MAX_SERVERS;
	round->spec.servers = 3;
}

void fixture_set_cap(struct mxw_round *round, const char *text)
{
	round->cap_text = text;
}

struct mxw_finding *fixture_say(struct mxw_round *round, size_t check, size_t view, const struct mxw_finding_def *def,
				const char *subject)
{
	struct mxw_finding *finding = mxw_findings_add(&round->findings[check][view], def, subject);
	fixture_set(round, check, view, finding, "domain", round->spec.target.domain);
	return finding;
}

void fixture_cannot_tell(struct mxw_round *round, size_t check, size_t view, const struct mxw_finding_def *def)
{
	struct mxw_finding *finding = mxw_findings_add_unknown(&round->findings[check][view], def, "");
	fixture_set(round, check, view, finding, "domain", round->spec.target.domain);
	fixture_cite(round, check, view, finding, round->spec.target.domain, MXW_TYPE_MX);
}

void fixture_set(struct mxw_round *round, size_t check, size_t view, struct mxw_finding *finding, const char *key,
		 const char *value)
{
	mxw_finding_set(&round->findings[check][view], finding, key, value);
}

void fixture_cite(struct mxw_round *round, size_t check, size_t view, struct mxw_finding *finding, const char *name,
		  uint16_t type)
{
	mxw_finding_cite(&round->findings[check][view], finding, name, type);
}

/* RDATA that mxw_answer_new copies: `text` and `bytes` must last until then. */
static struct mxw_rr make_rr(uint16_t type, const char *text, uint8_t bytes[256])
{
	struct mxw_rr rr = { .type = type, .ttl = 300, .rdata = bytes };
	struct mxw_ip ip;
	unsigned preference = 0;
	int at = 0;
	switch (type) {
	case MXW_TYPE_MX:
		must(sscanf(text, "%u %n", &preference, &at) == 1);
		rr.preference = (uint16_t)preference;
		rr.name = text + at;
		break;
	case MXW_TYPE_PTR:
		rr.name = text;
		break;
	case MXW_TYPE_TXT:
		bytes[0] = (uint8_t)strlen(text);
		memcpy(bytes + 1, text, bytes[0]);
		rr.n_rdata = bytes[0] + 1;
		break;
	default:
		must(mxw_ip_parse(text, &ip) == 0);
		rr.n_rdata = ip.family == 4 ? 4 : 16;
		memcpy(bytes, ip.bytes, rr.n_rdata);
	}
	return rr;
}

void fixture_answer(struct mxw_round *round, size_t view, const char *name, uint16_t type, enum mxw_outcome outcome,
		    const char *const *texts, size_t n_texts)
{
	static uint8_t bytes[8][256];
	struct mxw_rr rrs[8];
	struct mxw_answer *answer = NULL;
	must(n_texts <= 8);
	for (size_t i = 0; i < n_texts; i++)
		rrs[i] = make_rr(type, texts[i], bytes[i]);
	struct mxw_answer_parts parts = {
		.head = { .outcome = outcome, .ede = -1, .ede_text = "", .ttl = 300, .rtt_us = 12500 },
		.rrs = rrs,
		.n_rrs = n_texts
	};
	must(mxw_answer_new(&answer, &parts) == 0);
	must(mxw_observation_put(round->observations[view], name, type, answer) == 0);
	mxw_answer_unref(answer);
}

void fixture_put(struct mxw_round *round, size_t view, const char *name, uint16_t type, struct mxw_answer *answer)
{
	if (answer)
		must(mxw_observation_put(round->observations[view], name, type, answer) == 0);
	mxw_answer_unref(answer);
}

static enum mxw_age age_of(void *arg, size_t view, const struct mxw_finding *finding)
{
	must(view < FIXTURE_MAX_RESOLVERS && finding->vote == MXW_VOTE_YES);
	return *(const enum mxw_age *)arg;
}

void fixture_judge_aged(struct mxw_round *round, enum mxw_age age)
{
	struct mxw_verdict_view views[FIXTURE_MAX_VIEWS];
	const struct mxw_verdict_zone zone = {
		.servers = views + round->spec.n_views,
		.n_servers = round->spec.n_servers,
		.is_rederived = true,
		.age = age_of,
		.arg = &age,
	};
	for (size_t c = 0; c < FIXTURE_N_CHECKS; c++) {
		for (size_t v = 0; v < FIXTURE_MAX_VIEWS; v++)
			views[v].findings = &round->findings[c][v];
		unsigned quorum = mxw_verdict_quorum(0, round->spec.n_views);
		must(mxw_verdict_merge(&round->verdicts[c], views, round->spec.n_views, quorum, &zone) == 0);
	}
}

void fixture_judge(struct mxw_round *round)
{
	fixture_judge_aged(round, MXW_AGE_UNKNOWN);
}

struct mxw_round *fixture_broken(void)
{
	struct mxw_round *round = fixture_new("example.com", 3);
	for (size_t view = 0; view < 2; view++) {
		struct mxw_finding *none = fixture_say(round, FIXTURE_MX, view, &fixture_mx_defs[DEF_MX_NONE],
						       "example.com");
		fixture_set(round, FIXTURE_MX, view, none, "cand", "mail.example.com");
		fixture_cite(round, FIXTURE_MX, view, none, "example.com", MXW_TYPE_MX);
		fixture_answer(round, view, "example.com", MXW_TYPE_MX, MXW_OUTCOME_NODATA, NULL, 0);
	}
	fixture_cannot_tell(round, FIXTURE_MX, 2, &fixture_mx_defs[DEF_MX_NONE]);
	fixture_answer(round, 2, "example.com", MXW_TYPE_MX, MXW_OUTCOME_TIMEOUT, NULL, 0);
	fixture_judge(round);
	return round;
}

struct mxw_round *fixture_healthy(void)
{
	static const char *const mx_set[] = { "10 mx1.example.org", "20 mx2.example.org" };
	static const char *const addresses[] = { "192.0.2.1", "192.0.2.2" };
	struct mxw_round *round = fixture_new("example.org", 3);
	for (size_t view = 0; view < 3; view++) {
		struct mxw_finding *ok = fixture_say(round, FIXTURE_MX, view, &fixture_mx_defs[DEF_MX_OK],
						     "example.org");
		fixture_set(round, FIXTURE_MX, view, ok, "n", "2");
		fixture_cite(round, FIXTURE_MX, view, ok, "example.org", MXW_TYPE_MX);
		fixture_answer(round, view, "example.org", MXW_TYPE_MX, MXW_OUTCOME_ANSWER, mx_set, 2);
		for (size_t i = 0; i < 2; i++) {
			char reverse[MXW_IP_REVERSE_MAX];
			const char *host = mx_set[i] + 3;
			struct mxw_ip ip;
			must(mxw_ip_parse(addresses[i], &ip) == 0);
			mxw_ip_reverse_name(&ip, reverse);
			fixture_answer(round, view, host, MXW_TYPE_A, MXW_OUTCOME_ANSWER, &addresses[i], 1);
			fixture_answer(round, view, reverse, MXW_TYPE_PTR, MXW_OUTCOME_ANSWER, &host, 1);
		}
		struct mxw_finding *ttl = fixture_say(round, FIXTURE_MX, view, &fixture_mx_defs[DEF_MX_TTL],
						      "example.org");
		fixture_set(round, FIXTURE_MX, view, ttl, "ttl", "60");
	}
	fixture_judge(round);
	return round;
}
