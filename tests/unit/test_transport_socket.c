/* Lines and entries over sockets: local ones that are absent, restarted or full, UDP, and TCP with acknowledgement. */
#include "tests/unit/transport_fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct transport_world world;

static int set_up_syslog(void **state)
{
	transport_open(&world, &mxw_transport_syslog);
	return 0;
}

static int set_up_journal(void **state)
{
	transport_open(&world, &mxw_transport_journal);
	return 0;
}

static int tear_down(void **state)
{
	transport_close(&world);
	return 0;
}

static int bind_local(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	assert_true(strlen(path) < sizeof(address.sun_path));
	strcpy(address.sun_path, path);
	unlink(path);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static int bind_inet(int type, uint16_t *ret_port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(address);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, n), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &n), 0);
	*ret_port = ntohs(address.sin_port);
	return fd;
}

static struct mxw_request line(const char *address, const char *body, int64_t timeout_ms)
{
	struct mxw_request request = transport_request(MXW_TRANSPORT_SYSLOG, address, body, timeout_ms);
	assert_int_equal(mxw_request_add_header(&request, "pri", "26"), 0);
	assert_int_equal(mxw_request_add_header(&request, "app", "mxwatch"), 0);
	assert_int_equal(mxw_request_add_header(&request, "host", "watch"), 0);
	assert_int_equal(mxw_request_add_header(&request, "msgid", "problem"), 0);
	return request;
}

static void expect_datagram(int fd, const char *start, const char *end)
{
	char bytes[2048];
	ssize_t n = recv(fd, bytes, sizeof(bytes) - 1, MSG_DONTWAIT);
	assert_true(n > 0);
	bytes[n] = '\0';
	assert_int_equal(strncmp(bytes, start, strlen(start)), 0);
	assert_true((size_t)n > strlen(end));
	assert_string_equal(bytes + n - strlen(end), end);
	assert_null(strchr(bytes, '\n'));
}

static void test_local_socket(void **state)
{
	char address[128];
	snprintf(address, sizeof(address), "unix:%s", transport_path(&world, "log"));
	const char *path = address + 5;
	struct mxw_request request = line(address, "absent", 1000);
	transport_expect(&world, &request, MXW_RETRY, "connect: No such file or directory");
	int fd = bind_local(path);
	request = line(address, "first\nline", 1000);
	transport_expect(&world, &request, MXW_DELIVERED, "sent");
	expect_datagram(fd, "<26>", "]: first\\x0aline");
	close(fd);
	request = line(address, "nobody", 1000);
	transport_expect(&world, &request, MXW_RETRY, "connect: Connection refused");
	fd = bind_local(path); /* back under the same name, as after a restart */
	request = line(address, "second", 1000);
	transport_expect(&world, &request, MXW_DELIVERED, "sent");
	close(fd);
	fd = bind_local(path); /* restarted between two lines: no delivery is lost to it */
	request = line(address, "third", 1000);
	transport_expect(&world, &request, MXW_DELIVERED, "sent");
	expect_datagram(fd, "<26>", "]: third");
	close(fd);
	unlink(path);
}

static void test_a_full_socket_delays_its_own_lines_only(void **state)
{
	char full[128], other[128];
	snprintf(full, sizeof(full), "unix:%s", transport_path(&world, "full"));
	snprintf(other, sizeof(other), "unix:%s", transport_path(&world, "other"));
	int stalled = bind_local(full + 5), reader = bind_local(other + 5);
	enum {
		N = 400
	}; /* more than the queue of a local socket takes: by number, or by the memory that the sender may use */
	struct mxw_request request;
	for (int i = 0; i < N; i++) {
		request = line(
			full, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
			700);
		transport_submit(&world, &request);
	}
	size_t accepted = world.n_results;
	assert_true(accepted > 0 && accepted < N);
	for (size_t i = 0; i < accepted; i++)
		assert_int_equal(world.results[i].status, MXW_DELIVERED);
	request = line(other, "quick", 700);
	transport_expect(&world, &request, MXW_DELIVERED, "sent");
	expect_datagram(reader, "<26>", "quick");
	/* Room for two: two more go out, in order. */
	char bytes[2048];
	assert_true(recv(stalled, bytes, sizeof(bytes), 0) > 0);
	assert_true(recv(stalled, bytes, sizeof(bytes), 0) > 0);
	transport_wait(&world, accepted + 3);
	assert_int_equal(world.results[accepted + 1].status, MXW_DELIVERED);
	assert_int_equal(world.results[accepted + 2].delivery, world.results[accepted + 1].delivery + 1);
	transport_wait(&world, N + 1); /* the others are told after their time */
	assert_int_equal(world.results[N].status, MXW_RETRY);
	assert_string_equal(world.results[N].text, "no room in the socket: timeout");
	close(stalled);
	close(reader);
	unlink(full + 5);
	unlink(other + 5);
}

static void test_bad_addresses(void **state)
{
	static const char *const rows[] = { "", "log", "unix:log", "udp:127.0.0.1", "tcp:127.0.0.1:0" };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_request request = line(rows[i], "x", 1000);
		transport_expect(&world, &request, MXW_PARKED, "bad syslog address");
	}
}

static void test_udp(void **state)
{
	uint16_t port;
	int fd = bind_inet(SOCK_DGRAM, &port);
	static const char *const hosts[] = { "127.0.0.1", "localhost" };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(hosts); i++) {
		char address[64];
		snprintf(address, sizeof(address), "udp:%s:%u", hosts[i], port);
		struct mxw_request request = line(address, "by udp", 1000);
		transport_expect(&world, &request, MXW_DELIVERED, "sent");
		expect_datagram(fd, "<26>1 20", " problem - by udp");
	}
	close(fd);
}

