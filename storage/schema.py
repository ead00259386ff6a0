"""Bring a database into shape: collections, validators, indexes, views, migrations; once, then one read a start.

`meta` holds one document `schema`: {version, fingerprint, migrations, updated_at, archive_id}. While it equals what
this program knows, nothing else is looked at.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta

from pymongo.errors import CollectionInvalid, DuplicateKeyError, OperationFailure

from storage.base import Coll, Db, Doc, digest, now, utc
from storage.errors import DatabaseError
from storage.process import Owner, this_process
from storage.shape.collections import COLLECTIONS, CollectionSpec, Index, fingerprint, validator_of
from storage.shape.migrations import MIGRATIONS, Migration, current_version
from storage.shape.views import ON, VIEWS, View, views_fingerprint

_SCHEMA = "schema"
_LOCK = "schema.lock"
_LEASE = timedelta(minutes=30)
"""A lock held from another machine is taken over after this long; one of this machine as soon as its owner
is gone.
"""
_PATIENCE = 120.0
_NAMESPACE_EXISTS = 48
_INDEX_CONFLICTS = {85, 86}


class SchemaTooNew(DatabaseError):
    """The database was written by a later version of this program."""


def ensure(db: Db, migrations: tuple[Migration, ...] = MIGRATIONS) -> tuple[str, ...]:
    """Make `db` what this program needs. Idempotent, safe under several processes at once, one read when
    done before.

    The names of the migrations that it took. Raises SchemaTooNew, and DatabaseError when another process keeps the lock
    for too long.
    """
    wanted = (current_version(migrations), _fingerprint())
    if _state(db, wanted[0]) == wanted:
        return ()
    with _lock(db, wanted) as mine:
        return _bring_up(db, migrations) if mine else ()


def refuse_newer(db: Db) -> None:
    """For those who only read. Raises SchemaTooNew: what a later version wrote may mean something else."""
    _state(db, current_version())


def is_current(db: Db) -> bool:
    """Whether `ensure` would leave everything as it is. For those who must not write."""
    return _state(db, current_version()) == (current_version(), _fingerprint())


def _fingerprint() -> str:
    return digest([fingerprint(), views_fingerprint()])


def archive_id(db: Db) -> str | None:
    """The archive's own name, given once: what is kept beside it (the search index) carries it. None before that."""
    found = db["meta"].find_one({"_id": _SCHEMA}, {"archive_id": 1})
    return found.get("archive_id") if found else None


def _state(db: Db, known: int) -> tuple[int, str] | None:
    found = db["meta"].find_one({"_id": _SCHEMA})
    if found is None:
        return None
    if found["version"] > known:
        raise SchemaTooNew(
            f"the archive {db.name!r} was written by a later nianbao (version {found['version']} of its schema, this one"
            f" knows {known}): update nianbao, or point NIANBAO_DATABASE to another archive"
        )
    return found["version"], found["fingerprint"]


def _bring_up(db: Db, migrations: tuple[Migration, ...]) -> tuple[str, ...]:
    meta = db["meta"]
    before = meta.find_one({"_id": _SCHEMA})
    for spec in COLLECTIONS:
        _collection(db, spec)
    for view in VIEWS:
        _view(db, view)
    done: list[str] = list(before["migrations"]) if before else [m.name for m in migrations]
    known = len(done)
    for migration in sorted(migrations, key=lambda m: m.version):
        if migration.name not in done:
            migration.apply(db)
            done.append(migration.name)
            # Noted one by one: a kill between two of them repeats none.
            meta.update_one({"_id": _SCHEMA}, {"$set": {"migrations": done, "version": migration.version}})
    state = {
        "version": current_version(migrations),
        "fingerprint": _fingerprint(),
        "migrations": done,
        "updated_at": now(),
        "archive_id": (before or {}).get("archive_id") or secrets.token_hex(8),
    }
    meta.update_one({"_id": _SCHEMA}, {"$set": state}, upsert=True)
    return tuple(done[known:])


def _collection(db: Db, spec: CollectionSpec) -> None:
    validator = dict(validator_of(spec))
    try:
        # check_exists would list the collections first; the server knows best.
        db.create_collection(spec.name, check_exists=False, validator=validator)
    except (CollectionInvalid, OperationFailure) as error:
        if isinstance(error, OperationFailure) and error.code != _NAMESPACE_EXISTS:
            raise
        db.command("collMod", spec.name, validator=validator, validationLevel="strict", validationAction="error")
    for index in spec.indexes:
        _index(db[spec.name], index)


def _view(db: Db, view: View) -> None:
    pipeline = list(view.pipeline)
    try:
        db.command("create", view.name, viewOn=ON, pipeline=pipeline)
    except OperationFailure as error:
        if error.code != _NAMESPACE_EXISTS:
            raise
        db.command("collMod", view.name, viewOn=ON, pipeline=pipeline)


def _index(collection: Coll, index: Index) -> None:
    key = list(index.key)
    try:
        collection.create_index(key, name=index.name, unique=index.unique)
    except OperationFailure as error:
        if error.code not in _INDEX_CONFLICTS:
            raise
        # The same key under another name or with other options, by an earlier version or by hand.
        for name, held in collection.index_information().items():
            if name == index.name or held["key"] == key:
                collection.drop_index(name)
        collection.create_index(key, name=index.name, unique=index.unique)


@contextmanager
def _lock(db: Db, wanted: tuple[int, str]) -> Iterator[bool]:
    """Hold the lock. Yields False when another process did the work meanwhile."""
    meta = db["meta"]
    token = secrets.token_hex(8)
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            meta.insert_one({"_id": _LOCK, "token": token, "until": now() + _LEASE, **asdict(this_process())})
        except DuplicateKeyError:
            _clear_dead(meta, meta.find_one({"_id": _LOCK}))
            if _state(db, wanted[0]) == wanted:
                yield False
                return
            if time.monotonic() > deadline:
                raise DatabaseError(
                    f"Another process has been preparing the archive {db.name!r} for two minutes: "
                    "wait for it, or end it and start again."
                ) from None
            time.sleep(0.05)
        else:
            break
    try:
        yield _state(db, wanted[0]) != wanted
    finally:
        meta.delete_one({"_id": _LOCK, "token": token})


def _clear_dead(meta: Coll, held: Doc | None) -> None:
    if held is None:
        return
    owner = Owner(held["host"], held["pid"], held["started"])
    if owner.has_let_go(utc(held["until"]), _LEASE, now()):
        meta.delete_one({"_id": _LOCK, "token": held["token"]})
