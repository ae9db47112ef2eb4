/* Classes of octets in the grammar of SPF (RFC 5234 B.1), whatever the locale. */
#pragma once

#include <stdbool.h>

static inline bool mxw_spf_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool mxw_spf_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* What a term may hold (RFC 7208 12): ASCII without controls and without the space that divides terms. */
static inline bool mxw_spf_is_visible(char c)
{
	return c >= 0x21 && c <= 0x7e;
}
