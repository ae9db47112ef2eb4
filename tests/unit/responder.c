/* See responder.h. */
#include "tests/unit/responder.h"

#include <arpa/inet.h>
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEADER = 12, MAX_PACKET = 1024 };

struct packet {
	size_t n;
	uint8_t bytes[MAX_PACKET];
};

static void put(struct packet *packet, const void *bytes, size_t n)
{
	assert(packet->n + n <= MAX_PACKET);
	memcpy(packet->bytes + packet->n, bytes, n);
	packet->n += n;
}

static void put_name(struct packet *packet, const char *name)
{
	while (*name) {
		size_t n = strcspn(name, ".");
		uint8_t len = (uint8_t)n;
		put(packet, &len, 1);
		put(packet, name, n);
		name += n + (name[n] == '.');
	}
	put(packet, "", 1);
}

static size_t question_end(const uint8_t *query)
{
	size_t at = HEADER;
	while (query[at])
		at += query[at] + 1u;
	return at + 5;
}

static struct sockaddr_in loopback(uint16_t port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_port = htons(port),
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

/* Header and question of a response. */
static struct packet respond(const uint8_t *query, uint8_t flags_high, uint8_t rcode)
{
	struct packet packet = { 0 };
	put(&packet, query, question_end(query));
	packet.bytes[2] = (uint8_t)(0x81 | flags_high); /* QR, RD */
	packet.bytes[3] = (uint8_t)(0x80 | rcode);      /* RA */
	memset(packet.bytes + 6, 0, 6);
	return packet;
}

static void count_record(struct packet *packet, unsigned section)
{
	packet->bytes[5 + 2 * section]++;
}

static struct packet answer_a(const uint8_t *query, uint8_t ttl)
{
	struct packet packet = respond(query, 0, 0);
	const uint8_t record[] = { 0xc0, HEADER, 0, 1, 0, 1, 0, 0, 0, ttl, 0, 4, 192, 0, 2, 1 };
	put(&packet, record, sizeof(record));
	count_record(&packet, 1);
	return packet;
}

static struct packet answer_alias(struct responder *responder, const uint8_t *query)
{
	struct packet packet = respond(query, 0, 0), target = { 0 };
	char name[32];
	snprintf(name, sizeof(name), "n%u.example.org", ++responder->n_aliases);
	put_name(&target, name);
	const uint8_t record[] = { 0xc0, HEADER, 0, 5, 0, 1, 0, 0, 0, 30, 0, (uint8_t)target.n };
	put(&packet, record, sizeof(record));
	put(&packet, target.bytes, target.n);
	count_record(&packet, 1);
	return packet;
}

static struct packet answer_nxdomain(const uint8_t *query)
{
	struct packet packet = respond(query, 0, 3);
	put_name(&packet, "example.org");
	const uint8_t head[] = { 0, 6, 0, 1, 0, 0, 0, 90, 0, 2 + 20 }, names[2] = { 0, 0 };
	const uint8_t numbers[20] = { [19] = 90 };
	put(&packet, head, sizeof(head));
	put(&packet, names, sizeof(names));
	put(&packet, numbers, sizeof(numbers));
	count_record(&packet, 2);
	return packet;
}

static struct packet answer_referral(const uint8_t *query)
{
	struct packet packet = respond(query, 0, 0);
	const uint8_t ns[] = { 0, 2, 0, 1, 0, 0, 0, 50, 0, 16 }, a[] = { 0, 1, 0, 1, 0, 0, 0, 50, 0, 4, 192, 0, 2, 53 };
	put_name(&packet, "example.org");
	put(&packet, ns, sizeof(ns));
	put_name(&packet, "ns.example.net"); /* 16 octets */
	put_name(&packet, "ns.example.net");
	put(&packet, a, sizeof(a));
	count_record(&packet, 2);
	count_record(&packet, 3);
	return packet;
}

static struct packet answer_bogus(const uint8_t *query)
{
	struct packet packet = respond(query, 0, 2);
	const uint8_t opt[] = { 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 10, 0, 15, 0, 6, 0, 6, 'o', 'u', 'c', 'h' };
	put(&packet, opt, sizeof(opt));
	count_record(&packet, 3);
	return packet;
}

static struct packet lower_case(struct packet packet)
{
	for (size_t i = HEADER; packet.bytes[i]; i += packet.bytes[i] + 1u)
		for (size_t k = 1; k <= packet.bytes[i]; k++)
			packet.bytes[i + k] = (uint8_t)tolower(packet.bytes[i + k]);
	return packet;
}

static void send_udp(struct responder *responder, uint16_t port, const struct packet *packet)
{
	struct sockaddr_in to = loopback(port);
	sendto(responder->udp, packet->bytes, packet->n, 0, (struct sockaddr *)&to, sizeof(to));
}

static void send_guesses(struct responder *responder, uint16_t port, struct packet packet)
{
	for (unsigned i = 1; i <= 40; i++) {
		packet.bytes[0] ^= (uint8_t)i;
		send_udp(responder, port, &packet);
		packet.bytes[0] ^= (uint8_t)i;
	}
}

static void put_aside(struct responder *responder, uint16_t port, const struct packet *packet)
{
	assert(responder->n_late < MAX_LATE && packet->n <= sizeof(responder->late[0].packet));
	if (responder->n_late == 0)
		mxw_timer_in(&responder->late_timer, LATE_MS);
	memcpy(responder->late[responder->n_late].packet, packet->bytes, packet->n);
	responder->late[responder->n_late].n = packet->n;
	responder->late[responder->n_late++].port = port;
}

/* Fills *ret with the answer, n = 0 for none. What is sent beside it goes out here. */
static void act(struct responder *responder, enum act what, const uint8_t *query, uint16_t port, struct packet *ret)
{
	struct packet right = answer_a(query, 60), wrong = right;
	*ret = right;
	switch (what) {
	case ACT_A:
		return;
	case ACT_A_TTL_0:
		*ret = answer_a(query, 0);
		return;
	case ACT_WRONG_ID:
		wrong.bytes[0] ^= 1;
		send_udp(responder, port, &wrong);
		return;
	case ACT_WRONG_QUESTION:
		wrong.bytes[HEADER + 1] = '_';
		send_udp(responder, port, &wrong);
		return;
	case ACT_NO_RESPONSE_BIT:
		wrong.bytes[2] &= 0x7f;
		send_udp(responder, port, &wrong);
		return;
	case ACT_GARBAGE:
		wrong.n -= 5;
		send_udp(responder, port, &wrong);
		return;
	case ACT_FORGED:
		wrong.bytes[HEADER + 1] = '_';
		for (int i = 0; i < 4; i++)
			send_udp(responder, port, &wrong);
		break;
	case ACT_GUESSED:
		send_guesses(responder, port, wrong);
		break;
	case ACT_LATE:
		put_aside(responder, port, &right);
		break;
	case ACT_TRUNCATED:
		*ret = respond(query, 0x02, 0);
		return;
	case ACT_LOWER_CASE:
		*ret = lower_case(right);
		return;
	case ACT_FORMERR:
		*ret = respond(query, 0, 1);
		return;
	case ACT_FORMERR_HEADER:
		*ret = respond(query, 0, 1);
		ret->n = HEADER;
		ret->bytes[5] = 0;
		return;
	case ACT_SERVFAIL:
		*ret = respond(query, 0, 2);
		return;
	case ACT_BOGUS:
		*ret = answer_bogus(query);
		return;
	case ACT_REFUSED:
		*ret = respond(query, 0, 5);
		return;
	case ACT_NXDOMAIN:
		*ret = answer_nxdomain(query);
		return;
	case ACT_NODATA:
		*ret = respond(query, 0, 0);
		return;
	case ACT_ALIAS:
		*ret = answer_alias(responder, query);
		return;
	case ACT_REFERRAL:
		*ret = answer_referral(query);
		return;
	case ACT_DROP:
	case ACT_CLOSE:
	case ACT_DRIP:
	case ACT_WITH_AA:
		break;
	}
	ret->n = 0;
}

static void act_as(struct responder *responder, enum act what, const uint8_t *query, uint16_t port, struct packet *ret)
{
	act(responder, (enum act)(what & ~ACT_WITH_AA), query, port, ret);
	if (what & ACT_WITH_AA && ret->n) {
		ret->bytes[2] |= 0x04;
		ret->bytes[3] &= 0x7f;
	}
}

static enum act next_act(struct responder *responder, const uint8_t *query, bool over_tcp, uint16_t port)
{
	size_t k = responder->n_seen++;
	if (k < MAX_SEEN) {
		struct seen *seen = &responder->seen[k];
		*seen = (struct seen){ .over_tcp = over_tcp, .port = port };
		seen->id = (uint16_t)(query[0] << 8 | query[1]);
		seen->edns = query[11] == 1;
		seen->checking_disabled = query[3] & 0x10;
		seen->recursion_desired = query[2] & 0x01;
		seen->authentic = query[3] & 0x20;
		for (size_t at = HEADER; query[at]; at += query[at] + 1u) {
			strncat(seen->name, (const char *)query + at + 1, query[at]);
			strcat(seen->name, query[at + query[at] + 1u] ? "." : "");
		}
	}
	return responder->acts[k < responder->n_acts ? k : responder->n_acts - 1];
}

static void on_udp(void *arg, int fd, unsigned ready)
{
	struct responder *responder = arg;
	uint8_t query[MAX_PACKET];
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	ssize_t n = recvfrom(fd, query, sizeof(query), MSG_DONTWAIT, (struct sockaddr *)&from, &len);
	if (n < HEADER)
		return;
	uint16_t port = ntohs(from.sin_port);
	enum act what = next_act(responder, query, false, port);
	struct packet answer;
	act_as(responder, what, query, port, &answer);
	if (answer.n)
		send_udp(responder, port, &answer);
}

static void on_late(void *arg)
{
	struct responder *responder = arg;
	for (size_t i = 0; i < responder->n_late; i++) {
		struct sockaddr_in to = loopback(responder->late[i].port);
		sendto(responder->udp, responder->late[i].packet, responder->late[i].n, 0, (struct sockaddr *)&to,
		       sizeof(to));
	}
	responder->n_late = 0;
}

static void close_client(struct responder *responder)
{
	mxw_io_stop(&responder->client_io);
	if (responder->client >= 0)
		close(responder->client);
	responder->client = -1;
}

static void on_client(void *arg, int fd, unsigned ready)
{
	struct responder *responder = arg;
	uint8_t query[2 + MAX_PACKET];
	ssize_t n = recv(fd, query, sizeof(query), 0);
	if (n < 2 + HEADER) {
		close_client(responder);
		return;
	}
	enum act what = next_act(responder, query + 2, true, 0);
	struct packet answer;
	act_as(responder, what, query + 2, 0, &answer);
	uint8_t prefix[2] = { (uint8_t)(answer.n >> 8), (uint8_t)answer.n };
	if (what == ACT_DRIP)
		send(fd, "", 1, MSG_NOSIGNAL);
	if (what == ACT_DRIP || what == ACT_DROP)
		return;
	if (answer.n) { /* in three pieces, to be put together by the reader */
		send(fd, prefix, 1, MSG_NOSIGNAL);
		send(fd, prefix + 1, 1, MSG_NOSIGNAL);
		send(fd, answer.bytes, answer.n, MSG_NOSIGNAL);
	}
	close_client(responder);
}

static void on_tcp(void *arg, int fd, unsigned ready)
{
	struct responder *responder = arg;
	close_client(responder);
	responder->client = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (responder->client < 0)
		return;
	mxw_io_init(&responder->client_io, responder->loop, responder->client, on_client, responder);
	mxw_io_watch(&responder->client_io, MXW_IO_READ);
}

/* The same port for UDP and TCP; false if TCP has it already for somebody else. */
static bool bind_both(struct responder *responder)
{
	struct sockaddr_in any = loopback(0);
	socklen_t len = sizeof(any);
	responder->udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	responder->tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(responder->udp, (struct sockaddr *)&any, sizeof(any)) == 0 &&
	    getsockname(responder->udp, (struct sockaddr *)&any, &len) == 0 &&
	    bind(responder->tcp, (struct sockaddr *)&any, sizeof(any)) == 0 && listen(responder->tcp, 8) == 0) {
		responder->port = ntohs(any.sin_port);
		return true;
	}
	close(responder->udp);
	close(responder->tcp);
	return false;
}

