/* SOA serials over rounds; see serials.h. */
#include "lib/versions/serials.h"

#include <inttypes.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/util.h"
#include "lib/check/consistency_findings.h"
#include "lib/dns/type.h"
#include "lib/versions/words.h"

static int64_t late_ms(const struct mxw_soa_times *soa)
{
	uint64_t sum = (uint64_t)soa->refresh_s + soa->retry_s;
	return 1000 *
	       (int64_t)(sum ? MXW_MIN(sum, (uint64_t)MXW_VERSIONS_MAX_REFRESH_S) : MXW_VERSIONS_USUAL_REFRESH_S);
}

/* ---- one server ---- */

/* A serial that is 2^31 away has no order: it is taken for a new beginning. */
static void see_order(struct mxw_serial *server, const struct mxw_versions_view *view)
{
	if (!server->is_known || !mxw_serial_is_later(server->highest, view->serial)) {
		server->highest = view->serial;
		server->n_back = 0;
		server->back_since_ms = MXW_VERSIONS_NEVER;
		return;
	}
	if (server->back_since_ms == MXW_VERSIONS_NEVER)
		server->back_since_ms = view->at_ms;
	if (view->at_ms > server->counted_ms)
		server->n_back = (uint8_t)MXW_MIN(server->n_back + 1, UINT8_MAX);
}

static void see_server(struct mxw_serial *server, const struct mxw_versions_view *view)
{
	if (!server->is_known)
		*server = (struct mxw_serial){ .counted_ms = MXW_VERSIONS_NEVER,
					       .back_since_ms = MXW_VERSIONS_NEVER,
					       .late_since_ms = MXW_VERSIONS_NEVER };
	see_order(server, view);
	if (server->is_known && server->serial != view->serial)
		server->late_since_ms = MXW_VERSIONS_NEVER; /* it moves */
	server->serial = view->serial;
	server->counted_ms = view->at_ms;
	server->is_known = true;
}

/* ---- all of them ---- */

static void know_servers(struct mxw_serials *serials, const struct mxw_versions_view *servers, size_t n_servers)
{
	uint64_t hash = n_servers;
	for (size_t i = 0; i < n_servers; i++)
		hash = mxw_hash64(hash, servers[i].name, strlen(servers[i].name));
	if (serials->server_names != (uint32_t)hash)
		*serials = (struct mxw_serials){ .server_names = (uint32_t)hash,
						 .agreed_since_ms = MXW_VERSIONS_NEVER };
}

/* The server with the latest serial of this round; n_servers: none has one. */
static size_t latest(const struct mxw_versions_view *servers, size_t n_servers)
{
	size_t ret = n_servers;
	for (size_t i = 0; i < n_servers; i++)
		if (servers[i].has_serial &&
		    (ret == n_servers || mxw_serial_is_later(servers[i].serial, servers[ret].serial)))
			ret = i;
	return ret;
}

static void see_lateness(struct mxw_serials *serials, const struct mxw_versions_view *servers, size_t n_servers)
{
	size_t first = latest(servers, n_servers);
	bool is_agreed = first < n_servers;
	int64_t last_ms = MXW_VERSIONS_NEVER;
	for (size_t i = 0; i < n_servers; i++) {
		struct mxw_serial *server = &serials->servers[i];
		if (!servers[i].has_serial)
			continue;
		last_ms = MXW_MAX(last_ms, servers[i].at_ms);
		if (servers[i].serial == servers[first].serial) {
			server->late_since_ms = MXW_VERSIONS_NEVER;
			continue;
		}
		is_agreed = false;
		if (server->late_since_ms == MXW_VERSIONS_NEVER)
			server->late_since_ms = servers[i].at_ms;
	}
	if (!is_agreed)
		serials->agreed_since_ms = MXW_VERSIONS_NEVER;
	else if (serials->agreed_since_ms == MXW_VERSIONS_NEVER)
		serials->agreed_since_ms = last_ms;
}

/* Everybody has followed the step back: it hurts nobody any more. */
static void forgive(struct mxw_serials *serials, const struct mxw_versions_view *servers, size_t n_servers,
		    const struct mxw_soa_times *soa)
{
	for (size_t i = 0; i < n_servers; i++) {
		struct mxw_serial *server = &serials->servers[i];
		if (server->back_since_ms == MXW_VERSIONS_NEVER || serials->agreed_since_ms == MXW_VERSIONS_NEVER ||
		    !servers[i].has_serial)
			continue;
		int64_t since_ms = MXW_MAX(server->back_since_ms, serials->agreed_since_ms);
		if (servers[i].at_ms - since_ms <= late_ms(soa))
			continue;
		server->highest = server->serial;
		server->back_since_ms = MXW_VERSIONS_NEVER;
		server->n_back = 0;
	}
}

