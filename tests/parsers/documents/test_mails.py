"""Mails with the report among their files, or in themselves."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

import pytest

from parsers.documents import read
from parsers.errors import Unreadable
from tests.parsers.documents import invented
from tests.parsers.documents.files import xlsx

NOTE = "<p>您好，现将我局年报报上，请查收。</p>"
WORD = ("application", "octet-stream")


def mail(page: str, *files: tuple[str, bytes], charset: str = "utf-8", subject: str = "报送年报") -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = "a@example.gov.cn", "b@example.gov.cn", subject
    message.set_content("见网页", charset=charset)
    message.add_alternative(page, subtype="html", charset=charset, cte="base64")
    for name, content in files:
        message.add_attachment(content, maintype=WORD[0], subtype=WORD[1], filename=name)
    return message.as_bytes()


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_the_report_among_its_files(charset: str) -> None:
    table = xlsx({"Sheet1": [["联系人", "电话"], ["张三", 1]]})
    files = (("通讯录.xlsx", table), ("某局2023年政府信息公开年度报告.html", invented.page().encode()))
    document = read(mail(NOTE, *files, charset=charset))
    assert invented.wrong(document) == {}
    assert [link.text for link in document.links if link.url.startswith("#member=")] == ["通讯录.xlsx"]
    assert document.unread == ("通讯录.xlsx",)


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_the_report_in_the_mail_itself(charset: str) -> None:
    page = invented.page().replace("utf-8", charset)
    document = read(mail(page, ("附表.xlsx", xlsx({"Sheet1": [["甲", 1]]})), charset=charset))
    assert invented.wrong(document) == {}
    assert [inner.name for inner in document.beside] == ["附表.xlsx"]


def test_a_mail_whose_files_are_no_reports() -> None:
    with pytest.raises(Unreadable) as caught:
        read(mail(NOTE, ("年报.exe", b"MZ"), ("年报.zip", b"PK\x05\x06" + bytes(18))))
    assert caught.value.reason == "no_report"
