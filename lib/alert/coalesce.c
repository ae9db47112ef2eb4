/* The newest message and the last problem before it stay; see coalesce.h. */
#include "lib/alert/coalesce.h"

#include <string.h>

/* A kind that is not named here says something of its own. */
enum mxw_stream_part mxw_alert_part(enum mxw_alert_kind kind, enum mxw_severity to)
{
	if (kind == MXW_ALERT_PROBLEM)
		return MXW_STREAM_OPENS;
	if (kind == MXW_ALERT_CHANGE || kind == MXW_ALERT_REMINDER || kind == MXW_ALERT_FLAPPING)
		return MXW_STREAM_GOES_ON;
	if (kind == MXW_ALERT_RECOVERY)
		return MXW_STREAM_ENDS;
	if (kind == MXW_ALERT_MONITOR) /* each names its trouble anew */
		return to >= MXW_WARNING ? MXW_STREAM_OPENS : MXW_STREAM_ENDS;
	return MXW_STREAM_APART;
}

enum mxw_stream_part mxw_alert_part_named(const char *kind, const char *to)
{
	bool is_problem = strcmp(to, mxw_severity_name(MXW_WARNING)) == 0 ||
			  strcmp(to, mxw_severity_name(MXW_CRITICAL)) == 0;
	for (int i = 0; i < MXW_N_ALERT_KINDS; i++)
		if (strcmp(kind, mxw_alert_kind_name((enum mxw_alert_kind)i)) == 0)
			return mxw_alert_part((enum mxw_alert_kind)i, is_problem ? MXW_WARNING : MXW_OK);
	return MXW_STREAM_APART;
}

size_t mxw_coalesce_stream(struct mxw_coalesce_item *items, size_t n)
{
	bool has_newest = false, has_problem = false;
	size_t n_folded = 0;
	for (size_t i = n; i-- > 0;) {
		struct mxw_coalesce_item *item = &items[i];
		if (item->part == MXW_STREAM_APART)
			continue;
		bool is_needed = !has_newest || (!has_problem && item->part == MXW_STREAM_OPENS);
		has_newest = true;
		has_problem = has_problem || item->part == MXW_STREAM_OPENS;
		if (is_needed || item->is_fixed)
			continue;
		item->is_folded = true;
		n_folded++;
	}
	return n_folded;
}

size_t mxw_coalesce_apart(struct mxw_coalesce_item *items, size_t n, size_t max)
{
	size_t newest = n, n_folded = 0;
	for (size_t i = 0; i < n; i++)
		if (items[i].part == MXW_STREAM_APART)
			newest = i;
	for (size_t i = 0; i < newest && n_folded < max; i++) {
		if (items[i].part != MXW_STREAM_APART || items[i].is_fixed)
			continue;
		items[i].is_folded = true;
		n_folded++;
	}
	return n_folded;
}
