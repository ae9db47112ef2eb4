"""Cases of SPF: finding the record, its terms, and each mechanism by itself."""

from lab import faults
from spf_cases import C4, C6, C6_DOTTED, C6_NIBBLES, HELO, LONG_LABEL, REV4, REV6, Case, rows, world

SERVFAIL = faults.servfail()

LOOKUP = world(
    rf"""
    one.look-lab.net TXT "v=spf1 -all"
    other.look-lab.net TXT "an unrelated text"
    other.look-lab.net TXT "\255\254 no ASCII at all"
    other.look-lab.net TXT "v=spf1 ip4:{C4} -all"
    only.look-lab.net TXT "an unrelated text"
    two.look-lab.net TXT "v=spf1 -all"
    two.look-lab.net TXT "v=spf1 +all"
    case.look-lab.net TXT "V=SPF1 +ALL"
    tab.look-lab.net TXT "v=spf1\009+all"
    ten.look-lab.net TXT "v=spf10 +all"
    ten.look-lab.net TXT "v=spf1 -all"
    lead.look-lab.net TXT " v=spf1 +all"
    bare.look-lab.net TXT "v=spf1"
    spaces.look-lab.net TXT "v=spf1   ~all  "
    split.look-lab.net TXT "v=sp" "f1 ip4:45.45" "" ".45.11 -all"
    glue.look-lab.net TXT "v=spf1 ip4:{C4}" "-all"
    typ.look-lab.net SPF "v=spf1 +all"
    alias.look-lab.net CNAME alias2.look-lab.net.
    alias2.look-lab.net CNAME one.look-lab.net.
    nodata.look-lab.net A {C4}
    *.wild.look-lab.net TXT "v=spf1 ?all"
    """,
    Case("one record", "fail", "u@one.look-lab.net", "4.4"),
    Case("a record among other texts", "pass", "u@other.look-lab.net", "4.5"),
    Case("other texts alone", "none", "u@only.look-lab.net", "4.5"),
    Case("two records", "permerror", "u@two.look-lab.net", "4.5"),
    Case("letter case of the version", "pass", "u@case.look-lab.net", "4.5"),
    Case("a tab is no space", "none", "u@tab.look-lab.net", "4.5"),
    Case("v=spf10 is another version", "fail", "u@ten.look-lab.net", "4.5"),
    Case("a space before the version", "none", "u@lead.look-lab.net", "4.5"),
    Case("version alone", "neutral", "u@bare.look-lab.net", "4.7"),
    Case("more spaces than one", "softfail", "u@spaces.look-lab.net", "12"),
    Case("strings are joined", "pass", "u@split.look-lab.net", "3.3"),
    Case("strings are joined without a space", "permerror", "u@glue.look-lab.net", "3.3"),
    Case("RR type SPF is not asked for", "none", "u@typ.look-lab.net", "3.1"),
    Case("record behind aliases", "fail", "u@alias.look-lab.net", "4.4"),
    Case("no TXT", "none", "u@nodata.look-lab.net", "4.5"),
    Case("no such name", "none", "u@nobody.look-lab.net", "4.3"),
    Case("wildcard", "neutral", "u@x.y.wild.look-lab.net", "4.4"),
    Case("letter case of the domain", "fail", "u@ONE.Look-LAB.net", "4.3"),
    Case("SERVFAIL", "temperror", "u@one.look-lab.net", "4.4", faults={"one.look-lab.net TXT": SERVFAIL}),
    Case("REFUSED", "temperror", "u@one.look-lab.net", "4.4", faults={"one.look-lab.net TXT": faults.refused()}),
    Case("no answer", "temperror", "u@one.look-lab.net", "4.4", faults={"one.look-lab.net TXT": faults.silence}, timeout="1s"),
    Case("aliases in a circle", "temperror", "u@one.look-lab.net", "4.4", faults={"one.look-lab.net TXT": faults.alias_loop}),
)

