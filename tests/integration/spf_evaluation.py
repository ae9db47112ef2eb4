"""Cases of SPF: include, redirect, explanations and macros, limits, lookups that fail."""

from lab import faults
from spf_cases import C4, C6, C6_DOTTED, C6_NIBBLES, HELO, LONG_LABEL, REV4, Case, rows, strings, world
from spf_records import ADDRESS_ZONE, PTR_ZONE

SERVFAIL = faults.servfail()

TARGETS = """
pass.inc-lab.net TXT "v=spf1 +all"
fail.inc-lab.net TXT "v=spf1 exp=why.inc-lab.net -all"
softfail.inc-lab.net TXT "v=spf1 ~all"
neutral.inc-lab.net TXT "v=spf1 ?all"
bare.inc-lab.net TXT "v=spf1"
broken.inc-lab.net TXT "v=spf1 ip4:x +all"
double.inc-lab.net TXT "v=spf1 +all"
double.inc-lab.net TXT "v=spf1 -all"
empty.inc-lab.net TXT "nothing"
onward.inc-lab.net TXT "v=spf1 redirect=pass.inc-lab.net"
own.inc-lab.net TXT "v=spf1 exists:%{d}.%{o}.own -all"
own.inc-lab.net.m14.inc-lab.net.own A 127.0.0.2
own.inc-lab.net.m14.red-lab.net.own A 127.0.0.2
circle.inc-lab.net TXT "v=spf1 include:circle.inc-lab.net -all"
round.inc-lab.net TXT "v=spf1 redirect=round.inc-lab.net"
why.inc-lab.net TXT "%{d} says no"
why.red-lab.net TXT "%{d} says never"
alias.inc-lab.net CNAME pass.inc-lab.net.
"""
INCLUDE = rows(
    "inc-lab.net", "5.2",
    ("v=spf1 include:pass.inc-lab.net -all", "pass"), ("v=spf1 include:fail.inc-lab.net ?all", "neutral"),
    ("v=spf1 include:softfail.inc-lab.net -all", "fail"), ("v=spf1 include:neutral.inc-lab.net ~all", "softfail"),
    ("v=spf1 include:bare.inc-lab.net ~all", "softfail"), ("v=spf1 include:broken.inc-lab.net ~all", "permerror"),
    ("v=spf1 include:double.inc-lab.net ~all", "permerror"), ("v=spf1 include:empty.inc-lab.net ~all", "permerror"),
    ("v=spf1 include:gone.inc-lab.net ~all", "permerror"), ("v=spf1 -include:pass.inc-lab.net ~all", "fail"),
    ("v=spf1 ?include:pass.inc-lab.net ~all", "neutral"), ("v=spf1 ~include:pass.inc-lab.net -all", "softfail"),
    ("v=spf1 include:onward.inc-lab.net -all", "pass"), ("v=spf1 include:circle.inc-lab.net -all", "permerror"),
    ("v=spf1 INCLUDE:PASS.inc-lab.NET. -all", "pass"), ("v=spf1 include:alias.inc-lab.net -all", "pass"),
    (f"v=spf1 include:{LONG_LABEL}.inc-lab.net -all", "permerror"), ("v=spf1 include:a..inc-lab.net -all", "permerror"),
    ("v=spf1 +all include:gone.inc-lab.net", "pass"), ("v=spf1 include:own.inc-lab.net -all", "fail"),
    ("v=spf1 include:%{d1}.inc-lab.net -all", "permerror"),
    zone=TARGETS)
