"""`mxwatch check` on zones: what three honest resolvers say, and the findings it must make of it."""

import pytest

from check_cases import Case, D
from lab import command, zones
from lab.zones import (ALPHA4, ALPHA6, BETA4, BETA6, REV_ALPHA4, REV_ALPHA6, REV_BETA4, SPF)

NO_SPF = f"- {D} TXT"
NO_MX = f"- {D} MX"
GONE = f"- {D} TREE"
A_OK, B_OK = f"+ {D} MX 10 alpha.{D}.", f"+ {D} MX 20 beta.{D}."
# The alpha host under another name and the beta host as it is: the first MX is what the row is about.


def first_mx(exchange, *more):
    """MX 10 <exchange>, MX 20 beta."""
    return [NO_MX, f"+ {D} MX 10 {exchange}", B_OK, *more]


def only_mx(*exchanges):
    """MX records with the given "PREFERENCE EXCHANGE" texts only."""
    return [NO_MX] + [f"+ {D} MX {each}" for each in exchanges]


def no_addresses(host):
    return [f"- {host}.{D} A", f"- {host}.{D} AAAA"]


DEAD_FIRST = ["mx-primary-dead warning"]
FOREIGN = ["+ in.provider-lab.com A 45.45.47.1", "+ in.provider-lab.com A 45.45.48.1",
           "+ 1.47.45.45.in-addr.arpa PTR in.provider-lab.com.", "+ 1.48.45.45.in-addr.arpa PTR in.provider-lab.com."]