UMLAUT = "bücher-lab.net"
A_LABELS = UMLAUT.encode("idna").decode()
INITIAL = world(
    rf"""
    start-lab.net TXT "v=spf1 exp=why.start-lab.net -all"
    why.start-lab.net TXT "s=%{{s}} l=%{{l}} o=%{{o}} d=%{{d}} h=%{{h}}"
    {HELO} TXT "v=spf1 exp=why.start-lab.net -all"
    {A_LABELS} TXT "v=spf1 exp=why.start-lab.net -all"
    _x.start-lab.net TXT "v=spf1 +all"
    local TXT "v=spf1 +all"
    local-part.start-lab.net TXT "v=spf1 a:%{{l}}.start-lab.net ?all"
    mixed.start-lab.net TXT "v=spf1 a:%{{l}}.start-lab.net exists:%{{d}}.start-lab.net -all"
    mixed.start-lab.net.start-lab.net A 127.0.0.2
    high.start-lab.net TXT "v=spf1 +all \200"
    high2.start-lab.net TXT "v=spf1 a:\195\164.start-lab.net +all"
    high3.start-lab.net TXT "v=spf1 x=\195\164 +all"
    high4.start-lab.net TXT "v=spf\1951 +all"
    high5.start-lab.net TXT "v=spf1\160+all"
    """,
    Case("domain of one label", "none", "u@local", "4.3"),
    Case("no domain", "none", "u@", "4.3"),
    Case("label of 64 octets", "none", f"u@{LONG_LABEL}.start-lab.net", "4.3"),
    Case("empty label", "none", "u@a..start-lab.net", "4.3"),
    Case("label before a dot is missing", "none", "u@.start-lab.net", "4.3"),
    Case("name of 254 octets", "none", "u@" + "a" * 50 + (".b" * 100) + ".net", "4.3"),
    Case("address literal", "none", f"u@[{C4}]", "4.3"),
    Case("final dot", "fail", "u@start-lab.net.", "4.3",
         explanation=f"s=u@start-lab.net l=u o=start-lab.net d=start-lab.net h={HELO}"),
    Case("underscore", "pass", "u@_x.start-lab.net", "4.3"),
    Case("null reverse-path", "fail", "", "2.4",
         explanation=f"s=postmaster@{HELO} l=postmaster o={HELO} d={HELO} h={HELO}"),
    Case("null reverse-path in brackets", "fail", "<>", "2.4",
         explanation=f"s=postmaster@{HELO} l=postmaster o={HELO} d={HELO} h={HELO}"),
    Case("null reverse-path, HELO is a literal", "none", "", "2.3", helo=f"[{C4}]"),
    Case("null reverse-path, HELO of one label", "none", "", "2.3", helo="MYPC"),
    Case("null reverse-path, HELO is missing", "none", "", "2.3", helo=""),
    Case("brackets", "fail", "<u@start-lab.net>", "4.1",
         explanation=f"s=u@start-lab.net l=u o=start-lab.net d=start-lab.net h={HELO}"),
    Case("local part is missing", "fail", "@start-lab.net", "4.3",
         explanation=f"s=postmaster@start-lab.net l=postmaster o=start-lab.net d=start-lab.net h={HELO}"),
    Case("no @ either", "fail", "start-lab.net", "4.3",
         explanation=f"s=postmaster@start-lab.net l=postmaster o=start-lab.net d=start-lab.net h={HELO}"),
    Case("quoted local part with @", "fail", '"a@b c"@start-lab.net', "4.3",
         explanation=f's="a@b c"@start-lab.net l="a@b c" o=start-lab.net d=start-lab.net h={HELO}'),
    Case("domain in its own script", "fail", f"u@{UMLAUT}", "RFC 8616 4",
         explanation=f"s=u@{A_LABELS} l=u o={A_LABELS} d={A_LABELS} h={HELO}"),
    Case("local part is not ASCII, macro l matches nothing", "neutral", "jürgen@local-part.start-lab.net", "RFC 8616 4"),
    Case("local part is not ASCII, other terms match", "pass", "jürgen@mixed.start-lab.net", "RFC 8616 4"),
    Case("an octet over 127 behind the terms", "permerror", "u@high.start-lab.net", "4.6"),
    Case("an octet over 127 in a name", "permerror", "u@high2.start-lab.net", "7.1"),
    Case("an octet over 127 in an unknown modifier", "permerror", "u@high3.start-lab.net", "7.1"),
    Case("an octet over 127 in the version", "none", "u@high4.start-lab.net", "4.5"),
    Case("a no-break space behind the version", "none", "u@high5.start-lab.net", "4.5"),
)

