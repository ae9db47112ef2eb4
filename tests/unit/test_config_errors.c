/* Wrong configurations, and the exact lines that users get for them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/config_source.h"

#define F "/etc/mxwatch.yaml:"
/* One good resolver, domain and notifier on the first three lines: what follows stands alone in line 4. */
#define GOOD "resolvers: [9.9.9.9]\ndomains: [example.com]\nnotifiers: [{ name: log, type: syslog }]\n"

struct row {
	const char *text, *diags; /* every line without the name of the file */
};

/* `diags` of a row names the file in no line: it is put before each that does not begin with '/'. */
static void add_expected(const char *diags, struct mxw_strbuf *ret)
{
	for (const char *line = diags; *line; line = strchr(line, '\n') + 1) {
		if (*line != '/')
			mxw_strbuf_adds(ret, F);
		mxw_strbuf_add(ret, line, (size_t)(strchr(line, '\n') - line) + 1);
	}
}

static void expect_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf diags = MXW_STRBUF_INIT, expected = MXW_STRBUF_INIT;
		mxw_config_free(test_config_read_text(rows[i].text, &diags));
		add_expected(rows[i].diags, &expected);
		if (strcmp(mxw_strbuf_get(&diags), mxw_strbuf_get(&expected)) != 0)
			fail_msg("%s\n-> %s", rows[i].text, mxw_strbuf_get(&diags));
	}
}

static void test_resolvers(void **state)
{
	static const struct row rows[] = {
		{ "", "1:1: resolvers: missing, expected a list of resolvers such as [9.9.9.9, 1.1.1.1]\n" },
		{ "domains: [a.example]",
		  "1:1: resolvers: missing, expected a list of resolvers such as [9.9.9.9, 1.1.1.1]\n" },
		{ "[9.9.9.9]", "1:1: top level: found a list, expected a mapping\n" },
		{ "resolvers: []", "1:12: resolvers: an empty list, expected at least one resolver such as 9.9.9.9\n" },
		{ "resolvers:",
		  "1:11: resolvers: found nothing, expected a list of resolvers such as [9.9.9.9, 1.1.1.1]\n" },
		{ "resolvers: 9.9.9.9", "1:12: resolvers: found text \"9.9.9.9\", expected a list of resolvers such as "
					"[9.9.9.9, 1.1.1.1]\n" },
		{ "resolvers: [9.9.9.999, dns.example, 9.9.9.9:0, '[::1]', 'fe80::1', ~, [x]]",
		  "1:13: resolvers[0]: \"9.9.9.999\" is no address, expected an address, address:port, [IPv6]:port or "
		  "system\n"
		  "1:24: resolvers[1]: \"dns.example\" is no address, expected an address, address:port, [IPv6]:port "
		  "or system\n"
		  "1:37: resolvers[2]: \"9.9.9.9:0\" is no address, expected an address, address:port, [IPv6]:port or "
		  "system\n"
		  "1:48: resolvers[3]: \"[::1]\" is no address, expected an address, address:port, [IPv6]:port or "
		  "system\n"
		  "1:57: resolvers[4]: \"fe80::1\" is no address, expected an address, address:port, [IPv6]:port or "
		  "system\n"
		  "1:68: resolvers[5]: found nothing, expected an address, address:port, [IPv6]:port or system\n"
		  "1:71: resolvers[6]: found a list, expected an address, address:port, [IPv6]:port or system\n" },
		{ "resolvers:\n- 9.9.9.9\n- 1.1.1.1\n- 9.9.9.9:53\n",
		  "4:3: resolvers[2]: 9.9.9.9 port 53 is given twice, first in line 2; expected every operator once, "
		  "as one vote\n" },
		{ "resolvers:\n- 2620:fe::fe\n- '[2620:FE:0::FE]:53'\n",
		  "3:3: resolvers[1]: 2620:fe::fe port 53 is given twice, first in line 2; expected every operator "
		  "once, as one vote\n" },
		{ "resolvers:\n- { addresses: [8.8.8.8, 8.8.4.4] }\n- { name: x, address: 8.8.4.4 }\n",
		  "3:3: resolvers[1]: 8.8.4.4 port 53 is given twice, first in line 2; expected every operator once, "
		  "as one vote\n" },
		{ "resolvers:\n- { name: x, address: 8.8.8.8 }\n- { name: x, address: 8.8.4.4 }\n",
		  "3:3: resolvers[1]: the name is given twice, first in line 2; expected every operator once, as one "
		  "vote\n" },
		{ "resolvers: [{ addresses: [8.8.8.8, 8.8.8.8:53] }]",
		  "1:36: resolvers[0].addresses[1]: \"8.8.8.8:53\" is given twice, expected once\n" },
		{ "resolvers: [{ name: x }]",
		  "1:13: resolvers[0].address: missing, expected either address or addresses\n" },
		{ "resolvers: [{ address: 8.8.8.8, addresses: [8.8.4.4] }]",
		  "1:24: resolvers[0].address: given beside addresses, expected either address or addresses\n" },
		{ "resolvers: [{ addresses: [] }]",
		  "1:26: resolvers[0].addresses: an empty list, expected at least one address\n" },
		{ "resolvers: [{ addresses: [system] }]", "1:27: resolvers[0].addresses[0]: \"system\" is no address, "
							  "expected an address, address:port or [IPv6]:port\n" },
		{ "resolvers: [{ addresses: [1.0.0.1, 1.0.0.2, 1.0.0.3, 1.0.0.4, 1.0.0.5, 1.0.0.6, 1.0.0.7, 1.0.0.8, "
		  "1.0.0.9] }]",
		  "1:99: resolvers[0].addresses[8]: too many addresses, expected at most 8\n" },
		{ "resolvers: [{ address: 8.8.8.8, max_qps: 0, adress: x }]",
		  "1:42: resolvers[0].max_qps: \"0\" is out of range, expected a number from 1 to 1000000\n"
		  "1:45: resolvers[0].adress: unknown key, did you mean \"address\"?\n" },
		{ "resolvers: [1.0.0.1, 1.0.0.2, 1.0.0.3, 1.0.0.4, 1.0.0.5, 1.0.0.6, 1.0.0.7, 1.0.0.8, 1.0.0.9, "
		  "1.0.1.0, 1.0.1.1, 1.0.1.2,"
		  " 1.0.1.3, 1.0.1.4, 1.0.1.5, 1.0.1.6, 1.0.1.7]",
		  "1:12: resolvers: a list of 17 resolvers, expected at most 16\n" },
		{ "resolvers: [system]", "1:13: resolvers[0]: system: /etc/resolv.conf does not exist, expected a file "
					 "with nameserver lines\n" },
	};
	expect_rows(rows, MXW_ARRAY_SIZE(rows));
}

