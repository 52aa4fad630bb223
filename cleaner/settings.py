"""Everything that decides what cleaning does, in one value that can be compared, hashed and written down."""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

import msgspec

from cleaner.artifacts import Policy
from cleaner.document import LEVELS, Level
from cleaner.extract.result import MODES, Mode
from cleaner.language.codes import check_codes
from cleaner.rules.engine import Engine
from cleaner.rules.given import as_given, listed
from cleaner.rules.pack import LoadedRule, PackError, built_in, load_paths

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cleaner.artifacts import Artifact
    from cleaner.memory import Memory
    from cleaner.rules.given import Given
    from cleaner.signals.wordlists import WordList

__all__ = ["Options", "Settings", "choose", "with_options"]


class Options(TypedDict, total=False):
    """The fields of `Settings` as keyword arguments, in the forms in which they may be given."""

    level: Level
    rules: Given | Sequence[Given]
    select: str | Sequence[str]
    ignore: str | Sequence[str]
    budget: float
    title_in_text: bool
    edits: bool
    extract: Mode
    language: str | bool | None
    signals: bool
    languages: str | Sequence[str]
    profiles: str | Sequence[str]
    reject: bool
    word_lists: str | Sequence[str]
    drop: Artifact | Sequence[Artifact]
    keep: Artifact | Sequence[Artifact]
    flag: Artifact | Sequence[Artifact]
    memory: Memory | Path | str | None


