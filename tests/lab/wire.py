"""Packets by hand: what dnspython would rightly refuse to write."""

import struct
from dataclasses import dataclass

import dns.flags
import dns.name

MAX_TCP_MESSAGE = 65535
QR_RD_RA = dns.flags.QR | dns.flags.RD | dns.flags.RA


def header(message_id, flags=QR_RD_RA, questions=0, answers=0, authority=0, additional=0):
    return struct.pack("!6H", message_id, int(flags), questions, answers, authority, additional)


def question_bytes(question):
    """One question, its name uncompressed and in its own letter case."""
    return question.name.to_wire() + struct.pack("!2H", question.rdtype, question.rdclass)


def record_bytes(owner, rdtype, ttl, rdata):
    """One record with an owner given as bytes, so that it may be a pointer or worse."""
    return owner + struct.pack("!2HIH", rdtype, 1, ttl, len(rdata)) + rdata


def uncompressed(message, owner_of=lambda name: name):
    """The message with every name spelled out; `owner_of` may change the owners."""
    sections = (message.answer, message.authority)
    records = []
    for section in sections:
        records.append([record_bytes(owner_of(rrset.name).to_wire(), rrset.rdtype, rrset.ttl,
                                     rdata.to_wire(origin=None))
                        for rrset in section for rdata in rrset])
    body = b"".join(question_bytes(question) for question in message.question)
    body += b"".join(b"".join(section) for section in records)
    return header(message.id, message.flags, len(message.question), len(records[0]), len(records[1])) + body


@dataclass
class Record:
    """One record of a packet that is put together record by record."""
    owner: dns.name.Name
    rdtype: int
    ttl: int
    rdata: bytes


def records_of(message):
    """[answer, authority, additional] of a message, each a list of Record; a test may change them as it likes."""
    return [[Record(rrset.name, rrset.rdtype, rrset.ttl, rdata.to_wire(origin=None)) for rrset in section for rdata in rrset]
            for section in (message.answer, message.authority, message.additional)]


def assemble(message, sections):
    """The packet of a message with other records, every name spelled out."""
    body = b"".join(question_bytes(question) for question in message.question)
    body += b"".join(record_bytes(each.owner.to_wire(), each.rdtype, each.ttl, each.rdata)
                     for section in sections for each in section)
    return header(message.id, message.flags, len(message.question), *map(len, sections)) + body


def truncated(message):
    """TC=1 and the question alone."""
    body = b"".join(question_bytes(question) for question in message.question)
    return header(message.id, message.flags | dns.flags.TC, len(message.question)) + body


def to_wire(message, limit=MAX_TCP_MESSAGE):
    """The message as a server sends it, truncated to the question when it exceeds `limit`."""
    wire = message.to_wire(max_size=MAX_TCP_MESSAGE)
    return wire if len(wire) <= limit else truncated(message)


def with_id(wire, message_id):
    """The same packet under another id."""
    return struct.pack("!H", message_id & 0xFFFF) + wire[2:]
