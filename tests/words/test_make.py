"""What any reader sees to be no text goes at the default level, and what comes close stays."""

from __future__ import annotations

import pytest

from cleaner import Cleaner, restore_document

GOOD = [
    "The council voted on Tuesday to repair the old harbour wall before the winter storms arrive.",
    "The repair will cost nine million crowns, according to the mayor, who spoke to reporters after the vote.",
    "Work begins in March and ends, if the sea allows it, before the herring fleet comes home.",
]
FURNITURE = [
    "Advertisement",
    "READ MORE: Mayor wins third term",
    "Share this: Reddit",
    "Follow the Harbour Times on Twitter | Like us on Facebook",
    "Subscribe to Harbour Times for FREE",
    "Copyright © Harbour Times",
    "Filed under: Harbour, Walls | 10 Comments »",
    "Continue reading →",
    "Older articles by Jane Doe",
    "RSS Feed for Jane Doe",
    "Click here to subscribe to our newsletter",
    "Tagged with: harbour, wall",
]
CLOSE = [
    "Share",
    "The newsletter of the mill was printed on brown paper.",
    "He follows the ferry on Facebook every night.",
    "Copyright law is older than the printing press of the town.",
    "What do you think?",
    "1. Click here to subscribe",
    'login = form("login")',
]
CLEANER = Cleaner(language=None)


@pytest.mark.parametrize("line", FURNITURE)
def test_a_line_made_of_interface_words_goes_from_amid_the_text(line: str) -> None:
    text = "\n".join([GOOD[0], line, *GOOD[1:]])
    result = CLEANER.clean(text)
    assert result.text.split("\n") == GOOD
    assert restore_document(result.text, result.edits) == text
    assert CLEANER.clean(result.text).text == result.text


@pytest.mark.parametrize("line", CLOSE)
def test_what_comes_close_stays(line: str) -> None:
    text = "\n".join([GOOD[0], line, *GOOD[1:]])
    assert CLEANER.clean(text).text == text


def test_a_label_takes_its_headlines_with_it_or_stays() -> None:
    headlines = ["Mayor wins a third term", "Old lighthouse gets a new lamp", "Herring fleet is back"]
    text = "\n".join([*GOOD, "Related articles", *headlines])
    assert CLEANER.clean(text).text.strip().split("\n") == GOOD
    alone = "\n".join([GOOD[0], "Related articles", *GOOD[1:]])
    assert CLEANER.clean(alone).text == alone
