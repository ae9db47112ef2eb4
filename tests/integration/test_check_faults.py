"""`mxwatch check` against resolvers that fail, lie or are lied about.

Two laws are behind every row: a failed lookup is never "no record", and one resolver of three changes
nothing.
"""

import pytest

from check_cases import Case, D
from lab import command, faults, zones
from lab.faults import first, on_edns, truncate
from lab.scripted import ScriptedServer
from lab.zones import ALPHA4, REV_ALPHA4

MX, ALPHA, BETA = f"{D} MX", f"alpha.{D}", f"beta.{D}"
NO_MX = f"- {D} MX"
ABSENCE = ["mx-none", "mx-nxdomain", "mx-implicit", "mx-all-dead", "mx-target-nxdomain", "mx-target-no-address",
           "spf-none", "ptr-none"]


def blind(name, fault, also=(), timeout="3s", **more):
    """Every question at every resolver fails in one way: nothing is known, and nothing is claimed."""
    return Case(name, state="unknown", faults={"*": fault}, also=list(also), never=ABSENCE, timeout=timeout, **more)


def harmless(name, fault, timeout="8s", **more):
    """Every answer is odd in one way, and the verdict is the same as without."""
    return Case(name, faults={"*": fault}, also=["mx-ok ok"], timeout=timeout, **more)


def liar(name, fault, **more):
    """One resolver of three does it; nothing changes."""
    return Case(name, faults_at={1: {"*": fault}}, also=["mx-ok ok"], **more)


FAILURES = [
    blind("SERVFAIL", faults.servfail(), ["dns-servfail unknown"]),
    blind("SERVFAIL with an extended error", faults.servfail(ede=22, text="No Reachable Authority"), ["dns-servfail unknown"]),
    blind("REFUSED", faults.refused()),
    blind("silence", faults.silence, ["dns-timeout unknown"]),
    blind("referral", faults.referral),
    blind("FORMERR to everything", faults.formerr(), ["dns-malformed unknown"]),
    blind("NOTIMP to everything", faults.notimp(), ["dns-malformed unknown"]),
    blind("an rcode nobody knows", faults.rcode(9)),
    Case("broken DNSSEC", state="critical", faults={"*": faults.cd_dependent(ede=9)}, problems=["dnssec-bogus critical"],
         never=ABSENCE, timeout="3s"),
    blind("blocked by policy", faults.rcode(3, ede=15)),
    blind("truncated, TCP closes", truncate(faults.close), ["dns-truncated unknown"]),
    blind("truncated, TCP is silent", truncate(faults.silence), ["dns-truncated unknown"]),
    blind("truncated, TCP drips", truncate(faults.drip(1)), ["dns-truncated unknown"]),
    blind("wrong id", faults.wrong_id, ["dns-timeout unknown"]),
    blind("wrong question", faults.wrong_question, ["dns-timeout unknown"]),
    blind("header alone", faults.header_only),
    blind("garbage", faults.garbage),
    blind("cut off", faults.cut()),
    blind("compression loop", faults.compression_loop),
    blind("RDLENGTH 0", faults.empty_rdata),
    # The SOA of another zone proves nothing about this one, and an authority section that holds it is not empty.
    blind("denial with a foreign SOA", faults.nodata(soa="elsewhere-lab.org"), ["dns-malformed unknown"]),
    blind("NXDOMAIN with a foreign SOA", faults.nxdomain("elsewhere-lab.org"), ["dns-malformed unknown"]),
    blind("records of another name alone", faults.strangers_alone, ["dns-malformed unknown"]),
    blind("truncated over UDP and TCP", faults.truncated_always, ["dns-truncated unknown"]),
    blind("truncated, SERVFAIL over TCP", truncate(faults.servfail()), ["dns-servfail unknown"]),
    blind("forged answer by its own mark", faults.rcode(3, ede=4)),
    *[Case(f"SERVFAIL, DNSSEC is broken by EDE {ede}", state="critical", faults={"*": faults.servfail(ede=ede)},
           problems=["dnssec-bogus critical"], never=ABSENCE, timeout="3s") for ede in (6, 7, 10, 12)],
    Case("SERVFAIL for the MX, address there", state="unknown", faults={MX: faults.servfail()},
         edits=[f"+ {D} A 45.45.45.77"], also=["dns-servfail unknown"], never=ABSENCE),
    Case("REFUSED for the MX, address there", state="unknown", faults={MX: faults.refused()},
         edits=[f"+ {D} A 45.45.45.77"], never=ABSENCE),
    Case("referral for the MX, address there", state="unknown", faults={MX: faults.referral},
         edits=[f"+ {D} A 45.45.45.77"], never=ABSENCE),
    Case("no MX, SERVFAIL for the address", state="unknown", edits=[NO_MX], faults={f"{D} A": faults.servfail()},
         never=ABSENCE),
    Case("no MX, timeout for AAAA", state="unknown", edits=[NO_MX], faults={f"{D} AAAA": faults.silence}, never=ABSENCE),
    Case("SERVFAIL for both targets", state="unknown", faults={ALPHA: faults.servfail(), BETA: faults.servfail()},
         never=ABSENCE),
    Case("one target gone, SERVFAIL for the other", ["mx-target-nxdomain warning"], never=["mx-all-dead", "mx-primary-dead"],
         edits=[f"- {ALPHA}"], faults={BETA: faults.servfail()}, maybe=["mx-all-dead", "mx-primary-dead"], state="warning"),
    Case("SERVFAIL for TXT", state="unknown", faults={f"{D} TXT": faults.servfail()}, never=ABSENCE),
    Case("SERVFAIL for a reverse name", state="unknown", faults={REV_ALPHA4: faults.servfail()},
         also=["ptr-lookup-failed unknown"], never=ABSENCE),
    Case("timeout for a reverse name", state="unknown", faults={REV_ALPHA4: faults.silence},
         also=["ptr-lookup-failed unknown"], never=ABSENCE),
    Case("alias loop at the domain", state="unknown", faults={D: faults.alias_loop}, also=["dns-cname-loop unknown"],
         maybe=["mx-domain-cname"], never=["mx-none", "mx-nxdomain", "mx-implicit"]),
    Case("alias loop at a target", ["mx-target-cname-broken warning", "mx-primary-dead warning"],
         faults={ALPHA: faults.alias_loop}, maybe=["dns-cname-loop"], state="warning"),
    Case("chain of twelve at a target", ["mx-target-cname-broken warning", "mx-primary-dead warning"],
         faults={ALPHA: faults.alias_chain(12)}, maybe=["dns-cname-loop"], state="warning"),
    Case("chain of five at a target", ["mx-target-cname warning"], faults={ALPHA: faults.alias_chain(5, end=ALPHA4)},
         never=["mx-target-cname-broken", "mx-primary-dead"], maybe=["ptr-mismatch"]),
]