MX = [
    Case("healthy", also=["mx-ok ok"]),
    Case("no MX, no address", ["mx-none critical"], edits=[NO_MX]),
    Case("the name does not exist", ["mx-nxdomain critical"], edits=[GONE], maybe=["spf-none"],
         never=["mx-none", "mx-implicit"]),
    Case("not registered", ["mx-nxdomain critical"], domain="nobody-has-this-lab.net", maybe=["spf-none"]),
    Case("implicit MX", ["mx-implicit warning"], never=["mx-none"],
         edits=[NO_MX, f"+ {D} A 45.45.45.77", f"+ 77.45.45.45.in-addr.arpa PTR {D}."]),
    Case("implicit MX over IPv6 alone", ["mx-implicit warning"], maybe=["addr-v6-only", "ptr-none", "ptr-v6-gap"],
         edits=[NO_MX, f"+ {D} AAAA 2a10:4540:1::77"]),
    Case("null MX", also=["mx-null ok"], edits=only_mx("0 .") + [NO_SPF, f'+ {D} TXT "v=spf1 -all"']),
    Case("null MX, but sends", ["mx-null-but-sends warning"], edits=only_mx("0 .")),
    Case("null MX among real ones", ["mx-null-mixed critical"], edits=[f"+ {D} MX 0 ."]),
    Case("null MX with a preference", ["mx-null-nonzero warning"], edits=only_mx("10 ."), maybe=["mx-null-but-sends"]),
    Case("null MX, though it receives", ["mx-null-unexpected critical"], never=["mx-null"],
         edits=only_mx("0 .") + [NO_SPF, f'+ {D} TXT "v=spf1 -all"'], profile={"receive": "yes"}),
    Case("MX, though it receives nothing", ["mx-unexpected warning"], profile={"receive": "no"}),
    Case("receives nothing, and has nothing", edits=[NO_MX], profile={"receive": "no"},
         also=["mx-null-recommended info"]),
    Case("nxdomain, and receives nothing", ["mx-nxdomain warning"], edits=[GONE], profile={"receive": "no"},
         maybe=["spf-none"]),
    Case("backup does not exist", ["mx-target-nxdomain warning"], edits=no_addresses("beta")),
    Case("primary does not exist", ["mx-target-nxdomain warning", *DEAD_FIRST], edits=no_addresses("alpha")),
    Case("one of two equals does not exist", ["mx-target-nxdomain warning"], never=["mx-primary-dead"],
         edits=only_mx(f"10 alpha.{D}.", f"10 beta.{D}.") + no_addresses("alpha")),
    Case("all targets are gone", ["mx-target-nxdomain warning", "mx-all-dead critical"],
         edits=no_addresses("alpha") + no_addresses("beta"), never=["mx-implicit", "mx-ok"]),
    Case("all targets are gone, the domain has an address", ["mx-target-nxdomain warning", "mx-all-dead critical"],
         edits=no_addresses("alpha") + no_addresses("beta") + [f"+ {D} A 45.45.45.77"], never=["mx-implicit"]),
    Case("target without an address", ["mx-target-no-address warning", *DEAD_FIRST],
         edits=no_addresses("alpha") + [f'+ alpha.{D} TXT "here"']),
    Case("target with a name below it only", ["mx-target-no-address warning", *DEAD_FIRST],
         edits=no_addresses("alpha") + [f"+ x.alpha.{D} A 45.45.45.9"]),
    Case("target is an alias", ["mx-target-cname warning"], edits=first_mx(f"al.{D}.", f"+ al.{D} CNAME alpha.{D}."),
         never=["mx-all-dead", "mx-primary-dead"], maybe=["ptr-mismatch"]),
    Case("target is an alias, strict", ["mx-target-cname critical"], profile={"strict": True},
         edits=first_mx(f"al.{D}.", f"+ al.{D} CNAME alpha.{D}."), maybe=["ptr-mismatch"]),
    Case("alias to nowhere", ["mx-target-cname-broken warning", *DEAD_FIRST],
         edits=first_mx(f"al.{D}.", f"+ al.{D} CNAME gone.{D}."), never=["mx-target-nxdomain", "mx-target-cname"]),
    Case("alias to a name without an address", ["mx-target-cname-broken warning", *DEAD_FIRST],
         edits=first_mx(f"al.{D}.", f"+ al.{D} CNAME txt.{D}.", f'+ txt.{D} TXT "x"')),
    Case("both aliases to nowhere", ["mx-target-cname-broken warning", "mx-all-dead critical"],
         edits=only_mx(f"10 al.{D}.", f"20 bl.{D}.") + [f"+ al.{D} CNAME gone.{D}.", f"+ bl.{D} CNAME gone.{D}."]),
    Case("alias loop at the target", ["mx-target-cname-broken warning", *DEAD_FIRST],
         edits=first_mx(f"al.{D}.", f"+ al.{D} CNAME bl.{D}.", f"+ bl.{D} CNAME al.{D}.")),
    Case("target is an IP address", ["mx-target-ip warning", *DEAD_FIRST], edits=first_mx("45.45.45.11."),
         never=["mx-target-syntax", "mx-target-nxdomain"]),
    Case("target is localhost", ["mx-target-localhost warning", *DEAD_FIRST], edits=first_mx("localhost.")),
    Case("target under local", ["mx-target-special warning", *DEAD_FIRST], edits=first_mx("mail.office.local.")),
    Case("target under invalid", ["mx-target-special warning", *DEAD_FIRST], edits=first_mx("mail.invalid.")),
    Case("leftover proof of ownership", also=["mx-m365-proof info"], edits=[f"+ {D} MX 32767 ms1234.msv1.invalid."],
         never=["mx-target-special"]),
    Case("proof of ownership before the real hosts", ["mx-target-special warning", *DEAD_FIRST],
         edits=[f"+ {D} MX 1 ms1234.msv1.invalid."]),
    Case("doubled zone name", ["mx-target-doubled warning", *DEAD_FIRST], edits=first_mx(f"alpha.{D}.{D}."),
         maybe=["mx-target-nxdomain"]),
    Case("bare label", ["mx-target-single-label warning", *DEAD_FIRST], edits=first_mx("alpha."),
         maybe=["mx-target-nxdomain"]),
    Case("preference typed twice", ["mx-target-syntax warning", *DEAD_FIRST], edits=first_mx(rf"10\032alpha.{D}."),
         maybe=["mx-target-nxdomain"]),
    Case("underscore in a name that resolves", ["mx-target-syntax warning"], never=["mx-primary-dead"],
         edits=first_mx(f"al_1.{D}.", f"+ al_1.{D} A {ALPHA4}", f"- {REV_ALPHA4}", f"+ {REV_ALPHA4} PTR al_1.{D}."),
         maybe=["ptr-malformed", "ptr-mismatch"]),
    Case("octet beyond ASCII", ["mx-target-syntax warning", *DEAD_FIRST], edits=first_mx(rf"m\252ller.{D}."),
         maybe=["mx-target-nxdomain"]),
    Case("control characters in a target", ["mx-target-syntax warning", *DEAD_FIRST],
         edits=first_mx(rf"a\027[31m\010b.{D}."), maybe=["mx-target-nxdomain"]),
    Case("equal preferences", also=["mx-equal-priority info"], edits=only_mx(f"10 alpha.{D}.", f"10 beta.{D}.")),
    Case("equal preferences, one is called backup", ["mx-equal-priority warning"], maybe=["ptr-mismatch"],
         edits=only_mx(f"10 alpha.{D}.", f"10 backup.{D}.") + [f"+ backup.{D} A {BETA4}", f"- {REV_BETA4}",
                                                               f"+ {REV_BETA4} PTR backup.{D}."]),
    Case("equal preferences, meant as failover", ["mx-equal-priority warning"], profile={"topology": "failover"},
         edits=only_mx(f"10 alpha.{D}.", f"10 beta.{D}.")),
    Case("equal preferences, meant so", edits=only_mx(f"10 alpha.{D}.", f"10 beta.{D}."),
         profile={"topology": "balanced"}),
    Case("single MX with one address", ["mx-single warning"], edits=only_mx(f"10 alpha.{D}.")),
    Case("single MX with two addresses", also=["mx-single info"],
         edits=only_mx(f"10 alpha.{D}.") + [f"+ alpha.{D} A 45.45.49.1", f"+ 1.49.45.45.in-addr.arpa PTR alpha.{D}."]),
    Case("single MX of a large provider", also=["mx-single info"],
         edits=only_mx("0 kontor-lab-net.mail.protection.outlook.com.")
         + ["+ kontor-lab-net.mail.protection.outlook.com A 45.45.47.1",
            "+ 1.47.45.45.in-addr.arpa PTR mail-x.inbound.protection.outlook.com.",
            "+ mail-x.inbound.protection.outlook.com A 45.45.47.1"]),
    Case("the same host twice", also=["mx-duplicate info"], edits=[f"+ {D} MX 30 alpha.{D}."]),
    Case("letter case does not make two hosts", also=["mx-duplicate info"], edits=[f"+ {D} MX 30 ALPHA.{D}."]),
    Case("the domain is an alias", also=["mx-domain-cname info"], domain=f"lists.{D}", edits=[f"+ lists.{D} CNAME {D}."]),
    Case("the domain is an alias to nothing", ["mx-domain-cname critical", "mx-none critical", "spf-none warning"],
         domain=f"lists.{D}", edits=[f"+ lists.{D} CNAME void.{D}.", f'+ void.{D} TXT "x"']),
    Case("proof of ownership as good as the real hosts", ["mx-target-special warning"], never=["mx-primary-dead"],
         edits=only_mx(f"10 alpha.{D}.", "10 ms1234.msv1.invalid.")),
    Case("unspecified address", ["mx-target-localhost warning", *DEAD_FIRST], maybe=["addr-private"],
         edits=first_mx(f"zero.{D}.", f"+ zero.{D} A 0.0.0.0")),
    Case("short TTL", also=["mx-ttl info"], edits=only_mx() + [f"+ 60 {D} MX 10 alpha.{D}.", f"+ 60 {D} MX 20 beta.{D}."]),
    Case("long TTL", also=["mx-ttl info"],
         edits=only_mx() + [f"+ 172800 {D} MX 10 alpha.{D}.", f"+ 172800 {D} MX 20 beta.{D}."]),
]

