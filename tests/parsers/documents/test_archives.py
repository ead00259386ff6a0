"""Archives: the report inside is found, nothing unpacks to more than it should, no name is trusted."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

import pytest
import rars

from parsers import Attachment, Source, parse
from parsers.documents import archives, members, read
from parsers.documents.media import SEVEN_ZIP, XLS, ZIP
from parsers.errors import Unreadable
from tests.parsers.documents import invented
from tests.parsers.documents.files import fixture, zipped

REPORT = "附件/某局2024年政府信息公开年度报告.xls"
FILES = {"说明.txt": "说明".encode(), REPORT: fixture("report.xls")}
PAGE = invented.page().encode()


def rar(files: Mapping[str, bytes], kind: str = "rar50", password: str | None = None, names: bool = False) -> bytes:
    builder = rars.RarBuilder(format=kind, password=password, encrypt_headers=names)
    for name, content in files.items():
        builder.add_bytes(content, name)
    made: bytes = builder.to_bytes()
    return made


def reason(content: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read(content)
    return caught.value.reason


WRITERS: list[Callable[[Mapping[str, bytes]], bytes]] = [
    zipped,
    lambda files: zipped(files, "gbk"),
    lambda files: zipped(files, "utf-8"),
    rar,
    lambda files: rar(files, "rar29"),
    lambda files: rar(files, "rar15"),
    lambda files: fixture("packed.7z"),
]


@pytest.mark.parametrize("write", WRITERS)
def test_the_report_inside(write: Callable[[Mapping[str, bytes]], bytes]) -> None:
    document = read(write(FILES), url="http://www.example.gov.cn/a.zip")
    assert document.media_type == XLS
    assert invented.wrong(document) == {}
    assert [(link.text, link.url) for link in document.links] == [("说明.txt", "#member=%E8%AF%B4%E6%98%8E.txt")]


def test_the_name_of_a_legacy_rar_in_gbk() -> None:
    assert members._text("年报".encode("gbk")) == "年报"
    assert members._text("年报".encode()) == "年报"


def test_which_file_is_the_report() -> None:
    names = [
        "统计表.docx", "2023年政府信息公开年报.doc", "~$年报.docx", "__MACOSX/._年报.docx", "图解年报.pdf",
        "子目录\\2023年度报告.docx", "年报.exe", "附件1.docx", "工作总结.pdf", "内层.zip",
    ]  # fmt: skip
    with members.opened(zipped(dict.fromkeys(names, b"x")), ZIP) as found:
        order = [archives._base(member.name) for member in archives.likeliest(found)]
    assert order == [
        "2023年度报告.docx", "2023年政府信息公开年报.doc", "工作总结.pdf", "附件1.docx", "统计表.docx", "图解年报.pdf",
    ]  # fmt: skip


def test_the_next_of_the_same_rank_stands_in_but_a_note_does_not() -> None:
    document = read(zipped({"年报.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rubbish", "年报.html": PAGE}))
    assert document.media_type == "text/html"
    assert (
        reason(zipped({"年报.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1WordDocument", "说明.txt": b"text"})) == "damaged"
    )


def test_the_title_may_stand_in_the_name_alone() -> None:
    assert read(zipped({"某县2019年政府信息公开年报.txt": b"text"})).title == "某县2019年政府信息公开年报"


SEVERAL = {
    "青河市数据局2023年政府信息公开工作年度报告.html": PAGE,
    "青河市数据局2023年政府信息公开工作年度报告.txt": b"the same again",
    "云溪县司法局2023年政府信息公开年报.docx": b"PK\x03\x04",
    "附件2.pdf": b"%PDF-1.4",
    "年报封面.jpg": b"",
    "会场照片.jpg": b"",
    "年报解读.docx": b"PK\x03\x04",
    "政府信息公开情况统计表.xls": b"",
    "__MACOSX/._年报.docx": b"",
    "setup.exe": b"MZ",
}
UNREAD = ("云溪县司法局2023年政府信息公开年报.docx", "附件2.pdf", "年报封面.jpg")


def test_files_that_may_be_reports_of_their_own_are_named() -> None:
    assert read(zipped(SEVERAL)).unread == UNREAD
    assert read(zipped(FILES)).unread == ()


def test_a_report_says_which_files_beside_it_were_not_read() -> None:
    """Behind a page, too: one address gives one report, and nothing is left out silently."""
    flags = [f"member_unread:{name}" for name in UNREAD]
    title = "青河市数据局2023年政府信息公开工作年度报告"
    archive = zipped(SEVERAL)
    assert [flag for flag in parse(Source(archive, title=title)).flags if "unread" in flag] == flags
    cover = f"<html><meta charset=utf-8><title>{title}</title><body><h1>{title}</h1><a href=a.zip>附件</a>".encode()
    attachment = Attachment("http://www.example.gov.cn/a.zip", "附件", archive)
    report = parse(Source(cover, url="http://www.example.gov.cn/1.html", attachments=(attachment,)))
    assert [flag for flag in report.flags if "unread" in flag] == flags


def test_of_many_files_the_first_are_named_and_the_others_counted() -> None:
    many = {f"{n}局2023年政府信息公开年报.txt": b"x" for n in range(60)}
    title = "青河市数据局2023年政府信息公开工作年度报告"
    report = parse(Source(zipped({f"{title}.html": PAGE, **many}), title=title))
    unread = [flag for flag in report.flags if flag.startswith("member_unread:")]
    assert len(unread) == 51
    assert unread[-1] == "member_unread:+10"


def test_names_are_never_paths() -> None:
    hostile = {"../../../../tmp/年报.html": PAGE, "C:\\Windows\\b.html": b"<html>", "/etc/passwd.txt": b"x"}
    document = read(zipped(hostile))
    assert invented.wrong(document) == {}
    assert {link.text for link in document.links} == {"b.html", "passwd.txt"}
    assert all(link.url.startswith("#member=") and "/" not in link.url for link in document.links)


@pytest.mark.parametrize(
    "content",
    [rar(FILES, password="secret"), rar(FILES, password="secret", names=True), fixture("locked.7z"),
     fixture("locked_names.7z")],
)  # fmt: skip
def test_passwords(content: bytes) -> None:
    assert reason(content) == "encrypted"


def test_a_zip_with_a_password() -> None:
    content = bytearray(zipped({"年报.html": PAGE}))
    for place in (content.index(b"PK\x03\x04") + 6, content.index(b"PK\x01\x02") + 8):
        content[place] |= 1
    assert reason(bytes(content)) == "encrypted"


def test_a_rare_method_is_named() -> None:
    assert reason(fixture("ppmd.7z")) == f"unsupported_media:{SEVEN_ZIP}"


def test_bombs() -> None:
    assert reason(zipped({"年报.html": bytes(40 << 20)})) == "too_large"
    assert reason(rar({"年报.html": bytes(members.MAX_MEMBER_BYTES + 1)})) == "too_large"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as container:
        for n in range(members.MAX_MEMBERS + 1):
            container.writestr(f"{n}.txt", b"")
    assert reason(buffer.getvalue()) == "too_large"


def test_a_size_that_lies_is_cut_off() -> None:
    """The list says 10 bytes; unpacking stops there and the checksum tells."""
    content = bytearray(zipped({"年报.html": b"A" * 5000}))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = content.index(mark) + place
        content[start : start + 4] = (10).to_bytes(4, "little")
    assert reason(bytes(content)) == "damaged"


def test_an_archive_inside_is_not_opened() -> None:
    assert reason(zipped({"年报.zip": zipped(FILES)})) == "no_report"
    assert reason(zipped({"年报.doc": zipped(FILES)})) == f"unsupported_media:{ZIP}"


def test_nothing_for_us_inside() -> None:
    assert reason(zipped({"setup.exe": b"MZ"})) == "no_report"
    assert reason(zipped({})) == "no_report"


@pytest.mark.parametrize(
    "content", [zipped(FILES)[:-30], rar(FILES)[:400], fixture("packed.7z")[:300], b"Rar!\x1a\x07\x01\x00"]
)
def test_damage(content: bytes) -> None:
    assert reason(content) == "damaged"
