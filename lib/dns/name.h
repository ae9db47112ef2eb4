/* Domain names (RFC 9499) as canonical text: lower case, absolute, no final dot ("mx1.example.org"), the root ".".
 *
 * Octets outside 0x21 to 0x7e and the characters '.' '\' '"' '(' ')' ';' '@' '$' inside a label are written as in RFC 1035 5.1
 * (\. or \DDD), so two names are equal exactly when their canonical texts are. All functions expect canonical
 * text unless they say otherwise. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	MXW_NAME_WIRE_MAX = 255, /* RFC 1035 2.3.4 */
	MXW_LABEL_MAX = 63,
	MXW_NAME_TEXT_MAX = 1024, /* 255 octets, each escaped as \DDD, and the NUL */
};

/* Canonical text from an uncompressed wire name; -EINVAL if it does not end inside `n` octets or is too long. */
int mxw_name_from_wire(const uint8_t *wire, size_t n, char ret[MXW_NAME_TEXT_MAX]);

/* Wire form of presentation text (canonical or not; with or without final dot; escapes understood; case kept).
 * Returns the length, or -EINVAL: empty label, label over 63 octets, name over 255 octets, bad escape. */
int mxw_name_to_wire(const char *text, uint8_t ret[MXW_NAME_WIRE_MAX]);

/* Any presentation text to canonical text; -EINVAL as mxw_name_to_wire. */
int mxw_name_canonical(const char *text, char ret[MXW_NAME_TEXT_MAX]);

bool mxw_name_is_root(const char *name);
unsigned mxw_name_n_labels(const char *name);  /* 0 for the root */
const char *mxw_name_parent(const char *name); /* borrowed, inside `name`; "." for one label; NULL for the root */

/* `name` equals `ancestor` or lies below it (RFC 9499 "subdomain"); every name lies below the root. */
bool mxw_name_is_below(const char *name, const char *ancestor);

/* Letters, digits, hyphen and dots only, labels neither starting nor ending with a hyphen, last label not all
 * digits: a host name (RFC 952, RFC 1123 2.1). The root is none. Case-blind. */
bool mxw_name_is_hostname(const char *name);