static void test_quorum(void **state)
{
	static const struct row rows[] = {
		{ GOOD "quorum: most", "4:9: quorum: found text \"most\", expected majority or a number\n" },
		{ GOOD "quorum: 0x1", "4:9: quorum: found text \"0x1\", expected majority or a number\n" },
		{ GOOD "quorum: 0", "4:9: quorum: 0 is out of range, expected majority or a number from 1 to 1, that "
				    "of the resolvers\n" },
		{ GOOD "quorum: 2", "4:9: quorum: 2 is out of range, expected majority or a number from 1 to 1, that "
				    "of the resolvers\n" },
		{ GOOD "quorum: 99999999999999999999", "4:9: quorum: 99999999999999999999 is out of range, expected "
						       "majority or a number from 1 to 1, that of the resolvers\n" },
		{ GOOD "quorum: [1]", "4:9: quorum: found a list, expected majority or a number\n" },
		/* a resolver with an error counts: the quorum is not wrong because of it */
		{ "{ resolvers: [9.9.9.9, x], quorum: 2 }", "1:24: resolvers[1]: \"x\" is no address, expected an "
							    "address, address:port, [IPv6]:port or system\n" },
	};
	expect_rows(rows, MXW_ARRAY_SIZE(rows));
}

static void test_shared_options(void **state)
{
	static const struct row rows[] = {
		{ GOOD "interval: 5", "4:11: interval: found text \"5\", expected a duration with a unit such as 30s, "
				      "5m or 1h30m, from 1s to 30d\n" },
		{ GOOD "interval: 999ms", "4:11: interval: \"999ms\" is out of range, expected a duration with a unit "
					  "such as 30s, 5m or 1h30m, from 1s to 30d\n" },
		{ GOOD "intervall: 5m", "4:1: intervall: unknown key, did you mean \"interval\"?\n" },
		{ GOOD "retry_interval: 6m",
		  "4:17: retry_interval: 6m is longer than the interval, expected at most 5m\n" },
		{ GOOD "timeout: 99ms", "4:10: timeout: \"99ms\" is out of range, expected a duration with a unit such "
					"as 30s, 5m or 1h30m, from 100ms to 5m\n" },
		{ GOOD "failure_threshold: 0",
		  "4:20: failure_threshold: \"0\" is out of range, expected a number from 1 to 100\n" },
		{ GOOD "confirm_age: 5m", "4:14: confirm_age: found text \"5m\", expected a mapping\n" },
		{ GOOD "confirm_age: { critcal: 5m, warning: 2d }",
		  "4:16: confirm_age.critcal: unknown key, did you mean \"critical\"?\n"
		  "4:38: confirm_age.warning: \"2d\" is out of range, expected a duration with a unit such as 30s, 5m "
		  "or 1h30m, from 0s to 1d\n" },
		{ GOOD "reminders: [1h, 1h, 30m]",
		  "4:17: reminders[1]: not later than the one before, expected rising times\n"
		  "4:21: reminders[2]: not later than the one before, expected rising times\n" },
		{ GOOD "reminders: [1s, 2s, 3s, 4s, 5s, 6s, 7s, 8s, 9s, 10s, 11s, 12s, 13s, 14s, 15s, 16s, 17s]",
		  "4:12: reminders: a list of 17 reminders, expected at most 16\n" },
		{ GOOD "notify_changes: yes",
		  "4:17: notify_changes: found text \"yes\", expected true, false or a list "
		  "such as [mx, spf, ns, address]\n" },
		{ GOOD "notify_changes: 'true'",
		  "4:17: notify_changes: found quoted text \"true\", expected true, false "
		  "or a list such as [mx, spf, ns, address]\n" },
		{ GOOD "notify_changes: { mx: true }",
		  "4:17: notify_changes: found a mapping, expected true, false or a "
		  "list such as [mx, spf, ns, address]\n" },
		{ GOOD "notify_changes: [mx, adress, ptr, mx, [ns], ~]",
		  "4:22: notify_changes[1]: \"adress\" is no type of record that can be watched, did you mean "
		  "\"address\"?\n"
		  "4:30: notify_changes[2]: \"ptr\" is no type of record that can be watched, expected one of mx, spf, "
		  "ns, address\n"
		  "4:35: notify_changes[3]: mx is named twice, expected once\n"
		  "4:39: notify_changes[4]: found a list, expected a type of record such as mx\n"
		  "4:45: notify_changes[5]: found nothing, expected a type of record such as mx\n" },
		{ GOOD "checks: []", "4:9: checks: an empty list, expected at least one check\n" },
		{ GOOD "checks: [mx, mxx, mx, dkimm]",
		  "4:14: checks[1]: \"mxx\" is no check, did you mean \"mx\"?\n"
		  "4:19: checks[2]: mx is named twice, expected once\n"
		  "4:23: checks[3]: \"dkimm\" is no check, expected one of mx, address, ptr, spf, consistency\n" },
		{ GOOD "severity: { mx-single: [] }",
		  "4:24: severity.mx-single: found an empty list, expected text\n" },
		{ GOOD "severity: { mx-singel: off, mx-single: ok, mx-nxdomain: unknown, zzzzzzzzzz: off }",
		  "4:24: severity.mx-singel: unknown finding, did you mean \"mx-single\"?\n"
		  "4:40: severity.mx-single: found text \"ok\", expected off, info, warning or critical\n"
		  "4:57: severity.mx-nxdomain: found text \"unknown\", expected off, info, warning or critical\n"
		  "4:78: severity.zzzzzzzzzz: unknown finding, expected an id of `mxwatch list findings`\n" },
		{ GOOD "severity: { mon-blnd: off, mon-blind: ok }",
		  "4:23: severity.mon-blnd: unknown finding, did you mean \"mon-blind\"?\n"
		  "4:39: severity.mon-blind: found text \"ok\", expected off, info, warning or critical\n" },
		{ GOOD "resolver_down_after: 0s", "4:22: resolver_down_after: \"0s\" is out of range, expected a "
						  "duration with a unit such as 30s, 5m or "
						  "1h30m, from 1s to 30d\n" },
		{ "resolvers: [9.9.9.9]\nnotifiers: [{ name: log, type: syslog }]\ndomains:\n"
		  "  - { name: a.example, severity: { mon-blind: off } }\n",
		  "4:47: domains[0].severity.mon-blind: about the monitor and no domain, expected at the top level\n" },
		{ GOOD "labels: { 1st: x, cost-center: y, '': z }",
		  "4:16: labels.1st: no name of a label, expected letters, digits and _, at most 64, no digit first\n"
		  "4:32: labels.cost-center: no name of a label, expected letters, digits and _, at most 64, no digit "
		  "first\n"
		  "4:39: labels.: no name of a label, expected letters, digits and _, at most 64, no digit first\n" },
		{ GOOD "notify: [lgo, log, log]", "4:10: notify[0]: \"lgo\" is no notifier, did you mean \"log\"?\n"
						  "4:20: notify[2]: log is named twice, expected once\n" },
		{ GOOD "receive: maybe\nsend: true\ntopology: fail-over\nstrict: yes",
		  "4:10: receive: found text \"maybe\", expected auto, yes or no\n"
		  "5:7: send: found text \"true\", expected auto, yes or no\n"
		  "6:11: topology: found text \"fail-over\", did you mean \"failover\"?\n"
		  "7:9: strict: found text \"yes\", expected true or false\n" },
		{ GOOD "send_ip: [192.0.2.1, mx1.example.com, 192.0.2.0/24]",
		  "4:22: send_ip[1]: \"mx1.example.com\" is no IP address, expected one such as 192.0.2.1\n"
		  "4:39: send_ip[2]: \"192.0.2.0/24\" is no IP address, expected one such as 192.0.2.1\n" },
	};
	expect_rows(rows, MXW_ARRAY_SIZE(rows));
}

