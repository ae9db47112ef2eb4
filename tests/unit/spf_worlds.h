/* Worlds for the check spf, in several tables; test_check_spf.c runs them all. */
#pragma once

#include "tests/unit/zone_view.h"

/* The TXT records of example.com, without the final newline. */
#define SPF(record) "example.com. 300 IN TXT \"v=spf1 " record "\"\n"
#define TXT(name, record) name ". 300 IN TXT \"v=spf1 " record "\"\n"
#define GOOD "spf-ok ok example.com"

struct spf_worlds {
	const struct zone_case *cases;
	size_t n;
};

extern const struct spf_worlds spf_worlds_records, spf_worlds_limits, spf_worlds_policy, spf_worlds_senders;

/* Profiles of the cases: 20.0.0.1; with 2a00:1::1; with 20.0.0.2. */
extern const struct mxw_ip spf_senders[3];
#define ONE_SENDER                                     \
	{                                              \
		.send_ip = spf_senders, .n_send_ip = 1 \
	}
#define TWO_SENDERS                                    \
	{                                              \
		.send_ip = spf_senders, .n_send_ip = 2 \
	}
#define SENDS_NO               \
	{                      \
		.send = MXW_NO \
	}
#define SENDS_YES               \
	{                       \
		.send = MXW_YES \
	}
#define MX_SENDS                         \
	{                                \
		.mx_hosts_send = MXW_YES \
	}
#define MX_SENDS_NOT                    \
	{                               \
		.mx_hosts_send = MXW_NO \
	}
