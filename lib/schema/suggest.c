/* The nearest candidate, or all of them; see suggest.h. */
#include "lib/schema/suggest.h"

#include "lib/base/nearest.h"

void mxw_suggest(struct mxw_strbuf *ret, const char *word, const char *const *candidates, size_t n,
		 const char *otherwise, const struct mxw_diags *diags)
{
	if (diags->n == MXW_MAX_DIAGS)
		return;
	const char *nearest = mxw_nearest(word, candidates, n);
	if (nearest) {
		mxw_strbuf_addf(ret, "did you mean \"%s\"?", nearest);
		return;
	}
	if (otherwise) {
		mxw_strbuf_adds(ret, otherwise);
		return;
	}
	mxw_strbuf_adds(ret, n == 1 ? "expected" : "expected one of");
	for (size_t i = 0; i < n; i++)
		mxw_strbuf_addf(ret, "%s %s", i ? "," : "", candidates[i]);
}