INCLUDE_MORE = world(
    TARGETS + """
    m14.inc-lab.net TXT "v=spf1 include:own.inc-lab.net -all"
    quiet.inc-lab.net TXT "v=spf1 include:fail.inc-lab.net -all"
    loud.inc-lab.net TXT "v=spf1 include:fail.inc-lab.net exp=why.inc-lab.net -all"
    """,
    Case("macros of the included record", "pass", "u@m14.inc-lab.net", "5.2"),
    Case("exp of the included record is not used", "fail", "u@quiet.inc-lab.net", "6.2"),
    Case("exp of the record itself is", "fail", "u@loud.inc-lab.net", "6.2", explanation="loud.inc-lab.net says no"),
    Case("SERVFAIL", "temperror", "u@quiet.inc-lab.net", "5.2", faults={"fail.inc-lab.net TXT": SERVFAIL}),
    Case("no answer", "temperror", "u@quiet.inc-lab.net", "5.2", faults={"fail.inc-lab.net TXT": faults.silence}, timeout="1s"),
)
REDIRECT = rows(
    "red-lab.net", "6.1",
    ("v=spf1 redirect=pass.inc-lab.net", "pass"), ("v=spf1 redirect=softfail.inc-lab.net ip4:9.9.9.9", "softfail"),
    ("v=spf1 redirect=neutral.inc-lab.net", "neutral"), ("v=spf1 redirect=bare.inc-lab.net", "neutral"),
    ("v=spf1 redirect=broken.inc-lab.net", "permerror"), ("v=spf1 redirect=double.inc-lab.net", "permerror"),
    ("v=spf1 redirect=empty.inc-lab.net", "permerror"), ("v=spf1 redirect=gone.inc-lab.net", "permerror"),
    ("v=spf1 redirect=gone.inc-lab.net ?all", "neutral"), (f"v=spf1 redirect=gone.inc-lab.net ip4:{C4}", "pass"),
    ("v=spf1 redirect=onward.inc-lab.net", "pass"), ("v=spf1 redirect=round.inc-lab.net", "permerror"),
    (f"v=spf1 redirect={LONG_LABEL}.inc-lab.net", "permerror"), ("v=spf1 redirect=pass.%{d2}", "permerror"),
    ("v=spf1 REDIRECT=own.inc-lab.net", "pass"), ("v=spf1 redirect=pass.inc-lab.%{d1}", "pass"),
    ("v=spf1 redirect=pass.inc-lab.net/24", "permerror"),
    zone=TARGETS + "red-lab.net TXT x")
REDIRECT_MORE = world(
    TARGETS + """
    first.red-lab.net TXT "v=spf1 exp=why.red-lab.net redirect=fail.inc-lab.net"
    mute.red-lab.net TXT "v=spf1 exp=why.red-lab.net redirect=hush.red-lab.net"
    hush.red-lab.net TXT "v=spf1 -all"
    """,
    Case("exp of the target is used", "fail", "u@first.red-lab.net", "6.2", explanation="fail.inc-lab.net says no"),
    Case("exp beside redirect is not used", "fail", "u@mute.red-lab.net", "6.2"),
    Case("SERVFAIL", "temperror", "u@first.red-lab.net", "6.1", faults={"fail.inc-lab.net TXT": SERVFAIL}),
)


def explained(why, text, explanation, sender="jo.the-cat@NAME", **more):
    """The text of an explanation and what becomes of it; NAME is the domain that is checked."""
    if explanation is not None:
        explanation = explanation.replace("NAME", NAME)
    zone = f'{NAME} TXT "v=spf1 exp=why.{NAME} -all"\nwhy.{NAME} TXT {text}\n' + PTR_ZONE
    return world(zone, Case(text, "fail", sender.replace("NAME", NAME), why, explanation=explanation, **more))[0]


