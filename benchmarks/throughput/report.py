"""The tables of a result, as Markdown."""

from __future__ import annotations

from statistics import median
from typing import Any

OURS = "autograde"
Row = dict[str, Any]


def markdown(result: dict[str, Any]) -> str:
    """Everything that was measured, a table a workload, and what was not."""
    rows = result["rows"]
    workloads = list(dict.fromkeys((row["workload"], row["title"]) for row in rows))
    parts = [
        f"{result['measured']}, {result['machine']}, --jobs {result['jobs']}, "
        f"{result['repeats']} run(s) each, medians."
    ]
    for name, title in workloads:
        parts.append(_table(title, [row for row in rows if row["workload"] == name]))
    parts += [f"Not measured: {name}: {why}" for name, why in result["not_measured"].items()]
    caps = ", ".join(f"{name} {size}" for name, size in result["caps"].items())
    parts.append(f"Largest class by grader, where capped: {caps}.")
    return "\n\n".join(parts)


def summary(rows: list[Row]) -> dict[tuple[str, int], dict[str, float]]:
    """(grader, size) -> medians over the repeats, times a submission."""
    found = {}
    for grader, size in dict.fromkeys((row["grader"], row["size"]) for row in rows):
        same = [row for row in rows if (row["grader"], row["size"]) == (grader, size)]
        found[grader, size] = {
            "cpu": median(row["cpu_seconds"] for row in same) / size,
            "wall": median(row["wall_seconds"] for row in same) / size,
            "pss": median(row["peak_pss_mb"] for row in same),
            "rss": median(row["peak_rss_mb"] for row in same),
        }
    return found


def _table(title: str, rows: list[Row]) -> str:
    lines = [
        f"**{title}**",
        "",
        "| grader | class | CPU-s each | wall s each | peak PSS, MB | peak RSS, MB |",
        "|---|---|---|---|---|---|",
    ]
    medians = summary(rows)
    for (grader, size), m in medians.items():
        times = f"{m['cpu']:.3f} | {m['wall']:.3f}"
        lines.append(f"| {grader} | {size} | {times} | {m['pss']:.0f} | {m['rss']:.0f} |")
    lines += _ratios(medians)
    return "\n".join(lines)


def _ratios(medians: dict[tuple[str, int], dict[str, float]]) -> list[str]:
    """Ours to the fastest of the others, by size; each of them at its largest class up to that."""
    lines = []
    for size in [size for grader, size in medians if grader == OURS]:
        ours = medians[OURS, size]
        others: dict[str, dict[str, float]] = {}
        for (grader, their_size), m in sorted(medians.items(), key=lambda item: item[0][1]):
            if grader != OURS and their_size <= size:
                others[grader] = m
        if others:
            cells = [_ratio(ours, others, key) for key in ("cpu", "wall")]
            cells.append(f"{ours['pss'] / min(m['pss'] for m in others.values()):.2f}")
            cells.append(f"{ours['rss'] / min(m['rss'] for m in others.values()):.2f}")
            lines.append(f"| ours to the best other | {size} | {' | '.join(cells)} |")
    return lines


def _ratio(ours: dict[str, float], others: dict[str, dict[str, float]], key: str) -> str:
    best = min(others, key=lambda name: others[name][key])
    return f"{ours[key] / others[best][key]:.2f} ({best})"
