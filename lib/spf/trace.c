/* The list of steps; see trace.h. */
#include "lib/spf/trace.h"

#include <string.h>

#include "lib/base/util.h"

void mxw_spf_trace_done(struct mxw_spf_trace *trace)
{
	mxw_arena_done(&trace->arena);
	*trace = (struct mxw_spf_trace){ 0 };
}

void mxw_spf_trace_clear(struct mxw_spf_trace *trace)
{
	mxw_spf_trace_done(trace);
}

static bool grow(struct mxw_spf_trace *trace)
{
	size_t max_steps = trace->max_steps ? trace->max_steps * 2 : 16;
	struct mxw_spf_step *steps = mxw_arena_alloc(&trace->arena, max_steps * sizeof(*steps));
	if (!steps)
		return false;
	if (trace->n_steps)
		memcpy(steps, trace->steps, trace->n_steps * sizeof(*steps));
	trace->steps = steps;
	trace->max_steps = max_steps;
	return true;
}

static const char *copy_text(struct mxw_spf_trace *trace, const char *text, size_t n)
{
	char *copy = mxw_arena_textn(&trace->arena, text, n);
	for (size_t i = 0; i < n && !trace->arena.failed; i++)
		if (!copy[i])
			copy[i] = '?';
	return copy;
}

void mxw_spf_trace_add(struct mxw_spf_trace *trace, const struct mxw_spf_step *step, size_t n_text)
{
	if (!trace || trace->arena.failed)
		return;
	if (trace->n_steps == MXW_SPF_MAX_STEPS) {
		trace->is_cut = true;
		return;
	}
	if (trace->n_steps == trace->max_steps && !grow(trace))
		return;
	struct mxw_spf_step *copy = &trace->steps[trace->n_steps++];
	*copy = *step;
	copy->domain = mxw_arena_text(&trace->arena, step->domain);
	if (step->text)
		copy->text = copy_text(trace, step->text, n_text);
}
