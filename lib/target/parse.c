/* A mail domain as people write it, to its canonical A-label form; see target.h.
 *
 * ASCII is judged here, so that each refusal has one plain reason; libidn2 sees only names with U-labels or A-labels in
 * them. It maps (case, width, ideographic full stops: UTS 46, non-transitional) and applies IDNA2008 (RFC 5891). */
#include "lib/target/target.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <idn2.h>

#include "lib/base/util.h"

enum { MAX_NAME = 253 }; /* characters of a name without final dot: 255 octets on the wire (RFC 1035 2.3.4) */

static const char reason_hyphen[] = "has a label that starts or ends with a hyphen";
static const char reason_label[] = "has a label longer than 63 octets";
static const char reason_name[] = "is longer than 253 octets";
static const char reason_ip[] = "is an IP address, not a domain";

static bool is_ldh(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

static bool is_ip(const char *text)
{
	struct mxw_ip ip;
	char bare[MXW_IP_TEXT_MAX + 1] = "";
	bool bracketed = *text == '[';
	size_t n = strlen(text += bracketed);
	if (n && (bracketed ? text[n - 1] == ']' : text[n - 1] == '.'))
		n--;
	if (n > MXW_IP_TEXT_MAX)
		return false;
	memcpy(bare, text, n);
	return mxw_ip_parse(bare, &ip) == 0;
}

/* Why an octet can be in no host name (RFC 952, RFC 1123 2.1); NULL if all can. Octets above 0x7f are libidn2's. */
static const char *refuse_octets(const char *text)
{
	for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
		if (*c >= 0x80 || *c == '.' || is_ldh(*c))
			continue;
		switch (*c) {
		case '*':
			return "is a wildcard; name the domains one by one";
		case '_':
			return "contains an underscore, which no mail domain has";
		case '@':
			return "is a mail address; write only what follows the @";
		case ' ':
			return "contains a space";
		}
		return *c < 0x20 || *c == 0x7f ? "contains a control character"
					       : "contains a character other than letters, digits, hyphens and dots";
	}
	return NULL;
}

/* Why the labels of an ASCII name without final dot make no mail domain; NULL if they do. */
static const char *refuse_labels(const char *name)
{
	size_t n_labels = 0;
	bool numeric = false;
	if (strlen(name) > MAX_NAME)
		return reason_name;
	for (const char *label = name;; label++) {
		size_t n = strcspn(label, ".");
		if (n == 0)
			return "has an empty label";
		if (n > MXW_LABEL_MAX)
			return reason_label;
		if (label[0] == '-' || label[n - 1] == '-')
			return reason_hyphen;
		numeric = strspn(label, "0123456789") == n;
		n_labels++;
		label += n;
		if (!*label)
			break;
	}
	if (n_labels == 1)
		return "has one label only";
	return numeric ? "ends in a label of digits only" : NULL;
}

/* libidn2 calls an over-long A-label invalid: its length is the plainer reason. */
static bool has_long_alabel(const char *text)
{
	for (const char *label = text; *label; label += *label == '.') {
		size_t n = strcspn(label, ".");
		if (n > MXW_LABEL_MAX && strncasecmp(label, "xn--", 4) == 0)
			return true;
		label += n;
	}
	return false;
}

static bool needs_idna(const char *text)
{
	for (const char *p = text; *p; p++)
		if ((unsigned char)*p >= 0x80 || ((p == text || p[-1] == '.') && strncasecmp(p, "xn--", 4) == 0))
			return true;
	return false;
}