TERMS = rows(
    "term-lab.net", "4.6",
    ("v=spf1 all", "pass"), ("v=spf1 +all", "pass"), ("v=spf1 -all", "fail"), ("v=spf1 ~all", "softfail"),
    ("v=spf1 ?all", "neutral"), ("v=spf1 ip4:9.9.9.9", "neutral"), ("v=spf1 -ALL", "fail"),
    ("v=spf1 -all:x.net", "permerror"), ("v=spf1 -all/8", "permerror"), ("v=spf1 -all.", "permerror"),
    ("v=spf1 +all moo", "permerror"), ("v=spf1 +all moo:a.net", "permerror"), ("v=spf1 moo=a.net -all", "fail"),
    ("v=spf1 default=pass op=helo -all", "fail"), ("v=spf1 m1.x-y_z=%%a -all", "fail"), ("v=spf1 x= -all", "fail"),
    ("v=spf1 3x=a -all", "permerror"), ("v=spf1 =a -all", "permerror"), ("v=spf1 x=%a -all", "permerror"),
    ("v=spf1 x=%{c}%{r}%{t} -all", "fail"), ("v=spf1 ip4=9.9.9.9 -all", "fail"), ("v=spf1 x=a x=b -all", "fail"),
    ("v=spf1 -redirect=m0.term-lab.net", "permerror"), ("v=spf1 ?exp=m0.term-lab.net -all", "permerror"),
    ("v=spf1 redirect=m0.term-lab.net redirect=m0.term-lab.net", "permerror"),
    ("v=spf1 exp=a.net -all exp=a.net", "permerror"), ("v=spf1 redirect= ?all", "permerror"), ("v=spf1 exp= ?all", "permerror"),
    ("v=spf1 include -all", "permerror"), ("v=spf1 include: -all", "permerror"), ("v=spf1 exists -all", "permerror"),
    ("v=spf1 include:m0.term-lab.net/24 -all", "permerror"), ("v=spf1 exists:m0.term-lab.net/24 -all", "permerror"),
    ("v=spf1 ip4 -all", "permerror"), ("v=spf1 ip6 -all", "permerror"), ("v=spf1 a: -all", "permerror"),
    ("v=spf1 a:/24 -all", "permerror"), ("v=spf1 mx: -all", "permerror"), ("v=spf1 ptr: -all", "permerror"),
    ("v=spf1 ptr/24 -all", "permerror"), ("v=spf1 a:single -all", "permerror"), ("v=spf1 a:45.45.45.11 -all", "permerror"),
    ("v=spf1 include:x.123 -all", "permerror"), ("v=spf1 a:x.1net -all", "fail"), ("v=spf1 a:x.net- -all", "permerror"),
    ("v=spf1 a:x.-net -all", "permerror"), ("v=spf1 a:x.n-t. -all", "fail"), ("v=spf1 a:x.net:25 -all", "permerror"),
    ("v=spf1 a:%{d -all", "permerror"), ("v=spf1 a:%{z}.net -all", "permerror"), ("v=spf1 a:%d.net -all", "permerror"),
    ("v=spf1 a:x.%{c}.net -all", "permerror"), ("v=spf1 a:%{d0}.net -all", "permerror"), ("v=spf1 a:%{dx}.net -all", "permerror"),
    ("v=spf1 exists:%{d}x -all", "permerror"), ("v=spf1 a:x.net% -all", "permerror"), ("v=spf1 --all", "permerror"),
    ("v=spf1 - all", "permerror"), (r"v=spf1 a:x\000y.net -all", "permerror"), (r"v=spf1 a:x.net\013ptr -all", "permerror"),
    (r"v=spf1 a\009-all", "permerror"), ("v=spf1 v=spf1 -all", "fail"), ("v=spf1,-all", "none"), ("v=spf1;-all", "none"),
    zone="x.net TXT x")

