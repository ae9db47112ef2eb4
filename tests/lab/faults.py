"""Everything a resolver can do wrong, each as one small object a ScriptedServer rule holds.

A fault is a function from an Exchange (the query, how often it was asked, the honest answer) to the
list of things to send: Reply objects, or one of HANG and CLOSE for TCP. The empty list is silence.
Faults with a parameter are made by the function of their name: `delay(0.5)`, `servfail(ede=6)`.
"""

import random
from dataclasses import dataclass

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype

from . import wire
from .names import absolute
from .records import DEFAULT_TTL, make_rrset, soa_rrset

# TCP only: keep the connection open and say nothing; close it without an answer.
HANG = "hang"
CLOSE = "close"
HUGE_ANSWER = 64000


@dataclass
class Reply:
    """One packet to send."""
    wire: bytes
    after: float = 0.0          # seconds to wait first
    forged: bool = False        # from another port than the one asked (UDP)
    octet_every: float = 0.0    # TCP: seconds between single octets
    hold: bool = False          # TCP: never close afterwards, whatever the client does


@dataclass
class Exchange:
    """One question being answered."""
    query: dns.message.Message
    transport: str              # "udp" or "tcp"
    count: int                  # the how-many-th question of this name, type and transport, from 1
    records: object

    @property
    def question(self):
        return self.query.question[0]

    def limit(self):
        """The largest answer this client takes over this transport."""
        if self.transport == "tcp":
            return wire.MAX_TCP_MESSAGE
        return max(512, self.query.payload) if self.query.edns >= 0 else 512

    def honest(self):
        return self.records.respond(self.query)

    def reply(self, message, **how):
        return Reply(wire.to_wire(message, self.limit()), **how)

    def empty(self, rcode=dns.rcode.NOERROR):
        """A response without any record."""
        response = dns.message.make_response(self.query, recursion_available=True)
        response.set_rcode(rcode)
        return response


def honest(exchange):
    return [exchange.reply(exchange.honest())]


# --- response codes

def rcode(code, ede=None, text=""):
    """Answer with a response code, and an extended error (RFC 8914) if one is given."""
    def fault(exchange):
        response = exchange.empty(code)
        if ede is not None and exchange.query.edns >= 0:
            response.use_edns(options=[dns.edns.EDEOption(ede, text)])
        return [exchange.reply(response)]
    return fault


def servfail(ede=None, text=""):
    return rcode(dns.rcode.SERVFAIL, ede, text)


def refused(ede=None):
    return rcode(dns.rcode.REFUSED, ede)


def formerr():
    return rcode(dns.rcode.FORMERR)


def notimp():
    return rcode(dns.rcode.NOTIMP)


def on_edns(fault_with_edns, otherwise=honest):
    """A server that fails in some way whenever the query has an OPT record, and is honest otherwise."""
    return lambda exchange: (fault_with_edns if exchange.query.edns >= 0 else otherwise)(exchange)


def formerr_on_edns(otherwise=honest):
    """FORMERR without OPT, as a server from before 1999 answers."""
    def fault(exchange):
        return [Reply(wire.header(exchange.query.id, wire.QR_RD_RA | dns.rcode.FORMERR, questions=1)
                      + wire.question_bytes(exchange.question))]
    return on_edns(fault, otherwise)


def badvers():
    return on_edns(rcode(dns.rcode.BADVERS))


def cd_dependent(ede=None):
    """SERVFAIL unless the query has CD=1: a validating resolver before a zone with broken DNSSEC."""
    bogus = servfail(ede)
    return lambda exchange: (honest if exchange.query.flags & dns.flags.CD else bogus)(exchange)


# --- denials

def nxdomain(apex=None):
    """The name does not exist; `apex` is the owner of the SOA, by default the zone of the name."""
    def fault(exchange):
        response = exchange.empty(dns.rcode.NXDOMAIN)
        response.authority.append(soa_rrset(apex or exchange.records.zone_of(exchange.question.name)))
        return [exchange.reply(response)]
    return fault


def nodata(soa=True, aa=False):
    """NOERROR without an answer. `soa`: True, False, or the owner of a foreign one."""
    def fault(exchange):
        response = exchange.empty()
        if soa:
            apex = exchange.records.zone_of(exchange.question.name) if soa is True else soa
            response.authority.append(soa_rrset(apex))
        if aa:
            response.flags |= dns.flags.AA
        return [exchange.reply(response)]
    return fault


def referral(exchange):
    """NOERROR, no answer, NS records of the zone and RA=0: a name server, not a resolver."""
    response = exchange.empty()
    response.flags &= ~dns.flags.RA
    apex = exchange.records.zone_of(exchange.question.name)
    response.authority.append(make_rrset(apex, "NS", ["ns1.lab-registry.net.", "ns2.lab-registry.net."]))
    return [exchange.reply(response)]


# --- silence and time

