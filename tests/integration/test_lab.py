"""The lab itself: a test that leans on a broken wall proves nothing."""

import socket
import urllib.error
import urllib.request

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import pytest

from lab import faults, webhooks, yamltext, zones
from lab.nsd import answers
from lab.scripted import ScriptedServer
from lab.sink import Sink, Status
from lab.zones import DOMAIN

# From the specification's own example.
STANDARD_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
STANDARD_BODY = b'{"test": 2432232314}'


@pytest.fixture
def server():
    with ScriptedServer(zones.HEALTHY) as server:
        yield server


def ask(server, name=DOMAIN, rdtype="MX", tcp=False, **query):
    message = dns.message.make_query(name, rdtype, **query)
    transport = dns.query.tcp if tcp else dns.query.udp
    return transport(message, "127.0.0.1", timeout=2, port=server.port)


def test_honest(server):
    assert len(ask(server).answer[0]) == 2
    assert ask(server, tcp=True).rcode() == dns.rcode.NOERROR
    assert ask(server, f"gone.{DOMAIN}").rcode() == dns.rcode.NXDOMAIN
    assert ask(server, f"gone.{DOMAIN}").authority[0].name.to_text() == f"{DOMAIN}."
    assert ask(server, "nobody-lab.net").authority[0].name.to_text() == "net."
    assert ask(server, ".", "NS").answer
    denied = ask(server, DOMAIN, "A")
    assert denied.rcode() == dns.rcode.NOERROR and not denied.answer and denied.authority
    assert server.asked(DOMAIN, "MX", "udp") == 1 and server.asked(DOMAIN, "MX", "tcp") == 1


def test_edits_and_rules(server):
    server.records.edit(f"- {DOMAIN} MX", f"+ {DOMAIN} MX 5 gamma.{DOMAIN}.")
    assert ask(server).answer[0][0].preference == 5
    rule = server.script(faults.servfail(ede=9), DOMAIN, "MX")
    assert ask(server, use_edns=0).options[0].code == 9
    assert ask(server, rdtype="TXT").answer
    server.drop(rule)
    server.script(faults.refused(), times=1)
    assert ask(server).rcode() == dns.rcode.REFUSED and ask(server).rcode() == dns.rcode.NOERROR


def test_silence_and_loss(server):
    server.script(faults.drop_first(1))
    with pytest.raises(dns.exception.Timeout):
        dns.query.udp(dns.message.make_query(DOMAIN, "MX"), "127.0.0.1", timeout=0.3, port=server.port)
    assert ask(server).answer


def test_truncation(server):
    server.script(faults.truncate())
    assert ask(server).flags & dns.flags.TC and ask(server, tcp=True).answer
    server.heal()
    server.script(faults.huge)
    big = ask(server, rdtype="TXT", tcp=True)
    assert len(big.to_wire()) > 60000


def test_dnssec_dependent(server):
    server.script(faults.cd_dependent())
    assert ask(server).rcode() == dns.rcode.SERVFAIL
    message = dns.message.make_query(DOMAIN, "MX")
    message.flags |= dns.flags.CD
    assert dns.query.udp(message, "127.0.0.1", timeout=2, port=server.port).answer


@pytest.mark.parametrize("fault", [faults.garbage, faults.header_only, faults.cut(), faults.compression_loop,
                                   faults.empty_rdata], ids=["garbage", "header", "cut", "loop", "rdlength"])
def test_broken_packets_are_broken(server, fault):
    server.script(fault)
    with pytest.raises((dns.exception.DNSException, dns.query.BadResponse, ValueError)):
        ask(server)


@pytest.mark.parametrize("fault", [faults.upper_owners, faults.duplicates, faults.shuffled, faults.unrelated])
def test_odd_packets_are_well_formed(server, fault):
    server.script(fault)
    found = [rdata for rrset in ask(server).answer if rrset.name.to_text().lower() == f"{DOMAIN}." for rdata in rrset]
    assert len(found) == 2


def test_bad_packet_before_a_good_one(server):
    """Two packets come from the port that was asked, and a third one from another."""
    server.script(faults.first(lambda exchange: faults.wrong_id(exchange) + faults.forged_port(exchange)))
    message = dns.message.make_query(DOMAIN, "MX")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(2)
        client.sendto(message.to_wire(), ("127.0.0.1", server.port))
        packets = [client.recvfrom(4096) for _ in range(3)]
    ids = [int.from_bytes(packet[:2], "big") for packet, _ in packets]
    ports = [source[1] for _, source in packets]
    assert ids[0] != message.id and ids[1] == ids[2] == message.id
    assert ports[0] == ports[2] == server.port and ports[1] != server.port


def test_signature_example():
    signed = webhooks.sign(STANDARD_SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", STANDARD_BODY)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_sink_plan():
    with Sink() as sink:
        sink.plan(Status(503))
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(sink.url(), b'{"kind":"problem"}')
        assert urllib.request.urlopen(sink.url(), b'{"kind":"recovery"}').status == 200
        assert [each.status for each in sink.received] == [503, 200]


def test_yaml_text():
    text = yamltext.dump({"a": [1, {"b": "x y", "c": True}], "d": {}, "e": {"f": ["1s"]}})
    assert text == 'a:\n  - 1\n  - b: "x y"\n    c: true\nd: {}\ne:\n  f:\n    - 1s\n'


def test_real_servers(lab):
    assert answers(lab.nsd.port) and all(answers(each.port) for each in lab.resolvers)
    before = lab.unpublish("mail-lab.net", " MX ")
    for each in lab.resolvers:
        assert not ask(each, "mail-lab.net").answer
    lab.publish("mail-lab.net", before)
    for each in lab.resolvers:
        assert len(ask(each, "mail-lab.net").answer[0]) == 2
    lab.resolvers[0].lie("mail-lab.net")
    assert ask(lab.resolvers[0], "mail-lab.net").rcode() == dns.rcode.NXDOMAIN
    lab.resolvers[0].tell_truth("mail-lab.net")
    assert ask(lab.resolvers[0], "mail-lab.net").answer
