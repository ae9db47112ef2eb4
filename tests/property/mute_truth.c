/* Silences and windows; see mute_truth.h. */
#include "tests/property/mute_truth.h"

#include "lib/base/util.h"

static bool covers(const struct trace_silence *silence, size_t moment, unsigned domain, enum plan_check check)
{
	return silence->from <= moment && moment < silence->until &&
	       (silence->domain == PLAN_ALL || silence->domain == domain) &&
	       (silence->check == PLAN_ALL || silence->check == (unsigned)check);
}

/* The wall clock has shown its end at some time since it was made. */
static bool has_ended(const struct trace *trace, const struct trace_silence *silence, size_t moment)
{
	for (size_t i = silence->from; i < moment; i++)
		if (trace_wall_ms(trace, i, trace_end_of(trace, i)) >= silence->until_wall_ms)
			return true;
	return false;
}

enum mute_truth mute_truth_silence(const struct trace *trace, size_t moment, int64_t at_ms, unsigned domain,
				   enum plan_check check)
{
	enum mute_truth ret = MUTE_NO;
	for (size_t i = 0; i < trace->n_silences; i++) {
		const struct trace_silence *silence = &trace->silences[i];
		if (!covers(silence, moment, domain, check) ||
		    trace_wall_ms(trace, moment, at_ms) >= silence->until_wall_ms)
			continue;
		if (!has_ended(trace, silence, moment))
			return MUTE_YES;
		ret = MUTE_MAYBE;
	}
	return ret;
}

/* Minutes and the rest of the day, in ms. */
static int64_t time_of_day(int64_t wall_ms)
{
	return wall_ms % DAY;
}

bool mute_truth_window(const struct trace *trace, size_t moment, int64_t at_ms, unsigned domain)
{
	const struct plan_config *config = trace->moments[moment].config;
	int64_t time_ms = time_of_day(trace_wall_ms(trace, moment, at_ms));
	return config->maintained & 1u << domain && time_ms >= config->window_from * (int64_t)MINUTE &&
	       time_ms < config->window_to * (int64_t)MINUTE;
}

int64_t mute_truth_silence_end(const struct trace *trace, size_t moment, int64_t at_ms, unsigned domain,
			       enum plan_check check)
{
	for (size_t i = 0; i < trace->n_silences; i++)
		if (covers(&trace->silences[i], moment, domain, check))
			at_ms = MXW_MAX(at_ms, trace->silences[i].until_wall_ms - trace_wall_ms(trace, moment, 0));
	return at_ms;
}

int64_t mute_truth_window_end(const struct trace *trace, size_t moment, int64_t from_ms, int64_t to_ms, unsigned domain)
{
	const struct plan_config *config = trace->moments[moment].config;
	int64_t midnight_ms = from_ms - time_of_day(trace_wall_ms(trace, moment, from_ms));
	for (int day = 0; config->maintained & 1u << domain && midnight_ms + day * (int64_t)DAY <= to_ms; day++) {
		int64_t opens_ms = midnight_ms + day * (int64_t)DAY + config->window_from * (int64_t)MINUTE;
		int64_t closes_ms = midnight_ms + day * (int64_t)DAY + config->window_to * (int64_t)MINUTE;
		if (opens_ms <= to_ms && closes_ms > from_ms)
			return closes_ms;
	}
	return from_ms;
}
