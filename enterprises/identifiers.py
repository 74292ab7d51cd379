"""Numbers that enterprises and systems carry: their shape, and what is wrong with a bad one.

Unified social credit code by GB 32100-2015 (python-stdnum does the arithmetic); filing numbers by
the patterns in use. A message names the character that is wrong: an officer on site reads it aloud.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc as stdnum_uscc

USCC_LENGTH = 18
# GB 32100-2015 leaves out I, O, Z, S and V, which are read as 1, 0, 2, 5 and U.
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_PATTERN = rf"^[{USCC_ALPHABET}]{{{USCC_LENGTH}}}$"
MLPS_PATTERN = r"^\d{11}-\d{5}$"
ICP_PATTERN = r"^[一-龥]ICP备\d{8,10}号(-\d{1,3})?$"
POLICE_FILING_PATTERN = r"^[一-龥]公网安备\s?\d{14}号$"

validate_icp_number = RegexValidator(
    ICP_PATTERN, _("ICP 备案号的写法应为“桂ICP备20230012号-1”：省份简称、ICP备、8 至 10 位数字、号")
)
validate_mlps_number = RegexValidator(
    MLPS_PATTERN, _("等保备案编号的写法应为 11 位数字、短横线、5 位数字，例如 45010099001-00001")
)
validate_mps_filing_number = RegexValidator(
    POLICE_FILING_PATTERN, _("公安备案号的写法应为“桂公网安备 45010302000018号”，数字共 14 位")
)


def clean_uscc(value: str) -> str:
    """Full-width to half-width, capitals, no spaces or dashes: what people paste from papers."""
    text = unicodedata.normalize("NFKC", value or "").upper()
    return re.sub(r"[\s\-－—]", "", text)


def validate_uscc(value: str) -> None:
    """Raise ValidationError that names the wrong character or the check character expected."""
    if len(value) != USCC_LENGTH:
        raise ValidationError(
            _("统一社会信用代码应为 18 位，现在是 %(length)d 位"),
            code="length",
            params={"length": len(value)},
        )
    for place, character in enumerate(value, start=1):
        if character not in USCC_ALPHABET:
            raise ValidationError(
                _(
                    "统一社会信用代码第 %(place)d 位“%(character)s”不会出现在代码中"
                    "（不用 I、O、Z、S、V，核对是否为 1、0、2、5、U）"
                ),
                code="character",
                params={"place": place, "character": character},
            )
    for place, character in enumerate(value[2:8], start=3):
        if not character.isdigit():
            raise ValidationError(
                _(
                    "统一社会信用代码第 %(place)d 位“%(character)s”应为数字"
                    "（第 3 至 8 位是行政区划）"
                ),
                code="region",
                params={"place": place, "character": character},
            )
    expected = stdnum_uscc.calc_check_digit(value[:-1])
    if value[-1] != expected:
        raise ValidationError(
            _(
                "统一社会信用代码第 18 位（校验码）“%(found)s”不对，按前 17 位应为“%(expected)s”，"
                "逐位核对营业执照"
            ),
            code="check",
            params={"found": value[-1], "expected": expected},
        )