static void test_top_level(void **state)
{
	static const struct row rows[] = {
		{ GOOD "state_dir: var/lib",
		  "4:12: state_dir: a relative path, expected an absolute one such as /var/lib/mxwatch\n" },
		{ GOOD "send_on_resolved: 1", "4:19: send_on_resolved: found text \"1\", expected true or false\n" },
		{ GOOD "max_age: 1s", "4:10: max_age: \"1s\" is out of range, expected a duration with a unit such as "
				      "30s, 5m or 1h30m, from 1m to 30d\n" },
		{ GOOD "canaries: [., { name: a..b, type: NS }, { name: ., type: ANY }, { type: A }, { name: x, type: "
		       "OPT }]",
		  "4:12: canaries[0]: found text \".\", expected a mapping\n"
		  "4:23: canaries[1].name: \"a..b\" is no domain name, expected one such as \".\" or example.com\n"
		  "4:58: canaries[2].type: \"ANY\" is no record type, expected one such as NS, SOA or A\n"
		  "4:65: canaries[3].name: missing, expected a name such as \".\" or example.com\n"
		  "4:95: canaries[4].type: \"OPT\" is no record type, expected one such as NS, SOA or A\n" },
		{ GOOD "canaries: [{}, {}, {}, {}, {}, {}, {}, {}, {}]",
		  "4:11: canaries: a list of 9 questions, expected at most 8\n" },
		{ GOOD "mx: { provider: [a] }", "4:7: mx.provider: unknown key, did you mean \"providers\"?\n" },
		{ GOOD "mx: [a]", "4:5: mx: found a list, expected a mapping\n" },
		/* all errors at once, those of a duplicate key too */
		{ "resolvers: [9.9.9.9]\nresolvers: [x]\nintervall: 1m\nquorum: 7\ntimeout: x\n",
		  "2:1: resolvers: given twice, first in line 1, expected once\n"
		  "3:1: intervall: unknown key, did you mean \"interval\"?\n"
		  "4:9: quorum: 7 is out of range, expected majority or a number from 1 to 1, that of the resolvers\n"
		  "5:10: timeout: found text \"x\", expected a duration with a unit such as 30s, 5m or 1h30m, from "
		  "100ms to 5m\n" },
		/* without errors what is missing to be of use is a warning */
		{ "resolvers: [9.9.9.9]", "1:1: warning: domains: there are none, nothing is watched\n"
					  "1:1: warning: notifiers: there are none, nobody is told\n" },
	};
	expect_rows(rows, MXW_ARRAY_SIZE(rows));
}

