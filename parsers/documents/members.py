"""What an archive holds, for each kind of archive: names for people, sizes, and a way to the bytes of one member.

Nothing is ever written to disk and no name is used as a path. What an archive declares is checked before a byte is
unpacked; what it really holds is cut off at the same limit.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.errors import MessageError

import archivey
import rars

from parsers.documents.foreign import guarded
from parsers.documents.limits import MAX_UNPACKED_BYTES, refuse_above
from parsers.documents.mails import files_of
from parsers.documents.media import MAIL, RAR, SEVEN_ZIP, ZIP
from parsers.errors import Unreadable

MAX_ARCHIVE_BYTES = 128 << 20
MAX_MEMBERS = 2000
MAX_MEMBER_BYTES = 64 << 20
MAX_RATIO = 300
"""A member that swells more than this is no document; blank pages of an old .doc reach about 100."""
_RATIO_FROM = 1 << 20
_UTF8_NAME = 0x800
_LOCKED = 0x1


@dataclass(frozen=True, slots=True)
class Member:
    name: str
    """As the archive says it, folders and all, in the right characters."""
    size: int
    packed: int | None
    """Bytes that it takes in the archive, where that is known for the member alone."""
    locked: bool
    read: Callable[[], bytes]
    """Unpacks it. Raises Unreadable("damaged" | "encrypted" | "too_large" | "unsupported_media:<type>")."""


@contextmanager
def opened(content: bytes, media_type: str) -> Iterator[tuple[Member, ...]]:
    """The files of an archive (ZIP, RAR, SEVEN_ZIP) or of a mail (MAIL) in its order, folders left out; readable inside the `with`.

    Raises Unreadable("damaged" | "encrypted" | "too_large").
    """
    refuse_above(len(content), MAX_ARCHIVE_BYTES, "the archive")
    opener = {ZIP: _zip, RAR: _rar, SEVEN_ZIP: _seven_zip, MAIL: _mail}[media_type]
    with opener(content) as members:
        if len(members) > MAX_MEMBERS:
            raise Unreadable("too_large", f"the archive holds {len(members):,} files, the limit is {MAX_MEMBERS:,}")
        yield members


def check(member: Member) -> None:
    """Raise Unreadable("too_large" | "encrypted") for a member that must not be unpacked."""
    if member.locked:
        raise Unreadable("encrypted", f"{_short(member.name)} is protected by a password")
    refuse_above(member.size, MAX_MEMBER_BYTES, _short(member.name))
    if member.packed is not None and member.size > max(_RATIO_FROM, MAX_RATIO * member.packed):
        raise Unreadable(
            "too_large", f"{_short(member.name)} would swell from {member.packed:,} to {member.size:,} bytes"
        )


def _short(name: str) -> str:
    return name if len(name) <= 80 else f"{name[:77]}..."


def _text(raw: bytes) -> str:
    """A name without a declared encoding: UTF-8 where it is that, else what Chinese Windows writes."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


# --- ZIP --------------------------------------------------------------------------------------------------------


@contextmanager
def _zip(content: bytes) -> Iterator[tuple[Member, ...]]:
    with guarded("the archive"):
        container = zipfile.ZipFile(io.BytesIO(content))
    with container:
        # Not is_dir(): it stumbles over an empty name.
        infos = [info for info in container.infolist() if not info.filename.endswith("/")]
        yield tuple(
            Member(
                _zip_name(info),
                info.file_size,
                info.compress_size,
                bool(info.flag_bits & _LOCKED),
                lambda info=info: _unzip(container, info),  # type: ignore[misc]
            )
            for info in infos
        )


