/* Worlds for the check spf: what evaluation costs. */
#include "lib/base/util.h"
#include "tests/unit/spf_worlds.h"

/* Hosts with addresses of both families, and hosts without a name. */
#define HOSTS(letter) "*." letter ".example.org. 300 IN A 20.0.0.9\n*." letter ".example.org. 300 IN AAAA 2a00:1::9\n"
#define A4 "a:1.h.example.org a:2.h.example.org a:3.h.example.org a:4.h.example.org "
#define A8 A4 "a:5.h.example.org a:6.h.example.org a:7.h.example.org a:8.h.example.org "
#define A10 A8 "a:9.h.example.org a:10.h.example.org "
#define MX10(owner)                                                                             \
	owner ". 300 IN MX 10 m0.example.com.\n" owner ". 300 IN MX 10 m1.example.com.\n" owner \
	      ". 300 IN MX 10 m2.example.com.\n" owner ". 300 IN MX 10 m3.example.com.\n" owner \
	      ". 300 IN MX 10 m4.example.com.\n" owner ". 300 IN MX 10 m5.example.com.\n" owner \
	      ". 300 IN MX 10 m6.example.com.\n" owner ". 300 IN MX 10 m7.example.com.\n" owner \
	      ". 300 IN MX 10 m8.example.com.\n" owner ". 300 IN MX 10 m9.example.com.\n"
#define MX11(owner) MX10(owner) owner ". 300 IN MX 10 m10.example.com.\n"
#define HIDDEN_BELOW                                                                             \
	"spf-multiple ?\nspf-syntax ?\nspf-join-glue ?\nspf-mx-too-many ?\nspf-include-none ?\n" \
	"spf-include-unregistered ?\nspf-loop ?\n"