ADDRESS = [
    *[Case(f"beside it {ip}", ["addr-private warning"], edits=[f"+ alpha.{D} {kind} {ip}"], never=["mx-primary-dead"])
      for kind, ip in (("A", "0.1.2.3"), ("A", "192.0.0.8"), ("A", "198.19.0.1"), ("A", "240.0.0.1"),
                       ("AAAA", "64:ff9b:1::1"), ("AAAA", "3fff::1"), ("AAAA", "::ffff:8.8.8.8"))],
    Case("one private address, and nothing else", ["addr-private warning", "mx-all-dead critical"], never=["mx-ok"],
         edits=only_mx(f"10 in.{D}.", f"20 in2.{D}.") + [f"+ in.{D} A 10.0.0.1", f"+ in2.{D} A 192.168.1.1"]),
    Case("a private address beside a public one", ["addr-private warning"], edits=[f"+ alpha.{D} A 10.1.2.3"],
         never=["mx-primary-dead", "mx-all-dead"]),
    Case("a documentation address", ["addr-private warning", *DEAD_FIRST],
         edits=first_mx(f"doc.{D}.", f"+ doc.{D} A 192.0.2.7")),
    Case("carrier-grade NAT", ["addr-private warning", *DEAD_FIRST],
         edits=first_mx(f"nat.{D}.", f"+ nat.{D} A 100.64.3.4")),
    Case("a unique local IPv6 address", ["addr-private warning"], edits=[f"+ alpha.{D} AAAA fd00::1"]),
    Case("loopback", [*DEAD_FIRST, "mx-target-localhost warning"], maybe=["addr-private"],
         edits=first_mx(f"lo.{D}.", f"+ lo.{D} A 127.0.0.1")),
    Case("IPv6 alone", ["addr-v6-only critical"], edits=[f"- alpha.{D} A", f"- beta.{D} A"], never=["mx-all-dead"]),
    Case("IPv6 alone at one of two", edits=[f"- beta.{D} A"]),
    Case("IPv4 alone", also=["addr-no-ipv6 info"], edits=[f"- alpha.{D} AAAA", f"- beta.{D} AAAA"]),
]