def chain_of(n):
    """The first MX is an alias, n links away from alpha."""
    links = [f"+ a{i}.{D} CNAME a{i + 1}.{D}." for i in range(1, n)]
    return [NO_MX, f"+ {D} MX 10 a1.{D}.", f"+ {D} MX 20 beta.{D}.", *links, f"+ a{n}.{D} CNAME alpha.{D}."]


TWO_ALIASES = [NO_MX, f"+ {D} MX 10 al.{D}.", f"+ {D} MX 20 beta.{D}.", f"+ al.{D} CNAME al2.{D}.",
               f"+ al2.{D} CNAME alpha.{D}."]
HARMLESS = [
    harmless("FORMERR to EDNS", faults.formerr_on_edns()),
    harmless("NOTIMP to EDNS", on_edns(faults.notimp())),
    harmless("BADVERS", faults.badvers()),
    harmless("truncated, TCP good", truncate()),
    harmless("truncated, TCP never closes", truncate(faults.never_close)),
    harmless("first packet lost", faults.drop_first(1)),
    harmless("slow", faults.delay(0.3)),
    harmless("wrong id first", first(faults.wrong_id)),
    harmless("wrong question first", first(faults.wrong_question)),
    harmless("forged from another port first", first(faults.forged_port)),
    harmless("garbage with a wrong id first", first(lambda exchange: [faults.Reply(b"\x00" * 40)])),
    harmless("upper-case owners", faults.upper_owners),
    harmless("duplicate records", faults.duplicates),
    harmless("unrelated records", faults.unrelated),
    harmless("64 kB of TXT over TCP", faults.huge),
    Case("only the first link of an alias chain", ["mx-target-cname warning"], faults={"*": faults.only_cname},
         edits=TWO_ALIASES,
         maybe=["ptr-mismatch"], never=["mx-target-cname-broken", "mx-primary-dead"]),
    Case("alias chain in any order", ["mx-target-cname warning"], faults={"*": faults.shuffled},
         edits=TWO_ALIASES,
         maybe=["ptr-mismatch"], never=["mx-target-cname-broken", "mx-primary-dead"]),
    *[Case(f"chain of {n}{how}", ["mx-target-cname warning"], edits=chain_of(n), faults=fault, maybe=["ptr-mismatch"],
           never=["mx-target-cname-broken", "mx-primary-dead"])
      for n in (8, 10) for how, fault in (("", {}), (", one link a packet", {"*": faults.only_cname}))],
    *[Case(f"chain of 11{how}", ["mx-target-cname-broken warning", "mx-primary-dead warning"], edits=chain_of(11),
           faults=fault, never=["mx-target-cname"], maybe=["dns-cname-loop"])
      for how, fault in (("", {}), (", one link a packet", {"*": faults.only_cname}))],
    Case("NODATA without a SOA", ["mx-none critical"], edits=[NO_MX],
         faults={f"{D} {kind}": faults.nodata(soa=False) for kind in ("MX", "A", "AAAA")}),
    Case("NODATA with AA and without a SOA", ["mx-none critical"], edits=[NO_MX],
         faults={f"{D} {kind}": faults.nodata(soa=False, aa=True) for kind in ("MX", "A", "AAAA")}),
    Case("NXDOMAIN for AAAA, address there", faults={f"{ALPHA} AAAA": faults.nxdomain()}, maybe=["addr-aaaa-broken"],
         never=["mx-target-nxdomain", "mx-primary-dead"]),
]