static void test_domains(void **state)
{
	static const struct row rows[] = {
		{ "resolvers: [9.9.9.9]\ndomains: example.com",
		  "2:10: domains: found text \"example.com\", expected a list of domains\n" },
		{ "resolvers: [9.9.9.9]\ndomains:\n- 192.0.2.1\n- localhost\n- a_b.example\n- .\n- ~\n- [a]\n- "
		  "a..example\n- 5\n",
		  "3:3: domains[0]: \"192.0.2.1\" is an IP address, not a domain, expected a mail domain such as "
		  "example.com\n"
		  "4:3: domains[1]: \"localhost\" has one label only, expected a mail domain such as example.com\n"
		  "5:3: domains[2]: \"a_b.example\" contains an underscore, which no mail domain has, expected a mail "
		  "domain such as "
		  "example.com\n"
		  "6:3: domains[3]: \".\" is the root of the DNS, expected a mail domain such as example.com\n"
		  "7:3: domains[4]: found nothing, expected a mail domain such as example.com\n"
		  "8:3: domains[5]: found a list, expected a mail domain such as example.com\n"
		  "9:3: domains[6]: \"a..example\" has an empty label, expected a mail domain such as example.com\n"
		  "10:3: domains[7]: \"5\" has one label only, expected a mail domain such as example.com\n" },
		{ "resolvers: [9.9.9.9]\ndomains:\n- a.example\n- A.Example.\n- { name: a.EXAMPLE, interval: 1m }\n- "
		  "xn--bcher-kva.example\n"
		  "- B\xc3\xbc"
		  "cher.example\n",
		  "4:3: domains[1]: \"a.example\" is listed twice, first in line 3, expected once\n"
		  "5:11: domains[2]: \"a.example\" is listed twice, first in line 3, expected once\n"
		  "7:3: domains[4]: \"xn--bcher-kva.example\" is listed twice, first in line 6, expected once\n" },
		{ "resolvers: [9.9.9.9]\ndomains:\n- { interval: 1m }\n- { name: ~ }\n- { name: x }\n- { name: "
		  "a.example, quorum: 1 }\n",
		  "3:3: domains[0].name: missing, expected a mail domain such as example.com\n"
		  "4:11: domains[1].name: found nothing, expected a mail domain such as example.com\n"
		  "5:11: domains[2].name: \"x\" has one label only, expected a mail domain such as example.com\n"
		  "6:22: domains[3].quorum: unknown key, expected one of name, expect, interval, retry_interval, "
		  "failure_threshold, "
		  "success_threshold, confirm_age, escalation, flapping, reminders, checks, severity, labels, notify, "
		  "notify_changes, authority, "
		  "receive, send, "
		  "topology, mx_hosts_send, "
		  "send_ip, strict\n" },
		{ "resolvers: [9.9.9.9]\ndomains:\n- name: a.example\n  interval: 1m\n  retry_interval: 2m\n  "
		  "confirm_age: { critical: 2 }\n"
		  "  severity: { mx-singl: off }\n  notify: [ops]\n  checks: [spv]\n  expekt: 1\n",
		  "5:19: domains[0].retry_interval: 2m is longer than the interval, expected at most 1m\n"
		  "6:28: domains[0].confirm_age.critical: found text \"2\", expected a duration with a unit such as "
		  "30s, 5m or 1h30m, from "
		  "0s to 1d\n"
		  "7:25: domains[0].severity.mx-singl: unknown finding, did you mean \"mx-single\"?\n"
		  "8:12: domains[0].notify[0]: \"ops\" is no notifier, expected none: there are none\n"
		  "9:12: domains[0].checks[0]: \"spv\" is no check, did you mean \"spf\"?\n"
		  "10:3: domains[0].expekt: unknown key, did you mean \"expect\"?\n" },
	};
	expect_rows(rows, MXW_ARRAY_SIZE(rows));
}

