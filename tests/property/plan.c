/* What everybody needs of a plan; see plan.h. */
#include "tests/property/plan.h"

#include <stdio.h>

const char *const plan_check_names[PLAN_N_CHECKS] = { "mx", "spf" };

void plan_domain_name(char ret[PLAN_NAME_MAX], unsigned domain)
{
	snprintf(ret, PLAN_NAME_MAX, "d%u.example.com", domain + 1);
}

void plan_resolver_name(char ret[PLAN_NAME_MAX], unsigned resolver)
{
	snprintf(ret, PLAN_NAME_MAX, "r%u", resolver + 1);
}

void plan_notifier_name(char ret[PLAN_NAME_MAX], unsigned notifier)
{
	snprintf(ret, PLAN_NAME_MAX, "n%u", notifier + 1);
}