NO_PTR = [f"- {REV_ALPHA4}", f"- {REV_ALPHA6}"]
THIRD = [NO_MX, f"+ {D} MX 10 in.provider-lab.com.", *FOREIGN]
PTR = [
    Case("no reverse name", ["ptr-none warning"], edits=[f"- {REV_ALPHA4}"]),
    Case("no reverse name, other types there", ["ptr-none warning"], edits=[f"- {REV_ALPHA4}", f'+ {REV_ALPHA4} TXT "x"']),
    Case("no reverse name of an IPv6 address", ["ptr-none warning"], edits=[f"- {REV_ALPHA6}"], maybe=["ptr-v6-gap"]),
    Case("no reverse name of a declared sender", ["ptr-none critical"], edits=[f"- {REV_ALPHA4}"],
         profile={"mx_hosts_send": "yes"}),
    Case("no reverse name at a provider", also=["ptr-none info"], edits=THIRD + ["- 1.47.45.45.in-addr.arpa"]),
    Case("no reverse name, receives only", also=["ptr-none info"], edits=[*NO_PTR, NO_SPF, f'+ {D} TXT "v=spf1 -all"']),
    Case("no reverse name of a sending address", ["ptr-none critical"], profile={"send_ip": ["45.45.49.7"]},
         edits=[NO_SPF, f'+ {D} TXT "v=spf1 ip4:45.45.0.0/16 ip6:2a10:4540::/32 -all"']),
    Case("reverse name is the root", ["ptr-no-fcrdns warning"], also=["ptr-malformed info"],
         edits=[f"- {REV_ALPHA4}", f"+ {REV_ALPHA4} PTR ."]),
    Case("eleven reverse names", ["ptr-multiple warning"], maybe=["ptr-no-fcrdns"],
         edits=[f"+ {REV_ALPHA4} PTR z{i}.{D}." for i in range(10)]),
    Case("broken classless delegation, declared", ["ptr-cname-broken critical", "ptr-none critical"],
         profile={"mx_hosts_send": "yes"},
         edits=[f"- {REV_ALPHA4}", f"+ {REV_ALPHA4} CNAME 11.0-31.45.45.45.in-addr.arpa."]),
    Case("does not resolve back", ["ptr-no-fcrdns warning"],
         edits=[f"- {REV_ALPHA4}", f"+ {REV_ALPHA4} PTR old.{D}.", f"+ old.{D} A 45.45.45.99"]),
    Case("names a host that is gone", ["ptr-no-fcrdns warning"], edits=[f"- {REV_ALPHA4}", f"+ {REV_ALPHA4} PTR old.{D}."]),
    Case("does not resolve back, declared", ["ptr-no-fcrdns critical"], profile={"mx_hosts_send": "yes"},
         edits=[f"- {REV_ALPHA4}", f"+ {REV_ALPHA4} PTR old.{D}."]),
    Case("another name that resolves back", ["ptr-mismatch warning"], never=["ptr-no-fcrdns"],
         edits=[f"- {REV_ALPHA4}", f"+ {REV_ALPHA4} PTR out.{D}.", f"+ out.{D} A {ALPHA4}"]),
    Case("another name at a provider", also=["ptr-mismatch info"],
         edits=THIRD + ["- 1.47.45.45.in-addr.arpa", "+ 1.47.45.45.in-addr.arpa PTR x.provider-lab.com.",
                        "+ x.provider-lab.com A 45.45.47.1"]),
    Case("one of several names is right", also=["ptr-multiple info"], edits=[f"+ {REV_ALPHA4} PTR gone.{D}."],
         never=["ptr-no-fcrdns", "ptr-mismatch"]),
    Case("letter case of a reverse name", edits=[f"- {REV_ALPHA4}", f"+ {REV_ALPHA4} PTR ALPHA.{D.upper()}."]),
    Case("classless delegation", edits=[f"- {REV_ALPHA4}", f"+ {REV_ALPHA4} CNAME 11.0-31.45.45.45.in-addr.arpa.",
                                        f"+ 11.0-31.45.45.45.in-addr.arpa PTR alpha.{D}."]),
    Case("broken classless delegation", ["ptr-cname-broken warning", "ptr-none warning"],
         edits=[f"- {REV_ALPHA4}", f"+ {REV_ALPHA4} CNAME 11.0-31.45.45.45.in-addr.arpa."]),
    Case("missing final dot in the reverse zone", ["ptr-no-fcrdns warning"], also=["ptr-malformed info"],
         edits=[f"- {REV_ALPHA4}", f"+ {REV_ALPHA4} PTR alpha.{D}.45.45.45.in-addr.arpa."]),
    Case("generic name that resolves back", ["ptr-mismatch warning"], also=["ptr-generic info"],
         edits=[f"- {REV_ALPHA4}", f"+ {REV_ALPHA4} PTR 45-45-45-11.dyn.{D}.", f"+ 45-45-45-11.dyn.{D} A {ALPHA4}"]),
]

