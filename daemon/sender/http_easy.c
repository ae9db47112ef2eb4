/* Requests into curl_easy options, answers into results; see http_easy.h. */
#include "daemon/sender/http_easy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/sender/secret.h"
#include "daemon/sender/sign.h"

static int problem(int r, struct mxw_strbuf *ret_problem, const char *text)
{
	mxw_strbuf_adds(ret_problem, text);
	return r;
}

static int read_target(struct mxw_http_target *ret, CURLU *url)
{
	char *scheme = NULL, *host = NULL, *port = NULL, *user = NULL;
	int r = -EINVAL;
	if (!curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) && !curl_url_get(url, CURLUPART_HOST, &host, 0) &&
	    !curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) &&
	    curl_url_get(url, CURLUPART_USER, &user, 0) == CURLUE_NO_USER) {
		size_t n = strlen(host);
		bool has_brackets = n > 2 && host[0] == '[' && host[n - 1] == ']';
		ret->is_https = strcmp(scheme, "https") == 0;
		ret->port = (unsigned)strtoul(port, NULL, 10);
		snprintf(ret->host, sizeof(ret->host), "%.*s", (int)(has_brackets ? n - 2 : n), host + has_brackets);
		if ((ret->is_https || strcmp(scheme, "http") == 0) && n && n < sizeof(ret->host))
			r = 0;
	}
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	curl_free(user);
	return r;
}

int mxw_http_target_read(struct mxw_http_target *ret, const char *text)
{
	CURLU *url = curl_url();
	*ret = (struct mxw_http_target){ 0 };
	int r = url && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK ? read_target(ret, url) : -EINVAL;
	curl_url_cleanup(url);
	return r;
}

static size_t take_header(char *bytes, size_t size, size_t n, void *arg)
{
	struct mxw_http_easy *easy = arg;
	long status = 0;
	n *= size;
	easy->n_header += n;
	if (easy->n_header > MXW_HTTP_MAX_HEADER)
		return 0;
	bool is_end = (n == 2 && memcmp(bytes, "\r\n", 2) == 0) || (n == 1 && *bytes == '\n');
	curl_easy_getinfo(easy->handle, CURLINFO_RESPONSE_CODE, &status);
	if (is_end && status >= 200 && !easy->has_header) { /* 1xx: the answer is still to come */
		easy->has_header = true;
		easy->on_header(easy->arg);
	}
	return n;
}

static size_t drop_body(char *bytes, size_t size, size_t n, void *arg)
{
	struct mxw_http_easy *easy = arg;
	easy->n_body += n * size;
	return easy->n_body > MXW_HTTP_MAX_BODY ? 0 : n * size;
}

static int add_line(struct curl_slist **list, const char *text)
{
	struct curl_slist *longer = curl_slist_append(*list, text);
	if (!longer)
		return -ENOMEM;
	*list = longer;
	return 0;
}

static bool is_safe(const char *text)
{
	for (; *text; text++)
		if (((unsigned char)*text < 0x20 && *text != '\t') || *text == 0x7f)
			return false;
	return true;
}

/* libcurl takes "Name: value", and "Name;" for an empty value. */
static int add_header(struct mxw_http_easy *easy, const char *name, const char *value)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf line = MXW_STRBUF_INIT;
	if (!is_safe(name) || !is_safe(value) || !*name || strpbrk(name, ":; "))
		return -EINVAL;
	mxw_strbuf_addf(&line, *value ? "%s: %s" : "%s;", name, value);
	return mxw_strbuf_failed(&line) ? -ENOMEM : add_line(&easy->headers, mxw_strbuf_get(&line));
}

static int add_authorization(struct mxw_http_easy *easy, const struct mxw_request *request,
			     struct mxw_strbuf *ret_problem)
{
	MXW_CLEANUP(mxw_secret_wipe) struct mxw_secret secret = { 0 };
	if (!*request->auth_file)
		return 0;
	int r = mxw_secret_read(&secret, request->auth_file, ret_problem);
	if (r < 0)
		return r == -EINVAL ? -EIO : r; /* a file can be mended: try again */
	if (strlen(secret.bytes) != secret.n || add_header(easy, "Authorization", secret.bytes) < 0) {
		mxw_strbuf_addf(ret_problem, "%s: not one line of text", request->auth_file);
		return -EIO;
	}
	return 0;
}

