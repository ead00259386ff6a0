"""Open the database: the one at MONGODB_URI, else the embedded one.

with open_database(load()) as db:
    db.reports.find_one({"_id": "..."})
"""

from __future__ import annotations

import shutil
import warnings
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl

from pymongo import MongoClient, ReadPreference
from pymongo.database import Database
from pymongo.errors import (
    ConfigurationError,
    ConnectionFailure,
    InvalidURI,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)

from storage import embedded, schema
from storage.base import Doc
from storage.embedded import Attached
from storage.errors import DatabaseError
from storage.settings import Settings, redacted

_DEFAULTS: dict[str, Any] = {
    "appName": "nianbao",
    "connectTimeoutMS": 10_000,
    "serverSelectionTimeoutMS": 30_000,
    "socketTimeoutMS": 120_000,  # no call may wait for ever: embedded.md 1.5
    "uuidRepresentation": "standard",
    # An acknowledged write survives kill -9 of the server. Without it SecantusDB and mongod alike lose the last
    # tenth of a second: 500 documents, measured. Costs an insert_many nothing, a bulk of upserts half its speed.
    "w": "majority",
    "journal": True,
}
_EMBEDDED_BACK_MS = 15_000
"""An embedded server that died is back within it, or nobody is left who would start it: `Patience` does."""
_OLDEST_WIRE_VERSION = 21
"""MongoDB 7.0."""
_UNAUTHORISED, _WRONG_CREDENTIALS, _DISK_FULL = 13, 18, 14031
_INTERNAL = 1
"""SecantusDB's word when its storage has failed. It goes on answering pings, and nothing else, until it is stopped."""


class StorageFailed(DatabaseError):
    """The embedded server runs and cannot read or write its files."""


