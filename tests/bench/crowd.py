"""Many callers and peers at once, each with a will of their own, and what must hold meanwhile."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from tests.stories.town import LINE, Town
from warmline.routing.odds import MOST_AT_ONCE
from warmline.simulator import Phone

SOON: Final = timedelta(seconds=2)
"""Within so long after the provider's word that a caller has gone, what rang for them is silent."""
LONGEST: Final = 3600.0
PEER_NUMBERS: Final = [f"+1413555{number:04}" for number in range(101, 200)]


@dataclass
class Crowd:
    """Callers who talk a while and hang up, or lose patience; peers who answer as people do."""

    town: Town
    dice: random.Random
    callers: list[Phone] = field(default_factory=list)
    peers: list[Phone] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """What should never have been, as it was seen."""
    _goes_at: dict[str, datetime] = field(default_factory=dict)
    _too_many_since: datetime | None = None

    def gather(self, callers: int, peers: int) -> None:
        """Everybody comes; the callers dial within the same two seconds."""
        for number in range(peers):
            name = f"Peer {number}"
            peer = self.town.volunteer(name, number=PEER_NUMBERS[number], breather=0)
            self.peers.append(peer.when_hears("Press 1", press="1", after=self.dice.uniform(0, 3)))
        self._moods(self.town.network.now())
        self.town.network.every(3, self._moods)
        self.town.network.every(1, self._callers_go)
        # A withheld number is no number: the name is all that tells these phones apart.
        names = [f"Caller {number}" for number in range(callers)]
        self.callers = [self.town.network.phone(name, name) for name in names]
        for caller in self.callers:
            caller.dial(LINE, withheld=True)
            if self.dice.random() < 0.1:
                self._goes_at[caller.name] = self._in(self.dice.uniform(1, 90))

    def live(self) -> None:
        """Let time pass until the last phone is idle; look at everything at every instant."""
        over = self.town.network.run_until(self._looks_and_is_over, LONGEST)
        assert over, f"still not over\n{self.town.network.story()[-5000:]}"
        self.town.wait(5)

    @property
    def answered(self) -> int:
        return sum(bool(caller.has_talked_with) for caller in self.callers)

    def _in(self, seconds: float) -> datetime:
        return self.town.network.now() + timedelta(seconds=seconds)

    def _moods(self, _now: datetime) -> None:
        """Whoever is idle is at hand, is slow, is out, or has a mailbox: drawn again and again."""
        for peer in self.peers:
            if peer.is_ringing or peer.is_in_call:
                continue
            match self.dice.choices(["hand", "mailbox", "out", "busy"], [7, 1, 1, 1])[0]:
                case "hand":
                    peer.picks_up(after=self.dice.uniform(1, 14))
                case "mailbox":
                    peer.has_voicemail(after=self.dice.uniform(2, 5))
                case "out":
                    peer.never_picks_up()
                case _:
                    peer.is_busy()

    def _callers_go(self, now: datetime) -> None:
        """A talk takes up to two minutes; sometimes it is the peer who leaves first."""
        for caller in self.callers:
            if not caller.is_in_call:
                continue
            if caller.talking_with and caller.name not in self._goes_at:
                self._goes_at[caller.name] = self._in(self.dice.uniform(5, 120))
                if self.dice.random() < 0.1:
                    self._hang_up_peer_of(caller)
            elif self._goes_at.get(caller.name, now) < now:
                caller.hang_up()

    def _hang_up_peer_of(self, caller: Phone) -> None:
        for peer in self.peers:
            if caller.name in peer.talking_with:
                peer.hang_up()

    def _looks_and_is_over(self) -> bool:
        now = self.town.network.now()
        waiting = [one for one in self.callers if one.is_in_call and not one.talking_with]
        ringing = [one for one in self.peers if one.is_ringing]
        for peer in self.peers:
            if peer.is_in_call and len(peer.talking_with) > 1:
                self.faults.append(f"{peer.name} talks with {peer.talking_with} at {now}")
        if len(ringing) <= MOST_AT_ONCE * len(waiting):
            self._too_many_since = None
        else:
            self._too_many_since = self._too_many_since or now
            if now - self._too_many_since > SOON:
                self.faults.append(f"{len(ringing)} ring for {len(waiting)} at {now}")
        in_use = any(one.is_in_call for one in (*self.callers, *self.peers))
        return not (in_use or ringing)


def hold_an_evening(town: Town, callers: int, peers: int, seed: int) -> Crowd:
    """Let a crowd come and go, and assert what must hold for everybody in it."""
    crowd = Crowd(town, random.Random(seed))  # noqa: S311 - dice for a test, not a secret
    crowd.gather(callers, peers)
    crowd.live()
    assert crowd.faults == []
    counts = town.counts()
    assert counts["offered"] == callers
    assert counts.get("answered", 0) == crowd.answered
    assert counts.get("not reached", 0) == callers - crowd.answered
    assert town.live_rows() == {}
    return crowd


def press_together(town: Town, rounds: int, seed: int) -> None:
    """Two callers and two peers; both peers press 1 at one instant, and both callers are served."""
    dice = random.Random(seed)  # noqa: S311 - dice for a test, not a secret
    peers = [town.volunteer(name, breather=0) for name in ("Ana", "Bo")]
    callers = [town.phone(name) for name in ("Cal", "Dot")]
    for _ in range(rounds):
        _one_round(town, callers, peers, dice)


def _one_round(town: Town, callers: list[Phone], peers: list[Phone], dice: random.Random) -> None:
    for caller in callers:
        caller.dial(LINE)
    for peer in peers:
        town.until_rings(peer)
    town.wait(dice.uniform(0, 6))
    for peer in peers:
        peer.pick_up()
    town.wait(dice.uniform(0.5, 8))
    for peer in peers:
        peer.press("1")
    both = town.network.run_until(lambda: all(one.talking_with for one in callers), 60)
    assert both, town.network.story()[-5000:]
    assert sorted(name for one in callers for name in one.talking_with) == ["Ana", "Bo"]
    for caller in callers:
        caller.hang_up()
    for peer in peers:
        town.until_over(peer)
    town.wait(2)
