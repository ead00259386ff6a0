"""The country as tiles: each province once, roughly where it lies, equally large whatever its area."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tile:
    name: str
    """As `organ.province` has it."""
    short: str
    en: str
    row: int
    column: int


TILES = tuple(
    Tile(name, short, en, row, column)
    for name, short, en, row, column in (
        ("黑龙江省", "黑龙江", "Heilongjiang", 1, 8),
        ("内蒙古自治区", "内蒙古", "Inner Mongolia", 2, 5),
        ("北京市", "北京", "Beijing", 2, 6),
        ("吉林省", "吉林", "Jilin", 2, 8),
        ("新疆维吾尔自治区", "新疆", "Xinjiang", 3, 1),
        ("甘肃省", "甘肃", "Gansu", 3, 3),
        ("宁夏回族自治区", "宁夏", "Ningxia", 3, 4),
        ("山西省", "山西", "Shanxi", 3, 5),
        ("河北省", "河北", "Hebei", 3, 6),
        ("天津市", "天津", "Tianjin", 3, 7),
        ("辽宁省", "辽宁", "Liaoning", 3, 8),
        ("西藏自治区", "西藏", "Tibet", 4, 1),
        ("青海省", "青海", "Qinghai", 4, 2),
        ("陕西省", "陕西", "Shaanxi", 4, 4),
        ("河南省", "河南", "Henan", 4, 5),
        ("山东省", "山东", "Shandong", 4, 6),
        ("江苏省", "江苏", "Jiangsu", 4, 7),
        ("四川省", "四川", "Sichuan", 5, 3),
        ("重庆市", "重庆", "Chongqing", 5, 4),
        ("湖北省", "湖北", "Hubei", 5, 5),
        ("安徽省", "安徽", "Anhui", 5, 6),
        ("浙江省", "浙江", "Zhejiang", 5, 7),
        ("上海市", "上海", "Shanghai", 5, 8),
        ("云南省", "云南", "Yunnan", 6, 3),
        ("贵州省", "贵州", "Guizhou", 6, 4),
        ("湖南省", "湖南", "Hunan", 6, 5),
        ("江西省", "江西", "Jiangxi", 6, 6),
        ("福建省", "福建", "Fujian", 6, 7),
        ("台湾省", "台湾", "Taiwan", 6, 8),
        ("广西壮族自治区", "广西", "Guangxi", 7, 5),
        ("广东省", "广东", "Guangdong", 7, 6),
        ("香港特别行政区", "香港", "Hong Kong", 7, 7),
        ("海南省", "海南", "Hainan", 8, 5),
        ("澳门特别行政区", "澳门", "Macau", 8, 6),
    )
)
SHORT = {tile.name: tile for tile in TILES}