_SEVERAL = ("select", "ignore", "languages", "profiles", "word_lists", "drop", "keep", "flag")


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of a `Cleaner`.

    `rules` are rules beside those that ship with the package: paths of packs or of folders of them, TOML text, or rules as
    structs or mappings (see `cleaner.rules.given`), which are kept as TOML text. `select` and `ignore` name rules
    by full id or by the beginning of one (`en/share`); with `select` only those run. `budget` is the
    share of what the safe rules left that rules above `safe` may take from one document. `edits=False`
    leaves the edits out of results and records. `extract` says how the text of HTML pages is chosen:
    `fast`, `balanced`, `precision` or `recall`. `languages` are the codes to keep, `profiles` the
    quality profiles to hold documents against; with `reject` those that fail one are rejected. `language`
    names a detector; None or False is none. `word_lists` are lists of words for the signals that count them,
    each as `NAME=PATH` (see `cleaner.signals.wordlists`). `drop`, `keep` and `flag` name kinds of furniture (see
    `cleaner.artifacts`): rules of one to keep do not run, those of one to flag only name what they find, and those of
    one to drop act as their level says even where the default is to flag. `memory` is what sites repeat: the path of a
    file that `cleaner learn` wrote, or a `cleaner.memory.Memory`.
    """

    level: Level = "safe"
    rules: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    budget: float = 0.65
    title_in_text: bool = True
    edits: bool = True
    extract: Mode = "balanced"
    language: str | None = "default"
    signals: bool = True
    languages: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    reject: bool = False
    word_lists: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    flag: tuple[str, ...] = ()
    memory: Memory | str | None = None

    def __post_init__(self) -> None:
        if self.level not in LEVELS:
            raise ValueError(f"level {self.level!r} is unknown: use {', '.join(LEVELS)}")
        if not 0 <= self.budget <= 1:
            raise ValueError(f"budget {self.budget} is no share: give a number from 0 to 1")
        if self.extract not in MODES:
            raise ValueError(f"extract {self.extract!r} is unknown: use {', '.join(MODES)}")
        for name in _SEVERAL:
            given = getattr(self, name)
            several = (given,) if isinstance(given, (str, Path)) else given
            object.__setattr__(self, name, tuple(map(str, several)))
        object.__setattr__(self, "rules", tuple(map(as_given, listed(self.rules))))
        object.__setattr__(self, "language", _detector(self.language))
        if isinstance(self.memory, Path):
            object.__setattr__(self, "memory", str(self.memory))
        self.policy()
        self._check_needs()

    def _check_needs(self) -> None:
        from cleaner.language import DETECTORS

        if self.language is not None and self.language not in DETECTORS:
            raise ValueError(
                f"no language detector {self.language!r}; there are: {', '.join(sorted(DETECTORS))}"
            )
        try:
            check_codes(self.languages)
        except ValueError as error:
            raise ValueError(f"languages: {error}") from None
        if self.languages and self.language is None:
            raise ValueError(
                "languages can be chosen only where they are detected: do not switch detection off"
            )
        if self.profiles and not self.signals:
            raise ValueError("profiles test signals: do not switch signals off")
        if self.word_lists and not self.signals:
            raise ValueError("word lists are for signals: do not switch signals off")
        self.words()
        if self.reject and not self.profiles:
            raise ValueError("reject needs a profile: give --profile NAME")
        if self.profiles:
            from cleaner.signals.profiles import load

            for profile in self.profiles:
                load(profile)

    def words(self) -> dict[str, WordList]:
        """Return the word lists by name.

        Raises:
            ValueError: one is unknown or cannot be read.

        """
        if not self.word_lists:
            return {}
        from cleaner.signals.wordlists import load_word_lists

        return load_word_lists(self.word_lists)

    def policy(self) -> Policy:
        """Return what is done with each kind of furniture.

        Raises:
            ValueError: a name is no kind of furniture, or stands in two lists.

        """
        return Policy.of(self.drop, self.keep, self.flag)

    def loaded_rules(self) -> list[LoadedRule]:
        """Return the rules that run, in their order.

        Raises:
            PackError: a pack is not valid, or `select` or `ignore` names no rule.
            MemoryFileError: the memory cannot be read, or is none.

        """
        rules = load_paths(self.rules, built_in())
        if self.memory is not None:
            from cleaner.memory import rules_of, shared

            rules += rules_of(shared(self.memory))
        return choose(rules, self.select, self.ignore)

    def engine(self) -> Engine:
        """Return an engine for these rules."""
        return Engine(
            self.loaded_rules(),
            level=self.level,
            budget=self.budget,
            title_in_text=self.title_in_text,
            policy=self.policy(),
            identify=self._identify,
            stable=self._stable,
        )

    def rules_hash(self) -> str:
        """Return 16 hex digits that change when a rule that runs changes in what it does."""
        digest = hashlib.sha256()
        for loaded in self.loaded_rules():
            bare = msgspec.structs.replace(loaded.rule, match=(), keep=(), example=())
            digest.update(msgspec.json.encode([loaded.name, bare], order="deterministic") + b"\n")
        return digest.hexdigest()[:16]

    def described(self) -> dict[str, object]:
        """Return the options as plain data for the metadata of a file."""
        lists = [f"{name} {words.digest}" for name, words in sorted(self.words().items())]
        said = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        if said.pop("memory") is not None:
            said["memory_digest"] = self.remembered().digest
        return {**said, "word_lists": lists}

    def remembered(self) -> Memory:
        """Return the memory; an empty one where there is none."""
        from cleaner.memory import shared

        return shared(self.memory)

    def _identify(self, text: str) -> str | None:
        from cleaner.language import identify

        return identify([text], detector=self.language or "default")[0].code

    def _stable(self, lines: Sequence[str]) -> list[bool]:
        from cleaner.repair import repair

        repaired = repair(lines, level=self.level)
        return [not any(edit.applied for edit in each.edits) for each in repaired]


def with_options(settings: Settings, options: Options) -> Settings:
    """Return settings with some options changed.

    Raises:
        TypeError: there is no such option.
        ValueError: one has a value that it cannot have.

    """
    known = Options.__annotations__
    for name in options:
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known)}"
            raise TypeError(f"no option is called {name!r}: {hint}")
    given: dict[str, Any] = dict(options)
    return dataclasses.replace(settings, **given)


def _detector(given: object) -> str | None:
    """Return the name of the detector that is meant; True and False switch the default on and off."""
    if isinstance(given, bool):
        return "default" if given else None
    return None if given is None else str(given)


def choose(rules: Sequence[LoadedRule], select: Iterable[str], ignore: Iterable[str]) -> list[LoadedRule]:
    """Return the selected rules without the ignored ones.

    Raises:
        PackError: a name fits no rule.

    """
    for option, names in (("select", select), ("ignore", ignore)):
        for name in names:
            if not any(_fits(loaded, name) for loaded in rules):
                near = _near(rules, name)
                hint = f"did you mean {', '.join(near)}?" if near else "`cleaner rules list` shows them all"
                raise PackError(f"{option}: no rule or pack is called {name!r}; {hint}")
    return [
        loaded
        for loaded in rules
        if (not select or any(_fits(loaded, name) for name in select))
        and not any(_fits(loaded, name) for name in ignore)
    ]


def _near(rules: Sequence[LoadedRule], name: str) -> list[str]:
    """Return the packs and rules that may be meant by a name that fits none."""
    known = sorted({each for loaded in rules for each in (loaded.pack.id, loaded.name)})
    close = get_close_matches(name, known, 3, 0.8)
    return close or [each for each in known if name.rsplit("/", maxsplit=1)[-1] in each][:5]


def _fits(loaded: LoadedRule, name: str) -> bool:
    names = (loaded.name, *(f"{loaded.pack.id}/{former}" for former in loaded.rule.formerly))
    return any(known == name or known.startswith(name.rstrip("/") + "/") for known in names)
