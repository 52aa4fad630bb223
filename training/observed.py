"""What the trees may ask, by the group that a reason shows it in."""

from __future__ import annotations


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_WORDS = _names("social legal talk more site act stamp credit")
_CONCEPTS = _names(
    "any rest subscribe share network comment related more previous next menu search login legal cookie advert tag "
    "category posted byline caption player contact newsletter account form rate popular page read function month unit"
)
SAYS = (
    "score",
    *(f"words:{name}" for name in _WORDS),
    *(f"concept:{name}" for name in _CONCEPTS),
)
LOOKS = _names(
    "chars words longest finished dots asks exclaims ends_colon ends_comma ends_bar ends_digit ends_bracket bullet "
    "starts_lower starts_digit starts_quote starts_odd starts_comma upper_share digit_share letter_share "
    "capital_share particle_share word_chars commas pipes bars brackets code numbers years times dates inner_ends "
    "urls mails rights symbols money prose label dated"
)
STANDS = (
    *_names(
        "from_head from_tail place lines past.prose rest.prose since.prose until.prose past.long rest.long "
        "all.chars all.prose all.label all.finished all.code all.pipes all.dated all.bullet all.starts_lower "
        "all.capital_share all.ends_comma all.score all.hot all.concept:any all.concept:rest all.concept:function "
        "all.concept:comment"
    ),
    *(f"all.words:{name}" for name in _WORDS),
)
AROUND = (
    *_names(
        "above.chars below.chars above2.chars below2.chars above.finished below.finished above.prose below.prose "
        "above.starts_lower below.starts_lower below.bullet above.bullet above.ends_colon above.ends_comma "
        "above.label below.label above.capital_share below.capital_share near3.chars near8.chars near20.chars "
        "before8.prose after8.prose near20.prose near5.label near5.finished near5.words near8.starts_lower "
        "near8.capital_share near8.dated near8.commas near5.bullet near8.code near8.pipes near8.finished "
        "near8.ends_comma run.label run.bullet since.finished until.finished above.score below.score above2.score "
        "below2.score above3.score below3.score near3.score near8.score near20.score before3.score after3.score "
        "before8.score after8.score before20.score after20.score near3.hot near8.hot run.hot since.hot until.hot "
        "since.cold until.cold past.hot rest.hot past.cold rest.cold above.words:more above.words:talk "
        "since.words:more since.words:talk since.words:social above.concept:any below.concept:any "
        "near3.concept:any near8.concept:any since.concept:related since.concept:comment since.concept:more "
        "near5.concept:comment near5.concept:network"
    ),
    *(f"near5.words:{name}" for name in _WORDS),
)
REPEATS = _names(
    "copies later_copy patterns begins_alike ends_alike begins_as_above ends_as_above above.copies below.copies "
    "near8.copies all.copies near8.begins_as_above all.later_copy"
)

GROUP_OF: dict[str, str] = {
    name: group
    for group, names in (
        ("says", SAYS), ("looks", LOOKS), ("stands", STANDS), ("around", AROUND), ("repeats", REPEATS)
    )
    for name in names
}  # fmt: skip
NAMES = tuple(GROUP_OF)


def of_score(name: str) -> bool:
    """Tell whether an observation depends on the points of words."""
    return name.rsplit(".", 1)[-1] in {"score", "hot", "cold"}
