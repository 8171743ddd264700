"""The rules of a run: which one a result broke, what its descriptor says, and whether the rule was run at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from ledger.importers.findings.fields import object_of, objects_of, text_of
from ledger.importers.findings.rule_names import with_wider
from ledger.importers.findings.sarif_states import ABSENT, NOT_APPLICABLE
from ledger.vocabulary.errors import Unreadable

T = TypeVar("T")
#: Of a rule that says nothing else.
_USUAL_LEVEL = "warning"


@dataclass(frozen=True, slots=True)
class RuleComponent:
    """The driver or an extension. said: as the log has it. rules: its descriptors; by_id, by_guid: the first of each."""

    said: dict[str, Any]
    rules: list[dict[str, Any]]
    by_id: dict[str, dict[str, Any]]
    by_guid: dict[str, dict[str, Any]]

    def descriptor(self, ref: dict[str, Any]) -> dict[str, Any]:
        """What a reference leads to: by index, by guid, by the id or what that is a part of; empty if to nothing."""
        named = (self.by_id.get(name) for name in with_wider(text_of(ref, "id")))
        found = _at(self.rules, ref.get("index")) or self.by_guid.get(text_of(ref, "guid"))
        return found or next((each for each in named if each is not None), {})


@dataclass(frozen=True, slots=True)
class SarifRule:
    """A rule. id: as the result names it, or its descriptor; empty where neither does. descriptor: empty where the run
    describes no such rule.
    """

    id: str
    descriptor: dict[str, Any]
    component: RuleComponent

    @property
    def names(self) -> list[str]:
        """The name that the result uses, and the one that its descriptor has."""
        return [name for name in (self.id, text_of(self.descriptor, "id")) if name]


@dataclass(frozen=True, slots=True)
class SarifRules:
    """The driver's and the extensions' rules. invocations: whose overrides count. told: how the names of rules begin that
    were run, as a person says. ran: the names of those that were, as the run tells.
    """

    driver: RuleComponent
    extensions: list[RuleComponent]
    invocations: list[dict[str, Any]]
    told: tuple[str, ...]
    ran: frozenset[str] = frozenset()

    def of(self, result: dict[str, Any]) -> SarifRule:
        """The rule that a result broke. Raises Unreadable for a reference that is none."""
        said = object_of(result, "rule")
        name = text_of(said, "id") or text_of(result, "ruleId")
        return self._found({**said, "id": name, "index": said.get("index", result.get("ruleIndex"))})

    def level(self, rule: SarifRule, result: dict[str, Any]) -> str:
        """How serious a result is: by itself, by what its invocation overrides, by its rule."""
        usual = text_of(object_of(rule.descriptor, "defaultConfiguration"), "level") or _USUAL_LEVEL
        return text_of(result, "level") or self._overridden(rule, result) or usual

    def _overridden(self, rule: SarifRule, result: dict[str, Any]) -> str:
        invocation = _at(self.invocations, object_of(result, "provenance").get("invocationIndex"))
        if invocation is None or not rule.descriptor:
            return ""
        meant = (each for ref, each in _overrides(invocation) if self._found(ref).descriptor is rule.descriptor)
        return next((level for each in meant if (level := text_of(each, "level"))), "")

    def was_run(self, rule: SarifRule) -> bool:
        """Whether the run looked for what breaks a rule, as far as it tells."""
        return any(
            name.startswith(self.told) or any(each in self.ran for each in with_wider(name)) for name in rule.names
        )

    @property
    def searched(self) -> tuple[str, ...]:
        """What was looked for: names of rules, and with a * at the end how they begin."""
        return (*self.ran, *(f"{start}*" for start in self.told))

    def run_in(self, results: list[Any]) -> frozenset[str]:
        """The names of rules that were run: those that are described and not switched off, and those that results broke."""
        ran = set[str]()
        for component in (self.driver, *self.extensions):
            for descriptor in component.rules:
                if object_of(descriptor, "defaultConfiguration").get("enabled") is not False:
                    ran.add(text_of(descriptor, "id"))
        for invocation in self.invocations:
            for ref, configuration in _overrides(invocation):
                rule = {self._found(ref).id}
                ran = ran - rule if configuration.get("enabled") is False else ran | rule
        for result in results:
            # What cannot be read is told where it stands.
            with suppress(Unreadable):
                if isinstance(result, dict) and _tells_of_a_rule(result):
                    ran.update(self.of(result).names)
        return frozenset(ran - {""})

    def _found(self, ref: dict[str, Any]) -> SarifRule:
        component = self._component(object_of(ref, "toolComponent"))
        descriptor = component.descriptor(ref)
        return SarifRule(text_of(ref, "id") or text_of(descriptor, "id"), descriptor, component)

    def _component(self, ref: dict[str, Any]) -> RuleComponent:
        """The driver, or the extension that a reference names."""
        if not ref:
            return self.driver
        at = _at(self.extensions, ref.get("index"))
        wanted = [(name, text) for name in ("guid", "name") if (text := text_of(ref, name))]
        named = (each for name, text in wanted for each in self.extensions if each.said.get(name) == text)
        return at or next(named, self.driver)


def rules_of(
    tool: dict[str, Any], invocations: list[dict[str, Any]], told: tuple[str, ...], results: list[Any]
) -> SarifRules:
    """The rules of a run. results: whatever stands in their list. Raises Unreadable."""
    driver, *extensions = map(_component_of, (object_of(tool, "driver"), *objects_of(tool, "extensions")))
    rules = SarifRules(driver, extensions, invocations, told)
    return replace(rules, ran=rules.run_in(results))


def _component_of(said: dict[str, Any]) -> RuleComponent:
    rules = objects_of(said, "rules")
    by_id, by_guid = ({text_of(each, name): each for each in reversed(rules)} for name in ("id", "guid"))
    return RuleComponent(said, rules, by_id, {guid: each for guid, each in by_guid.items() if guid})


def rules_typed(text: str) -> tuple[str, ...]:
    """How the names of rules begin, from what is typed: S,E5; of all, *. Raises Unreadable for none."""
    starts = tuple(each.strip().removesuffix("*") for each in text.split(",") if each.strip())
    if not starts:
        raise Unreadable(f"'{text}' names no rules: write how their names begin, like S,E5, or * for all.")
    return starts


def _tells_of_a_rule(result: dict[str, Any]) -> bool:
    """Whether a result tells that its rule was run."""
    return result.get("baselineState") != ABSENT and result.get("kind") != NOT_APPLICABLE


def _at(values: list[T], index: Any) -> T | None:
    """What stands at an index, None if that is none: SARIF writes -1, or nothing. Raises Unreadable for no number."""
    if index is not None and type(index) is not int:
        raise Unreadable(f"The index '{index}' is no number.")
    return values[index] if index is not None and 0 <= index < len(values) else None


def _overrides(invocation: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """The rules whose configuration an invocation overrides, each as a reference, and how."""
    for override in objects_of(invocation, "ruleConfigurationOverrides"):
        yield object_of(override, "descriptor"), object_of(override, "configuration")
