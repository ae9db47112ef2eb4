/* Responses of the API for people; see api.h. The other side is the daemon, its texts are still escaped for a terminal. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "lib/base/strbuf.h"

/* The object of a body; NULL for anything else. json_decref. */
json_t *mxw_api_text_parse(const char *body, size_t n);
/* A text member, escaped for a terminal; "" if there is none. */
void mxw_api_text_member(const json_t *object, const char *name, struct mxw_strbuf *ret);

/* One silence in a line: "3  example.com mx  until 2026-...Z  by root: a reason". */
void mxw_api_text_silence(const json_t *silence, struct mxw_strbuf *ret);
/* "example.com mx: acknowledged; no reminders until the incident of 2026-...Z ends". */
void mxw_api_text_ack(const json_t *ack, struct mxw_strbuf *ret);
/* GET silences: one line each, or a line that says that there is nothing. */
void mxw_api_text_silences(const json_t *root, struct mxw_strbuf *ret);
