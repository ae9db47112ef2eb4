/* A resolver for servers of zones that has many of them, and much to ask: paces, indices, descriptors. */
#include "tests/unit/resolver_world.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

static struct mxw_endpoint many(unsigned i, uint16_t port)
{
	struct mxw_endpoint endpoint = responder_endpoint(port);
	endpoint.ip.bytes[2] = (uint8_t)(1 + i / 250);
	endpoint.ip.bytes[3] = (uint8_t)(1 + i % 250);
	return endpoint;
}

static void test_too_many(void **state)
{
	enum { N = MXW_RESOLVER_MAX_SERVERS };
	size_t index = 0;
	for (unsigned i = 2; i < N; i++) { /* two are there */
		struct mxw_endpoint endpoint = many(i, 53);
		assert_int_equal(mxw_resolver_add_server(world.resolver, &endpoint, 0, &index), 0);
		assert_int_equal(index, i);
	}
	struct mxw_endpoint endpoint = many(N, 53);
	assert_int_equal(mxw_resolver_add_server(world.resolver, &endpoint, 0, &index), -ENOSPC);
	assert_int_equal(mxw_resolver_add_server(world.resolver, &world.spec.addresses[0], 0, &index), 0);
	assert_int_equal(index, 0); /* who is there is found */
	mxw_resolver_drop_server(world.resolver, 1000);
	run_for(5);
	assert_int_equal(mxw_resolver_add_server(world.resolver, &endpoint, 0, &index), 0);
	assert_int_equal(index, 1000);
}

/* ---- limits ---- */

static void test_pace(void **state)
{
	struct asked asked[20], other;
	ask_many(asked, 20);
	assert_int_equal(counters().in_flight, MXW_RESOLVER_SERVER_IN_FLIGHT);
	assert_int_equal(counters().queued, 20 - MXW_RESOLVER_SERVER_IN_FLIGHT);
	for (size_t i = 0; i < 20; i++) {
		wait_for(&asked[i]);
		assert_int_equal(asked[i].answer->outcome, MXW_OUTCOME_ANSWER);
		done(&asked[i]);
	}
	world.max_qps = 0; /* the default: 2 at once, then one each 20 ms */
	make_resolver();
	int64_t start_ms = mxw_clock_monotonic_ms();
	ask_many(asked, 7);
	assert_int_equal(counters().queued, 5);
	ask_upstream(&other, 1, "mx1.example.org", FRESH); /* each has its own */
	wait_for(&other);
	done(&other);
	for (size_t i = 0; i < 7; i++) {
		wait_for(&asked[i]);
		done(&asked[i]);
	}
	assert_in_range(mxw_clock_monotonic_ms() - start_ms, 90, LONG_MS);
}

static void test_too_long_in_the_queue(void **state)
{
	struct asked asked[3];
	world.max_qps = 1;
	world.timeout_ms = 250; /* less than a third of the second that the next token takes */
	make_resolver();
	ask_many(asked, 3);
	for (size_t i = 0; i < 3; i++) {
		wait_for(&asked[i]);
		assert_int_equal(asked[i].answer->outcome, i ? MXW_OUTCOME_TIMEOUT : MXW_OUTCOME_ANSWER);
		assert_int_equal(asked[i].answer->never_sent, i > 0);
		done(&asked[i]);
	}
	assert_int_equal(world.servers[0].n_seen, 1);
}

