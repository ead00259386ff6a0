"""Bytes by their SHA-256: packed, written once, never changed, checked whenever they are read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass

from backports import zstd
from bson import Binary
from gridfs import GridFSBucket
from gridfs.errors import CorruptGridFile, NoFile

from parsers.documents.charset import decode
from parsers.errors import Unreadable
from storage.access.encoding import encode
from storage.access.reads import by_keys, walk
from storage.access.writes import MAX_BYTES, insert_new, upsert
from storage.base import Db, Doc, bucket_of, now, plain
from storage.errors import StorageError
from storage.shape.records import DamageRecord, Packed, RawRecord

ZSTD_LEVEL = 3
"""parts.md and embedded.md 1.3: a page of 213 KB becomes 9 KB in 0.14 ms; the embedded server does not
compress.
"""
IN_DOCUMENT = 8 * 1024 * 1024
"""A packed body above this goes to GridFS: a document ends at 16 MB, and the server holds it in memory
whole.
"""
LONGEST_TEXT = 4 * 1024 * 1024
"""Above this no encoding is worked out here: a guess over 50 MB takes minutes, and the parser has its own limits."""
CHUNK = 255 * 1024
FILES = "raw"
"""GridFS bucket: collections `raw.files` and `raw.chunks`."""


class DamagedRaw(StorageError):
    """A stored body is missing or is not what its SHA-256 says."""

    def __init__(self, sha256: str, reason: str) -> None:
        super().__init__(f"The archived bytes {sha256} are damaged: {reason}. Crawl the page again to get them anew.")
        self.sha256 = sha256
        self.reason = reason


@dataclass(frozen=True)
class Body:
    """Bytes to keep, and what was decided about them when they came in."""

    content: bytes
    media_type: str
    declared: str | None = None
    """The server's Content-Type."""
    encoding: str | None = None
    """Where the caller knows it; else it is worked out for what is text."""

    def decided(self) -> str | None:
        """The encoding; None for what is no text, and for what no encoding makes one."""
        if self.encoding or not self.media_type.startswith("text/") or len(self.content) > LONGEST_TEXT:
            return self.encoding
        try:
            return decode(self.content, self.declared)[1]
        except Unreadable:
            return None