NAME = "me.exp-lab.net"
WHY = f"why.{NAME} TXT"
EXP = [
    explained("6.2", '"simple text, with spaces"', "simple text, with spaces"),
    explained("6.2", '"strings " "are" " joined"', "strings are joined"),
    explained("7.3", '"%{i} %{c} %{v} %{r}"', f"{C4} {C4} in-addr unknown"),
    explained("7.3", '"%{i} %{c} %{v} %{ir}"', f"{C6_DOTTED.upper()} {C6} ip6 {C6_NIBBLES.upper()}", ip=C6),
    explained("7.3", '"%{i} %{v}"', f"{C4} in-addr", ip=f"::ffff:{C4}"),
    explained("7.3", '"%{s} %{l} %{o} %{d} %{h}"', f"jo.the-cat@NAME jo.the-cat NAME NAME {HELO}"),
    explained("7.3", '"%{r} for %{h}"', "mx.office-lab.net for ", helo="", args=("--receiver", "mx.office-lab.net")),
    explained("7.1", '"100%% of%_it%-x"', "100% of it%20x"),
    explained("7.3", '"%{d1} %{d2} %{d3} %{d9}"', "net exp-lab.net NAME NAME"),
    explained("7.3", '"%{dr} %{d1r} %{D2R}"', "net.exp-lab.me me exp-lab.me"),
    explained("7.3", '"%{ir} %{i2} %{i1r} %{lr} %{l1r} %{l1}"', "11.45.45.45 45.11 45 the-cat.jo jo the-cat"),
    explained("7.3", '"%{l-} %{l1r-} %{lr-} %{l.-} %{l1-} %{l2r.-}"', "jo.the.cat jo.the cat.jo.the jo.the.cat cat the.jo"),
    explained("7.3", '"%{o1r-} %{s2-}"', "me.exp cat@me.exp.lab.net"),
    explained("8.4", '"%{l1+} and %{l2r+-}"', "tag and with.mailer", sender="mailer-with+tag@NAME"),
    explained("7.3", '"%{l+,/_=}"', "a.b.c.d.e.f", sender="a+b,c/d_e=f@NAME"),
    explained("7.3", '"%{L} %{S} %{I}"', f"jo.the-cat jo.the-cat%40NAME {C4}"),
    explained("7.3", '"%{L} %{l}"', "jack%26jill%3D%2Bup~%21%2F jack&jill=+up~!/", sender="jack&jill=+up~!/@NAME"),
    explained("7.3", '"%{p}"', "host.m0.ptr-lab.net"),
    explained("7.3", '"%{p} of a stranger"', "unknown of a stranger", ip="45.45.45.99"),
    explained("7.3", '"%{p} after SERVFAIL"', "unknown after SERVFAIL", faults={f"{REV4} PTR": SERVFAIL}),
    explained("7.1", '"%{z}"', None),
    explained("7.1", '"a % b"', None),
    explained("7.1", '"%{d0}"', None),
    explained("7.1", '"%{sr@}"', None),
    explained("7.1", '"tab\\009"', None),
    explained("6.2", '"not ASCII: \\195\\164"', None),
    explained("6.2", '"SERVFAIL"', None, faults={WHY: SERVFAIL}),
    explained("6.2", '"no answer"', None, faults={WHY: faults.silence}, timeout="1s"),
    explained("6.2", f'"one"\n{WHY} "two"', None),
] + world(
    """
    soft.exp-lab.net TXT "v=spf1 exp=why.exp-lab.net ~all"
    gone.exp-lab.net TXT "v=spf1 exp=gone2.exp-lab.net -all"
    macro.exp-lab.net TXT "v=spf1 exp=%{l}.exp-lab.net -all"
    local.exp-lab.net TXT "v=spf1 exp=why.exp-lab.net -all"
    wrong.exp-lab.net TXT "v=spf1 exp=%{z}.exp-lab.net +all"
    long.exp-lab.net TXT "v=spf1 exp=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.net -all"
    why.exp-lab.net TXT "because of %{l}"
    """,
    Case("softfail is not explained", "softfail", "u@soft.exp-lab.net", "6.2"),
    Case("no text", "fail", "u@gone.exp-lab.net", "6.2"),
    Case("macro in the name", "fail", "why@macro.exp-lab.net", "6.2", explanation="because of why"),
    Case("local part is not ASCII", "fail", "jürgen@local.exp-lab.net", "RFC 8616 4"),
    Case("name is malformed", "permerror", "u@wrong.exp-lab.net", "4.6"),
    Case("name that DNS cannot hold", "fail", "u@long.exp-lab.net", "6.2"),
)

