/* One message judged by SPF in a small world written as text, for the tests of lib/spf/evaluate.h.
 *
 * The language is that of tests/zone/zone.h; the macros below write its lines. The SPF record of example.com has a
 * member of its own: what is written there needs no escapes and may be as long as DNS allows. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/spf/evaluate.h"

#define IN_TXT(owner, text) owner ". 300 IN TXT \"" text "\"\n"
#define IN_A(owner, address) owner ". 300 IN A " address "\n"
#define IN_AAAA(owner, address) owner ". 300 IN AAAA " address "\n"
#define IN_MX(owner, preference, exchange) owner ". 300 IN MX " preference " " exchange ".\n"
#define IN_PTR(owner, target) owner ". 300 IN PTR " target ".\n"
#define IN_CNAME(owner, target) owner ". 300 IN CNAME " target ".\n"

/* The default client, 192.0.2.1, and 2001:db8::1. */
#define SPF_REVERSE4 "1.2.0.192.in-addr.arpa"
#define SPF_REVERSE6 "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
/* The only question of a message for which the record of example.com is enough. */
#define SPF_ONE_QUESTION "example.com/TXT"

enum {
	SPF_WORLD_NOW = 1000000000, /* macro t */
	SPF_NO_VOIDS = -1,          /* not one is allowed */
	/* No message costs more (RFC 7208 4.6.4): the record, ten terms of which the dearest, mx, asks for ten addresses
	 * besides its own question, the names of %{p}, the explanation. */
	SPF_WORLD_MAX_QUESTIONS = 1 + MXW_SPF_MAX_LOOKUPS * (1 + MXW_SPF_MAX_MX) + (1 + MXW_SPF_MAX_PTR) + 1,
};

struct spf_world {
	const char *name;
	const char *record; /* the only TXT record of example.com; NULL: the zone tells */
	const char *zone;
	enum mxw_spf_result result;
	enum mxw_spf_problem problem;
	const char *ip;          /* NULL: 192.0.2.1 */
	const char *mail_from;   /* NULL: user@example.com */
	const char *helo;        /* NULL: mail.example.com */
	const char *receiver;    /* NULL: not known */
	const char *cost;        /* "2/1": lookups and voids that were counted; NULL: any */
	const char *asked;       /* "example.com/TXT a.org/A": all questions in their order; NULL: any */
	const char *by;          /* "example.com -all": domain and term that decided; NULL: any */
	const char *explanation; /* NULL: any */
	int max_voids;           /* 0: MXW_SPF_MAX_VOIDS; or SPF_NO_VOIDS */
};

/* One evaluation: how it is done, and what came of it. Starts as SPF_RUN_INIT, ends with spf_run_done(). */
struct spf_run {
	int broken; /* number of the question whose lookup fails; -1: none */
	enum mxw_outcome failure;
	bool without_explanation;
	unsigned max_voids; /* 0: what the world says */

	struct mxw_spf_evaluation evaluation;
	struct mxw_missing asked; /* all questions in the order of asking */
	size_t n_turns;           /* calls of mxw_spf_evaluate() */
};

#define SPF_RUN_INIT         \
	{                    \
		.broken = -1 \
	}

void spf_run_done(struct spf_run *run);

/* Evaluates until nothing is missing. No question may be asked twice, and never more than SPF_WORLD_MAX_QUESTIONS. */
void spf_world_judge(const struct spf_world *world, struct spf_run *run);

/* Judges every world and compares; besides, whatever the world is about:
 * - result and problem agree, and only a fail has an explanation;
 * - without an explanation nothing changes but the questions at the end;
 * - when any one lookup fails instead, the result is temperror because of it. Exceptions are what RFC 7208 says: a
 *   failure of `ptr` or %{p} is as good as no record (5.5, 7.3), one of `exp` takes the explanation only (6.2), and an
 *   MX host may not matter behind one that matches. */
void spf_world_run(const struct spf_world *worlds, size_t n);
