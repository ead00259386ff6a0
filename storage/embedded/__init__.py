"""The embedded database: a server of our own, a separate process on loopback, without MONGODB_URI."""

from storage.embedded.server import Attached, Stopped, attach, stop
from storage.embedded.status import Status, status

__all__ = ["Attached", "Status", "Stopped", "attach", "status", "stop"]
