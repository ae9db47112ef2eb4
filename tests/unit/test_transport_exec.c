/* Programs that behave and programs that do not. */
#include "tests/unit/transport_fixture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct transport_world world;

static int set_up(void **state)
{
	transport_open(&world, &mxw_transport_exec);
	return 0;
}

static int tear_down(void **state)
{
	transport_close(&world);
	return 0;
}

static struct mxw_request shell(const char *script, const char *input, int64_t timeout_ms)
{
	struct mxw_request request = transport_request(MXW_TRANSPORT_EXEC, "", input, timeout_ms);
	assert_int_equal(mxw_request_add_arg(&request, "/bin/sh"), 0);
	assert_int_equal(mxw_request_add_arg(&request, "-c"), 0);
	assert_int_equal(mxw_request_add_arg(&request, script), 0);
	assert_int_equal(mxw_request_add_header(&request, "MXWATCH_ID", "e-1-1"), 0);
	return request;
}

static void test_outcomes(void **state)
{
	static const struct {
		const char *script;
		enum mxw_result_status status;
		const char *text;
	} rows[] = {
		{ "exit 0", MXW_DELIVERED, "exit status 0" },
		{ "read line; test \"$line\" = '{\"event\":1}' && test $MXWATCH_ID = e-1-1", MXW_DELIVERED,
		  "exit status 0" },
		{ "test -z \"$MXW_TEST_LEAK\" && test $PWD = /", MXW_DELIVERED, "exit status 0" },
		{ "echo well done; echo second line", MXW_DELIVERED, "exit status 0: well done" },
		{ "echo went wrong >&2; exit 1", MXW_RETRY, "exit status 1: went wrong" },
		{ "exit 75", MXW_RETRY, "exit status 75" },
		{ "exit 126", MXW_PARKED, "exit status 126" },
		{ "/nonexistent", MXW_PARKED, "exit status 127" },
		{ "kill -9 $$", MXW_RETRY, "ended by signal 9" },
		{ "sleep 1000 & exit 0", MXW_DELIVERED, "exit status 0" }, /* what it leaves behind is not waited for */
		{ "head -c 1000000 /dev/zero; exit 0", MXW_DELIVERED, "exit status 0" },
	};
	setenv("MXW_TEST_LEAK", "x", 1);
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_request request = shell(rows[i].script, "{\"event\":1}", 10000);
		transport_expect(&world, &request, rows[i].status, rows[i].text);
	}
}

static void test_large_input(void **state)
{
	char *input = malloc(900001);
	assert_non_null(input);
	memset(input, 'x', 900000);
	input[900000] = '\0';
	struct mxw_request request = shell("exec wc -c", input, 10000);
	transport_expect(&world, &request, MXW_DELIVERED, "exit status 0: 900000");
	request = shell("exit 0", input, 10000); /* nobody reads it */
	transport_expect(&world, &request, MXW_DELIVERED, "exit status 0");
	free(input);
}

static void test_what_cannot_be_started(void **state)
{
	struct mxw_request request = transport_request(MXW_TRANSPORT_EXEC, "", "", 1000);
	transport_expect(&world, &request, MXW_PARKED, "no program");
	static const char *const programs[] = { "true", "/nonexistent", "/etc/passwd" };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(programs); i++) {
		request = transport_request(MXW_TRANSPORT_EXEC, "", "", 1000);
		assert_int_equal(mxw_request_add_arg(&request, programs[i]), 0);
		transport_expect(&world, &request, MXW_PARKED, i ? "cannot be started: " : "no program");
	}
	request = shell("exit 0", "", 1000);
	assert_int_equal(mxw_request_add_header(&request, "LD_PRELOAD", "/tmp/evil.so"), 0);
	transport_expect(&world, &request, MXW_PARKED, "cannot be started: ");
}

static pid_t read_pid(const char *path)
{
	char text[32] = "";
	for (int i = 0; i < 1000 && !strchr(text, '\n'); i++) {
		FILE *file = fopen(path, "re");
		if (file) {
			if (!fgets(text, sizeof(text), file))
				text[0] = '\0';
			fclose(file);
		}
		usleep(5000);
	}
	return (pid_t)strtol(text, NULL, 10);
}

/* Gone, or dead and waiting for a parent that reaps it. */
static bool is_dead(pid_t pid)
{
	char path[64], line[256] = "";
	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	FILE *file = fopen(path, "re");
	if (!file)
		return true;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	const char *end = strrchr(line, ')');
	return !end || end[2] == 'Z' || end[2] == 'X';
}

static void test_a_timeout_kills_the_whole_group(void **state)
{
	char script[256];
	snprintf(script, sizeof(script), "sleep 1000 & echo $! >%s; echo still here; wait",
		 transport_path(&world, "pid"));
	struct mxw_request request = shell(script, "", 300);
	transport_expect(&world, &request, MXW_RETRY, "timeout, killed: still here");
	pid_t child = read_pid(transport_path(&world, "pid"));
	assert_true(child > 0);
	for (int i = 0; i < 200 && !is_dead(child); i++)
		usleep(10000);
	assert_true(is_dead(child));
	unlink(transport_path(&world, "pid"));
}

static void test_four_at_once(void **state)
{
	char script[256];
	const char *path = transport_path(&world, "count");
	/* Each leaves a mark while it runs and tells how many marks it saw. */
	snprintf(script, sizeof(script), "d=%s.$$; : >$d; sleep 0.2; ls %s.* | wc -l; rm $d", path, path);
	for (int i = 0; i < 10; i++) {
		struct mxw_request request = shell(script, "", 10000);
		transport_submit(&world, &request);
	}
	transport_wait(&world, world.n_results + 10);
	int most = 0;
	for (size_t i = world.n_results - 10; i < world.n_results; i++) {
		assert_int_equal(world.results[i].status, MXW_DELIVERED);
		int seen = atoi(strchr(world.results[i].text, ':') + 1);
		most = seen > most ? seen : most;
	}
	assert_int_equal(most, 4);
}

static void test_closing_kills_what_runs(void **state)
{
	char script[256];
	snprintf(script, sizeof(script), "echo $$ >%s; exec sleep 1000", transport_path(&world, "pid"));
	struct mxw_request request = shell(script, "", 100000);
	transport_submit(&world, &request);
	transport_run(&world, 10);
	pid_t child = read_pid(transport_path(&world, "pid"));
	unlink(transport_path(&world, "pid"));
	transport_close(&world);
	assert_int_equal(kill(child, 0), -1);
	transport_open(&world, &mxw_transport_exec); /* for tear_down */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_outcomes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_large_input, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_cannot_be_started, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_timeout_kills_the_whole_group, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_four_at_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_closing_kills_what_runs, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