static void test_notifiers(void **state)
{
	static const struct row rows[] = {
		{ "resolvers: [9.9.9.9]\nnotifiers: [log]",
		  "2:13: notifiers[0]: found text \"log\", expected a mapping with name and type\n" },
		{ "resolvers: [9.9.9.9]\nnotifiers:\n- { name: a }\n- { name: b, type: ~ }\n- { name: c, type: webhok "
		  "}\n- { name: d, type: mail }\n",
		  "3:3: notifiers[0].type: missing, expected one of syslog, journal, webhook, exec\n"
		  "4:20: notifiers[1].type: missing, expected one of syslog, journal, webhook, exec\n"
		  "5:20: notifiers[2].type: \"webhok\" is no type of notifier, did you mean \"webhook\"?\n"
		  "6:20: notifiers[3].type: \"mail\" is no type of notifier, expected one of syslog, journal, webhook, "
		  "exec\n" },
		{ "resolvers: [9.9.9.9]\nnotifiers:\n- { type: syslog }\n- { name: a b, type: syslog }\n- { name: '', "
		  "type: syslog }\n"
		  "- { name: x, type: syslog }\n- { name: x, type: journal }\n",
		  "3:3: notifiers[0].name: missing, expected a name of letters, digits, _ and -, at most 64\n"
		  "4:11: notifiers[1].name: \"a b\" is no name, expected letters, digits, _ and -, at most 64\n"
		  "5:11: notifiers[2].name: \"\" is no name, expected letters, digits, _ and -, at most 64\n"
		  "7:11: notifiers[4].name: x is the name of two notifiers, first in line 6; expected another\n" },
		{ "resolvers: [9.9.9.9]\nnotifiers:\n- { name: a, type: syslog, facilty: mail }\n- { name: b, type: "
		  "syslog, facility: post }\n",
		  "3:28: notifiers[0].facilty: unknown key, did you mean \"facility\"?\n"
		  "4:38: notifiers[1].facility: found text \"post\", expected kern, user, mail, daemon, auth, syslog, "
		  "lpr, news, uucp, cron, "
		  "authpriv, ftp, local0, local1, local2, local3, local4, local5, local6 or local7\n" },
		/* what only the type knows: its own check is asked */
		{ "resolvers: [9.9.9.9]\nnotifiers:\n- { name: a, type: webhook }\n- { name: b, type: webhook, url: "
		  "'https://u:p@h.example/' }\n",
		  "3:3: notifiers[0].url: missing, expected text of 1 to 2048 octets\n"
		  "4:34: notifiers[1].url: user information in the URL, expected auth_file for credentials\n" },
		/* a notifier with an error keeps its name: `notify` is not wrong as well */
		{ "resolvers: [9.9.9.9]\nnotify: [a, b]\nnotifiers:\n- { name: a, type: webhok }\n- { name: b, type: "
		  "webhook }\n",
		  "4:20: notifiers[0].type: \"webhok\" is no type of notifier, did you mean \"webhook\"?\n"
		  "5:3: notifiers[1].url: missing, expected text of 1 to 2048 octets\n" },
	};
	expect_rows(rows, MXW_ARRAY_SIZE(rows));
}