static int add_signature(struct mxw_http_easy *easy, const struct mxw_request *request, int64_t timestamp_s,
			 struct mxw_strbuf *ret_problem)
{
	MXW_CLEANUP(mxw_secret_wipe) struct mxw_secret secret = { 0 };
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf signature = MXW_STRBUF_INIT;
	if (!*request->secret_file)
		return 0;
	int r = mxw_secret_read(&secret, request->secret_file, ret_problem);
	if (r < 0)
		return r == -EINVAL ? -EIO : r;
	r = mxw_sign_webhook(secret.bytes, secret.n, request->id, timestamp_s, request->body, request->n_body,
			     &signature);
	if (r == -EINVAL) {
		mxw_strbuf_addf(ret_problem, "%s: no base64 after whsec_", request->secret_file);
		return -EIO;
	}
	return r < 0 ? r : add_header(easy, "webhook-signature", mxw_strbuf_get(&signature));
}

static int add_headers(struct mxw_http_easy *easy, const struct mxw_request *request, int64_t wall_ms,
		       struct mxw_strbuf *ret_problem)
{
	char timestamp[24];
	snprintf(timestamp, sizeof(timestamp), "%lld", (long long)(wall_ms / 1000));
	int r = add_line(&easy->headers, "Expect:"); /* without it libcurl waits a second for 100 before a large body */
	for (size_t i = 0; i < request->n_headers && r == 0; i++)
		r = add_header(easy, request->headers[i].name, request->headers[i].value);
	if (r == 0)
		r = add_header(easy, "webhook-timestamp", timestamp);
	if (r == 0)
		r = add_signature(easy, request, wall_ms / 1000, ret_problem);
	if (r == 0)
		r = add_authorization(easy, request, ret_problem);
	return r;
}

/* libcurl never looks a name up itself: it would wait for its resolver thread when it gives up (names.h does not). */
static int add_addresses(struct mxw_http_easy *easy, const struct mxw_http_target *target,
			 const struct mxw_addresses *addresses)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf line = MXW_STRBUF_INIT;
	bool has_brackets = strchr(target->host, ':') != NULL;
	if (has_brackets)
		return 0; /* an IPv6 literal */
	mxw_strbuf_addf(&line, "%s:%u:", target->host, target->port);
	for (size_t i = 0; i < addresses->n; i++) {
		char text[MXW_IP_TEXT_MAX];
		mxw_ip_format(&addresses->ips[i], text);
		mxw_strbuf_addf(&line, addresses->ips[i].family == 6 ? "%s[%s]" : "%s%s", i ? "," : "", text);
	}
	return mxw_strbuf_failed(&line) ? -ENOMEM : add_line(&easy->resolve, mxw_strbuf_get(&line));
}

/* ca_file may be a relative name as secrets are; it is none itself, so anybody may read it. */
static int set_trust(struct mxw_http_easy *easy, const struct mxw_request *request, struct mxw_strbuf *ret_problem)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf path = MXW_STRBUF_INIT;
	CURL *handle = easy->handle;
	curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(handle, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (!*request->ca_file)
		return 0;
	int r = mxw_secret_path(request->ca_file, &path, ret_problem);
	if (r < 0)
		return r;
	if (curl_easy_setopt(handle, CURLOPT_CAINFO, mxw_strbuf_get(&path)) != CURLE_OK)
		return -ENOMEM;
	curl_easy_setopt(handle, CURLOPT_CAPATH, NULL); /* these anchors instead of the system's, not beside them */
	return 0;
}