static const char *idna_reason(int rc)
{
	switch (rc) {
	case IDN2_ENCODING_ERROR:
		return "is not valid UTF-8";
	case IDN2_TOO_BIG_DOMAIN:
		return reason_name;
	case IDN2_TOO_BIG_LABEL:
	case IDN2_PUNYCODE_BIG_OUTPUT:
		return reason_label; /* a U-label whose A-label is too long */
	case IDN2_HYPHEN_STARTEND:
		return reason_hyphen;
	case IDN2_2HYPHEN:
		return "is not valid under IDNA2008: hyphens at the third and fourth place of a label";
	case IDN2_LEADING_COMBINING:
		return "is not valid under IDNA2008: a label starts with a combining mark";
	case IDN2_DISALLOWED:
		return "is not valid under IDNA2008: a character that no name may have";
	case IDN2_UNASSIGNED:
		return "is not valid under IDNA2008: a character that is not assigned";
	case IDN2_CONTEXTJ:
	case IDN2_CONTEXTJ_NO_RULE:
	case IDN2_CONTEXTO:
	case IDN2_CONTEXTO_NO_RULE:
		return "is not valid under IDNA2008: a character that is not allowed at its place";
	case IDN2_BIDI:
		return "is not valid under IDNA2008: writing directions are mixed within a label";
	case IDN2_PUNYCODE_BAD_INPUT:
	case IDN2_PUNYCODE_OVERFLOW:
	case IDN2_INVALID_ALABEL:
	case IDN2_INVALID_NONTRANSITIONAL:
	case IDN2_ALABEL_ROUNDTRIP_FAILED:
		return "is not valid under IDNA2008: a label starts with \"xn--\" but encodes no valid label";
	case IDN2_MALLOC:
		return "could not be converted: out of memory";
	}
	return "is not valid under IDNA2008";
}

/* ASCII form in *ret, to be freed with idn2_free; or a code of libidn2. */
static int to_ascii(const char *text, char **ret)
{
	return idn2_lookup_u8((const uint8_t *)text, (uint8_t **)ret,
			      IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL | IDN2_ALABEL_ROUNDTRIP);
}

static void idn2_freep(char **text)
{
	idn2_free(*text);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* Judges an ASCII name and writes it in canonical form. */
static const char *accept_ascii(const char *text, char ret[MXW_NAME_TEXT_MAX])
{
	if (is_ip(text))
		return reason_ip;
	const char *reason = refuse_octets(text);
	if (reason)
		return reason;
	size_t n = strlen(text);
	if (text[n - 1] == '.')
		n--; /* absolute already: a domain here always is */
	if (n >= MXW_NAME_TEXT_MAX)
		return reason_name;
	for (size_t i = 0; i < n; i++)
		ret[i] = lower(text[i]);
	ret[n] = '\0';
	return n ? refuse_labels(ret) : "is the root of the DNS";
}

static const char *parse(const char *text, char ret[MXW_NAME_TEXT_MAX])
{
	char *ascii MXW_CLEANUP(idn2_freep) = NULL;
	if (!*text)
		return "is empty";
	if (!needs_idna(text))
		return accept_ascii(text, ret);
	const char *reason = refuse_octets(text);
	if (!reason && strlen(text) >= MXW_NAME_TEXT_MAX)
		reason = reason_name;
	if (!reason && has_long_alabel(text))
		reason = reason_label;
	int rc = reason ? IDN2_OK : to_ascii(text, &ascii);
	if (rc != IDN2_OK)
		reason = idna_reason(rc);
	return reason ? reason : accept_ascii(ascii, ret); /* mapping may have made dots, digits or an underscore */
}

int mxw_target_parse_domain(const char *text, char ret[MXW_NAME_TEXT_MAX], const char **ret_reason)
{
	*ret_reason = parse(text, ret);
	return *ret_reason ? -EINVAL : 0;
}

int mxw_target_to_alabels(const char *text, char **ret)
{
	char *ascii MXW_CLEANUP(idn2_freep) = NULL;
	bool is_ascii = true;
	for (const char *c = text; *c; c++)
		is_ascii = is_ascii && !(*c & 0x80);
	*ret = NULL;
	int rc = is_ascii ? IDN2_OK : to_ascii(text, &ascii);
	if (rc != IDN2_OK)
		return rc == IDN2_MALLOC ? -ENOMEM : -EINVAL;
	*ret = strdup(is_ascii ? text : ascii);
	return *ret ? 0 : -ENOMEM;
}

void mxw_target_display(const char *domain, struct mxw_strbuf *ret)
{
	char *unicode MXW_CLEANUP(idn2_freep) = NULL;
	char again[MXW_NAME_TEXT_MAX];
	bool same = needs_idna(domain) && idn2_to_unicode_8z8z(domain, &unicode, 0) == IDN2_OK &&
		    !parse(unicode, again) && strcmp(again, domain) == 0;
	mxw_strbuf_adds(ret, same ? unicode : domain);
}