SPF_CASES = [
    Case("no SPF", ["spf-none warning"], edits=[NO_SPF]),
    Case("other TXT records only", ["spf-none warning"], edits=[NO_SPF, f'+ {D} TXT "site-verification=abc"']),
    Case("no SPF, sends nothing", also=["spf-none info"], edits=[NO_SPF], profile={"send": "no"}, maybe=["spf-parked-weak"]),
    Case("two records", ["spf-multiple critical"], edits=[f'+ {D} TXT "v=spf1 mx -all"'], never=["spf-none"]),
    Case("SPF beside other TXT records", edits=[f'+ {D} TXT "site-verification=abc"', f'+ {D} TXT "v=spf10 x"']),
    Case("upper-case version", edits=[NO_SPF, f'+ {D} TXT "V=SPF1 ip4:45.45.45.0/24 ip4:45.45.46.0/24 -all"']),
    Case("split into strings", edits=[NO_SPF, f'+ {D} TXT "v=sp" "f1 ip4:45.45.45.0/24 ip4:45.45.46.0" "/24 -all"']),
    Case("semicolon after the version", ["spf-version-typo warning"], maybe=["spf-none"],
         edits=[NO_SPF, f'+ {D} TXT "v=spf1; mx -all"']),
    Case("version torn apart", ["spf-version-typo warning"], maybe=["spf-none"], edits=[NO_SPF, f'+ {D} TXT "v=spf 1 mx -all"']),
    Case("leading space", ["spf-version-typo warning"], maybe=["spf-none"], edits=[NO_SPF, f'+ {D} TXT " v=spf1 mx -all"']),
    Case("a sender is not listed", ["spf-sender-fail critical"], profile={"send_ip": ["45.45.49.7"]},
         edits=[f"+ 7.49.45.45.in-addr.arpa PTR out.{D}.", f"+ out.{D} A 45.45.49.7"], also=["spf-helo-none info"]),
    Case("a sender is listed by an included record", profile={"send_ip": ["45.45.49.7"]}, also=["spf-ok ok"],
         edits=[NO_SPF, f'+ {D} TXT "v=spf1 mx include:_spf.{D} -all"', f'+ _spf.{D} TXT "v=spf1 ip4:45.45.49.0/24 -all"',
                f"+ 7.49.45.45.in-addr.arpa PTR out.{D}.", f"+ out.{D} A 45.45.49.7", f'+ out.{D} TXT "v=spf1 a -all"']),
    Case("syntax error in an included record", ["spf-syntax critical"],
         edits=[NO_SPF, f'+ {D} TXT "v=spf1 mx include:_spf.{D} -all"', f'+ _spf.{D} TXT "v=spf1 ip:45.45.49.7 -all"']),
    Case("an included record is not there", ["spf-include-none critical"],
         edits=[NO_SPF, f'+ {D} TXT "v=spf1 mx include:_spf.{D} -all"']),
    Case("records include each other", ["spf-loop critical"],
         edits=[NO_SPF, f'+ {D} TXT "v=spf1 mx include:_spf.{D} -all"', f'+ _spf.{D} TXT "v=spf1 include:{D} -all"']),
    Case("eleven lookups", ["spf-too-many-lookups critical"],
         edits=[NO_SPF, f'+ {D} TXT "v=spf1 mx {" ".join(["a:alpha." + D] * 6)}" " {" ".join(["a:beta." + D] * 4)} -all"']),
    Case("three lookups without records", ["spf-void-lookups warning"],
         edits=[NO_SPF, f'+ {D} TXT "v=spf1 mx a:x.{D} a:y.{D} exists:z.{D} -all"']),
    Case("no end", ["spf-no-all warning"], edits=[NO_SPF, f'+ {D} TXT "v=spf1 mx"']),
    Case("everybody", ["spf-pass-all warning"], edits=[NO_SPF, f'+ {D} TXT "v=spf1 mx +all"']),
    Case("own MX hosts are not listed", also=["spf-not-covering-mx info", "spf-ok ok"],
         edits=[NO_SPF, f'+ {D} TXT "v=spf1 ip4:45.45.49.7 -all"']),
]


