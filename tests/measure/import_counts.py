#!/usr/bin/env python3
"""Counts what files of others hold, with Python's json and nothing of this project.

    python3 tests/measure/import_counts.py DIRECTORY

prints one JSON object a file; the test SharedCountsTest holds the importers against them.
"""

import json
import sys
from pathlib import Path


def graph(data):
    ids = {node["node_id"] for node in data["nodes"]}
    links = data["links"]
    return {
        "nodes": len(data["nodes"]),
        "features": sum(n["feature_type"] == "cross layer transcoder" for n in data["nodes"]),
        "links": len(links),
        "zero": sum(link["weight"] == 0 for link in links),
        "dangling": sum(not {link["source"], link["target"]} <= ids for link in links),
        "pairs": len({(link["source"], link["target"]) for link in links}),
    }


def dashboard(data):
    windows = [a for f in data["features"] for a in f["activations"]]
    return {
        "features": len(data["features"]),
        "windows": len(windows),
        "tokens": sum(len(w["tokens"]) for w in windows),
        "firings": sum(value > 0 for w in windows for value in w["values"]),
        "corpusFirings": sum(sum(f["freq_hist_data_bar_heights"]) for f in data["features"]),
    }


def supernodes(data):
    return {
        "supernodes": len(data["supernodes"]),
        "members": sum(len(group) - 1 for group in data["supernodes"]),
        "pins": len(data["pinnedIds"]),
    }


def annotations(lines):
    rows = [line for line in lines if line.get("Component") != "Component"]
    return {
        "lines": len(lines),
        "headings": len(lines) - len(rows),
        "labels": sum(bool(line.get("Annotation", "").strip()) for line in rows),
    }


def counts(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        return annotations([json.loads(line) for line in text.splitlines() if line.strip()])
    data = json.loads(text)
    if "links" in data:
        return graph(data)
    if "features" in data:
        return dashboard(data)
    return supernodes(data) if "pinnedIds" in data else None


def main():
    root = Path(sys.argv[1])
    for folder in ("graphs", "dashboards", "supernodes", "annotations"):
        for path in sorted((root / folder).glob("*.json*")):
            found = counts(path)
            if found:
                print(json.dumps({"file": str(path.relative_to(root)), **found}))


if __name__ == "__main__":
    main()
