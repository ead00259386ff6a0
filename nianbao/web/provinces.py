"""The country as tiles: each province once, roughly where it lies, equally large whatever its area."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tile:
    name: str
    """As `organ.province` has it."""
    short: str
    en: str
    code: str
    """Two letters of ISO 3166-2:CN, where there is no room for the English name."""
    row: int
    column: int


TILES = tuple(
    Tile(name, short, en, code, row, column)
    for name, short, en, code, row, column in (
        ("黑龙江省", "黑龙江", "Heilongjiang", "HL", 1, 8),
        ("内蒙古自治区", "内蒙古", "Inner Mongolia", "NM", 2, 5),
        ("北京市", "北京", "Beijing", "BJ", 2, 6),
        ("吉林省", "吉林", "Jilin", "JL", 2, 8),
        ("新疆维吾尔自治区", "新疆", "Xinjiang", "XJ", 3, 1),
        ("甘肃省", "甘肃", "Gansu", "GS", 3, 3),
        ("宁夏回族自治区", "宁夏", "Ningxia", "NX", 3, 4),
        ("山西省", "山西", "Shanxi", "SX", 3, 5),
        ("河北省", "河北", "Hebei", "HE", 3, 6),
        ("天津市", "天津", "Tianjin", "TJ", 3, 7),
        ("辽宁省", "辽宁", "Liaoning", "LN", 3, 8),
        ("西藏自治区", "西藏", "Tibet", "XZ", 4, 1),
        ("青海省", "青海", "Qinghai", "QH", 4, 2),
        ("陕西省", "陕西", "Shaanxi", "SN", 4, 4),
        ("河南省", "河南", "Henan", "HA", 4, 5),
        ("山东省", "山东", "Shandong", "SD", 4, 6),
        ("江苏省", "江苏", "Jiangsu", "JS", 4, 7),
        ("四川省", "四川", "Sichuan", "SC", 5, 3),
        ("重庆市", "重庆", "Chongqing", "CQ", 5, 4),
        ("湖北省", "湖北", "Hubei", "HB", 5, 5),
        ("安徽省", "安徽", "Anhui", "AH", 5, 6),
        ("浙江省", "浙江", "Zhejiang", "ZJ", 5, 7),
        ("上海市", "上海", "Shanghai", "SH", 5, 8),
        ("云南省", "云南", "Yunnan", "YN", 6, 3),
        ("贵州省", "贵州", "Guizhou", "GZ", 6, 4),
        ("湖南省", "湖南", "Hunan", "HN", 6, 5),
        ("江西省", "江西", "Jiangxi", "JX", 6, 6),
        ("福建省", "福建", "Fujian", "FJ", 6, 7),
        ("台湾省", "台湾", "Taiwan", "TW", 6, 8),
        ("广西壮族自治区", "广西", "Guangxi", "GX", 7, 5),
        ("广东省", "广东", "Guangdong", "GD", 7, 6),
        ("香港特别行政区", "香港", "Hong Kong", "HK", 7, 7),
        ("海南省", "海南", "Hainan", "HI", 8, 5),
        ("澳门特别行政区", "澳门", "Macau", "MO", 8, 6),
    )
)
SHORT = {tile.name: tile for tile in TILES}