def silence(_exchange):
    return [HANG]


def drop_first(n, then=honest):
    """Silent for the first `n` times each question comes over each transport."""
    return lambda exchange: silence(exchange) if exchange.count <= n else then(exchange)


def delay(seconds, then=honest):
    def fault(exchange):
        actions = then(exchange)
        for action in actions:
            if isinstance(action, Reply):
                action.after += seconds
        return actions
    return fault


# --- truncation and TCP

def truncate(tcp=honest):
    """TC=1 over UDP; `tcp` is the fault of the TCP side."""
    def fault(exchange):
        if exchange.transport == "udp":
            return [Reply(wire.truncated(exchange.honest()))]
        return tcp(exchange)
    return fault


def truncated_always(exchange):
    """TC=1 and nothing else, over UDP and over TCP."""
    return [Reply(wire.truncated(exchange.empty()))]


def close(_exchange):
    return [CLOSE]


def drip(seconds=1.0):
    """The honest answer, one octet at a time."""
    return lambda exchange: [exchange.reply(exchange.honest(), octet_every=seconds)]


def never_close(exchange):
    return [exchange.reply(exchange.honest(), hold=True)]


def huge(exchange):
    """An honest answer filled up to nearly 64 kB with TXT records at the question's name."""
    response = exchange.honest()
    if exchange.question.rdtype == dns.rdatatype.TXT:
        filler = [f'"{index:04d} {"x" * 240}"' for index in range(HUGE_ANSWER // 257)]
        extra = make_rrset(exchange.question.name, "TXT", filler)
        if response.answer:
            response.answer[-1].union_update(extra)
        else:
            response.answer.append(extra)
    return [exchange.reply(response)]


def strangers_alone(exchange):
    """NOERROR, and a record of the asked type that belongs to another name; no SOA."""
    response = exchange.empty()
    texts = {"MX": "10 mx.stranger-lab.net.", "A": "45.45.45.66", "AAAA": "2a10:4540:1::66", "TXT": '"v=spf1 +all"',
             "SPF": '"v=spf1 +all"', "PTR": "mx.stranger-lab.net."}
    rdtype = dns.rdatatype.to_text(exchange.question.rdtype)
    response.answer.append(make_rrset(dns.name.from_text("stranger-lab.net."), rdtype, [texts[rdtype]]))
    return [exchange.reply(response)]


# --- packets that must be ignored

def wrong_id(exchange):
    packet = exchange.reply(exchange.empty(dns.rcode.NXDOMAIN))
    return [Reply(wire.with_id(packet.wire, exchange.query.id ^ 0x5555))]


def wrong_question(exchange):
    """The right id under a question nobody asked."""
    other = dns.message.make_query("forged.mail-lab.net.", exchange.question.rdtype)
    other.id = exchange.query.id
    response = dns.message.make_response(other, recursion_available=True)
    response.set_rcode(dns.rcode.NXDOMAIN)
    return [exchange.reply(response)]


def forged_port(exchange):
    """A well-made lie, but from another port."""
    return [exchange.reply(exchange.empty(dns.rcode.NXDOMAIN), forged=True)]


def together(*bad):
    """What all of them send, in one go."""
    return lambda exchange: [action for each in bad for action in each(exchange)]


def first(bad, then=honest, after=0.05):
    """`bad`, and 50 ms later the honest answer: the wait must have gone on. Nobody forges into a TCP stream."""
    late = together(bad, delay(after, then))
    return lambda exchange: (late if exchange.transport == "udp" else then)(exchange)


def lower_case(exchange):
    """The honest answer, but the question comes back in lower case (a 0x20 mismatch)."""
    response = exchange.honest()
    lowered = dns.name.Name([label.lower() for label in exchange.question.name.labels])
    response.question[0].name = lowered
    return [Reply(wire.uncompressed(response))]


# --- odd but right answers

def upper_owners(exchange):
    def upper(name):
        return dns.name.Name([label.upper() for label in name.labels])
    return [Reply(wire.uncompressed(exchange.honest(), owner_of=upper))]


def duplicates(exchange):
    """Every record of the answer twice."""
    response = exchange.honest()
    packet = wire.uncompressed(response)
    start = 12 + sum(len(wire.question_bytes(question)) for question in response.question)
    count = sum(len(rrset) for rrset in response.answer)
    answer = b"".join(
        wire.record_bytes(rrset.name.to_wire(), rrset.rdtype, rrset.ttl, rdata.to_wire(origin=None))
        for rrset in response.answer for rdata in rrset)
    authority = packet[start + len(answer):]
    n_authority = sum(len(rrset) for rrset in response.authority)
    return [Reply(wire.header(response.id, response.flags, 1, 2 * count, n_authority)
                  + packet[12:start] + answer + answer + authority)]


def shuffled(exchange):
    """The RRsets of the answer in random order: an alias may come after its target."""
    response = exchange.honest()
    random.shuffle(response.answer)
    return [exchange.reply(response)]


def unrelated(exchange):
    """Records nobody asked for: another owner's, and poison in the additional section."""
    response = exchange.honest()
    response.answer.insert(0, make_rrset("bank-lab.net", "MX", ["0 evil.bank-lab.net."]))
    response.answer.append(make_rrset("bank-lab.net", "A", ["45.45.99.99"]))
    response.additional.append(make_rrset("bank-lab.net", "A", ["45.45.99.99"]))
    return [exchange.reply(response)]


def odd(*changes):
    """The honest answer after some changes (below) of its records, every name spelled out."""
    def fault(exchange):
        message = exchange.honest()
        sections = wire.records_of(message)
        for change in changes:
            change(exchange.question, sections)
        packet = wire.assemble(message, sections)
        return [Reply(packet if len(packet) <= exchange.limit() else wire.truncated(message))]
    return fault


def upper(_question, sections):
    """Every owner in upper case, whatever the question's case is."""
    for record in (record for section in sections for record in section):
        record.owner = dns.name.Name([label.upper() for label in record.owner.labels])


def twice(_question, sections):
    for section in sections:
        section += section


def mixed(_question, sections):
    """Each section in random order: aliases after their targets too."""
    for section in sections:
        random.shuffle(section)


def lies(ttl=DEFAULT_TTL):
    """Records that are none of the answer: of other owners and types in every section, and outside the answer section of
    the question's own owner and type too."""
    texts = {"TXT": '"v=spf1 +all"', "A": "45.45.99.99", "AAAA": "2a10:4540:9::9", "MX": "0 evil.bank-lab.net.",
             "PTR": "evil.bank-lab.net."}

    def change(question, sections):
        asked = dns.rdatatype.to_text(question.rdtype)
        strangers = [absolute("bank-lab.net"), dns.name.Name((b"stranger",) + question.name.labels[-4:]), question.name]
        for number, section in enumerate(sections):
            for owner in strangers:
                for rdtype in {asked, "A"}.intersection(texts):
                    if number == 0 and owner == question.name and rdtype == asked:
                        continue
                    rdata = make_rrset(owner, rdtype, [texts[rdtype]])[0]
                    section.append(wire.Record(owner, rdata.rdtype, ttl, rdata.to_wire(origin=None)))
    return change


def only_cname(exchange):
    """Only the first link of the alias chain: the rest has to be asked for."""
    response = exchange.honest()
    if response.answer and response.answer[0].rdtype == dns.rdatatype.CNAME:
        response.answer = response.answer[:1]
        response.authority = []
        response.set_rcode(dns.rcode.NOERROR)
    return [exchange.reply(response)]


# --- packets that must not be parsed into anything

def garbage(exchange):
    """The right id and then noise."""
    return [Reply(exchange.query.id.to_bytes(2, "big") + random.randbytes(120))]


def header_only(exchange):
    return [Reply(wire.header(exchange.query.id))]


def cut(octets=20):
    """The honest packet without its last octets."""
    return lambda exchange: [Reply(exchange.reply(exchange.honest()).wire[:-octets])]


def compression_loop(exchange):
    """An answer whose owner is a pointer to itself."""
    question = wire.question_bytes(exchange.question)
    here = 12 + len(question)
    owner = (0xC000 | here).to_bytes(2, "big")
    return [Reply(wire.header(exchange.query.id, questions=1, answers=1) + question
                  + wire.record_bytes(owner, exchange.question.rdtype, 300, b"\x00\x0a\x00"))]


def empty_rdata(exchange):
    """One record of the asked type with RDLENGTH 0."""
    question = wire.question_bytes(exchange.question)
    return [Reply(wire.header(exchange.query.id, questions=1, answers=1) + question
                  + wire.record_bytes(b"\xc0\x0c", exchange.question.rdtype, 300, b""))]


def alias_loop(exchange):
    """Two aliases that name each other."""
    name = exchange.question.name
    other = absolute("loop.mail-lab.net")
    response = exchange.empty()
    response.answer = [make_rrset(name, "CNAME", [other.to_text()]),
                       make_rrset(other, "CNAME", [name.to_text()])]
    return [exchange.reply(response)]


def alias_chain(links, end_rdtype="A", end="45.45.45.11"):
    """A chain of `links` aliases, then one record."""
    def fault(exchange):
        response = exchange.empty()
        owner = exchange.question.name
        for index in range(links):
            target = f"link{index}.mail-lab.net."
            response.answer.append(make_rrset(owner, "CNAME", [target]))
            owner = absolute(target)
        if exchange.question.rdtype == dns.rdatatype.from_text(end_rdtype):
            response.answer.append(make_rrset(owner, end_rdtype, [end]))
        else:
            response.authority.append(soa_rrset("mail-lab.net"))
        return [exchange.reply(response)]
    return fault