static size_t n_descriptors(void)
{
	size_t n = 0;
	DIR *dir = opendir("/proc/self/fd");
	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

/* A server on all loopback addresses at once, which answers from where it was asked, or is silent. */
static struct everywhere {
	int fd;
	struct mxw_io io;
	uint16_t port;
	size_t n_seen;
	bool is_silent;
} everywhere;

static void on_everywhere(void *arg, int fd, unsigned ready)
{
	static const uint8_t record[] = { 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1 };
	uint8_t packet[512], control[CMSG_SPACE(sizeof(struct in_pktinfo))];
	struct sockaddr_in from;
	struct iovec part = { .iov_base = packet, .iov_len = sizeof(packet) - sizeof(record) };
	struct msghdr message = { .msg_name = &from,
				  .msg_namelen = sizeof(from),
				  .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(fd, &message, MSG_DONTWAIT);
	if (n < 12)
		return;
	everywhere.n_seen++;
	if (everywhere.is_silent)
		return;
	size_t end = 12;
	while (packet[end])
		end += packet[end] + 1u;
	end += 5;
	packet[2] = 0x84; /* QR, AA */
	memset(packet + 6, 0, 6);
	packet[7] = 1;
	memcpy(packet + end, record, sizeof(record));
	part.iov_len = end + sizeof(record);
	struct cmsghdr *first = CMSG_FIRSTHDR(&message);
	if (!first) {
		fail_msg("the kernel does not say where it came in");
		return;
	}
	struct in_pktinfo *info = (struct in_pktinfo *)(void *)CMSG_DATA(first);
	info->ipi_ifindex = 0;
	info->ipi_spec_dst = info->ipi_addr;
	assert_true(sendmsg(fd, &message, 0) > 0);
}

static int set_up_everywhere(void **state)
{
	struct sockaddr_in any = { .sin_family = AF_INET };
	socklen_t len = sizeof(any);
	int on = 1;
	if (set_up_servers(state) < 0)
		return -1;
	everywhere = (struct everywhere){ .fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0) };
	if (setsockopt(everywhere.fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)) < 0 ||
	    bind(everywhere.fd, (struct sockaddr *)&any, sizeof(any)) < 0 ||
	    getsockname(everywhere.fd, (struct sockaddr *)&any, &len) < 0)
		return -1;
	everywhere.port = ntohs(any.sin_port);
	mxw_io_init(&everywhere.io, world.loop, everywhere.fd, on_everywhere, NULL);
	return mxw_io_watch(&everywhere.io, MXW_IO_READ);
}

static int tear_down_everywhere(void **state)
{
	mxw_io_stop(&everywhere.io);
	close(everywhere.fd);
	return tear_down(state);
}
#define TEST_EVERYWHERE(name) cmocka_unit_test_setup_teardown(name, set_up_everywhere, tear_down_everywhere)

enum { MANY = 500, MAX_OPEN = 192 };

/* As many questions as there are servers, one each. */
static void ask_everywhere(struct asked asked[MANY])
{
	for (unsigned i = 0; i < MANY; i++) {
		struct mxw_endpoint endpoint = many(i, everywhere.port);
		size_t index = 0;
		assert_int_equal(mxw_resolver_add_server(world.resolver, &endpoint, 1000, &index), 0);
		ask_upstream(&asked[i], index, "mx1.example.org", FRESH);
	}
}

static void test_many_servers_share_few_sockets(void **state)
{
	static struct asked asked[MANY];
	size_t n_before = n_descriptors(), n_most = 0;
	ask_everywhere(asked);
	for (unsigned i = 0; i < MANY; i++) {
		wait_for(&asked[i]);
		assert_int_equal(asked[i].answer->outcome, MXW_OUTCOME_ANSWER);
		done(&asked[i]);
		n_most = MXW_MAX(n_most, n_descriptors());
	}
	/* Nobody was asked twice: no question lost its time for want of a socket. */
	assert_int_equal(everywhere.n_seen, MANY);
	assert_in_range(n_most - n_before, MAX_OPEN / 2, MAX_OPEN);
	run_for(2500);
	assert_int_equal(n_descriptors(), n_before); /* all idle for two seconds */
}

static void test_many_silent_servers(void **state)
{
	static struct asked asked[MANY];
	everywhere.is_silent = true;
	world.timeout_ms = 1000;
	make_resolver();
	size_t n_before = n_descriptors(), n_most = 0;
	ask_everywhere(asked);
	for (unsigned i = 0; i < MANY; i++) {
		wait_for(&asked[i]);
		assert_int_equal(asked[i].answer->outcome, MXW_OUTCOME_TIMEOUT);
		assert_false(asked[i].answer->never_sent);
		done(&asked[i]);
		n_most = MXW_MAX(n_most, n_descriptors());
	}
	assert_in_range(everywhere.n_seen, MANY, 2 * MANY);  /* with EDNS and without, unless the machine is slow */
	assert_in_range(n_most - n_before, 1, 2 * MAX_OPEN); /* UDP, and then TCP */
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST_SERVERS(test_too_many),
		TEST_SERVERS(test_pace),
		TEST_SERVERS(test_too_long_in_the_queue),
		TEST_EVERYWHERE(test_many_servers_share_few_sockets),
		TEST_EVERYWHERE(test_many_silent_servers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
