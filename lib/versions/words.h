/* Words that the texts of this room share. */
#pragma once

#include "lib/base/strbuf.h"
#include "lib/finding/finding.h"
#include "lib/versions/versions.h"

/* "14:02:11 UTC", on another day than today "2026-11-24 14:02:11 UTC"; at_ms is of the monotonic clock. */
void mxw_versions_time(struct mxw_strbuf *ret, int64_t at_ms, int64_t now_ms, int64_t now_wall_ms);
/* The set on one line, cut at MXW_MAX_FIELD: "10 a.example.com, 20 b.example.com". */
void mxw_versions_line(struct mxw_strbuf *ret, const char *set);
/* The names of the views of a mask: "a", "a and b", "a, b and c". */
void mxw_versions_names(struct mxw_strbuf *ret, const struct mxw_versions_view *views, uint32_t mask);
/* Who shows what: "a, b: 10 mx1.example.com; c: no records". Serials are added where servers have some. */
void mxw_versions_partition(struct mxw_strbuf *ret, const struct mxw_versions_view *views, size_t n);
/* Moves the text into placeholder {key} and clears it. */
void mxw_versions_put(struct mxw_findings *findings, struct mxw_finding *finding, const char *key,
		      struct mxw_strbuf *text);
