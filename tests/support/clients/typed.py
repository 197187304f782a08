"""Returns of the yearly report that break no rule, drawn by a fixed seed: what is typed, and what has to come back."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from gwxl.form.definition import Form
from gwxl.form.layout import Layout
from gwxl.records.path import Path
from tests.support.filling import entries

Leaves = Mapping[str, Any]

NAMES = ("示例市门户网站", "示例市〈政务〉A&B网", "示例县网：第 2 版", "示例市“12345”网站", "示例区网站𠮷")
ACCOUNTS = ("示例发布", "0012", "示例 & 之声", "3月5日", "1-2", "e示例+", "1E5", "示例“号”")
CODES = ("0000000001", "bm00000001", "0000000110")
DAYS = ("0.1", "0.55", "2.5", "3", "10.2", "0.3", "1.005")
NOTES = ("含上年结转 14 条", "2026-12-31", "007", "√", "比上年少 5%", "A<B，且“已核对”")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A value to put into a cell: a text as typed, or a number."""

    sheet: str
    cell: str
    value: str | int | float


@dataclass(frozen=True, kw_only=True)
class Typed:
    """One return: answers by field key, explanations by path."""

    values: Mapping[str, Any]
    explanations: Mapping[str, str] = field(default_factory=dict)

    def entries(self, layout: Layout) -> tuple[Entry, ...]:
        """Return what goes into which cell, in form order."""
        answers = [(layout.cells[Path.parse(path)], entry) for path, _, entry in entries(layout.form, self.values)]
        notes = [(layout.explanations[Path.parse(path)], words) for path, words in self.explanations.items()]
        return tuple(
            Entry(sheet=cell.sheet, cell=cell.address, value=float(entry) if isinstance(entry, Decimal) else entry)
            for cell, entry in (*answers, *notes)
        )

    def leaves(self) -> Leaves:
        """Return the single values that have to come back, by path; explanations as ``note:path``."""
        return leaves(self.values, self.explanations)


def leaves(values: Mapping[str, Any], explanations: Mapping[str, str]) -> Leaves:
    """Take answers apart: table cells by path, ticked choices one by one, everything else as it is."""
    return dict(_leaves(values)) | {f"note:{path}": words for path, words in explanations.items()}


def _leaves(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if not isinstance(value, list | tuple):
            yield key, value
            continue
        for number, part in enumerate(value, 1):
            if isinstance(part, Mapping):
                yield from ((f"{key}[{number}].{column}", entry) for column, entry in part.items())
            else:
                yield f"{key}.{part}", True


def find_differing(expected: Leaves, found: Leaves) -> tuple[str, ...]:
    """Return the paths whose value is not what was typed, or where a value came from nowhere; 1 is not True."""
    paths = expected.keys() | found.keys()
    return tuple(sorted(path for path in paths if _plain(expected.get(path)) != _plain(found.get(path))))


def _plain(value: Any) -> tuple[str, Any]:
    return ("number", Decimal(value)) if type(value) in {int, Decimal} else (type(value).__name__, value)


def draw(form: Form, seed: int) -> Typed:
    """Return the return of a seed; every other one has no new media."""
    random = Random(seed)
    values: dict[str, Any] = {**_basics(random), **_information(random), **_services(random), **_exchange(random)}
    values |= _security(random) | (_media(random) if seed % 2 else {"has_new_media": False})
    chosen = random.sample([choice.key for choice in form.fields["innovations"].choices], 2)
    values["innovations"] = tuple(c.key for c in form.fields["innovations"].choices if c.key in chosen)
    if "other" in chosen:
        values["innovation_other"] = "数据可视化（<图>）&“地图”"
    order = {key: value for key in form.fields if (value := values.get(key)) is not None}
    noted = random.sample(sorted(key for key in order if re.match("service|surveys|cases", key)), 3)
    return Typed(values=order, explanations={path: random.choice(NOTES) for path in noted})


def _basics(random: Random) -> dict[str, Any]:
    visitors = random.randint(1, 99_999_999)
    return {
        "site_name": random.choice(NAMES),
        "site_url": random.choice(("http://www.example.gov.cn", "https://example.gov.cn:8443/", "http://a-b.gov.cn")),
        "site_sponsor": "示例市人民政府办公室",
        "site_type": random.choice(("portal", "department", "special")),
        "site_code": random.choice(CODES),
        "site_icp_number": random.choice(("京ICP备05060933", "京 ICP 备13001288号-3", "京ICP备2022028025号-3")),
        "site_psb_number": random.choice(("京公网安备 11010502000722 号", "11010502000722")),
        "site_unique_visitors": visitors,
        "site_page_views": visitors * random.randint(2, 90) + 1,
    }


def _information(random: Random) -> dict[str, Any]:
    kinds = [random.randint(0, 900) for _ in range(3)]
    explained = [random.randint(0, 40) for _ in range(3)]
    opened = random.randint(0, 9)
    return {
        "release_total": 1_000 + sum(kinds),
        **dict(zip(("release_overview", "release_affairs", "release_catalog"), kinds, strict=True)),
        "columns_maintained": opened + random.randint(0, 9),
        "columns_opened": opened,
        "interpretation_total": sum(explained),
        "interpretation_materials": explained[0],
        "interpretation_products": explained[1],
        "interpretation_commentaries": explained[2],
        "concern_responses": random.randint(0, 12),
    }


def _services(random: Random) -> dict[str, Any]:
    online = random.randint(0, 900)
    persons, companies = random.randint(0, 10 ** random.randint(1, 9)), random.randint(0, 9_999)
    return {
        "has_service_catalog": True,
        "service_registered_users": random.randint(0, 10**7),
        "service_items": online + random.randint(1, 99),
        "service_items_online": online,
        "cases_total": persons + companies,
        "cases_natural_person": persons,
        "cases_legal_person": companies,
    }


def _exchange(random: Random) -> dict[str, Any]:
    received = random.randint(50, 2_000)
    resolved = received - random.randint(0, 9)
    return {
        "has_unified_platform": random.random() < 0.5,
        "messages_received": received,
        "messages_resolved": resolved,
        "messages_average_days": Decimal(random.choice(DAYS)),
        "messages_published": resolved - random.randint(0, 30),
        "surveys_held": 13,
        "surveys_opinions": random.randint(101, 999),
        "surveys_published": 11,
        "interviews_held": 7,
        "interviews_messages": 93,
        "interviews_answers": 58,
        "has_smart_qa": random.random() < 0.5,
    }


def _security(random: Random) -> dict[str, Any]:
    problems = random.randint(0, 17)
    return {
        "security_assessments": random.randint(1, 9),
        "security_problems_found": problems,
        "security_problems_fixed": problems,
        "has_security_monitoring": True,
        "has_emergency_drill": True,
        "has_security_officer": True,
    }


def _media(random: Random) -> dict[str, Any]:
    products = ("移动客户端", "短视频", "头条号")
    return {
        "has_new_media": True,
        "weibo_name": random.choice(ACCOUNTS),
        "weibo_posts": random.randint(1, 1_999),
        "weibo_followers": random.randint(1, 90_001),
        "wechat_name": random.choice(ACCOUNTS),
        "wechat_posts": random.randint(1, 1_403),
        "wechat_subscribers": random.randint(1, 80_003),
        "other_media": tuple(
            {
                "product_type": products[place],
                "platform_name": f"平台{place + 1}",
                "product_name": random.choice(ACCOUNTS),
                "posts": random.randint(1, 500),
                "followers_or_downloads": random.randint(1, 10**6),
            }
            for place in range(random.randint(1, 3))
        ),
    }
