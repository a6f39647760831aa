"""The face of the exchange towards the service: the provider's REST API on a loopback port."""

import base64
import hmac
import json
import re
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from warmline.simulator.legs.trunk import Trunk
from warmline.simulator.network.switchboard import Switchboard
from warmline.simulator.rest import calls, numbers, texts
from warmline.simulator.rest.requests import Office, Refusal, Reply, Request, not_found

Answering = Callable[[Office, Request, str], Reply]

_ONE = r"/([A-Za-z]{2}[0-9a-zA-Z]{32})"
ROUTES: tuple[tuple[str, str, Answering], ...] = (
    ("GET", "", numbers.fetch_account),
    ("GET", "/Calls", calls.list_all),
    ("POST", "/Calls", calls.create),
    ("GET", "/Calls" + _ONE, calls.fetch),
    ("POST", "/Calls" + _ONE, calls.change),
    ("DELETE", "/Calls" + _ONE, calls.delete),
    ("GET", "/Messages", texts.list_all),
    ("POST", "/Messages", texts.create),
    ("GET", "/Messages" + _ONE, texts.fetch),
    ("POST", "/Messages" + _ONE, texts.change),
    ("DELETE", "/Messages" + _ONE, texts.delete),
    ("GET", "/IncomingPhoneNumbers", numbers.list_all),
    ("GET", "/IncomingPhoneNumbers" + _ONE, numbers.fetch),
    ("POST", "/IncomingPhoneNumbers" + _ONE, numbers.change),
)


class RestFace:
    """Serves until closed; requests are answered one at a time, whatever the clock does."""

    def __init__(self, board: Switchboard, trunk: Trunk) -> None:
        self._office = Office(board, trunk)
        self._server = _Server(("127.0.0.1", 0), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def base_url(self) -> str:
        """What stands in the place of https://api.twilio.com."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        """Stops serving and hangs up on whoever is connected."""
        self._server.shutdown()
        self._server.hang_up_on_everybody()
        self._server.server_close()
        self._thread.join()

    def answer(self, request: Request, authorization: str) -> Reply:
        """The reply to a request, as the provider would give it."""
        board = self._office.board
        with board.lock:
            try:
                reply = self._answer(request, authorization)
            except Refusal as refusal:
                reply = Reply(refusal.status, refusal.body)
        board.touched.set()
        return reply

    def _answer(self, request: Request, authorization: str) -> Reply:
        board = self._office.board
        known = f"{board.account_sid}:{board.auth_token}".encode()
        expected = "Basic " + base64.b64encode(known).decode()
        if not hmac.compare_digest(expected.encode(), authorization.encode()):
            raise Refusal(401, 20003, "Authenticate")
        if board.faults.strikes("requests_refused"):
            raise Refusal(429, 20429, "Too Many Requests")
        for method, path, answering in ROUTES:
            whole = rf"/2010-04-01/Accounts/{re.escape(board.account_sid)}{path}\.json"
            match = re.fullmatch(whole, request.path)
            if match and method == request.method:
                return answering(self._office, request, match.group(1) if match.groups() else "")
        raise not_found(request.path)


_Connection = socket.socket | tuple[bytes, socket.socket]
"""What a server of the standard library serves; ours only the first."""


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], face: RestFace) -> None:
        self.face = face
        self._connected: set[socket.socket] = set()
        super().__init__(address, _Line)

    def process_request(self, request: _Connection, client_address: object) -> None:
        if isinstance(request, socket.socket):
            self._connected.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: _Connection) -> None:
        if isinstance(request, socket.socket):
            self._connected.discard(request)
        super().shutdown_request(request)

    def hang_up_on_everybody(self) -> None:
        for connection in list(self._connected):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                self._connected.discard(connection)  # it went away by itself


class _Line(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def log_message(self, *_: object) -> None:
        """Nothing is logged: URLs and fields hold numbers."""

    def _serve(self) -> None:
        reply = self.server.face.answer(self._request(), self.headers.get("Authorization", ""))
        if reply.wall_seconds:
            time.sleep(reply.wall_seconds)
        if reply.lost:
            self.close_connection = True
            return
        body = b"" if reply.body is None else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def _request(self) -> Request:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        form = self.rfile.read(length).decode()
        return Request(
            method=self.command,
            path=parts.path,
            query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
            form=tuple(parse_qsl(form, keep_blank_values=True)),
        )