/* The way of an alert must not depend on what is watched (alerts.md 3.7). */
static void test_routes(void **state)
{
#define DOMAINS "resolvers: [9.9.9.9]\ndomains: [example.com, example.net]\nnotifiers:\n"
#define ADVICE ", which is watched: its trouble may silence it; expected a second notifier that does not depend on it\n"
	static const struct row rows[] = {
		{ DOMAINS "- { name: w, type: webhook, url: 'https://Hooks.Example.COM:8443/mx' }\n",
		  "4:34: warning: notifiers: the host of w lies in example.com" ADVICE },
		{ DOMAINS "- { name: s, type: syslog, server: 'udp:example.net' }\n",
		  "4:36: warning: notifiers: the host of s lies in example.net" ADVICE },
		{ DOMAINS "- { name: w, type: webhook, url: 'https://a.example.com' }\n- { name: s, type: syslog, "
			  "server: 'tcp:b.example.net:514' }\n",
		  "4:34: warning: notifiers: the host of w lies in example.com" ADVICE
		  "5:36: warning: notifiers: the host of s lies in example.net" ADVICE },
		{ DOMAINS "- { name: w, type: webhook, url: 'https://a.example.com' }\n- { name: l, type: syslog }\n",
		  "" },
		{ DOMAINS "- { name: w, type: webhook, url: 'https://a.example.org/?example.com' }\n", "" },
		{ DOMAINS "- { name: w, type: webhook, url: 'https://anexample.com/' }\n", "" },
		{ DOMAINS "- { name: w, type: webhook, url: 'https://192.0.2.1/' }\n", "" },
		{ DOMAINS "- { name: w, type: webhook, url: 'https://[2001:db8::1]/' }\n", "" },
	};
	expect_rows(rows, MXW_ARRAY_SIZE(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_resolvers), cmocka_unit_test(test_quorum),  cmocka_unit_test(test_shared_options),
		cmocka_unit_test(test_top_level), cmocka_unit_test(test_domains), cmocka_unit_test(test_notifiers),
		cmocka_unit_test(test_routes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