GONE = {"*": faults.nxdomain()}
VOTES = [
    liar("one says NXDOMAIN", faults.nxdomain()),
    liar("one says NODATA", faults.nodata()),
    liar("one says SERVFAIL", faults.servfail()),
    liar("one says REFUSED", faults.refused()),
    liar("one is silent", faults.silence),
    liar("one refers", faults.referral),
    liar("one sends garbage", faults.garbage),
    liar("one has aliases in a loop", faults.alias_loop),
    liar("one truncates and has no TCP", truncate(faults.close)),
    Case("one knows other MX", edits_at={1: [NO_MX, f"+ {D} MX 5 evil.bank-lab.net."]}, also=["mx-ok ok"],
         never=["mx-target-nxdomain", "mx-all-dead", "mx-single"]),
    Case("two of three say NXDOMAIN", ["mx-nxdomain critical"], faults_at={0: GONE, 2: GONE}, maybe=["spf-none"]),
    Case("one still says that all is well", ["mx-none critical"], edits_at={0: [NO_MX], 1: [NO_MX]}),
    Case("two fail, one says NXDOMAIN", state="unknown", never=["mx-none", "mx-nxdomain"],
         faults_at={0: {"*": faults.servfail()}, 1: {"*": faults.silence}, 2: GONE}),
    Case("two fail, one is well", state="unknown", faults_at={0: {"*": faults.servfail()}, 1: {"*": faults.refused()}}),
    Case("one fails, one denies, one is well", state="unknown", faults_at={0: {"*": faults.servfail()}, 1: GONE}),
    Case("one fails, two deny", ["mx-nxdomain critical"], faults_at={0: {"*": faults.silence}, 1: GONE, 2: GONE},
         maybe=["spf-none"]),
    Case("two resolvers agree", ["mx-none critical"], edits=[NO_MX], resolvers=2),
    Case("two resolvers disagree", state="unknown", edits_at={0: [NO_MX]}, resolvers=2),
    Case("four resolvers, two deny", state="unknown", faults_at={0: GONE, 1: GONE}, resolvers=4),
    Case("four resolvers, three deny", ["mx-nxdomain critical"], faults_at={0: GONE, 1: GONE, 3: GONE}, resolvers=4,
         maybe=["spf-none"]),
    Case("five resolvers, two deny", faults_at={0: GONE, 3: GONE}, also=["mx-ok ok"], resolvers=5),
    Case("five resolvers, three deny, two fail", ["mx-nxdomain critical"], resolvers=5, maybe=["spf-none"],
         faults_at={0: GONE, 1: {"*": faults.servfail()}, 2: GONE, 3: {"*": faults.refused()}, 4: GONE}),
    Case("each resolver knows another dead target", edits_at={0: [f"- {ALPHA}"], 1: [f"- {BETA}"]}),
    Case("a single resolver", ["mx-none critical"], edits=[NO_MX], resolvers=1),
    Case("a single resolver, failing", state="unknown", faults={"*": faults.servfail()}, resolvers=1, never=ABSENCE),
]


