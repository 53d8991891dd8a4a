"""What every program writes: the briefing of an invented zone, other figures for each number.

6 sections, about 480 words of prose, 3 tables (8 x 3, 6 x 4 and 12 x 3 cells below a header), 6 charts.
"""

import random
from typing import Any

YEARS = [2019, 2020, 2021, 2022, 2023, 2024]
PLATFORM_KINDS = [
    "National key laboratories",
    "Engineering research centres",
    "Enterprise technology centres",
    "Joint university laboratories",
    "Pilot-scale test bases",
    "Incubators and accelerators",
    "Shared instrument platforms",
    "New-type R&D institutes",
]
PLATFORM_LEVELS = ["National", "Provincial", "Municipal", "Zone"]
STAFF_KINDS = ["Researchers", "Engineers", "Technicians", "Support"]
PATENT_KINDS = ["Invention", "Utility model", "Design"]
CONTRACT_KINDS = ["Development", "Services", "Transfer", "Licensing", "Consulting", "Training"]
CONTRACT_FIELDS = [
    "Electronic information",
    "Advanced materials",
    "Biomedicine",
    "New energy",
    "Intelligent manufacturing",
    "Aerospace",
    "Modern transport",
    "Environmental protection",
    "Modern agriculture",
    "Marine technology",
    "Urban services",
    "Nuclear applications",
]
FUTURE_SECTORS = [
    "Embodied intelligence",
    "Brain-computer interfaces",
    "Hydrogen storage",
    "Quantum information",
    "Synthetic biology",
    "Low-altitude economy",
    "Sixth-generation networks",
]


def num(x):
    """Return a number as it is printed."""
    return f"{x:,.1f}" if isinstance(x, float) else f"{x:,}"


def growing(start, rate):
    """Return a number for each year, so many times the one before."""
    return [round(start * rate**i) for i in range(len(YEARS))]


