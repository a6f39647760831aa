"""Many calls at once."""

from tests.simulator.exchange_service import LINE, network


def test_two_hundred_callers_wait_and_sixty_peers_take_the_longest_waiting() -> None:
    with network(calls_per_second=60) as net:
        net.service.pages |= {
            "/voice": "<Enqueue waitUrl='/wait'>line</Enqueue>",
            "/wait": "<Pause length='10'/>",
            "/take": "<Dial><Queue>line</Queue></Dial>",
        }
        callers = [net.phone(f"+1413555{number:04}", f"Ana {number}") for number in range(200)]
        peers = [net.phone(f"+1413555{1000 + number}", f"Bo {number}") for number in range(60)]
        for peer in peers:
            peer.picks_up(after=2)
        for caller in callers:
            caller.dial(LINE)
        net.exchange.run_for(1)
        for peer in peers:
            net.ring(peer.number, "/take")
        net.exchange.run_for(6)
        talking = [caller for caller in callers if caller.talking_with]
        assert talking == callers[:60]
        assert all(len(peer.talking_with) == 1 for peer in peers)
        for caller in callers:
            caller.hang_up()
        net.exchange.run_for(1)
        assert not any(phone.is_in_call for phone in (*callers, *peers))
        assert len(net.exchange.records()) == 260