IP4 = rows(
    "four-lab.net", "5.6",
    (f"v=spf1 ip4:{C4} -all", "pass"), ("v=spf1 IP4:45.45.45.0/24 -all", "pass"), ("v=spf1 ip4:45.45.45.99/24 -all", "pass"),
    ("v=spf1 ip4:45.45.45.12/31 -all", "fail"), ("v=spf1 ip4:45.45.45.10/31 -all", "pass"), ("v=spf1 ip4:9.9.9.9/0 -all", "pass"),
    (f"v=spf1 ip4:{C4}/32 -all", "pass"), (f"v=spf1 ip4:{C4}/33 -all", "permerror"), (f"v=spf1 ip4:{C4}/032 -all", "permerror"),
    (f"v=spf1 ip4:{C4}/ -all", "permerror"), (f"v=spf1 ip4:{C4}//32 -all", "permerror"), (f"v=spf1 ip4:{C4}/-1 -all", "permerror"),
    ("v=spf1 ip4:45.45.45/24 -all", "permerror"), ("v=spf1 ip4:45.45.45.256 -all", "permerror"),
    ("v=spf1 ip4:45.45.45.011 -all", "permerror"), ("v=spf1 ip4:%{i} -all", "permerror"),
    (f"v=spf1 ip4:{C6} -all", "permerror"), (f"v=spf1 ip4: {C4} -all", "permerror"),
    (f"v=spf1 ip4:{C4} -all", "pass", f"::ffff:{C4}"), ("v=spf1 ip4:0.0.0.0/0 -all", "fail", C6),
    ("v=spf1 ip4:0.0.0.0/0 -all", "fail", f"::{C4}"))

IP6 = rows(
    "six-lab.net", "5.6",
    (f"v=spf1 ip6:{C6} -all", "pass", C6), ("v=spf1 ip6:2A10:4540:1:0::/64 -all", "pass", C6),
    ("v=spf1 ip6:2a10:4540:1::ffff/64 -all", "pass", C6), ("v=spf1 ip6:2a10:4540:1::10/127 -all", "pass", C6),
    ("v=spf1 ip6:2a10:4540:1::12/127 -all", "fail", C6), ("v=spf1 ip6:2a10:4540:1::0.0.0.17 -all", "pass", C6),
    ("v=spf1 ip6:::/0 -all", "pass", C6), ("v=spf1 ip6:::/0 -all", "fail"), (f"v=spf1 ip6:{C6}/129 -all", "permerror", C6),
    (f"v=spf1 ip6:{C6}/064 -all", "permerror", C6), (f"v=spf1 ip6:{C6}/ -all", "permerror", C6),
    (f"v=spf1 ip6:[{C6}] -all", "permerror", C6), ("v=spf1 ip6:2a10::1::2 -all", "permerror", C6),
    (f"v=spf1 ip6:{C4} -all", "permerror", C6), (f"v=spf1 ip6:::ffff:{C4} -all", "fail", f"::ffff:{C4}"),
    (f"v=spf1 ip6:::ffff:{C4} -all", "fail"))

ADDRESS_ZONE = f"""
m0.addr-lab.net A {C4}
m1.addr-lab.net A 45.45.45.200
m2.addr-lab.net AAAA 2a10:4540:1::200
m3.addr-lab.net A 45.45.45.200
m3.addr-lab.net AAAA 2a10:4540:1::200
host.addr-lab.net A 9.9.9.9
host.addr-lab.net A {C4}
host.addr-lab.net AAAA {C6}
near.addr-lab.net A 45.45.45.200
near.addr-lab.net AAAA 2a10:4540:1::200
four.addr-lab.net A {C4}
alias.addr-lab.net CNAME alias2.addr-lab.net.
alias2.addr-lab.net CNAME host.addr-lab.net.
empty.addr-lab.net TXT x
""" + "\n".join(f"many.addr-lab.net A 45.45.45.{n}" for n in range(1, 31))
ADDRESS = rows(
    "addr-lab.net", "5.3",
    ("v=spf1 a -all", "pass"), ("v=spf1 a/24 -all", "pass"), ("v=spf1 a//64 -all", "pass", C6), ("v=spf1 a//128 -all", "fail", C6),
    ("v=spf1 a:host.addr-lab.net -all", "pass"), ("v=spf1 a:host.addr-lab.net -all", "pass", C6),
    ("v=spf1 A:HOST.addr-lab.NET. -all", "pass"), ("v=spf1 a:near.addr-lab.net -all", "fail"),
    ("v=spf1 a:near.addr-lab.net/24//127 -all", "pass"), ("v=spf1 a:near.addr-lab.net/24//127 -all", "fail", C6),
    ("v=spf1 a:near.addr-lab.net/32//64 -all", "pass", C6), ("v=spf1 a:near.addr-lab.net/0 -all", "pass"),
    ("v=spf1 a:near.addr-lab.net//0 -all", "pass", C6), ("v=spf1 a:near.addr-lab.net/33 -all", "permerror"),
    ("v=spf1 a:near.addr-lab.net//129 -all", "permerror"), ("v=spf1 a:near.addr-lab.net/024 -all", "permerror"),
    ("v=spf1 a:near.addr-lab.net/24/64 -all", "permerror"), ("v=spf1 a:near.addr-lab.net/24// -all", "permerror"),
    ("v=spf1 a:four.addr-lab.net/0 -all", "fail", C6), ("v=spf1 a:four.addr-lab.net -all", "pass", f"::FFFF:{C4}"),
    ("v=spf1 a:alias.addr-lab.net -all", "pass"), ("v=spf1 a:empty.addr-lab.net/0 -all", "fail"),
    ("v=spf1 a:gone.addr-lab.net/0 -all", "fail"), (f"v=spf1 a:{LONG_LABEL}.addr-lab.net/0 -all", "fail"),
    ("v=spf1 a:a..addr-lab.net/0 -all", "fail"), ("v=spf1 -a:host.addr-lab.net +all", "fail"),
    ("v=spf1 ~a:host.addr-lab.net -all", "softfail"), ("v=spf1 ?a:host.addr-lab.net -all", "neutral"),
    zone=ADDRESS_ZONE)

