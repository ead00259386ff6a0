"""Does a MongoDB server answer on a loopback port? One message, no driver.

The supervisor lives for as long as the server; without the driver it stays at a few megabytes and no threads.
"""

from __future__ import annotations

import random
import socket
import struct

import bson

HOST = "127.0.0.1"
_OP_MSG = 2013
_HEADER = struct.Struct("<iiii")
"""messageLength, requestID, responseTo, opCode: the wire protocol's standard header."""
_LARGEST_REPLY = 1 << 20
_PORTS = range(20_000, 32_768)
"""Below those that Linux and macOS give to connections: one of these could have the port of a server that is away for a
moment, even a connection that is looking for it, and it could not come back where it was."""
_TRIES = 100


def answers(port: int, seconds: float = 5.0) -> bool:
    """True when the server on 127.0.0.1:`port` replies to `ping` with ok within `seconds`."""
    command = bson.encode({"ping": 1, "$db": "admin"})
    body = struct.pack("<i", 0) + b"\x00" + command
    message = _HEADER.pack(_HEADER.size + len(body), 1, 0, _OP_MSG) + body
    try:
        with socket.create_connection((HOST, port), timeout=seconds) as connection:
            connection.sendall(message)
            length, _, _, code = _HEADER.unpack(_read(connection, _HEADER.size))
            if code != _OP_MSG or not _HEADER.size + 5 < length < _LARGEST_REPLY:
                return False
            reply = _read(connection, length - _HEADER.size)
            return bool(bson.decode(reply[5:]).get("ok") == 1)
    except (OSError, bson.errors.BSONError):
        return False


def _read(connection: socket.socket, size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = connection.recv(size)
        if not part:
            raise ConnectionError("closed in the middle of a reply")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def free_port(preferred: int | None = None) -> int:
    """A port on loopback that nothing listens on: `preferred` (the last one, which people may have noted)
    when it is free, else any of `_PORTS`. Another program may take it before the server does: then try again."""
    drawn = random.Random()  # of its own: a program that has set a seed would draw the same ones each time
    for candidate in (*filter(None, [preferred]), *drawn.sample(_PORTS, _TRIES), 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, candidate))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port on 127.0.0.1")