LABELS = [letter * 50 for letter in "abcde"]
MACROS = world(
    f"""
    upper.macro-lab.net TXT "v=spf1 exists:%{{L}}.macro-lab.net -all"
    a%2Bb.macro-lab.net A 127.0.0.2
    perc.macro-lab.net TXT "v=spf1 exists:100%%.%_x.%-y.macro-lab.net -all"
    100%.\\032x.%20y.macro-lab.net A 127.0.0.2
    helo.macro-lab.net TXT "v=spf1 exists:%{{h}}.macro-lab.net -all"
    {HELO}.macro-lab.net A 127.0.0.2
    name.macro-lab.net TXT "v=spf1 exists:%{{p}}.macro-lab.net -all"
    unknown.macro-lab.net A 127.0.0.2
    dots.macro-lab.net TXT "v=spf1 exists:%{{l}}.macro-lab.net ~all"
    ptr-lab.net TXT "v=spf1 exists:%{{p}}.macro-lab.net -all"
    m1.ptr-lab.net TXT "v=spf1 exists:%{{p}}.macro-lab.net -all"
    host.m0.ptr-lab.net.macro-lab.net A 127.0.0.2
    m1.ptr-lab.net.macro-lab.net A 127.0.0.2
    www.badptr-lab.net TXT "v=spf1 exists:%{{p}}.macro-lab.net ~all"
    """ + PTR_ZONE,
    Case("URL escape in a name", "pass", "a+b@upper.macro-lab.net", "7.3"),
    Case("literal escapes in a name", "pass", "u@perc.macro-lab.net", "7.1"),
    Case("macro h", "pass", "u@helo.macro-lab.net", "7.3"),
    Case("macro h that is no name", "fail", "u@helo.macro-lab.net", "7.3", helo="JOE'S PC"),
    Case("macro p without a validated name", "pass", "u@name.macro-lab.net", "7.3", ip="45.45.45.99"),
    Case("macro p prefers names under the domain", "pass", "u@ptr-lab.net", "7.3"),
    Case("macro p prefers the domain", "pass", "u@m1.ptr-lab.net", "7.3"),
    Case("macro p prefers the domain, which has no list entry", "softfail", "u@www.badptr-lab.net", "7.3"),
    Case("empty labels from the local part", "softfail", "a..b@dots.macro-lab.net", "4.3"),
)
# Two times 5 labels of 50 octets and 5 more octets: no more than 4 of those labels are left.
MACROS += world(
    f"""
    trunc.macro-lab.net TXT "v=spf1 exists:%{{l}}.%{{l}}.m.net -all"
    {".".join(LABELS[1:])}.m.net A 127.0.0.2
    """,
    Case("a long name loses labels on the left", "pass", ".".join(LABELS) + "@trunc.macro-lab.net", "7.3"))


def chain(domain, *, length, last):
    """`length` records that include one another, then `last`."""
    lines = [f'{domain} TXT "v=spf1 include:n1.{domain} -all"']
    lines += [f'n{n}.{domain} TXT "v=spf1 include:n{n + 1}.{domain} -all"' for n in range(1, length)]
    return "\n".join([*lines, f'n{length}.{domain} TXT "{last}"'])