static void read_frame(int fd, const char *end)
{
	char bytes[512];
	size_t n = 0, length = 0;
	char *start = NULL;
	while (!start || n < (size_t)(start - bytes) + length) {
		ssize_t more = recv(fd, bytes + n, 1, 0); /* no octet of the next frame */
		assert_int_equal(more, 1);
		n++;
		bytes[n] = '\0';
		if (!start && bytes[n - 1] == ' ') {
			start = bytes + n;
			length = strtoul(bytes, NULL, 10);
			assert_true(length > 0 && length < sizeof(bytes) - n - 1);
		}
	}
	assert_int_equal(strncmp(start, "<26>1 20", 8), 0);
	assert_string_equal(bytes + n - strlen(end), end);
}

static void test_tcp(void **state)
{
	uint16_t port;
	char address[64];
	int listener = bind_inet(SOCK_STREAM, &port);
	snprintf(address, sizeof(address), "tcp:127.0.0.1:%u", port);
	struct mxw_request request = line(address, "refused", 1000);
	transport_expect(&world, &request, MXW_RETRY, "connect: Connection refused");
	assert_int_equal(listen(listener, 5), 0);
	request = line(address, "first", 1000);
	transport_expect(&world, &request, MXW_DELIVERED, "acknowledged");
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	assert_true(fd >= 0);
	read_frame(fd, " - first");
	request = line(address, "second", 1000);
	transport_expect(&world, &request, MXW_DELIVERED, "acknowledged");
	read_frame(fd, " - second"); /* the same connection */
	close(fd);
	transport_run(&world, 50); /* its end is noticed */
	request = line(address, "third", 1000);
	transport_expect(&world, &request, MXW_DELIVERED, "acknowledged");
	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	read_frame(fd, " - third");
	close(fd);
	close(listener);
}

static void test_tcp_without_acknowledgement(void **state)
{
	uint16_t port;
	char address[64], text[1001];
	enum { N = 450 };
	int listener = bind_inet(SOCK_STREAM, &port);
	static const int small = 4096;
	assert_int_equal(setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)), 0);
	assert_int_equal(listen(listener, 5), 0);
	snprintf(address, sizeof(address), "tcp:127.0.0.1:%u", port);
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (int i = 0; i < N; i++) { /* nobody accepts, nobody reads */
		struct mxw_request request = line(address, text, 500);
		transport_submit(&world, &request);
	}
	transport_wait(&world, N);
	size_t delivered = 0;
	for (size_t i = 0; i < N; i++)
		delivered += world.results[i].status == MXW_DELIVERED;
	assert_true(delivered < N / 2); /* what only our own kernel holds is not delivered */
	assert_int_equal(world.results[N - 1].status, MXW_RETRY);
	close(listener);
}

static void test_names_that_do_not_exist(void **state)
{
	struct mxw_request request = line("tcp:nowhere.invalid:514", "x", 10000);
	transport_expect(&world, &request, MXW_RETRY, "name lookup: ");
	request = line("udp:nowhere.invalid:514", "x", 10000);
	transport_expect(&world, &request, MXW_RETRY, "name lookup: ");
}

static void test_journal(void **state)
{
	char path[128], bytes[256];
	snprintf(path, sizeof(path), "%s", transport_path(&world, "journal"));
	int fd = bind_local(path);
	struct mxw_request request = transport_request(MXW_TRANSPORT_JOURNAL, path, "", 1000);
	assert_int_equal(mxw_request_add_header(&request, "MESSAGE", "hello"), 0);
	assert_int_equal(mxw_request_add_header(&request, "PRIORITY", "2"), 0);
	transport_expect(&world, &request, MXW_DELIVERED, "sent");
	ssize_t n = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);
	assert_int_equal(n, strlen("MESSAGE=hello\nPRIORITY=2\n"));
	assert_memory_equal(bytes, "MESSAGE=hello\nPRIORITY=2\n", n);
	request = transport_request(MXW_TRANSPORT_JOURNAL, path, "", 1000);
	assert_int_equal(mxw_request_add_header(&request, "_UID", "0"), 0); /* trusted fields are the journal's own */
	transport_expect(&world, &request, MXW_PARKED, "bad journal address or field");
	request = transport_request(MXW_TRANSPORT_JOURNAL, "relative", "", 1000);
	transport_expect(&world, &request, MXW_PARKED, "bad journal address or field");
	close(fd);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_local_socket, set_up_syslog, tear_down),
		cmocka_unit_test_setup_teardown(test_a_full_socket_delays_its_own_lines_only, set_up_syslog, tear_down),
		cmocka_unit_test_setup_teardown(test_bad_addresses, set_up_syslog, tear_down),
		cmocka_unit_test_setup_teardown(test_udp, set_up_syslog, tear_down),
		cmocka_unit_test_setup_teardown(test_tcp, set_up_syslog, tear_down),
		cmocka_unit_test_setup_teardown(test_tcp_without_acknowledgement, set_up_syslog, tear_down),
		cmocka_unit_test_setup_teardown(test_names_that_do_not_exist, set_up_syslog, tear_down),
		cmocka_unit_test_setup_teardown(test_journal, set_up_journal, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, transport_let_threads_end);
}
