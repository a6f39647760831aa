"""Somebody at a terminal, a real one of the system: reads what is asked, types, makes mistakes."""

import os
import pty
import select
import subprocess
import sys
from pathlib import Path

PATIENCE = 120.0
"""Seconds for which a question is waited for, on however busy a machine."""
CTRL_C, CTRL_D = "\x03", "\x04"
RUN = "from warmline.cli import main; main()"


class Typist:
    """One run of the command line under a pseudo-terminal, in `folder`, with these settings."""

    def __init__(self, folder: Path, *words: str, **environment: str) -> None:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("WARMLINE_", "TWILIO_", "DATABASE_", "_")) and name != "PORT"
        }
        self._own, theirs = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-c", f"import sys; sys.argv = {['warmline', *words]!r}; {RUN}"],
            cwd=folder,
            env={**kept, "PYTHONPATH": str(Path(__file__).resolve().parents[2]), **environment},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            # The child only takes its terminal, and holds no lock of this process's threads.
            preexec_fn=_take_the_terminal,  # noqa: PLW1509 - see above
        )
        os.close(theirs)
        self.screen = ""
        self._read_so_far = 0

    def reads(self, words: str) -> str:
        """Wait until this is on the screen, after all that was read before; what was before it."""
        while (found := self.screen.find(words, self._read_so_far)) < 0:
            if not self._more():
                self._process.kill()
                self._process.wait()
                raise AssertionError(f"{words!r} was not asked; the screen:\n{self.screen}")
        before = self.screen[self._read_so_far : found]
        self._read_so_far = found + len(words)
        return before

    def types(self, text: str) -> None:
        """Type a line and Enter; a key alone where it is one of CTRL_C, CTRL_D."""
        keys = text if text in (CTRL_C, CTRL_D) else f"{text}\n"
        os.write(self._own, keys.encode())

    def answers(self, question: str, *texts: str) -> list[str]:
        """Answer a question, each time it comes; what was read between the answers."""
        between = []
        for text in texts:
            between.append(self.reads(question))
            self.types(text)
        return between

    def ends(self) -> tuple[int, str]:
        """Wait for the end: the exit status, and what else was on the screen."""
        try:
            while self._more():
                pass
            status = self._process.wait(PATIENCE)
        finally:
            # A fault of this test is none of the next one's.
            self._process.kill()
            self._process.wait()
            os.close(self._own)
        return status, self.screen[self._read_so_far :]

    def _more(self) -> bool:
        """Read on; False at the end, or where nothing comes for long."""
        if not select.select([self._own], [], [], PATIENCE)[0]:
            return False
        try:
            got = os.read(self._own, 65536)
        except OSError:  # Linux says so when the last of the other side has gone.
            return False
        self.screen += got.decode(errors="replace").replace("\r\n", "\n")
        return bool(got)


def _take_the_terminal() -> None:
    """Ctrl-C reaches whoever has the terminal as its own, and was not told to ignore it."""
    import fcntl
    import signal
    import termios

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
