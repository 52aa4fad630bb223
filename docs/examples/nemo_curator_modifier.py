"""Clean as a modifier of NeMo Curator: `Modify(CleanerModifier(level="balanced"), input_fields="text")`."""

from typing import Any

from nemo_curator.stages.text.modifiers.doc_modifier import DocumentModifier

from cleaner import Cleaner


class CleanerModifier(DocumentModifier):
    """Removes site furniture and repairs characters; `settings` are those of `Cleaner`."""

    def __init__(self, **settings: Any) -> None:
        super().__init__()
        self._cleaner = Cleaner(**{"language": None, "signals": False, **settings})

    def modify_document(self, text: str) -> str:
        """Return the cleaned text."""
        return self._cleaner.clean(text).text