def relax(case):
    """An id that a row both forbids as a problem and allows as UNKNOWN is compared by the problems alone."""
    case.never = [each for each in case.never if each not in case.maybe]
    return case


@pytest.mark.parametrize("case", FAILURES + HARMLESS + VOTES, ids=str)
def test_fault(case, servers, stack):
    case = relax(case)
    servers += [stack.enter_context(ScriptedServer(zones.HEALTHY)) for _ in range(case.resolvers - len(servers))]
    case.prepare(servers)
    run = command.check(case.domain, servers[:case.resolvers], case.timeout, case.profile)
    unknown = {finding_id for finding_id, severity in run.ids() if severity == "unknown"}
    case.never = [each for each in case.never if each not in unknown]   # "unknown whether" is no claim
    case.judge(run)


def test_votes_name_each_resolver(servers):
    """Two say no such name, one fails: its name stands under unknown."""
    servers[1].script(faults.servfail())
    for server in (servers[0], servers[2]):
        server.script(faults.nxdomain())
    votes = command.check(D, servers, "3s").finding("mx-nxdomain")["votes"]
    assert sorted(votes["yes"]) == sorted([servers[0].address, servers[2].address])
    assert votes["no"] == [] and votes["unknown"] == [servers[1].address]


def test_tcp_port_closed(stack):
    """TC=1 and nobody listens on TCP: the truncated answer is never used."""
    closed = [stack.enter_context(ScriptedServer(zones.HEALTHY, tcp=False)) for _ in range(3)]
    for server in closed:
        server.script(truncate())
    run = command.check(D, closed, "3s")
    assert run.domain()["state"] == "unknown" and run.code == 3, run.out
    assert run.finding("dns-truncated"), run.out


def test_truncated_answers_are_fetched_over_tcp(servers):
    for server in servers:
        server.script(truncate())
    assert command.check(D, servers).code == 0
    assert all(server.asked(D, "MX", "tcp") >= 1 for server in servers)


def test_lower_cased_question_is_no_verdict(servers):
    """A resolver that breaks 0x20 over UDP may be asked over TCP; it is never a reason for an alarm."""
    for server in servers:
        server.script(faults.lower_case, transport="udp")
    run = command.check(D, servers, "8s")
    assert not run.ids("warning", "critical"), run.out
    assert run.code in (0, 3)


def test_dead_port(servers):
    """Nobody listens there at all: ICMP port unreachable must not be more than a failed try."""
    dead = ScriptedServer(zones.HEALTHY)
    dead.close()
    run = command.check(D, [servers[0], servers[1], dead], "3s")
    assert run.code == 0, run.out


def test_fallback_address_of_one_operator(servers):
    """`addresses` is one vote: a dead first address is replaced by the second."""
    dead = ScriptedServer(zones.HEALTHY)
    dead.close()
    top = {"resolvers": [{"name": "pair", "addresses": [dead.address, servers[0].address]},
                         servers[1].address, servers[2].address]}
    run = command.check(D, servers, "8s", top=top)
    assert run.code == 0, run.out
    votes = run.finding("mx-ok")["votes"]
    assert "pair" in votes["yes"] and sum(map(len, votes.values())) == 3


def test_one_question_is_asked_once(servers):
    """Nothing is asked twice without need: one round, one MX question to each resolver."""
    command.check(D, servers)
    assert [server.asked(D, "MX") for server in servers] == [1, 1, 1]
