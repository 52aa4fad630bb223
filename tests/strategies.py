"""Strategies for documents: prose, furniture that rules know, and characters nobody likes."""

from __future__ import annotations

from hypothesis import strategies as st

PROSE = [
    "The ferry that linked both banks since the spring will stop for repairs, and nobody can say for how long it will.",
    "Die Brücke bleibt gesperrt, sagte die Sprecherin der Stadt am Montag, und zwar bis auf Weiteres.",
    "«Nous n'avons jamais compté les bateaux», dit le maire, “et nous ne commencerons pas aujourd’hui”, ajouta-t-il.",
    "Паром, который ходил с весны, остановят на ремонт, и никто не знает, надолго ли.",
    "渡し船は春から両岸を結んでいたが、修理のため止まる。",
    "Work on the tower",
    "Yeah.",
]
FURNITURE = [
    "Ferry Stops for Repairs as River Falls",
    "Ferry Stops for Repairs as River Falls | Harbour Post",
    "Discover more from Harbour Notes",
    "Subscribe to get the latest posts sent to your email.",
    "Type your email…",
    "Subscribe",
    "Share this:",
    "Facebook",
    "Twitter",
    "Your email address will not be published. Required fields are marked *",
    "Leave a Reply",
    "Name *",
    "The post Ferry stops appeared first on Harbour Notes.",
    "Sign up for our newsletter",
    "Home",
    "News",
    "Read more",
    "12 comments",
    "Advertisement",
]
ODD = [
    "", " ", "\t", "\u200b", "\u00ad", "\ufeff", "caf\u00e9 \u00c3\u00a9t\u00c3\u00a9", "&amp;amp; &lt;b&gt;", "a\u0308\u0323", "\x00\x07", "\r", "\u2028",
    "\u202eabc\u202c", "\ud83d\ude00", "\ud800", "x\u0085y", "<b>&eacute;</b>", "ﬁne", "ｗｉｄｅ", "İstanbul ılık", "STRASSE straße", "‘’“”",
]  # fmt: skip

lines = st.one_of(
    st.sampled_from(PROSE),
    st.sampled_from(FURNITURE),
    st.sampled_from(ODD),
    st.text(max_size=30),
    st.tuples(st.sampled_from([*PROSE, *FURNITURE]), st.sampled_from(ODD)).map("".join),
)
ends = st.sampled_from(["\n", "\n", "\n", "\n\n", "\r\n", "\n \n\n", "\r", "\x0b", "\u2029"])
documents = st.lists(st.tuples(lines, ends), max_size=25).map(lambda parts: "".join(map("".join, parts)))