HOSTS = [f"h{number:02d}.mx-lab.net" for number in range(1, 12)]
MX = rows(
    "mx-lab.net", "5.4",
    ("v=spf1 mx -all", "pass"), ("v=spf1 mx -all", "pass", C6), ("v=spf1 mx -all", "fail"), ("v=spf1 mx/24 -all", "pass"),
    ("v=spf1 mx:dest.mx-lab.net -all", "pass"), ("v=spf1 mx:near.mx-lab.net/24//128 -all", "pass"),
    ("v=spf1 mx:near.mx-lab.net/24//128 -all", "fail", C6), ("v=spf1 mx:near.mx-lab.net//64 -all", "pass", C6),
    ("v=spf1 mx:nomx.mx-lab.net -all", "fail"), ("v=spf1 mx:null.mx-lab.net/0 -all", "fail"),
    ("v=spf1 mx:gone.mx-lab.net/0 -all", "fail"), ("v=spf1 mx:ten.mx-lab.net -all", "pass"),
    ("v=spf1 mx:eleven.mx-lab.net -all", "permerror"), ("v=spf1 mx:alias.mx-lab.net -all", "pass"),
    (f"v=spf1 mx:{LONG_LABEL}.mx-lab.net -all", "fail"), ("v=spf1 mx:dead.mx-lab.net -all", "fail"),
    ("v=spf1 mx:literal.mx-lab.net -all", "fail"),
    zone=f"""
    m0.mx-lab.net MX 10 far.mx-lab.net.
    m0.mx-lab.net MX 20 host.mx-lab.net.
    m1.mx-lab.net MX 10 host.mx-lab.net.
    m2.mx-lab.net A {C4}
    m3.mx-lab.net MX 10 close.mx-lab.net.
    far.mx-lab.net A 9.9.9.9
    host.mx-lab.net A 9.9.9.8
    host.mx-lab.net A {C4}
    host.mx-lab.net AAAA {C6}
    close.mx-lab.net A 45.45.45.200
    close.mx-lab.net AAAA 2a10:4540:1::200
    dest.mx-lab.net MX 5 host.mx-lab.net.
    near.mx-lab.net MX 5 close.mx-lab.net.
    nomx.mx-lab.net A {C4}
    null.mx-lab.net MX 0 .
    dead.mx-lab.net MX 10 gone.mx-lab.net.
    dead.mx-lab.net MX 10 gone2.mx-lab.net.
    dead.mx-lab.net MX 10 gone3.mx-lab.net.
    literal.mx-lab.net MX 10 {C4}.
    alias.mx-lab.net CNAME dest.mx-lab.net.
    {HOSTS[9]} A {C4}
    """ + "\n".join([f"ten.mx-lab.net MX {n} {host}." for n, host in enumerate(HOSTS[:10])]
                    + [f"eleven.mx-lab.net MX {n} {host}." for n, host in enumerate(HOSTS)]
                    + [f"{host} A 9.9.9.{n}" for n, host in enumerate(HOSTS)]))

