"""A set of DNS records that answers as an honest resolver would: aliases, wildcards, denials with their SOA."""

import random
import threading

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from .names import absolute

DEFAULT_TTL = 300
MAX_ALIASES = 32
# Denied by the root: no registry stands above these names.
NOT_DELEGATED = {"invalid", "test", "example", "local", "localhost", "internal", "onion", "alt"}
# A mail domain's reverse zone is a /24 here; this many labels with the root.
REVERSE_ZONE_LABELS = 6


def make_rrset(name, rdtype, texts, ttl=DEFAULT_TTL):
    """An RRset from presentation texts; names in them count as absolute even without their dot."""
    rdtype = dns.rdatatype.from_text(rdtype) if isinstance(rdtype, str) else rdtype
    rdatas = [dns.rdata.from_text("IN", rdtype, text, origin=dns.name.root, relativize=False)
              for text in texts]
    return dns.rrset.from_rdata_list(absolute(name), ttl, rdatas)


def soa_rrset(owner, ttl=DEFAULT_TTL):
    return make_rrset(owner, "SOA", ["ns1.lab-registry.net. host.lab-registry.net. 1 3600 900 604800 300"], ttl)


class Records:
    """Records by owner and type, changeable while a server answers from them."""

    def __init__(self, text=""):
        self._lock = threading.RLock()
        self._names = {}
        self._existing = None       # every owner and its ancestors; made anew after a change
        # The default canary of mxwatch is `. NS`; a resolver that lacks it would be an ill one.
        self.set(".", "NS", "a.root-servers.net.")
        self.load(text)

    def load(self, text):
        """Add lines `[TTL] NAME TYPE RDATA`; `;` at the start of a line makes it a comment."""
        for line in text.splitlines():
            line = line.strip()
            if line and not line.startswith(";"):
                self.add(line)

    def add(self, line):
        words = line.split(None, 1)
        ttl = DEFAULT_TTL
        if words[0].isdigit():
            ttl, line = int(words[0]), words[1]
        name, rdtype, rdata = line.split(None, 2)
        rrset = make_rrset(name, rdtype, [rdata], ttl)
        with self._lock:
            self._existing = None
            known = self._names.setdefault(rrset.name, {}).get(rrset.rdtype)
            if known is not None:
                rrset.union_update(known)
                rrset.ttl = ttl
            self._names[rrset.name][rrset.rdtype] = rrset

    def set(self, name, rdtype, *texts, ttl=DEFAULT_TTL):
        """Replace one RRset."""
        rrset = make_rrset(name, rdtype, texts, ttl)
        with self._lock:
            self._existing = None
            self._names.setdefault(rrset.name, {})[rrset.rdtype] = rrset

    def remove(self, name, rdtype=None):
        """Remove one RRset, or the whole name; `TREE` removes the name and everything below it."""
        owner = absolute(name)
        with self._lock:
            self._existing = None
            if rdtype == "TREE":
                self._names = {known: types for known, types in self._names.items()
                               if not known.is_subdomain(owner)}
                return
            if rdtype is None:
                self._names.pop(owner, None)
                return
            types = self._names.get(owner, {})
            types.pop(dns.rdatatype.from_text(rdtype), None)
            if not types:
                self._names.pop(owner, None)

    def edit(self, *lines):
        """`- NAME [TYPE|TREE]` removes, `+ LINE` adds: the way test tables say what differs."""
        for line in lines:
            sign, rest = line.split(None, 1)
            if sign == "-":
                self.remove(*rest.split())
            elif sign == "+":
                self.add(rest)
            else:
                raise ValueError(f"an edit starts with + or -: {line!r}")

    def exists(self, name):
        """Does the name exist? A name with something below it does (an empty non-terminal)."""
        if self._existing is None:
            self._existing = set()
            for owner in self._names:
                while owner not in self._existing:
                    self._existing.add(owner)
                    owner = owner if owner == dns.name.root else owner.parent()
        return name in self._existing

    def _types_at(self, name):
        """The RRsets at a name, its closest wildcard's included; None when the name does not exist."""
        if name in self._names:
            return self._names[name]
        if self.exists(name):
            return {}
        ancestor = name
        while ancestor != dns.name.root:
            ancestor = ancestor.parent()
            wildcard = dns.name.Name((b"*",) + ancestor.labels)
            if wildcard in self._names:
                return self._names[wildcard]
            if self.exists(ancestor):
                return None
        return None

    def zone_of(self, name):
        """The apex that would deny `name`: a given SOA, else the registered domain, else its registry."""
        ancestor = name
        while True:
            if dns.rdatatype.SOA in self._names.get(ancestor, {}):
                return ancestor
            if ancestor == dns.name.root:
                break
            ancestor = ancestor.parent()
        labels = len(name.labels)
        if name.is_subdomain(absolute("in-addr.arpa")):
            return name.split(min(labels, REVERSE_ZONE_LABELS))[1]
        if labels < 2 or name.labels[-2].decode("latin-1").lower() in NOT_DELEGATED:
            return dns.name.root
        if labels > 2:
            registered = name.split(3)[1]
            if self.exists(registered):
                return registered
        return name.split(2)[1]

    def lookup(self, qname, qtype):
        """(rcode, answer RRsets, SOA RRset of a denial or None)."""
        with self._lock:
            answer, current = [], qname
            for _ in range(MAX_ALIASES):
                types = self._types_at(current)
                if types is None:
                    return dns.rcode.NXDOMAIN, answer, soa_rrset(self.zone_of(current))
                wanted = types.get(qtype)
                if wanted is not None:
                    answer.append(self._rotated(wanted, current))
                    return dns.rcode.NOERROR, answer, None
                alias = types.get(dns.rdatatype.CNAME)
                if alias is None:
                    return dns.rcode.NOERROR, answer, soa_rrset(self.zone_of(current))
                answer.append(self._rotated(alias, current))
                current = alias[0].target
                if any(link.name == current for link in answer):
                    break
            return dns.rcode.NOERROR, answer, None

    @staticmethod
    def _rotated(rrset, owner):
        """A copy under `owner` in random order: resolvers rotate, and nothing may depend on order."""
        rdatas = list(rrset)
        random.shuffle(rdatas)
        return dns.rrset.from_rdata_list(owner, rrset.ttl, rdatas)

    def respond(self, query):
        """The honest response message to a query."""
        question = query.question[0]
        response = dns.message.make_response(query, recursion_available=True)
        rcode, response.answer, soa = self.lookup(question.name, question.rdtype)
        response.set_rcode(rcode)
        if soa is not None:
            response.authority.append(soa)
        return response