A_TERMS = ["a:near.addr-lab.net"] * 12
LIMITS = world(
    ADDRESS_ZONE + PTR_ZONE + "\n".join([
        chain("nine.limit-lab.net", length=9, last="v=spf1 a:host.addr-lab.net -all"),
        chain("ten.limit-lab.net", length=10, last=f"v=spf1 ip4:{C4} -all"),
        chain("eleven.limit-lab.net", length=11, last="v=spf1 +all"),
        chain("deep.limit-lab.net", length=10, last="v=spf1 a:host.addr-lab.net -all"),
        'flat.limit-lab.net TXT ' + strings(f'v=spf1 {" ".join(A_TERMS[:10])} ip4:{C4} -all'),
        'over.limit-lab.net TXT ' + strings(f'v=spf1 {" ".join(A_TERMS[:11])} +all'),
        'early.limit-lab.net TXT ' + strings(f'v=spf1 {" ".join(A_TERMS[:3])} ip4:{C4} {" ".join(A_TERMS)} -all'),
        'red.limit-lab.net TXT ' + strings(f'v=spf1 {" ".join(A_TERMS[:10])} redirect=pass.limit-lab.net'),
        'red9.limit-lab.net TXT ' + strings(f'v=spf1 {" ".join(A_TERMS[:9])} redirect=pass.limit-lab.net'),
        'exp.limit-lab.net TXT ' + strings(f'v=spf1 {" ".join(A_TERMS[:10])} exp=why.limit-lab.net -all'),
        'why.limit-lab.net TXT "still told"',
        'pass.limit-lab.net TXT "v=spf1 +all"',
        'cheap.limit-lab.net TXT ' + strings(f'v=spf1 {" ".join(["ip4:9.9.9.9"] * 20)} ip4:{C4} -all'),
        'every.limit-lab.net TXT "v=spf1 a mx ptr exists:x.limit-lab.net include:no.limit-lab.net a:near.addr-lab.net '
        'a:near.addr-lab.net a:near.addr-lab.net a:near.addr-lab.net redirect=pass.limit-lab.net"',
        "every.limit-lab.net A 9.9.9.9", "every.limit-lab.net MX 10 near.addr-lab.net.",
        "x.limit-lab.net AAAA 2a10:4540:9::9",
        'no.limit-lab.net TXT "v=spf1 -all"',
        'every2.limit-lab.net TXT "v=spf1 a mx ptr exists:x.limit-lab.net include:no.limit-lab.net a:near.addr-lab.net '
        'a:near.addr-lab.net a:near.addr-lab.net a:near.addr-lab.net a:near.addr-lab.net redirect=pass.limit-lab.net"',
        "every2.limit-lab.net A 9.9.9.9", "every2.limit-lab.net MX 10 near.addr-lab.net.",
        'void2.limit-lab.net TXT "v=spf1 a:v1.limit-lab.net mx:v2.limit-lab.net +all"',
        'void3.limit-lab.net TXT "v=spf1 a:v1.limit-lab.net mx:near.addr-lab.net exists:v3.limit-lab.net +all"',
        'voidptr.limit-lab.net TXT "v=spf1 a:v1.limit-lab.net a:v2.limit-lab.net ptr +all"',
        'voidmx.limit-lab.net TXT "v=spf1 mx:hosts.limit-lab.net a:v1.limit-lab.net a:v2.limit-lab.net +all"',
        'voidsix.limit-lab.net TXT "v=spf1 a:four.addr-lab.net a:four.addr-lab.net a:four.addr-lab.net +all"',
        *[f"hosts.limit-lab.net MX 10 v{n}.limit-lab.net." for n in range(5, 9)],
    ]),
    Case("ten terms that ask, nested", "pass", "u@nine.limit-lab.net", "4.6.4"),
    Case("ten includes", "pass", "u@ten.limit-lab.net", "4.6.4"),
    Case("eleven includes", "permerror", "u@eleven.limit-lab.net", "4.6.4"),
    Case("the eleventh at the bottom", "permerror", "u@deep.limit-lab.net", "4.6.4"),
    Case("ten in a row", "pass", "u@flat.limit-lab.net", "4.6.4"),
    Case("eleven in a row", "permerror", "u@over.limit-lab.net", "4.6.4"),
    Case("terms behind a match do not count", "pass", "u@early.limit-lab.net", "4.6.4"),
    Case("redirect as the eleventh", "permerror", "u@red.limit-lab.net", "4.6.4"),
    Case("redirect as the tenth", "pass", "u@red9.limit-lab.net", "4.6.4"),
    Case("exp does not count", "fail", "u@exp.limit-lab.net", "4.6.4", explanation="still told"),
    Case("ip4 does not count", "pass", "u@cheap.limit-lab.net", "4.6.4"),
    Case("one of each kind, ten", "pass", "u@every.limit-lab.net", "4.6.4"),
    Case("one of each kind, eleven", "permerror", "u@every2.limit-lab.net", "4.6.4"),
    Case("two void lookups", "pass", "u@void2.limit-lab.net", "4.6.4"),
    Case("three void lookups", "permerror", "u@void3.limit-lab.net", "4.6.4"),
    Case("three void lookups are allowed here", "pass", "u@void3.limit-lab.net", "4.6.4", args=("--max-voids", "3")),
    Case("no void lookup is allowed here", "permerror", "u@void2.limit-lab.net", "4.6.4", args=("--max-voids", "0")),
    Case("void reverse name", "permerror", "u@voidptr.limit-lab.net", "4.6.4", ip="45.45.45.99"),
    Case("hosts of MX are no void lookups", "pass", "u@voidmx.limit-lab.net", "4.6.4"),
    Case("addresses of the other family are void", "permerror", "u@voidsix.limit-lab.net", "4.6.4", ip=C6),
    Case("addresses of this family are not", "pass", "u@voidsix.limit-lab.net", "4.6.4"),
)

