/* Confirmed sets over rounds; see records.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/util.h"
#include "lib/records/records.h"

static void drop_candidate(struct mxw_records_track *track)
{
	free(track->candidate);
	track->candidate = NULL;
	track->n_rounds = 0;
}

void mxw_records_track_done(struct mxw_records_track *track)
{
	free(track->confirmed);
	free(track->candidate);
	*track = (struct mxw_records_track){ 0 };
}

static int replace(char **text, const char *by)
{
	char *copy = strdup(by);
	if (!copy)
		return -ENOMEM;
	free(*text);
	*text = copy;
	return 0;
}

static int count(struct mxw_records_track *track, const char *set, enum mxw_records_step *ret)
{
	if (!track->candidate || strcmp(track->candidate, set) != 0) {
		if (replace(&track->candidate, set) < 0)
			return -ENOMEM;
		track->n_rounds = 0;
	}
	track->n_rounds = (uint8_t)MXW_MIN(track->n_rounds + 1, MXW_RECORDS_ROUNDS);
	track->n_tries = (uint8_t)MXW_MIN(track->n_tries + 1, MXW_RECORDS_MAX_TRIES);
	if (track->n_rounds >= MXW_RECORDS_ROUNDS)
		*ret = MXW_RECORDS_CHANGED;
	return 0;
}

int mxw_records_step(struct mxw_records_track *track, const char *set, enum mxw_records_step *ret)
{
	*ret = MXW_RECORDS_SAME;
	if (!set)
		return 0;
	if (!track->confirmed) {
		*ret = MXW_RECORDS_FIRST;
		return replace(&track->confirmed, set);
	}
	if (strcmp(track->confirmed, set) != 0)
		return count(track, set, ret);
	drop_candidate(track);
	track->n_tries = 0;
	return 0;
}

void mxw_records_adopt(struct mxw_records_track *track, char *set)
{
	drop_candidate(track);
	free(track->confirmed);
	track->confirmed = set;
	track->n_tries = 0;
}

bool mxw_records_is_pending(const struct mxw_records_track *track)
{
	return track->candidate && track->n_tries < MXW_RECORDS_MAX_TRIES;
}