def _zip_name(info: zipfile.ZipInfo) -> str:
    """zipfile reads a name without the UTF-8 flag as cp437; put the bytes back and look at them."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        return _text(info.orig_filename.encode("cp437"))
    except UnicodeEncodeError:
        return info.filename


def _unzip(container: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    # RuntimeError is what zipfile raises for a password that its flags did not announce.
    with guarded(_short(info.filename), RuntimeError), container.open(info) as stream:
        return _limited(stream.read(MAX_MEMBER_BYTES + 1), info.filename)


def _limited(data: bytes, name: str) -> bytes:
    refuse_above(len(data), MAX_MEMBER_BYTES, _short(name))
    return data


# --- RAR --------------------------------------------------------------------------------------------------------


@contextmanager
def _rar(content: bytes) -> Iterator[tuple[Member, ...]]:
    options = rars.ReadOptions(
        max_member_output_bytes=MAX_MEMBER_BYTES,
        max_total_output_bytes=MAX_UNPACKED_BYTES,
        max_header_count=4 * MAX_MEMBERS,
    )
    with guarded("the archive", rars.Error):
        try:
            container = rars.RarFile.from_bytes(content, options=options)
        except rars.PasswordRequired as error:
            raise Unreadable("encrypted", "the archive is protected by a password") from error
        except MemoryError as error:
            raise Unreadable("too_large", "the archive's list of files is longer than any report's") from error
        infos = [info for info in container.infolist() if not info.is_dir()]
        members = tuple(
            Member(
                _text(info.orig_filename_bytes),
                info.file_size,
                None if info.is_solid else info.compress_size,
                info.is_encrypted,
                lambda info=info: _unrar(container, info, options),  # type: ignore[misc]
            )
            for info in infos
        )
    yield members


def _unrar(container: rars.RarFile, info: rars.RarInfo, options: rars.ReadOptions) -> bytes:
    name = _short(info.filename)
    if info.is_split_before or info.is_split_after:
        raise Unreadable("damaged", f"{name} goes on in another part of the archive")
    with guarded(name, rars.Error):
        try:
            return _limited(container.read(info, options=options), name)
        except rars.PasswordRequired as error:
            raise Unreadable("encrypted", f"{name} is protected by a password") from error
        except MemoryError as error:
            # How rars says that one of the limits above was reached.
            raise Unreadable("too_large", f"{name} unpacks to more than any report") from error


# --- mail -------------------------------------------------------------------------------------------------------


@contextmanager
def _mail(content: bytes) -> Iterator[tuple[Member, ...]]:
    with guarded("the mail", MessageError):
        found = files_of(content)
    yield tuple(
        Member(name, len(data), None, False, lambda data=data: data)  # type: ignore[misc]
        for name, data in found
    )


# --- 7z ---------------------------------------------------------------------------------------------------------

_CAREFUL = archivey.ArchiveyConfig(
    listing_limits=archivey.ListingLimits(max_members=4 * MAX_MEMBERS, max_metadata_bytes=8 << 20),
    decoder_limits=archivey.DecoderLimits(max_decoder_memory=MAX_UNPACKED_BYTES),
    read_link_targets=False,
)


@contextmanager
def _seven_zip(content: bytes) -> Iterator[tuple[Member, ...]]:
    with _archivey_errors("the archive"):
        reader = archivey.open_archive(io.BytesIO(content), format=archivey.ArchiveFormat.SEVEN_Z, config=_CAREFUL)
    with reader:
        with _archivey_errors("the archive"):
            found = [member for member in reader.members() if member.is_file]
        yield tuple(
            Member(
                member.name,
                member.size or 0,
                None,
                member.is_encrypted,
                lambda member=member: _un7z(reader, member),  # type: ignore[misc]
            )
            for member in found
        )


def _un7z(reader: archivey.ArchiveReader, member: archivey.ArchiveMember) -> bytes:
    with _archivey_errors(_short(member.name)), reader.open(member) as stream:
        return _limited(stream.read(MAX_MEMBER_BYTES + 1), member.name)


@contextmanager
def _archivey_errors(what: str) -> Iterator[None]:
    with guarded(what, archivey.ArchiveyError):
        try:
            yield
        except archivey.EncryptionError as error:
            raise Unreadable("encrypted", f"{what} is protected by a password") from error
        except archivey.ResourceLimitError as error:
            raise Unreadable("too_large", f"{what} asks for more than any report needs") from error
        except (archivey.PackageNotInstalledError, archivey.UnsupportedFeatureError) as error:
            raise Unreadable(
                f"unsupported_media:{SEVEN_ZIP}", f"{what} is packed by a method that is rare: {error}"
            ) from error
