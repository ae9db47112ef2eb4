/* Small tools over jansson for the JSON renderers of this room: safe strings, objects that are checked once, dumping. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "lib/base/strbuf.h"
#include "lib/report/report.h"

/* A string value from text of strangers: mxw_escape_utf8 first. NULL when out of memory. */
json_t *mxw_report_json_text(const char *text);
json_t *mxw_report_json_octets(const char *octets, size_t n); /* may hold NUL */
json_t *mxw_report_json_name(const char *name); /* canonical; in presentation form (RFC 1035 5.1), with the final dot */
json_t *mxw_report_json_texts(const char *const *texts, size_t n);
json_t *mxw_report_json_time(int64_t wall_ms); /* RFC 3339, UTC */

/* Sets a key and takes `value`; false when it is NULL or memory ran out. Callers collect: ok &= put(...). */
bool mxw_report_json_put(json_t *object, const char *key, json_t *value);

/* Compact, ASCII only (whatever a terminal does with other characters, it cannot be misled), numbers with 9 digits.
 * 0 or -ENOMEM. */
int mxw_report_json_dump(const json_t *value, struct mxw_strbuf *ret);

/* The array of mxw_report_findings_json as a value. NULL when out of memory. */
json_t *mxw_report_findings_array(const struct mxw_round *round, size_t check, const struct mxw_report_context *context,
				  bool alerting_only);