PTR_ZONE = f"""
{REV4} PTR host.m0.ptr-lab.net.
{REV4} PTR liar.ptr-lab.net.
{REV4} PTR m1.ptr-lab.net.
{REV4} PTR www.badptr-lab.net.
{REV6} PTR host.m0.ptr-lab.net.
host.m0.ptr-lab.net A {C4}
host.m0.ptr-lab.net AAAA {C6}
m1.ptr-lab.net A 9.9.9.9
m1.ptr-lab.net A {C4}
liar.ptr-lab.net A 9.9.9.9
www.badptr-lab.net A {C4}
"""
PTR = rows(
    "ptr-lab.net", "5.5",
    ("v=spf1 ptr -all", "pass"), ("v=spf1 ptr -all", "pass"), ("v=spf1 ptr:m0.ptr-lab.net -all", "pass", C6),
    ("v=spf1 ptr:liar.ptr-lab.net -all", "fail"), ("v=spf1 ptr:0.ptr-lab.net -all", "fail"),
    ("v=spf1 PTR:M0.PTR-lab.net. -all", "pass"), ("v=spf1 ptr:host.m0.ptr-lab.net -all", "pass"),
    ("v=spf1 ptr:a.host.m0.ptr-lab.net -all", "fail"), ("v=spf1 ptr -all", "fail"),
    ("v=spf1 ptr:ptr-lab.net -all", "fail", "45.45.45.99"), ("v=spf1 ptr:ptr-lab.net -all", "pass"),
    ("v=spf1 ptr:badptr-lab.net -all", "pass"), ("v=spf1 ptr:ptr-lab.net -all", "pass", f"::ffff:{C4}"),
    zone=PTR_ZONE) + world(
    PTR_ZONE + 'err.ptr-lab.net TXT "v=spf1 ptr:ptr-lab.net ~all"',
    Case("SERVFAIL of the reverse name", "softfail", "u@err.ptr-lab.net", "5.5", faults={f"{REV4} PTR": SERVFAIL}),
    Case("SERVFAIL of one host, another matches", "pass", "u@err.ptr-lab.net", "5.5",
         faults={"host.m0.ptr-lab.net A": SERVFAIL}),
    Case("SERVFAIL of all hosts", "softfail", "u@err.ptr-lab.net", "5.5",
         faults={f"{host} A": SERVFAIL for host in ("host.m0.ptr-lab.net", "m1.ptr-lab.net", "liar.ptr-lab.net", "www.badptr-lab.net")}),
    Case("no answer for the reverse name", "softfail", "u@err.ptr-lab.net", "5.5", faults={f"{REV4} PTR": faults.silence},
         timeout="1s"),
) + world(
    'many.ptr-lab.net TXT "v=spf1 ptr:ptr-lab.net -all"\n'
    + "\n".join(f"{REV4} PTR h{n}.ptr-lab.net.\nh{n}.ptr-lab.net A {C4}" for n in range(12)),
    Case("twelve names, all good", "pass", "u@many.ptr-lab.net", "4.6.4"))

EXISTS = rows(
    "exists-lab.net", "5.7",
    ("v=spf1 exists:%{i}.list.exists-lab.net -all", "pass"), ("v=spf1 exists:%{ir}.list.exists-lab.net -all", "fail"),
    ("v=spf1 exists:%{i}.list.exists-lab.net -all", "pass", C6), ("v=spf1 exists:%{ir}.%{v}.list.exists-lab.net -all", "pass", C6),
    ("v=spf1 exists:six.exists-lab.net -all", "fail", C6), ("v=spf1 exists:four.exists-lab.net -all", "pass", C6),
    ("v=spf1 exists:%{l}.%{o}.user.exists-lab.net -all", "pass"), (f"v=spf1 exists:{LONG_LABEL}.exists-lab.net -all", "fail"),
    ("v=spf1 exists:alias.exists-lab.net -all", "pass"), ("v=spf1 -exists:four.exists-lab.net +all", "fail"),
    zone=f"""
    {C4}.list.exists-lab.net A 127.0.0.2
    {C6_DOTTED}.list.exists-lab.net A 127.0.0.2
    {C6_NIBBLES}.ip6.list.exists-lab.net A 127.0.0.3
    six.exists-lab.net AAAA {C6}
    four.exists-lab.net A 127.0.0.2
    u.m6.exists-lab.net.user.exists-lab.net A 127.0.0.2
    alias.exists-lab.net CNAME four.exists-lab.net.
    """)

RECORDS = LOOKUP + INITIAL + TERMS + IP4 + IP6 + ADDRESS + MX + PTR + EXISTS
