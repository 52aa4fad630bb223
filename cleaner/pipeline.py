"""The way of the data: decode, repair, rules, measure, record.

`Cleaner` is built once and used for any number of batches. `Cleaner.clean_batch` is the seam at which
every engine, file format and worker pool meets it: a RecordBatch in, a RecordBatch out.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple, Unpack

import numpy as np

from cleaner.columns import Inputs, context_of, passed_through, read_columns
from cleaner.document import Document, Edit
from cleaner.edited import AllEdits
from cleaner.extract import extract
from cleaner.language import mixed
from cleaner.record import Row, reason_of, record_batch, spread, storable, titled
from cleaner.repair import Repaired, repair
from cleaner.result import Measures, Result
from cleaner.settings import Settings, with_options
from cleaner.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import pyarrow as pa

    from cleaner.extract.isolation import Isolation
    from cleaner.language import Language
    from cleaner.rules.engine import Cleaned, Context, Engine
    from cleaner.settings import Options
    from cleaner.signals.wordlists import WordList

    _Steps = Callable[[Sequence[str], Sequence[Context]], tuple[Sequence["_Outcome | None"], list[str]]]

__all__ = ["Cleaner"]

_MEASURED_CHARS = 5_000_000  # signals take up to 140 bytes of memory a character
_CHUNK = 256  # documents; `clean_many` works in batches of this size


class _Outcome(NamedTuple):
    """A document on its way out of the steps."""

    repaired: Repaired
    cleaned: Cleaned
    language: Language | None
    languages: Sequence[tuple[str, float]] | None

    @property
    def edits(self) -> Sequence[Edit]:
        return AllEdits(self.repaired.edits, self.cleaned.edits)

    @property
    def flags(self) -> tuple[str, ...]:
        several = ("mixed_language",) if mixed(self.languages or ()) else ()
        return tuple(sorted({*self.repaired.flags, *self.cleaned.flags, *several}))


class Cleaner:
    """Cleans texts. Built once, picklable, safe to share between threads.

    Args:
        settings: what cleaning does; or
        options: its fields, by name, such as `level` and `rules` (see `cleaner.settings.Settings`).

    Raises:
        PackError: a rule pack is not valid, or `select` or `ignore` names no rule.
        TypeError: there is no such option.

    """

    def __init__(self, settings: Settings | None = None, **options: Unpack[Options]) -> None:
        self.settings = with_options(settings or Settings(), options)
        self.settings.loaded_rules()  # what is wrong with them is told here, not at the first text

    @cached_property
    def _engine(self) -> Engine:
        return self.settings.engine()

    def __reduce__(self) -> tuple[Any, ...]:
        return _ready, (self.settings,)

    def clean(
        self,
        text: str,
        *,
        url: str | None = None,
        title: str | None = None,
        id: str | None = None,  # noqa: A002
    ) -> Result:
        """Clean one text.

        Raises:
            TypeError: it is no text.

        """
        from cleaner.given import text_of

        return next(self._results([Document(text_of(text), id=id, url=url, title=title)]))

    def clean_html(
        self, data: bytes | str, *, url: str | None = None, isolation: Isolation | None = None
    ) -> Result:
        """Extract the text of an HTML page and clean it; `restore()` of the result gives the extracted text.

        Args:
            data: the page, as bytes or decoded.
            url: where it is from; else what the page says.
            isolation: a child process to extract in, which can be killed (see `cleaner.extract.isolation`).

        Returns:
            The result, with `page` for what the page says of itself. Where there is no text, `text` is
            empty and `page.error` says why.

        """
        run = isolation.extract if isolation else extract
        page = run(data, url=url, mode=self.settings.extract)
        document = Document(page.text or "", url=page.url, title=page.title)
        return replace(next(self._results([document], [context_of(page, url=url)])), page=page)

    def clean_many(self, texts: Iterable[str | Document]) -> Iterator[Result]:
        """Clean texts or documents one after the other, lazily and in order.

        Raises:
            TypeError: what is given is one text, or holds something else than texts and documents.

        """
        from cleaner.given import several, text_of

        chunk: list[Document] = []
        for number, text in enumerate(several(texts)):
            chunk.append(text if isinstance(text, Document) else Document(text_of(text, number)))
            if len(chunk) == _CHUNK:
                yield from self._results(chunk)
                chunk = []
        yield from self._results(chunk)

    def clean_batch(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Clean a batch; the function that engines map over their data.

        Args:
            batch: a column `text` (string), or `data` (binary, the undecoded bytes of a text), or `html`
                (either, a page). A row whose `format` is `html` is a page too; `charset` is what the
                source said of the bytes. Columns of `cleaner.columns.KNOWN` fill those of the record, the
                rest passes through.

        Returns:
            One row a document in the order of the input, with the columns of `cleaner.schema.SCHEMA` and
            those that passed through. A document that cannot be cleaned has `text` null and `error` set.

        Raises:
            ValueError: none of `text`, `data` and `html` is among the columns.
            TypeError: it is no record batch.

        """
        from cleaner.given import batch_of

        return self._recorded(batch_of(batch), self._contained)

    def attempt_batch(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Clean a batch as `clean_batch` does, but raise what a document makes the steps raise.

        For callers that find that document themselves and keep the traceback (`cleaner.executors.contain`).
        """
        return self._recorded(batch, lambda texts, contexts: (self._steps(texts, contexts), []))

    def _recorded(self, batch: pa.RecordBatch, steps: _Steps) -> pa.RecordBatch:
        inputs = read_columns(batch, self.settings.extract)
        return passed_through(batch, self._record(inputs, steps))

    def _results(
        self, documents: Sequence[Document], contexts: Sequence[Context] | None = None
    ) -> Iterator[Result]:
        contexts = contexts or [
            context_of(None, title=document.title, url=document.url, language=document.language)
            for document in documents
        ]
        outcomes = self._steps([document.text for document in documents], contexts)
        measures = Measures(partial(self._signals, [document.text for document in documents], outcomes))
        for index, (document, outcome) in enumerate(zip(documents, outcomes, strict=True)):
            yield Result(
                document,
                outcome.cleaned.text,
                outcome.cleaned.title,
                outcome.edits if self.settings.edits else (),
                outcome.flags,
                outcome.language,
                partial(measures.of, index),
                settings=self.settings,
            )

    def _record(self, inputs: Inputs, steps: _Steps) -> pa.RecordBatch:
        """Run the steps over the rows that have a text, and give the others their error."""
        good = [index for index, error in enumerate(inputs.errors) if error is None]
        texts = [inputs.texts[index] for index in good]
        outcomes, failures = steps(texts, [inputs.contexts[index] for index in good])
        rows = [Row(error=error) for error in inputs.errors]
        for index, outcome in zip(good, outcomes, strict=True):
            rows[index] = self._row(inputs.texts[index], outcome) if outcome else Row(error=failures.pop(0))
        rows = [row._replace(**known) for row, known in zip(rows, inputs.known(rows), strict=True)]
        done = [index for index in good if rows[index].error is None]
        finished = [outcome for outcome in outcomes if outcome]
        before, after = self._signals([inputs.texts[index] for index in done], finished)
        verdicts = judge(self.settings, [outcome.language for outcome in finished], after)
        if verdicts is not None:
            for index, reasons, rejected in zip(done, verdicts.reasons, verdicts.rejected, strict=True):
                rows[index] = rows[index]._replace(reasons=reasons, rejected=rejected)
        arrays = (before, after, verdicts and verdicts.passes)
        return record_batch(rows, *(spread(array, done, len(rows)) for array in arrays))

    def _contained(
        self, texts: Sequence[str], contexts: Sequence[Context]
    ) -> tuple[Sequence[_Outcome | None], list[str]]:
        """Run the steps; if they raise, once more for each document alone, so that only the one at fault fails.

        Engines on many machines retry a batch that raises for ever, so nothing may raise from here.
        """
        try:
            return self._steps(texts, contexts), []
        except Exception:  # noqa: BLE001 - whatever a rule or a library raises belongs to one document
            outcomes: list[_Outcome | None] = []
            failures: list[str] = []
            for text, context in zip(texts, contexts, strict=True):
                try:
                    outcomes += self._steps([text], [context])
                except Exception as error:  # noqa: BLE001
                    outcomes.append(None)
                    failures.append(reason_of(error))
            return outcomes, failures

    def _row(self, text: str, outcome: _Outcome) -> Row:
        language = outcome.language
        return Row(
            title=outcome.cleaned.title,
            text=outcome.cleaned.text,
            language=language.code if language else None,
            language_score=language.score if language else None,
            languages=outcome.languages,
            chars_in=len(text),
            chars_out=len(outcome.cleaned.text),
            flags=outcome.flags,
            fingerprint=outcome.cleaned.fingerprint,
            edits=outcome.edits if self.settings.edits else None,
        )

    def _steps(self, texts: Sequence[str], contexts: Sequence[Context]) -> list[_Outcome]:
        repaired = repair(texts, level=self.settings.level)
        cleaned = titled(
            self._engine.clean([each.text for each in repaired], contexts), contexts, self.settings
        )
        languages = self._languages([each.text for each in cleaned])
        return [_Outcome(*each) for each in zip(repaired, cleaned, *languages, strict=True)]

    def _languages(self, texts: Sequence[str]) -> tuple[Sequence[Any], Sequence[Any]]:
        if self.settings.language is None:
            return [None] * len(texts), [None] * len(texts)
        from cleaner.language import identify_shares

        found = identify_shares(texts, detector=self.settings.language)
        return [language for language, _ in found], [shares for _, shares in found]

    def _signals(self, texts: Sequence[str], outcomes: Sequence[_Outcome]) -> tuple[Any, Any]:
        """Return the signals before and after; where cleaning changed nothing they are computed once."""
        if not self.settings.signals:
            return None, None
        import pyarrow as pa

        lists = self.settings.words()
        languages = [outcome.language.code if outcome.language else None for outcome in outcomes]
        after = _measured([outcome.cleaned.text for outcome in outcomes], languages, lists)
        changed = [index for index, outcome in enumerate(outcomes) if outcome.cleaned.text != texts[index]]
        if not changed:
            return after, after
        before = _measured(
            [storable(texts[index]) for index in changed], [languages[index] for index in changed], lists
        )
        places = np.arange(len(texts))
        places[changed] = len(texts) + np.arange(len(changed))
        return pa.concat_arrays([after, before]).take(pa.array(places)), after


def _ready(settings: Settings) -> Cleaner:
    """Return a cleaner with its engine built, as workers want it; the process that sends it needs none."""
    cleaner = Cleaner(settings)
    _ = cleaner._engine  # noqa: SLF001 - our own
    return cleaner


def _measured(texts: Sequence[str], languages: Sequence[str | None], lists: Mapping[str, WordList]) -> Any:
    """Return the signals of texts; null for those so long that their n-grams would fill the memory."""
    from cleaner.signals import compute

    bounded = [index for index, text in enumerate(texts) if len(text) <= _MEASURED_CHARS]
    measured = compute([texts[index] for index in bounded], [languages[index] for index in bounded], lists)
    return spread(measured, bounded, len(texts))
