/* Conversions and relations of domain names; see name.h. */
#include "lib/dns/name.h"

#include <errno.h>
#include <string.h>

/* The characters that mean something in a master file (RFC 1035 5.1). */
static bool is_special(uint8_t c)
{
	switch (c) {
	case '.':
	case '\\':
	case '"':
	case '(':
	case ')':
	case ';':
	case '@':
	case '$':
		return true;
	default:
		return false;
	}
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Writes one octet of a label as canonical text; returns the end. */
static char *put_octet(char *out, uint8_t c)
{
	if (c < 0x21 || c > 0x7e) {
		*out++ = '\\';
		*out++ = (char)('0' + c / 100);
		*out++ = (char)('0' + c / 10 % 10);
		*out++ = (char)('0' + c % 10);
		return out;
	}
	if (is_special(c))
		*out++ = '\\';
	*out++ = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
	return out;
}

int mxw_name_from_wire(const uint8_t *wire, size_t n, char ret[MXW_NAME_TEXT_MAX])
{
	char *out = ret;
	size_t at = 0;
	if (n > MXW_NAME_WIRE_MAX)
		n = MXW_NAME_WIRE_MAX;
	while (at < n && wire[at] != 0) {
		size_t len = wire[at++];
		if (len > MXW_LABEL_MAX || len > n - at)
			return -EINVAL;
		if (out != ret)
			*out++ = '.';
		for (size_t end = at + len; at < end; at++)
			out = put_octet(out, wire[at]);
	}
	if (at >= n)
		return -EINVAL;
	if (out == ret)
		*out++ = '.';
	*out = '\0';
	return 0;
}

/* Reads one octet of a label, escaped or not; returns what follows it, NULL for a bad escape. */
static const char *take_octet(const char *text, uint8_t *ret)
{
	if (*text != '\\') {
		*ret = (uint8_t)*text;
		return text + 1;
	}
	text++;
	if (!is_digit(text[0])) {
		*ret = (uint8_t)text[0];
		return text[0] ? text + 1 : NULL;
	}
	if (!is_digit(text[1]) || !is_digit(text[2]))
		return NULL;
	int value = (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0');
	if (value > UINT8_MAX)
		return NULL;
	*ret = (uint8_t)value;
	return text + 3;
}

int mxw_name_to_wire(const char *text, uint8_t ret[MXW_NAME_WIRE_MAX])
{
	if (mxw_name_is_root(text)) {
		ret[0] = 0;
		return 1;
	}
	size_t label = 0; /* where the length octet of this label goes */
	size_t at = 1;
	for (;;) {
		if (*text == '.' || *text == '\0') {
			size_t len = at - label - 1;
			if (len == 0 || len > MXW_LABEL_MAX)
				return -EINVAL;
			ret[label] = (uint8_t)len;
			label = at++;
			if (*text == '\0' || *++text == '\0')
				break;
			continue;
		}
		if (at >= MXW_NAME_WIRE_MAX - 1) /* the last octet is the root's */
			return -EINVAL;
		text = take_octet(text, &ret[at++]);
		if (!text)
			return -EINVAL;
	}
	ret[label] = 0;
	return (int)at;
}

int mxw_name_canonical(const char *text, char ret[MXW_NAME_TEXT_MAX])
{
	uint8_t wire[MXW_NAME_WIRE_MAX];
	int n = mxw_name_to_wire(text, wire);
	return n < 0 ? n : mxw_name_from_wire(wire, (size_t)n, ret);
}

bool mxw_name_is_root(const char *name)
{
	return name[0] == '.' && name[1] == '\0';
}

/* The dot that ends the first label; NULL if it is the last label. */
static const char *first_dot(const char *name)
{
	for (; *name; name++) {
		if (*name == '.')
			return name;
		if (*name == '\\' && name[1])
			name++; /* of \DDD the digits are no dots anyway */
	}
	return NULL;
}

unsigned mxw_name_n_labels(const char *name)
{
	if (mxw_name_is_root(name))
		return 0;
	unsigned n = 1;
	while ((name = first_dot(name)) != NULL) {
		n++;
		name++;
	}
	return n;
}

const char *mxw_name_parent(const char *name)
{
	if (mxw_name_is_root(name))
		return NULL;
	const char *dot = first_dot(name);
	return dot ? dot + 1 : ".";
}

bool mxw_name_is_below(const char *name, const char *ancestor)
{
	if (mxw_name_is_root(ancestor))
		return true;
	size_t n = strlen(name), n_ancestor = strlen(ancestor);
	if (n < n_ancestor || memcmp(name + n - n_ancestor, ancestor, n_ancestor) != 0)
		return false;
	if (n == n_ancestor)
		return true;
	/* The suffix begins at a label only after a dot that is not escaped: an even number of backslashes before it. */
	const char *dot = name + n - n_ancestor - 1;
	if (*dot != '.')
		return false;
	size_t n_backslashes = 0;
	while (dot > name && dot[-1] == '\\') {
		n_backslashes++;
		dot--;
	}
	return n_backslashes % 2 == 0;
}

bool mxw_name_is_hostname(const char *name)
{
	for (;;) {
		size_t len = 0;
		bool all_digits = true;
		for (; is_letter(name[len]) || is_digit(name[len]) || name[len] == '-'; len++)
			all_digits = all_digits && is_digit(name[len]);
		if (len == 0 || name[0] == '-' || name[len - 1] == '-')
			return false;
		if (name[len] == '\0')
			return !all_digits;
		if (name[len] != '.')
			return false;
		name += len + 1;
	}
}
