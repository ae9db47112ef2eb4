/* Random worlds against the properties of alerts.md 4.
 *
 *	worlds [--from SEED] [--runs N]		N worlds from that seed on
 *	worlds --seed SEED			this one, with what the daemon said and what it stored
 *	worlds --minimise SEED			the same world made as small as possible
 *
 * A world that breaks a promise is made smaller, while it breaks the same one, and printed as a scenario. Each world is played
 * in a child process: a daemon that crashes is a broken promise like any other. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <unistd.h>

#include "daemon/log.h"
#include "lib/base/util.h"
#include "tests/property/compare.h"
#include "tests/property/condition.h"
#include "tests/property/judge.h"
#include "tests/property/shrink.h"

enum { COMPARED_OF = 8 }; /* each world of so many is played once more for A10 */

/* What children tell, in memory that is shared with them. */
struct report {
	uint64_t seed; /* of the world that is played */
	size_t n_worlds, n_events, n_rounds;
	struct judgement judgement; /* its property points to text that both have */
	bool is_done;
};
static struct report *report;

static const char crash[] = "crash";

static bool is_compared(uint64_t seed)
{
	return seed % COMPARED_OF == 0;
}

static void make_plan(struct plan *ret, uint64_t seed)
{
	plan_roll(ret, seed);
	if (is_compared(seed))
		compare_prepare(ret);
}

/* ---- in the child ---- */

static void print_trace(const struct trace *trace)
{
	for (size_t i = 0; i < trace->n_events; i++) {
		const struct trace_event *event = &trace->events[i];
		printf("%9.3f s  %s  %s %s %s, %s -> %s%s%s  %s\n", (double)event->at_ms / SECOND, event->id,
		       event->kind, event->domain, event->check, mxw_severity_name(event->from),
		       mxw_severity_name(event->to), *event->muted_by ? ", not told: " : "", event->muted_by,
		       event->n_findings ? event->findings[0].id : "");
	}
}

static void play_one(const struct plan *plan, bool is_loud)
{
	static struct trace trace; /* large */
	play(&trace, plan);
	judge(&report->judgement, &trace);
	report->n_worlds++;
	report->n_events += trace.n_events;
	report->n_rounds += trace.n_rounds;
	if (is_loud)
		print_trace(&trace);
	struct compare_lines lines;
	compare_take(&lines, plan);
	play_done(&trace);
	if (!report->judgement.property && is_compared(plan->seed))
		compare(&report->judgement, plan, &lines);
	compare_done(&lines);
}

/* Runs `run` in a child. Afterwards the report says what became of it. */
static void in_child(void (*run)(void *arg), void *arg, bool is_quiet)
{
	fflush(NULL);
	report->is_done = false;
	report->judgement = (struct judgement){ 0 };
	pid_t pid = fork();
	if (pid < 0) {
		perror("fork");
		exit(2);
	}
	if (pid == 0) {
		int fd = is_quiet ? open("/dev/null", O_WRONLY | O_CLOEXEC) : -1;
		if (fd >= 0)
			dup2(fd, STDERR_FILENO);
		run(arg);
		report->is_done = true;
		exit(0); /* what has leaked is found now */
	}
	int status = 0;
	waitpid(pid, &status, 0);
	if (!report->is_done || status != 0)
		judge_broken(&report->judgement, crash, "the child ended with status %#x", (unsigned)status);
}

struct range {
	uint64_t from;
	unsigned long n;
};

static void run_range(void *arg)
{
	const struct range *range = arg;
	mxw_log_open((enum mxw_log_level)0);
	for (unsigned long i = 0; i < range->n && !report->judgement.property; i++) {
		struct plan plan;
		report->seed = range->from + i;
		make_plan(&plan, report->seed);
		play_one(&plan, false);
	}
}

static void run_quietly(void *arg)
{
	mxw_log_open((enum mxw_log_level)0);
	play_one(arg, false);
}

static void run_loudly(void *arg)
{
	play_one(arg, true);
}

/* ---- in the parent ---- */

static void print_plan(const struct plan *plan)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	plan_add_scenario(&text, plan);
	fputs(mxw_strbuf_get(&text), stdout);
}

static void show(struct plan *plan)
{
	print_plan(plan);
	in_child(run_loudly, plan, false);
	if (report->judgement.property)
		printf("%s: %s\n", report->judgement.property, report->judgement.text);
}

static bool fails_alike(void *arg, const struct plan *plan)
{
	const char *property = arg;
	struct plan copy = *plan;
	in_child(run_quietly, &copy, true);
	return report->judgement.property && strcmp(report->judgement.property, property) == 0;
}

static void minimise(uint64_t seed)
{
	struct plan plan;
	char property[32];
	make_plan(&plan, seed);
	in_child(run_quietly, &plan, true);
	if (!report->judgement.property) {
		printf("seed %llu breaks nothing alone\n", (unsigned long long)seed);
		return;
	}
	snprintf(property, sizeof(property), "%s", report->judgement.property);
	shrink(&plan, fails_alike, property);
	printf("\nThe same with fewer deeds (seed %llu, %s):\n\n", (unsigned long long)seed, property);
	show(&plan);
}

static int run_all(uint64_t from, unsigned long n)
{
	struct range range = { from, n };
	in_child(run_range, &range, false);
	printf("%zu worlds, %zu rounds, %zu events\n", report->n_worlds, report->n_rounds, report->n_events);
	if (!report->judgement.property)
		return 0;
	printf("seed %llu: %s: %s\n", (unsigned long long)report->seed, report->judgement.property,
	       report->judgement.text);
	fflush(stdout);
	minimise(report->seed);
	return 1;
}

int main(int argc, char *argv[])
{
	static const struct option options[] = { { "from", required_argument, NULL, 'f' },
						 { "runs", required_argument, NULL, 'n' },
						 { "seed", required_argument, NULL, 's' },
						 { "minimise", required_argument, NULL, 'm' },
						 { 0 } };
	uint64_t from = 1;
	unsigned long n = 100;
	struct plan plan;
	report = mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (report == MAP_FAILED)
		return 2;
	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == 'f') {
			from = strtoull(optarg, NULL, 10);
		} else if (c == 'n') {
			n = strtoul(optarg, NULL, 10);
		} else if (c == 's') {
			make_plan(&plan, strtoull(optarg, NULL, 10));
			show(&plan);
			return report->judgement.property ? 1 : 0;
		} else if (c == 'm') {
			minimise(strtoull(optarg, NULL, 10));
			return report->judgement.property ? 1 : 0;
		} else {
			fprintf(stderr, "usage: worlds [--from SEED] [--runs N] | --seed SEED | --minimise SEED\n");
			return 2;
		}
	}
	return run_all(from, n);
}
