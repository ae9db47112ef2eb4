"""`mxwatch spf` on every case of spf_records.py and spf_evaluation.py, alone and under every disturbance of the transport:
neither the result nor the explanation may change."""

import dataclasses

import pytest

from lab import command, faults
from lab.faults import first, formerr_on_edns, lies, mixed, odd, together, truncate, twice, upper
from lab.scripted import ScriptedServer
from spf_evaluation import EVALUATION
from spf_records import RECORDS

CASES = RECORDS + EVALUATION
QUICK = [case for case in CASES if not case.is_slow()]
FORGED = together(faults.wrong_id, faults.wrong_question, faults.forged_port)
# What can be told apart in one packet comes together; the cases run once for each row.
DISTURBANCES = {
    "truncated, all odd over TCP": truncate(odd(upper, twice, lies(ttl=0), mixed)),
    "forged packets first, then lies": first(FORGED, odd(lies()), after=0.02),
    "FORMERR to EDNS": formerr_on_edns(),
    "upper case, twice, in any order, lies": odd(upper, twice, lies(ttl=0), mixed),
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case):
    with ScriptedServer(case.zone) as server:
        case.prepare(server)
        case.judge(server)


@pytest.mark.parametrize("disturbance", DISTURBANCES.values(), ids=list(DISTURBANCES))
@pytest.mark.parametrize("case", QUICK, ids=str)
def test_disturbed(case, disturbance):
    with ScriptedServer(case.zone) as server:
        case.prepare(server, disturbance)
        case.judge(server)


def test_disturbances_disturb():
    """What the rows above rely on: each one changes what goes over the wire for one question."""
    def tries(fault):
        with ScriptedServer('one.look-lab.net TXT "v=spf1 -all"') as server:
            server.script(fault)
            run = command.run("spf", "-r", server.address, "--ip", "45.45.45.11", "--mail-from", "u@one.look-lab.net")
            assert run.out.startswith("fail\n"), run.out
            return [server.asked("one.look-lab.net", "TXT", transport) for transport in ("udp", "tcp")]
    assert [tries(fault) for fault in DISTURBANCES.values()] == [[1, 1], [1, 0], [2, 0], [1, 0]]
    with pytest.raises(AssertionError, match="temperror"):
        tries(FORGED)


# Each question waits for the second rung of the retry ladder: a sample of all worlds has to do.
@pytest.mark.parametrize("case", QUICK[::8], ids=str)
def test_first_query_lost(case):
    patient = dataclasses.replace(case, timeout="2s", args=(*case.args, "--time-limit", "1m"))
    with ScriptedServer(case.zone) as server:
        patient.prepare(server, faults.drop_first(1), "udp")
        patient.judge(server)