FAIL_ZONE = f"""
a.err-lab.net TXT "v=spf1 a:host.addr-lab.net ~all"
mx.err-lab.net TXT "v=spf1 mx:dest.err-lab.net ~all"
dest.err-lab.net MX 10 host.addr-lab.net.
dest.err-lab.net MX 20 near.addr-lab.net.
exists.err-lab.net TXT "v=spf1 exists:host.addr-lab.net ~all"
before.err-lab.net TXT "v=spf1 ip4:{C4} a:host.addr-lab.net ~all"
not.err-lab.net TXT "v=spf1 ?a:host.addr-lab.net include:sub.err-lab.net -all"
sub.err-lab.net TXT "v=spf1 a:near.addr-lab.net -all"
""" + ADDRESS_ZONE
HOST_FAILS, HOST_SILENT = {"host.addr-lab.net": SERVFAIL}, {"host.addr-lab.net": faults.silence}
ERRORS = world(
    FAIL_ZONE,
    Case("SERVFAIL, a", "temperror", "u@a.err-lab.net", "5", faults=HOST_FAILS),
    Case("SERVFAIL, a for IPv6", "temperror", "u@a.err-lab.net", "5", faults=HOST_FAILS, ip=C6),
    Case("SERVFAIL, mx", "temperror", "u@mx.err-lab.net", "5", faults={"dest.err-lab.net MX": SERVFAIL}),
    Case("SERVFAIL, host of mx", "temperror", "u@mx.err-lab.net", "5", faults=HOST_FAILS),
    Case("SERVFAIL, exists", "temperror", "u@exists.err-lab.net", "5", faults=HOST_FAILS),
    Case("SERVFAIL behind a match is not met", "pass", "u@before.err-lab.net", "4.6.2", faults=HOST_FAILS),
    Case("SERVFAIL inside an include", "temperror", "u@not.err-lab.net", "5.2", faults={"near.addr-lab.net A": SERVFAIL}, ip="45.45.1.1"),
    Case("SERVFAIL of the other family is not met", "pass", "u@a.err-lab.net", "5", faults={"host.addr-lab.net AAAA": SERVFAIL}),
    Case("no answer, a", "temperror", "u@a.err-lab.net", "5", faults=HOST_SILENT, timeout="1s"),
    Case("no answer, mx", "temperror", "u@mx.err-lab.net", "5", faults={"dest.err-lab.net MX": faults.silence}, timeout="1s"),
    Case("no answer, host of mx", "temperror", "u@mx.err-lab.net", "5", faults=HOST_SILENT, timeout="1s"),
    Case("no answer, exists", "temperror", "u@exists.err-lab.net", "5", faults=HOST_SILENT, timeout="1s"),
    Case("REFUSED, a", "temperror", "u@a.err-lab.net", "5", faults={"host.addr-lab.net A": faults.refused()}),
    Case("FORMERR, a", "temperror", "u@a.err-lab.net", "5", faults={"host.addr-lab.net A": faults.formerr()}),
    Case("garbage, a", "temperror", "u@a.err-lab.net", "5", faults={"host.addr-lab.net A": faults.header_only}, timeout="1s"),
)

EVALUATION = INCLUDE + INCLUDE_MORE + REDIRECT + REDIRECT_MORE + EXP + MACROS + LIMITS + ERRORS
