/* Organisational domains by the list inside libpsl; no file is read. See target.h. */
#include "lib/target/target.h"

#include <libpsl.h>

const char *mxw_target_org_domain(const char *name)
{
	const char *org = psl_registrable_domain(psl_builtin(), name);
	return org ? org : name;
}
