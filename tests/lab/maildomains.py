"""A few mail domains as zones for NSD, with their reverse zones: the world of the demo and of the NSD tests."""

NS = "ns1.lab-registry.net."
DOMAINS = {
    "mail-lab.net": [("mx1", "45.45.45.11"), ("mx2", "45.45.46.12")],
    "kontor-lab.net": [("alpha", "45.45.45.21"), ("beta", "45.45.46.22")],
    "werkstatt-lab.org": [("mx", "45.45.45.31"), ("reserve", "45.45.46.32")],
    "verein-lab.org": [("post", "45.45.45.41"), ("post2", "45.45.46.42")],
    "verlag-lab.com": [("in1", "45.45.45.51"), ("in2", "45.45.46.52")],
}


def zones():
    """{apex: records} for NSD: each domain healthy, two hosts, SPF, and PTR records that match."""
    texts, reverse = {}, {}
    for domain, hosts in DOMAINS.items():
        lines = ['@ TXT "v=spf1 ip4:45.45.45.0/24 ip4:45.45.46.0/24 -all"']
        for index, (host, address) in enumerate(hosts, 1):
            lines += [f"@ MX {index * 10} {host}", f"{host} A {address}"]
            octets = address.split(".")
            apex = ".".join(reversed(octets[:3])) + ".in-addr.arpa"
            reverse.setdefault(apex, []).append(f"{octets[3]} PTR {host}.{domain}.")
        texts[domain] = "\n".join(lines)
    return texts | {apex: "\n".join(lines) for apex, lines in reverse.items()}
