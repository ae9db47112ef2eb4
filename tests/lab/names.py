"""Names and addresses of the lab.

Mail hosts under test, example, invalid or local are a finding of their own (mx-target-special), and
so are documentation addresses (addr-private). The lab therefore uses names and addresses that look
like anyone's. Nothing is ever sent to them: every question goes to a server on loopback.
"""

import dns.name


def absolute(text):
    """A dns.name.Name that ends in the root, whether or not `text` has its final dot."""
    if isinstance(text, dns.name.Name):
        return text
    return dns.name.from_text(text, origin=dns.name.root)