class OpenDatabase(Database[Doc]):
    """PyMongo's Database with an end: `with`, or `close`. Holds the embedded server's lease."""

    def __init__(
        self, client: MongoClient[Doc], name: str, attached: Attached | None, settings: Settings | None = None
    ) -> None:
        # What was just written must be seen, whatever the address says of reading from other members.
        super().__init__(client, name, read_preference=ReadPreference.PRIMARY)
        self._attached = attached
        self._settings = settings
        self.migrated: tuple[str, ...] = ()
        """What opening it has changed in an archive of an earlier version."""

    def revive(self) -> None:
        """Start the embedded server again where it has died with the supervisor that would have done it.

        Any other server is not ours to start. Raises DatabaseError where it does not start.
        """
        if self._attached is not None and self._settings is not None:
            # At the port that it had, which is the one this client knows; the lease that is held stays.
            embedded.attach(self._settings).release()

    def greet(self) -> None:
        """The first call: reaches the server, proves who we are, looks how old it is and whether its storage works."""
        assert self._settings is not None
        try:
            hello = self.client.admin.command("hello")
            self.command("ping")
            if self._attached is not None:
                self["meta"].find_one({"_id": "schema"})
        except PyMongoError as error:
            raise explained(error, self._settings) from None
        if hello.get("maxWireVersion", 0) < _OLDEST_WIRE_VERSION:
            raise DatabaseError(f"{self._settings.where} is older than MongoDB 7: 7 or 8 is needed")

    def close(self) -> None:
        self.client.close()
        if self._attached is not None:
            self._attached.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Whatever PyMongo has to say reaches the user as one line, and never with a password."""
        self.close()
        if isinstance(error, PyMongoError) and self._settings is not None:
            raise explained(error, self._settings) from error


def open_database(settings: Settings, *, create: bool = True, away_after: float | None = None) -> OpenDatabase:
    """The database of `settings`, its server started and its schema in place.

    `create=False` neither makes a new embedded archive (NothingArchived instead) nor touches the schema.
    `away_after`: seconds after which a server that cannot be reached counts as away, where `Patience` then waits.
    Raises DatabaseError (UpgradeNeeded among them) with a text that says what to do.
    """
    database = connect(settings, create=create, away_after=away_after)
    try:
        if create:
            database.migrated = schema.ensure(database)
        else:
            schema.refuse_newer(database)
    except PyMongoError as error:
        database.close()
        raise explained(error, settings) from error
    except BaseException:
        database.close()
        raise
    return database


def connect(settings: Settings, *, create: bool = True, away_after: float | None = None) -> OpenDatabase:
    """As `open_database`, without a look at the schema: for dumps, loads and `nianbao doctor`."""
    if settings.mongodb_uri is not None:
        client = _client(settings.mongodb_uri, settings, away_after)
        return _greeted(OpenDatabase(client, settings.database, None, settings))
    try:
        return _greeted(_embedded(settings, create, away_after))
    except StorageFailed:
        # The disk was full, perhaps, and is not any more: what was acknowledged is in the journal.
        embedded.stop(settings)
        return _greeted(_embedded(settings, create, away_after))


def _embedded(settings: Settings, create: bool, away_after: float | None) -> OpenDatabase:
    attached = embedded.attach(settings, create=create)
    return OpenDatabase(_client(attached.uri, settings, away_after), settings.database, attached, settings)


def _greeted(database: OpenDatabase) -> OpenDatabase:
    try:
        database.greet()
    except BaseException:
        database.close()
        raise
    return database


def _client(uri: str, settings: Settings, away_after: float | None = None) -> MongoClient[Doc]:
    """A client with our defaults where the address itself says nothing. Does not connect yet."""
    given = {key.lower() for key, _ in parse_qsl(uri.partition("?")[2], keep_blank_values=True)}
    if given & {"w", "journal", "j"}:
        given |= {"w", "journal"}  # not every pair of the two is allowed: leave both to the address
    defaults = dict(_DEFAULTS)
    if settings.mongodb_uri is None:
        defaults["serverSelectionTimeoutMS"] = _EMBEDDED_BACK_MS
    if away_after is not None:
        defaults["serverSelectionTimeoutMS"] = round(1000 * away_after)
    options = {key: value for key, value in defaults.items() if key.lower() not in given}
    try:
        with warnings.catch_warnings():
            # PyMongo warns of an option that it does not know and goes on without: `tls=yes` would mean no TLS.
            warnings.simplefilter("error", UserWarning)
            # It warns of Cosmos DB and DocumentDB, too, by their hosts' names; what they lack shows itself.
            warnings.filterwarnings("ignore", "You appear to be connected to", UserWarning)
            return MongoClient(uri, tz_aware=True, **options)
    except UserWarning as warning:
        named = next((key for key in sorted(given) if key.isalnum() and key in str(warning).lower()), None)
        which = f"its option {named}" if named else "one of its options"
        raise DatabaseError(
            f"MONGODB_URI ({redacted(uri)}): {which} has a name or value that is not understood"
        ) from None
    except (ConfigurationError, InvalidURI, ValueError) as error:
        # PyMongo's own text may quote the address, password and all.
        raise DatabaseError(
            f"MONGODB_URI ({redacted(uri)}) is not understood ({type(error).__name__}): special characters in"
            " user and password must be percent-encoded, and mongodb+srv needs `pip install pymongo[srv]`"
        ) from None


def explained(error: PyMongoError, settings: Settings) -> DatabaseError:
    """PyMongo's error as one line for the user: where, why, what to do. Never with a password."""
    where = settings.where
    if isinstance(error, OperationFailure):
        if error.code == _WRONG_CREDENTIALS:
            return DatabaseError(f"{where} refuses the user or password: see MONGODB_URI")
        if error.code == _UNAUTHORISED:
            return DatabaseError(f"{where}: the user may not use the database {settings.database}")
        if error.code == _DISK_FULL or "no space left" in str(error).lower():
            return DatabaseError(f"{where}: its disk is full; make room and run the command again")
        if error.code == _INTERNAL and settings.mongodb_uri is None:
            return StorageFailed(
                f"{where}: its storage has failed, as it does when the disk is full; make room and run the command"
                f" again (what happened is in {settings.home / 'log' / 'server.log'})"
            )
        return DatabaseError(f"{where}: {_first_line(error)} (code {error.code})")
    if settings.mongodb_uri is None and _free_mb(settings) < 16:
        return DatabaseError(f"{where}: the disk is full; make room and run the command again")
    if isinstance(error, ServerSelectionTimeoutError):
        return DatabaseError(f"{where} does not answer: is it running, and MONGODB_URI right?")
    if isinstance(error, ConnectionFailure):
        return DatabaseError(f"{where}: the connection broke off; run the command again")
    return DatabaseError(f"{where}: {_first_line(error)}")


def _first_line(error: PyMongoError) -> str:
    return str(error).partition("\n")[0].partition(", full error")[0]


def _free_mb(settings: Settings) -> int:
    return shutil.disk_usage(settings.home).free // 2**20 if settings.home.exists() else 1 << 20