static int set_options(struct mxw_http_easy *easy, const struct mxw_request *request)
{
	CURL *handle = easy->handle;
	CURLcode code = curl_easy_setopt(handle, CURLOPT_URL, request->address);
	curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(handle, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(handle, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(handle, CURLOPT_PROXY, ""); /* no *_proxy variable decides who reads our alerts */
	curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, (long)MXW_HTTP_CONNECT_MS);
	curl_easy_setopt(handle, CURLOPT_POST, 1L);
	curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request->body);
	curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->n_body);
	curl_easy_setopt(handle, CURLOPT_HTTPHEADER, easy->headers);
	curl_easy_setopt(handle, CURLOPT_RESOLVE, easy->resolve);
	curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(handle, CURLOPT_HEADERDATA, easy);
	curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, drop_body);
	curl_easy_setopt(handle, CURLOPT_WRITEDATA, easy);
	curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, easy->error);
	return code == CURLE_OK ? 0 : -ENOMEM;
}

int mxw_http_easy_init(struct mxw_http_easy *easy, const struct mxw_request *request,
		       const struct mxw_http_target *target, const struct mxw_addresses *addresses, int64_t wall_ms,
		       struct mxw_strbuf *ret_problem)
{
	if (strcmp(request->method, "POST") != 0)
		return problem(-EINVAL, ret_problem, "method is not POST");
	easy->handle = curl_easy_init();
	int r = easy->handle ? add_headers(easy, request, wall_ms, ret_problem) : -ENOMEM;
	if (r == 0)
		r = add_addresses(easy, target, addresses);
	if (r == 0)
		r = set_trust(easy, request, ret_problem);
	if (r == 0)
		r = set_options(easy, request);
	if (r < 0 && !ret_problem->len)
		problem(r, ret_problem, r == -EINVAL ? "bad header" : strerror(-r));
	return r;
}

void mxw_http_easy_done(struct mxw_http_easy *easy)
{
	curl_easy_cleanup(easy->handle);
	curl_slist_free_all(easy->headers);
	curl_slist_free_all(easy->resolve);
	easy->handle = NULL;
	easy->headers = easy->resolve = NULL;
}

static enum mxw_result_status status_of(long code)
{
	if (code >= 200 && code <= 299)
		return MXW_DELIVERED;
	return code == 408 || code == 425 || code == 429 || code >= 500 ? MXW_RETRY : MXW_PARKED;
}

/* RFC 9110 10.2.3: seconds or a date, at most an hour of it. libcurl reads both, but a number that is too large for it is
 * none, and of "7 days" it would take the 7: neither is what the receiver meant. */
static int64_t read_retry_after(const struct mxw_http_easy *easy)
{
	enum { MAX_S = MXW_RESULT_MAX_RETRY_AFTER_MS / 1000, MAX_DIGITS = 9 };
	struct curl_header *header;
	curl_off_t seconds = 0;
	if (curl_easy_header(easy->handle, "Retry-After", 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
		return 0;
	size_t n_digits = strspn(header->value, "0123456789");
	if (n_digits && !header->value[n_digits])
		seconds = n_digits > MAX_DIGITS ? MAX_S : strtol(header->value, NULL, 10);
	else if (!n_digits)
		curl_easy_getinfo(easy->handle, CURLINFO_RETRY_AFTER, &seconds);
	return MXW_MAX(MXW_MIN(seconds, (curl_off_t)MAX_S), (curl_off_t)0) * 1000;
}

void mxw_http_easy_judge(const struct mxw_http_easy *easy, CURLcode code, struct mxw_http_verdict *ret)
{
	long status = 0;
	*ret = (struct mxw_http_verdict){ .status = MXW_RETRY };
	if (!easy->has_header) {
		if (code == CURLE_PEER_FAILED_VERIFICATION) /* no try soon helps, and somebody should know */
			ret->status = MXW_PARKED;
		const char *text = *easy->error ? easy->error : curl_easy_strerror(code);
		snprintf(ret->text, sizeof(ret->text), "%s", code == CURLE_OK ? "timeout" : text);
		return;
	}
	curl_easy_getinfo(easy->handle, CURLINFO_RESPONSE_CODE, &status);
	ret->status = status_of(status);
	bool is_redirect = status >= 300 && status <= 399;
	snprintf(ret->text, sizeof(ret->text), "HTTP %ld%s", status,
		 is_redirect ? " (redirects are not followed)" : "");
	if (ret->status == MXW_RETRY)
		ret->retry_after_ms = read_retry_after(easy);
}