def briefing(n: int) -> dict[str, Any]:
    """Return title, date and sections of one briefing, as plain dicts and lists."""
    r = random.Random(1000 + n)
    platforms = sorted(r.randint(6, 60) for _ in PLATFORM_KINDS)
    levels = [r.randint(15, 40), r.randint(30, 55), r.randint(40, 60)]
    levels.append(200 - sum(levels))
    staff = [growing(r.randint(900, 4200), 1.08) for _ in STAFF_KINDS]
    patents = [growing(r.randint(300, 1900), 1.1) for _ in PATENT_KINDS]
    granted = [round(sum(s[i] for s in patents) * r.uniform(0.5, 0.7)) for i in range(6)]
    in_force = [3 * g + r.randint(0, 500) for g in granted]
    kinds = [round(r.uniform(2, 30), 1) for _ in CONTRACT_KINDS]
    fields = [(f, r.randint(20, 420), round(r.uniform(0.4, 28), 1)) for f in CONTRACT_FIELDS]
    future = sorted(r.randint(20, 95) for _ in FUTURE_SECTORS)
    staff_total = sum(s[-1] for s in staff)
    filed = [sum(s[i] for s in patents) for i in range(6)]
    contracts = sum(c for _, c, _ in fields)
    value = round(sum(v for _, _, v in fields), 1)

    def up():
        return f"+{r.uniform(1, 19):.1f} %"

    return {
        "number": n,
        "title": f"Testonia Innovation Zone: Briefing {n + 1}",
        "subtitle": "Innovation platforms, people, patents, contracts and future sectors",
        "author": "Testonia Statistics Office",
        "date": "March 2025",
        "sections": [
            {
                "id": "overview",
                "title": "Overview",
                "paragraphs": [
                    f"The zone brings together {num(sum(platforms))} innovation platforms and "
                    f"{num(staff_total)} people in research and development. Over the past year its "
                    "firms, universities and institutes kept up a steady pace of investment, and most "
                    "of the headline figures moved in the planned direction. The share of spending "
                    "that came from enterprises rose again and now stands well above the target.",
                    "This briefing sets out the position at the end of the year. It follows the order "
                    "of the annual survey, gives the main figures first, and leaves methods and "
                    "definitions to the statistical notes. Figures are rounded, and small differences "
                    "between totals and their parts come from that rounding alone.",
                ],
                "table": {
                    "caption": "Key figures",
                    "header": ["Indicator", "Value", "Change"],
                    "rows": [
                        ["Innovation platforms", num(sum(platforms)), up()],
                        ["R&D workforce", num(staff_total), up()],
                        ["Patents filed", num(filed[-1]), up()],
                        ["Patents granted", num(granted[-1]), up()],
                        ["Technology contracts", num(contracts), up()],
                        ["Contract value (million)", num(value), up()],
                        ["High-tech enterprises", num(r.randint(400, 990)), up()],
                        ["R&D intensity (%)", num(round(r.uniform(3, 9), 1)), up()],
                    ],
                },
                "charts": [],
            },
            {
                "id": "platforms",
                "title": "Innovation platforms",
                "paragraphs": [
                    f"Of the {num(sum(platforms))} platforms, the largest group has {platforms[-1]} "
                    "members and the smallest only a handful. New platforms opened mostly in the "
                    "eastern quarter, close to the two universities and the test field. Several older "
                    "laboratories were merged, which explains why the total grew more slowly than the "
                    "number of approvals.",
                    "By level, the greater part still belongs to the province and the city. The zone "
                    "itself funds the rest and reviews each of them every third year, with an open "
                    "call whenever a place falls vacant.",
                ],
                "table": None,
                "charts": [
                    {
                        "kind": "hbar",
                        "name": "platforms",
                        "caption": "Platforms by kind",
                        "labels": PLATFORM_KINDS,
                        "values": platforms,
                        "xlabel": "Platforms",
                    },
                    {
                        "kind": "dots",
                        "name": "levels",
                        "caption": "Platforms by level, per 200",
                        "labels": PLATFORM_LEVELS,
                        "values": levels,
                    },
                ],
            },
            {
                "id": "workforce",
                "title": "R&D workforce",
                "paragraphs": [
                    f"The workforce reached {num(staff_total)} people. Researchers and engineers "
                    "account for the larger half, and their numbers have risen in each of the six "
                    "years shown. Technicians grew fastest in the pilot bases, where two new lines "
                    "went into service in the autumn.",
                    "Turnover fell for the second year in a row. Employers name housing, schools and "
                    "the new metro line as the main reasons, and expect hiring to stay at about the "
                    "present level through the coming year.",
                ],
                "table": None,
                "charts": [
                    {
                        "kind": "stacked",
                        "name": "workforce",
                        "caption": "R&D workforce by role",
                        "x": YEARS,
                        "labels": STAFF_KINDS,
                        "series": staff,
                        "ylabel": "People",
                    }
                ],
            },
            {
                "id": "patents",
                "title": "Patents and achievements",
                "paragraphs": [
                    f"Applicants in the zone filed {num(filed[-1])} patents and were granted "
                    f"{num(granted[-1])}. Inventions remain the most valuable part, and their share of "
                    "the stock in force keeps growing as older utility models lapse.",
                    "Four projects won national awards and nineteen won provincial ones. About a "
                    "third of the awarded work came from joint teams of firms and universities, and "
                    "most of it is already in use on a production line.",
                ],
                "table": {
                    "caption": "Patents by year",
                    "header": ["Year", "Filed", "Granted", "In force"],
                    "rows": [
                        [str(y), num(filed[i]), num(granted[i]), num(in_force[i])]
                        for i, y in enumerate(YEARS)
                    ],
                },
                "charts": [
                    {
                        "kind": "line",
                        "name": "patents",
                        "caption": "Patents filed by kind",
                        "x": YEARS,
                        "labels": PATENT_KINDS,
                        "series": patents,
                        "ylabel": "Patents filed",
                    }
                ],
            },
            {
                "id": "contracts",
                "title": "Technology contracts",
                "paragraphs": [
                    f"The registry recorded {num(contracts)} technology contracts worth {num(value)} "
                    "million. Development and service contracts lead by value, while licensing is "
                    "small but has doubled since the new registration rules came into force.",
                    "Buyers outside the zone took more than half of the value. The table lists the "
                    "fields in the order of the national classification.",
                ],
                "table": {
                    "caption": "Contracts by field",
                    "header": ["Field", "Contracts", "Value (million)"],
                    "rows": [[f, num(c), num(v)] for f, c, v in fields],
                },
                "charts": [
                    {
                        "kind": "donut",
                        "name": "contracts",
                        "caption": "Contract value by kind",
                        "labels": CONTRACT_KINDS,
                        "values": kinds,
                    }
                ],
            },
            {
                "id": "future",
                "title": "Future focus sectors",
                "paragraphs": [
                    "Seven sectors have been chosen for the next five years. Each one was scored by a "
                    "panel on talent, capital, demand and existing strength, and the score shown is "
                    f"the mean of the four. The leading sector reached {future[-1]} points.",
                    "The scores are a guide and not a ranking of merit. They will be reviewed every "
                    "year, and a sector that stays below forty points twice in a row makes room for "
                    "another. Public comments on the list remain open until the end of June.",
                ],
                "table": None,
                "charts": [
                    {
                        "kind": "hbar",
                        "name": "future",
                        "caption": "Readiness score by sector",
                        "labels": FUTURE_SECTORS,
                        "values": future,
                        "xlabel": "Score (0-100)",
                    }
                ],
            },
        ],
    }
