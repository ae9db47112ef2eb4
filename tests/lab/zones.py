"""The healthy mail domain that test tables change by an edit or two.

Two hosts in different networks, both address families, reverse names that match, SPF that does not
depend on any of them: nothing here is worth a warning. The hosts are called alpha and beta because
names such as mx2 or backup say something about the intended order (mx-equal-priority).
"""

DOMAIN = "kontor-lab.net"
ALPHA4, ALPHA6 = "45.45.45.11", "2a10:4540:1::11"
BETA4, BETA6 = "45.45.46.12", "2a10:4540:2::12"
REV_ALPHA4 = "11.45.45.45.in-addr.arpa"
REV_BETA4 = "12.46.45.45.in-addr.arpa"
REV_ALPHA6 = "1.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.0.4.5.4.0.1.a.2.ip6.arpa"
REV_BETA6 = "2.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.0.0.0.0.4.5.4.0.1.a.2.ip6.arpa"
SPF = '"v=spf1 ip4:45.45.45.0/24 ip4:45.45.46.0/24 ip6:2a10:4540::/32 -all"'

HEALTHY = f"""
{DOMAIN} MX 10 alpha.{DOMAIN}.
{DOMAIN} MX 20 beta.{DOMAIN}.
{DOMAIN} TXT {SPF}
alpha.{DOMAIN} A {ALPHA4}
alpha.{DOMAIN} AAAA {ALPHA6}
beta.{DOMAIN} A {BETA4}
beta.{DOMAIN} AAAA {BETA6}
{REV_ALPHA4} PTR alpha.{DOMAIN}.
{REV_BETA4} PTR beta.{DOMAIN}.
{REV_ALPHA6} PTR alpha.{DOMAIN}.
{REV_BETA6} PTR beta.{DOMAIN}.
"""


def many(count):
    """`count` healthy domains with hosts of their own: (names, zone text)."""
    names, lines = [], []
    for index in range(count):
        name = f"d{index:05d}-lab.net"
        low = f"{46 + index // 65536}.{index // 256 % 256}.{index % 256}"
        first, second = f"45.{low}", f"46.{low}"
        names.append(name)
        lines += [f"{name} MX 10 a.{name}.", f"{name} MX 20 b.{name}.", f'{name} TXT "v=spf1 mx -all"',
                  f"a.{name} A {first}", f"b.{name} A {second}"]
        for address, host in ((first, "a"), (second, "b")):
            reverse = ".".join(reversed(address.split(".")))
            lines.append(f"{reverse}.in-addr.arpa PTR {host}.{name}.")
    return names, "\n".join(lines)