@pytest.mark.parametrize("case", MX + ADDRESS + PTR + SPF_CASES, ids=str)
def test_zone(case, servers):
    case.prepare(servers)
    case.judge(command.check(case.domain, servers[:case.resolvers], case.timeout, case.profile))


def test_subjects(servers):
    """Findings about a host or an address name it; the others name the domain."""
    servers_edits = [*no_addresses("beta"), f"- {REV_ALPHA4}"]
    for server in servers:
        server.records.edit(*servers_edits)
    run = command.check(D, servers)
    assert run.finding("mx-target-nxdomain", f"beta.{D}")
    assert run.finding("ptr-none", ALPHA4)
    assert not run.finding("ptr-none", ALPHA6)
    assert not run.finding("ptr-none", BETA6)


def test_finding_explains_itself(servers):
    """A finding carries its RFC, a command that shows it, a fix and the evidence."""
    for server in servers:
        server.records.edit(NO_MX)
    finding = command.check(D, servers).finding("mx-none", D)
    assert D in finding["message"] and finding["symptom"] and "5321" in finding["rfc"]
    assert any(line.startswith("dig ") and D in line for line in finding["reproduce"])
    assert any(" MX " in line for line in finding["fix"])
    assert {each["resolver"] for each in finding["evidence"]} == {server.address for server in servers}
    assert {each["type"] for each in finding["evidence"]} >= {"MX"}
    assert {each["outcome"] for each in finding["evidence"]} == {"nodata"}


@pytest.mark.parametrize("name", [".", "localhost.", f"alpha.{D}.45.45.45.in-addr.arpa."])
def test_fix_gives_no_address_to_what_is_no_host(servers, name):
    """The record that is proposed names a host that can have it."""
    for server in servers:
        server.records.edit(f"- {REV_ALPHA4}", f"+ {REV_ALPHA4} PTR {name}")
    fix = command.check(D, servers).finding("ptr-no-fcrdns", ALPHA4)["fix"]
    assert fix[0] == f"alpha.{D}. 3600 IN A {ALPHA4}", fix


def test_healthy_answer_holds_its_records(servers):
    """`answers` are RDATA in presentation form, with TTL and round-trip time as numbers."""
    finding = command.check(D, servers).finding("mx-ok")
    answers = [each for each in finding["evidence"] if each["type"] == "MX"]
    assert answers, finding
    for each in answers:
        assert sorted(each["answers"]) == [f"10 alpha.{D}.", f"20 beta.{D}."]
        assert each["ttl"] == 300 and each["rtt_ms"] >= 0 and each["outcome"] == "answer"


def test_internationalised_domain(servers):
    for server in servers:
        server.records.load(zones.HEALTHY.replace(D, "xn--mller-lab-q9a.net"))
    run = command.check("müller-lab.net", servers)
    assert run.domain()["domain"] == "xn--mller-lab-q9a.net", run.out
    assert run.code == 0, run.out


def test_several_domains(servers):
    """The state and the exit code are the worst of all domains."""
    for server in servers:
        server.records.load(zones.HEALTHY.replace(D, "zweite-lab.net"))
        server.records.edit("- zweite-lab.net MX", "- zweite-lab.net TXT", "+ zweite-lab.net TXT " + SPF)
    arguments = [argument for server in servers for argument in ("-r", server.address)]
    run = command.run("check", "--format", "json", *arguments, D, "zweite-lab.net")
    assert run.domain(D)["state"] == "ok" and run.domain("zweite-lab.net")["state"] == "critical"
    assert run.report["state"] == "critical" and run.code == 2
