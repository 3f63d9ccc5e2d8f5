"""A plan for programs, as JSON."""

from __future__ import annotations

from typing import Any

from nosyncio.model import Hop, as_text
from nosyncio.plan import Conversion, Keeper, Plan, Replacement, Site, Step, Twin
from nosyncio.report import json
from nosyncio.report.plan import twin_name


def document(plan: Plan) -> dict[str, Any]:
    """The plan as plain data. Findings are named by their fingerprints, as `nosyncio check` reports them."""
    return {
        "version": json.VERSION,
        "findings": plan.findings,
        "files": plan.files,
        "steps": [_step(step) for step in plan.steps],
        "not_analysed": [json.not_analysed(item) for item in plan.not_analysed],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "number": step.number,
        "frees": [item.fingerprints.finding for item in step.frees],
        "left": step.left,
        "make_async": [_conversion(item) for item in step.conversions],
        "leave_sync": [
            {"name": item.name, **_hop(item.hop), "obstacle": item.obstacle.value, "blocks": [*map(_replacement, item.blocks)]}
            for item in step.kept
        ],
        "change": [_site(item) for item in step.sites],
        "replace": [_replacement(item) for item in step.operations],
        "drop": [{"name": item.name, **_hop(item.hop)} for item in step.dropped],
    }


def _conversion(item: Conversion) -> dict[str, Any]:
    return {
        "name": item.name,
        **_hop(item.hop),
        "form": item.form.value,
        "group": item.group,
        "replace": [_replacement(operation) for operation in item.operations],
        "await": [_site(site) for site in item.awaits],
        "decorators": [*item.decorators],
        "twin": None if item.twin is None else _twin(item, item.twin),
    }


def _twin(item: Conversion, twin: Twin) -> dict[str, Any]:
    return {
        "name": twin_name(item),
        "exists": twin.existing is not None,
        "until_step": twin.until,
        "kept_by": [_keeper(keeper) for keeper in twin.keepers],
    }


def _keeper(keeper: Keeper) -> dict[str, Any]:
    return {**_hop(keeper.hop), "hands_over": keeper.hands_over}


def _site(site: Site) -> dict[str, Any]:
    obstacle = None if site.obstacle is None else site.obstacle.value
    return {**_hop(site.hop), "change": site.change.value, "runs": [*site.runs], "obstacle": obstacle}


def _replacement(item: Replacement) -> dict[str, Any]:
    return {
        **_hop(item.hop),
        "callee": item.callee,
        "instead": item.instead,
        "codes": [*item.codes],
        "obstacle": None if item.obstacle is None else item.obstacle.value,
        "further": [json.related(part) for part in item.further],
    }


def _hop(hop: Hop) -> dict[str, Any]:
    return {"path": as_text(hop.path), **json.stretch(hop.span), "function": hop.function}