void mxw_serials_update(struct mxw_serials *serials, const struct mxw_versions_view *servers, size_t n_servers,
			const struct mxw_soa_times *soa)
{
	n_servers = MXW_MIN(n_servers, (size_t)MXW_VERSIONS_MAX_SERVERS);
	know_servers(serials, servers, n_servers);
	for (size_t i = 0; i < n_servers; i++)
		if (servers[i].has_serial)
			see_server(&serials->servers[i], &servers[i]);
	see_lateness(serials, servers, n_servers);
	forgive(serials, servers, n_servers, soa);
}

/* ---- findings ---- */

static struct mxw_finding *add(struct mxw_findings *findings, enum mxw_consistency_row row, const char *zone)
{
	struct mxw_finding *finding = mxw_findings_add(findings, &mxw_consistency_findings[row], zone);
	mxw_finding_set(findings, finding, "zone", zone);
	mxw_finding_cite(findings, finding, zone, MXW_TYPE_SOA);
	return finding;
}

static void tell_serials(const struct mxw_serials *serials, const char *zone, const struct mxw_versions_view *servers,
			 size_t n_servers, const struct mxw_soa_times *soa, int64_t now_ms, struct mxw_findings *ret)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	uint32_t late = 0;
	bool is_warning = false;
	for (size_t i = 0; i < n_servers; i++) {
		const struct mxw_serial *server = &serials->servers[i];
		if (!servers[i].has_serial || server->late_since_ms == MXW_VERSIONS_NEVER)
			continue;
		late |= UINT32_C(1) << i;
		is_warning |= now_ms - server->late_since_ms > late_ms(soa);
	}
	if (!late)
		return;
	struct mxw_finding *finding = add(ret, MXW_CONSISTENCY_SERIAL, zone);
	if (is_warning)
		finding->severity = MXW_WARNING;
	for (size_t i = 0; i < n_servers; i++)
		if (servers[i].has_serial)
			mxw_strbuf_addf(&text, "%s%s=%" PRIu32, text.len ? ", " : "", servers[i].name,
					servers[i].serial);
	mxw_versions_put(ret, finding, "serials", &text);
	mxw_versions_names(&text, servers, late);
	mxw_versions_put(ret, finding, "late", &text);
}

static void tell_backward(const struct mxw_serials *serials, const char *zone, const struct mxw_versions_view *servers,
			  size_t n_servers, struct mxw_findings *ret)
{
	for (size_t i = 0; i < n_servers; i++) {
		const struct mxw_serial *server = &serials->servers[i];
		if (server->n_back < MXW_VERSIONS_ROUNDS)
			continue;
		struct mxw_finding *finding = add(ret, MXW_CONSISTENCY_SERIAL_BACKWARD, zone);
		mxw_finding_setf(ret, finding, "old", "%" PRIu32, server->highest);
		mxw_finding_setf(ret, finding, "new", "%" PRIu32, server->serial);
		mxw_finding_setf(ret, finding, "next", "%" PRIu32, server->highest + 1);
		mxw_finding_set(ret, finding, "server", servers[i].name);
		mxw_finding_set(ret, finding, "address", servers[i].address ? servers[i].address : "");
		return;
	}
}

void mxw_serials_findings(const struct mxw_serials *serials, const char *zone, const struct mxw_versions_view *servers,
			  size_t n_servers, const struct mxw_soa_times *soa, int64_t now_ms, struct mxw_findings *ret)
{
	n_servers = MXW_MIN(n_servers, (size_t)MXW_VERSIONS_MAX_SERVERS);
	tell_serials(serials, zone, servers, n_servers, soa, now_ms, ret);
	tell_backward(serials, zone, servers, n_servers, ret);
}

void mxw_negttl_findings(const char *zone, const struct mxw_soa_times *soa, struct mxw_findings *ret)
{
	uint32_t ttl_s = MXW_MIN(soa->ttl_s, soa->minimum_s);
	if (ttl_s <= MXW_NEGTTL_HIGH_S)
		return;
	struct mxw_finding *finding = add(ret, MXW_CONSISTENCY_NEGTTL_HIGH, zone);
	mxw_finding_setf(ret, finding, "ttl", "%" PRIu32, ttl_s);
}
