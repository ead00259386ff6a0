"""Numbers of a workbook as Excel shows them."""

import pytest

from parsers.documents.number_formats import BUILT_IN, shown


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (1407, "#,##0", "1,407"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (12.6, "0", "13"),
        (12.5, "0", "13"),
        (0.19, "0%", "19%"),
        (1407000, "#,##0,", "1,407"),
        (14070000, "0!.0,", "1407.0万"),
        (14070, "0!.0000", "1.4070万"),
        (1407, '0"件"', "1407件"),
        (1407, ";;;", ""),
        (0, '#,##0;-#,##0;"-"', "-"),
        (0, '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "-"),
        (-5, "0", "-5"),
        (-5, "0_);[Red]\\(0\\)", "(5)"),
        (-0.4, "0", "0"),
        (325.649, "0.00", "325.65"),
        (12, "0.##", "12"),
        (0, "#", ""),
        (7, "000", "007"),
        (1407, "[$¥-804]#,##0.00", "1,407.00"),
        (19, '[>10]"多";0', "多"),
        (9, '[>10]"多";0', "9"),
        (0, '[=0]"无";General', "无"),
        (19.5, "[>100]0;#", "20"),
        (0.5, "# ?/?", "1/2"),
        (-19.5, "# ?/?", "-19 1/2"),
        (0, '#,##0;-#,##0;"-"', "-"),
    ],
)
def test_as_excel_shows_it(value: float, code: str, text: str) -> None:
    assert shown(value, code) == text


@pytest.mark.parametrize("code", ["General", "@", "yyyy-mm-dd", "0.00E+00", "[DBNum1]0", '[=0]"无";General', "0" * 300])
def test_what_is_left_alone(code: str) -> None:
    assert shown(19.5, code) is None


@pytest.mark.parametrize("number", [41, 42, 43, 44])
def test_the_formats_of_accountants_show_a_nought_as_a_dash(number: int) -> None:
    assert shown(0, BUILT_IN[number]) == "-"


def test_a_whole_number_is_no_fraction() -> None:
    assert shown(13, "# ?/?") is None