static const struct zone_case cases[] = {
	/* ---- lookups ---- */
	{ "eight lookups", SPF(A8 "-all") HOSTS("h"), GOOD },
	{ "nine lookups", SPF(A8 "a:9.h.example.org -all") HOSTS("h"), GOOD "\nspf-lookups-near info example.com" },
	{ "ten lookups", SPF(A10 "-all") HOSTS("h"), GOOD "\nspf-lookups-near info example.com" },
	{ "networks cost nothing", SPF(A8 "ip4:20.0.0.1 ip6:2a00:1::1 exp=x.example.com -all") HOSTS("h"), GOOD },
	{ "eleven lookups", SPF(A10 "a:11.h.example.org -all") HOSTS("h"),
	  "spf-too-many-lookups critical example.com" },
	{ "what is behind all costs nothing", SPF(A8 "-all a:9.h.example.org") HOSTS("h"),
	  "spf-after-all warning example.com" },
	{ "eleven through an include",
	  SPF(A8 "include:i.example.net -all") HOSTS("h")
		  TXT("i.example.net", "a:1.h.example.org a:2.h.example.org -all"),
	  "spf-too-many-lookups critical example.com" },
	{ "the same include twice counts twice",
	  SPF("include:i.example.net include:i.example.net a:1.h.example.org -all") HOSTS("h")
		  TXT("i.example.net", A4 "-all"),
	  "spf-too-many-lookups critical example.com" },
	{ "eleven, but the sender passes before",
	  SPF("ip4:20.0.0.1 " A10 "mx -all") HOSTS("h") "example.com. 300 IN MX 0 .\n",
	  "spf-too-many-lookups warning example.com", ONE_SENDER },
	{ "eleven, and one of two senders passes before",
	  SPF("ip4:20.0.0.1 " A10 "mx -all") HOSTS("h") "example.com. 300 IN MX 0 .\n",
	  "spf-too-many-lookups critical example.com\nspf-sender-fail critical 2a00:1::1", TWO_SENDERS },
	{ "eleven, and whether the sender passes before is not to be seen",
	  SPF("a:x.example.com ip4:20.0.0.1 " A10 "-all") HOSTS("h") "x.example.com A REFUSED\n",
	  "spf-too-many-lookups ? example.com\nspf-sender-fail ? 20.0.0.1\nspf-void-lookups ? example.com\n"
	  "spf-ok ? example.com",
	  ONE_SENDER },
	{ "eleven, and nothing is sent", SPF(A10 "a:11.h.example.org -all") HOSTS("h"),
	  "spf-too-many-lookups warning example.com\nspf-parked-weak warning example.com", SENDS_NO },
	{ "eleven for sure, though a record is not to be seen",
	  SPF(A10 "include:i.example.net -all") HOSTS("h") "i.example.net TXT REFUSED\n",
	  "spf-too-many-lookups critical example.com\n..." },
	{ "ten, and a record is not to be seen",
	  SPF(A8 "a:9.h.example.org include:i.example.net -all") HOSTS("h") "i.example.net TXT REFUSED\n",
	  HIDDEN_BELOW "spf-too-many-lookups ? example.com\nspf-lookups-near ? example.com\nspf-void-lookups ? "
		       "example.com\nspf-ok ? example.com" },
	{ "a record that the message decides makes it eleven",
	  SPF(A8 "include:%{d2}.i.example.net -all") HOSTS("h")
		  TXT("example.com.i.example.net", "a:1.h.example.org a:2.h.example.org -all"),
	  "spf-too-many-lookups critical example.com\nspf-sender-fail critical 20.0.0.1\n"
	  "spf-lookups-near info example.com\nspf-macro info example.com",
	  ONE_SENDER },
	{ "the same is not to be seen",
	  SPF(A8 "include:%{d2}.i.example.net -all") HOSTS("h") "example.com.i.example.net TXT REFUSED\n",
	  "spf-too-many-lookups ? example.com\nspf-sender-fail ? 20.0.0.1\nspf-void-lookups ? example.com\n"
	  "spf-ok ? example.com\nspf-lookups-near info example.com\nspf-macro info example.com",
	  ONE_SENDER },

	/* ---- lookups without records ---- */
	{ "two without records", SPF("a:x.example.com a:y.example.com ip4:20.0.0.1 -all"), GOOD },
	{ "three without records", SPF("a:x.example.com mx:y.example.com exists:z.example.com -all"),
	  "spf-void-lookups warning example.com" },
	{ "three hosts without IPv6",
	  SPF("a:x.example.com a:y.example.com a:z.example.com -all") "*.example.com. 300 IN A 20.0.0.9\n",
	  "spf-void-lookups warning example.com" },
	{ "two without IPv6, one without IPv4",
	  SPF("a:x.example.com a:y.example.com a:z.example.com -all") "x.example.com. 300 IN A 20.0.0.9\n"
								      "y.example.com. 300 IN A "
								      "20.0.0.9\nz.example.com. 300 IN AAAA "
								      "2a00:1::9\n",
	  GOOD },
	{ "three, and a sender gets that far",
	  SPF("a:x.example.com mx:y.example.com exists:z.example.com ip4:20.0.0.1 -all"),
	  "spf-void-lookups critical example.com\nspf-sender-fail critical 20.0.0.1", ONE_SENDER },
	{ "three, and the sender passes before",
	  SPF("ip4:20.0.0.1 a:x.example.com mx:y.example.com exists:z.example.com -all"),
	  "spf-void-lookups warning example.com", ONE_SENDER },
	{ "three in an included record of others",
	  SPF("include:i.example.net -all")
		  TXT("i.example.net", "a:x.example.net a:y.example.net a:z.example.net -all"),
	  "spf-void-lookups warning example.com" },
	{ "three that the message decides",
	  SPF("exists:1.%{i}.x.example.com exists:2.%{i}.x.example.com exists:3.%{i}.x.example.com ip4:20.0.0.1 -all"),
	  "spf-void-lookups critical example.com\nspf-sender-fail critical 20.0.0.1\nspf-macro info example.com",
	  ONE_SENDER },
	{ "the same where nobody is declared",
	  SPF("exists:1.%{i}.x.example.com exists:2.%{i}.x.example.com exists:3.%{i}.x.example.com ip4:20.0.0.1 -all"),
	  GOOD "\nspf-macro info example.com" },
	{ "two for sure, one is not to be seen",
	  SPF("a:x.example.com a:y.example.com a:z.example.com ip4:20.0.0.1 -all") "z.example.com * REFUSED\n",
	  "spf-void-lookups ? example.com\nspf-ok ? example.com\nspf-include-unregistered ? z.example.com" },

	/* ---- MX records ---- */
	{ "ten MX hosts", SPF("mx -all") MX10("example.com") "*.example.com. 300 IN A 20.0.0.9\n", GOOD },
	{ "eleven MX hosts", SPF("mx -all") MX11("example.com") "*.example.com. 300 IN A 20.0.0.9\n",
	  "spf-mx-too-many critical example.com\nspf-not-covering-mx info 20.0.0.9" },
	{ "eleven MX hosts in a record of others",
	  SPF("include:i.example.net ip4:20.0.0.9 -all") TXT("i.example.net", "mx:m.example.net ip4:20.0.0.3 -all")
		  MX11("m.example.net"),
	  "spf-mx-too-many critical m.example.net" },
	{ "eleven MX hosts, nothing is sent", SPF("mx -all") MX11("example.com"),
	  "spf-mx-too-many warning example.com\nspf-parked-weak warning example.com", SENDS_NO },
};

const struct spf_worlds spf_worlds_limits = { cases, MXW_ARRAY_SIZE(cases) };