void responder_start(struct responder *responder, struct mxw_loop *loop, const enum act *acts, size_t n_acts)
{
	*responder = (struct responder){ .loop = loop, .acts = acts, .n_acts = n_acts, .client = -1 };
	while (!bind_both(responder))
		;
	mxw_timer_init(&responder->late_timer, loop, on_late, responder);
	mxw_io_init(&responder->udp_io, loop, responder->udp, on_udp, responder);
	mxw_io_init(&responder->tcp_io, loop, responder->tcp, on_tcp, responder);
	mxw_io_watch(&responder->udp_io, MXW_IO_READ);
	mxw_io_watch(&responder->tcp_io, MXW_IO_READ);
}

void responder_stop(struct responder *responder)
{
	mxw_timer_cancel(&responder->late_timer);
	close_client(responder);
	mxw_io_stop(&responder->udp_io);
	mxw_io_stop(&responder->tcp_io);
	close(responder->udp);
	close(responder->tcp);
}

struct mxw_endpoint responder_endpoint(uint16_t port)
{
	return (struct mxw_endpoint){ .ip = { .family = 4, .bytes = { 127, 0, 0, 1 } }, .port = port };
}

uint16_t responder_unused_port(void)
{
	struct responder gone;
	while (!bind_both(&gone))
		;
	close(gone.udp);
	close(gone.tcp);
	return gone.port;
}