class RawStore:
    """The collection `raw` and its GridFS bucket; `damage` names what of it is to be replaced when it comes again."""

    def __init__(self, db: Db) -> None:
        self._raw = db["raw"]
        self._damage = db["damage"]
        self._files = db[f"{FILES}.files"]
        self._chunks = db[f"{FILES}.chunks"]
        self._bucket = GridFSBucket(db, FILES)

    def keep(self, bodies: Mapping[str, Body]) -> None:
        """Store what is not there yet; the keys are the SHA-256 of the contents.

        Returns when every body is acknowledged. Packed bodies wait in memory up to 16 MB, whatever the
        batch holds. Bodies that are marked as damaged are replaced.
        """
        for sha256 in self.marked(bodies):
            self._heal(sha256, bodies[sha256])
        held = {found["_id"] for found in by_keys(self._raw, "_id", bodies, projection={"_id": 1})}
        waiting: list[bytes] = []
        for sha256, body in bodies.items():
            if sha256 in held:
                continue
            waiting.append(encode(plain(self._record(sha256, body))))
            if sum(map(len, waiting)) >= MAX_BYTES:
                insert_new(self._raw, waiting)
                waiting = []
        # A duplicate is another process that kept the same bytes a moment ago: what was wanted.
        insert_new(self._raw, waiting)

    def content(self, sha256: str) -> bytes:
        """The bytes. Raises DamagedRaw where they are missing or no longer what they were."""
        found = self._raw.find_one({"_id": sha256})
        if found is None:
            raise DamagedRaw(sha256, "there is no such entry in `raw`")
        return self._unpacked(found)

    def contents(self, sha256s: Iterable[str]) -> Iterator[tuple[str, bytes | DamagedRaw]]:
        """Several at once, for a rerun; a damaged one comes as its error. Missing ones as well, at the
        end.
        """
        wanted = dict.fromkeys(sha256s)
        for found in by_keys(self._raw, "_id", wanted):
            wanted.pop(found["_id"])
            yield found["_id"], self._try(found)
        for sha256 in wanted:
            yield sha256, DamagedRaw(sha256, "there is no such entry in `raw`")

    def examined(self) -> Iterator[tuple[str, int, DamagedRaw | None]]:
        """Read every body of the archive: its SHA-256, its size, and what is wrong with it. Takes its time."""
        for found in walk(self._raw):
            result = self._try(found)
            yield found["_id"], found["size"], result if isinstance(result, DamagedRaw) else None

    # What is damaged

    def mark(self, damaged: DamagedRaw, captures: Iterable[str] = ()) -> None:
        """Note that these bytes must come anew. Nothing is deleted: half a page may be all that is left of it."""
        record = DamageRecord(damaged.sha256, bucket_of(damaged.sha256), damaged.reason, now(), tuple(captures))
        upsert(self._damage, asdict(record))

    def unmark(self, sha256: str) -> None:
        """They are as they should be."""
        self._damage.delete_one({"_id": sha256})

    def marked(self, sha256s: Iterable[str]) -> list[str]:
        """Those of them that are marked."""
        return [found["_id"] for found in by_keys(self._damage, "_id", sha256s, projection={"_id": 1})]

    def marks(self) -> Iterator[DamageRecord]:
        """Everything that is marked."""
        for found in walk(self._damage):
            yield DamageRecord(**{**found, "captures": tuple(found.get("captures", ()))})

    def _heal(self, sha256: str, body: Body) -> None:
        """Put the right bytes in the place of damaged ones. The mark goes last: a kill in between is done again."""
        record = self._record(sha256, body, replace=True)
        upsert(self._raw, asdict(record))
        self.unmark(sha256)

    def _try(self, found: Doc) -> bytes | DamagedRaw:
        try:
            return self._unpacked(found)
        except DamagedRaw as error:
            return error

    def _record(self, sha256: str, body: Body, *, replace: bool = False) -> RawRecord:
        packed = zstd.compress(body.content, ZSTD_LEVEL)
        how = Packed.ZSTD
        if len(packed) >= len(body.content):
            packed, how = body.content, Packed.PLAIN
        large = len(packed) > IN_DOCUMENT
        return RawRecord(
            _id=sha256,
            sha256=sha256,
            bucket=bucket_of(sha256),
            size=len(body.content),
            stored_size=len(packed),
            media_type=body.media_type,
            encoding=body.decided(),
            packed=how,
            body=None if large else Binary(packed),
            file_id=self._keep_file(packed, replace) if large else None,
        )

    def _keep_file(self, packed: bytes, replace: bool) -> str:
        """Write a GridFS file whose id is the hash of its bytes; chunks first, then the file's entry.

        Written by hand after the GridFS specification, because every step must bear being done twice: after
        a kill half-way, and by two processes at once. A chunk that is there already is by its key the same
        chunk. (PyMongo's own upload would stop at the first one, and looks for its indexes with an
        unbounded find.)
        """
        file_id = hashlib.sha256(packed).hexdigest()
        if replace:
            self._files.delete_one({"_id": file_id})
            self._chunks.delete_many({"files_id": file_id})
        starts = range(0, len(packed), CHUNK)
        chunks = [
            encode({"_id": f"{file_id}/{n}", "files_id": file_id, "n": n, "data": Binary(packed[s : s + CHUNK])})
            for n, s in enumerate(starts)
        ]
        insert_new(self._chunks, chunks)
        entry = {
            "_id": file_id,
            "length": len(packed),
            "chunkSize": CHUNK,
            "uploadDate": now(),
            "filename": file_id,
        }
        insert_new(self._files, [encode(entry)])
        return file_id

    def _unpacked(self, found: Doc) -> bytes:
        sha256: str = found["_id"]
        packed = self._packed(found)
        try:
            content = _unzipped(packed, found["size"]) if found["packed"] == Packed.ZSTD else packed
        except (zstd.ZstdError, EOFError) as error:
            raise DamagedRaw(sha256, f"they cannot be unpacked ({error})") from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise DamagedRaw(sha256, "their SHA-256 is another")
        return content

    def _packed(self, found: Doc) -> bytes:
        if found["body"] is not None:
            return bytes(found["body"])
        try:
            with self._bucket.open_download_stream(found["file_id"]) as stream:
                return stream.read()
        except (NoFile, CorruptGridFile) as error:
            raise DamagedRaw(found["_id"], f"their file is incomplete ({error})") from error


def _unzipped(packed: bytes, size: int) -> bytes:
    """Unpack at most `size` bytes and one: a damaged length must not fill the memory."""
    unpacker = zstd.ZstdDecompressor()
    content = unpacker.decompress(packed, max_length=size + 1)
    while not unpacker.eof and not unpacker.needs_input and len(content) <= size:
        content += unpacker.decompress(b"", max_length=size + 1 - len(content))
    return content
