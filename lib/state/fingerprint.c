/* Which findings a hard state was told with, as one number: equal sets give equal numbers in any order. */
#include <string.h>

#include "lib/base/hash.h"
#include "lib/state/state.h"

uint64_t mxw_state_fingerprint(const struct mxw_verdict *verdict)
{
	uint64_t sum = 0;
	if (verdict->state < MXW_WARNING)
		return 0;
	for (size_t i = 0; i < verdict->n_entries; i++) {
		const struct mxw_verdict_entry *entry = &verdict->entries[i];
		if (!mxw_verdict_entry_holds(entry) || entry->severity != verdict->state)
			continue;
		uint64_t id = mxw_hash64(0, entry->def->id, strlen(entry->def->id));
		sum += mxw_hash64(id, entry->subject, strlen(entry->subject));
	}
	return sum ? sum : 1;
}
