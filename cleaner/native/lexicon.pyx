# cython: language_level=3, boundscheck=False, wraparound=False
"""Look up the words of lines in a lexicon of many languages, and say what each line is made of.

A line is cut into tokens: a run of letters and figures, or one character of a script that parts no words by
spaces. An entry is a row of tokens, so a word, a phrase and a string of ideographs are looked up in one way:
token by token down a tree, as far as it leads.
"""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free
from libc.string cimport memcmp, memset

from cleaner.native.buffers cimport Numbers
from cleaner.native.text cimport Text, open_text

cdef enum:
    TOKENS = 512  # of a line, at most
    DEEP = 16  # tokens of an entry, at most
    LANGUAGES = 256
    COLUMNS = 6
    # Classes of characters, as `Tokens` is given them.
    LETTER = 1
    DIGIT = 2
    UPPER = 4
    LOWER = 16
    ALONE = 8  # is a token by itself
    # Kinds of variants.
    GUARDED = 1
    COLON = 2
    # How the words of a line weigh when its language is chosen.
    SURE = 4
    DOUBTFUL = 2
    JOINING = 1
    # Columns of a line.
    WORDS = 0
    REST = 1
    FIGURES = 2
    HELD = 3
    LANGUAGE = 4
    SURE_WORDS = 5

cdef uint64_t NUMBER = 1ULL << 63
cdef uint64_t UNSURE = 1ULL << 62


cdef struct Variant:
    uint64_t concepts
    uint8_t language
    uint8_t kind


cdef struct Token:
    int32_t start, end  # in code points of the line
    int32_t id  # -1 where no entry has it
    uint8_t classes  # of its first character
    bint figures, colon, alone


cdef inline uint64_t _mixed(uint64_t value) noexcept:
    value ^= value >> 33
    value *= 0xff51afd7ed558ccdULL
    value ^= value >> 33
    value *= 0xc4ceb9fe1a85ec53ULL
    return value ^ value >> 33


cdef class Lexicon:
    """Entries ready to be looked for.

    Args:
        classes: for each code point up to 0xFFFF what it is: a letter, a figure, a capital, a token by itself.
        entries: for each its text, folded, the number of its language, the bits of its concepts, and whether it
            is guarded.
        open: the languages whose words count in lines of any language; joining and guarded words of them do not.
        always: the language whose words all count in any line.
        joining: the bit of words that only join others.

    """

    cdef const uint8_t[::1] classes
    cdef dict words
    cdef uint64_t *known  # hashes of tokens, and which token it is
    cdef int32_t *which
    cdef Py_ssize_t slots
    cdef uint32_t **spelled
    cdef int32_t *lengths
    cdef uint64_t *steps  # node and token, and the node that they lead to
    cdef int32_t *leads
    cdef Py_ssize_t step_slots
    cdef int32_t *first  # of each node the first of its variants, and one more
    cdef Variant *variants
    cdef uint8_t open_language, always
    cdef uint64_t joining
    cdef Token *tokens
    cdef Token *others
    cdef uint32_t *points
    cdef uint64_t *made
    cdef int32_t *place
    cdef list owners

    def __cinit__(self, const uint8_t[::1] classes, entries, uint8_t open_language, uint8_t always, uint64_t joining):
        if classes.shape[0] != 0x10000:
            raise ValueError("classes are wanted for all code points up to 0xFFFF")
        self.classes, self.open_language, self.always, self.joining = classes, open_language, always, joining
        self.tokens = <Token *>calloc(TOKENS, sizeof(Token))
        self.others = <Token *>calloc(TOKENS, sizeof(Token))
        self.points = <uint32_t *>calloc(TOKENS, sizeof(uint32_t))
        self.made = <uint64_t *>calloc(TOKENS, sizeof(uint64_t))
        self.place = <int32_t *>calloc(TOKENS, sizeof(int32_t))
        if not (self.tokens and self.others and self.points and self.made and self.place):
            raise MemoryError
        self._build(entries)

    def __dealloc__(self):
        free(self.tokens)
        free(self.others)
        free(self.points)
        free(self.made)
        free(self.place)
        free(self.known)
        free(self.which)
        free(self.spelled)
        free(self.lengths)
        free(self.steps)
        free(self.leads)
        free(self.first)
        free(self.variants)

    cdef int _build(self, entries) except -1:
        cdef Py_ssize_t index, slot
        cdef dict ids = {}
        cdef dict nodes = {}
        cdef list held = [[]]
        for text, language, concepts, guarded in entries:
            tokens = self._split(text)
            if not 0 < len(tokens) <= DEEP or (
                len(tokens) == 1 and len(tokens[0]) == 1 and text.isascii() and not guarded
            ):
                continue  # a letter such as that of (c) is no word
            node = 0
            for token in tokens:
                number = ids.setdefault(token, len(ids))
                if (node, number) not in nodes:
                    nodes[node, number] = len(held)
                    held.append([])
                node = nodes[node, number]
            kind = (GUARDED if guarded else 0) | (COLON if text.endswith(":") else 0)
            held[node].append((language, concepts, kind))
        self._tokens(ids)
        self._steps(nodes)
        self.first = <int32_t *>calloc(len(held) + 1, sizeof(int32_t))
        self.variants = <Variant *>calloc(sum(map(len, held)) + 1, sizeof(Variant))
        if not (self.first and self.variants):
            raise MemoryError
        index = 0
        for slot, variants in enumerate(held):
            self.first[slot] = index
            for language, concepts, kind in sorted(variants):
                self.variants[index].language, self.variants[index].concepts = language, concepts
                self.variants[index].kind = kind
                index += 1
        self.first[len(held)] = index
        return 0

    cdef int _tokens(self, dict ids) except -1:
        cdef Py_ssize_t slot, index
        cdef uint64_t hashed
        self.slots = 64
        while self.slots < 3 * len(ids):
            self.slots *= 2
        self.known = <uint64_t *>calloc(self.slots, sizeof(uint64_t))
        self.which = <int32_t *>calloc(self.slots, sizeof(int32_t))
        self.spelled = <uint32_t **>calloc(len(ids) + 1, sizeof(uint32_t *))
        self.lengths = <int32_t *>calloc(len(ids) + 1, sizeof(int32_t))
        if not (self.known and self.which and self.spelled and self.lengths):
            raise MemoryError
        self.owners = [token.encode("utf-32-le", "surrogatepass") for token in ids]
        for index, spelled in enumerate(self.owners):
            self.spelled[index] = <uint32_t *><char *>spelled
            self.lengths[index] = len(spelled) // 4
            hashed = self._hash(self.spelled[index], self.lengths[index])
            slot = hashed & (self.slots - 1)
            while self.known[slot]:
                slot = (slot + 1) & (self.slots - 1)
            self.known[slot], self.which[slot] = hashed, index
        return 0

    cdef int _steps(self, dict nodes) except -1:
        cdef Py_ssize_t slot
        cdef uint64_t step
        self.step_slots = 64
        while self.step_slots < 3 * len(nodes):
            self.step_slots *= 2
        self.steps = <uint64_t *>calloc(self.step_slots, sizeof(uint64_t))
        self.leads = <int32_t *>calloc(self.step_slots, sizeof(int32_t))
        if not (self.steps and self.leads):
            raise MemoryError
        for (node, number), leads in nodes.items():
            step = (<uint64_t>node << 32 | <uint64_t>number) + 1
            slot = _mixed(step) & (self.step_slots - 1)
            while self.steps[slot]:
                slot = (slot + 1) & (self.step_slots - 1)
            self.steps[slot], self.leads[slot] = step, leads
        return 0

    cdef inline uint64_t _hash(self, const uint32_t *points, Py_ssize_t length) noexcept:
        cdef uint64_t hashed = 0x9E3779B97F4A7C15ULL + <uint64_t>length
        cdef Py_ssize_t index
        for index in range(length):
            hashed = (hashed ^ points[index]) * 0x100000001b3ULL
        hashed = _mixed(hashed)
        return hashed if hashed else 1

    cdef inline int32_t _id(self, const uint32_t *points, Py_ssize_t length) noexcept:
        cdef uint64_t hashed = self._hash(points, length)
        cdef Py_ssize_t slot = hashed & (self.slots - 1)
        cdef int32_t number
        while self.known[slot]:
            number = self.which[slot]
            if (
                self.known[slot] == hashed
                and self.lengths[number] == length
                and memcmp(self.spelled[number], points, length * sizeof(uint32_t)) == 0
            ):
                return number
            slot = (slot + 1) & (self.slots - 1)
        return -1

    cdef inline int32_t _step(self, int32_t node, int32_t token) noexcept:
        cdef uint64_t step = (<uint64_t>node << 32 | <uint64_t>token) + 1
        cdef Py_ssize_t slot = _mixed(step) & (self.step_slots - 1)
        while self.steps[slot]:
            if self.steps[slot] == step:
                return self.leads[slot]
            slot = (slot + 1) & (self.step_slots - 1)
        return -1

    cdef inline uint8_t _class(self, uint32_t point) noexcept:
        if point < 0x10000:
            return self.classes[point]
        if 0x20000 <= point < 0x40000:
            return LETTER | ALONE
        return LETTER if point < 0x1F000 else 0

    cdef Py_ssize_t _cut(self, const uint32_t *points, Py_ssize_t length, Token *tokens, bint known) noexcept:
        """Cut a line into tokens and return how many; look them up where they are to be `known`."""
        cdef Py_ssize_t place = 0, count = 0, begin
        cdef uint8_t classes
        cdef bint figures
        while place < length and count < TOKENS:
            classes = self._class(points[place])
            if not classes & (LETTER | DIGIT | ALONE):
                if points[place] == c":" and count:
                    tokens[count - 1].colon = True
                place += 1
                continue
            begin = place
            figures = classes & DIGIT
            tokens[count].classes, tokens[count].colon = classes, False
            tokens[count].alone = (classes & ALONE) != 0
            place += 1
            if not classes & ALONE:
                while place < length:
                    classes = self._class(points[place])
                    if classes & ALONE or not classes & (LETTER | DIGIT):
                        break
                    figures = figures and classes & DIGIT
                    place += 1
            tokens[count].start, tokens[count].end, tokens[count].figures = begin, place, figures
            tokens[count].id = self._id(points + begin, place - begin) if known else -1
            count += 1
        return count

    cdef list _split(self, str text):
        if len(text) >= TOKENS:
            return []
        cdef Text opened = open_text(text)
        opened.copy(0, opened.length, self.points)
        cdef Py_ssize_t index, count = 0
        cdef uint8_t classes
        found = []
        begin = -1
        for index in range(opened.length):
            classes = self._class(self.points[index])
            if begin >= 0 and (classes & ALONE or not classes & (LETTER | DIGIT)):
                found.append(text[begin:index])
                begin = -1
            if classes & ALONE:
                found.append(text[index])
            elif classes & (LETTER | DIGIT) and begin < 0:
                begin = index
        return [*found, text[begin:]] if begin >= 0 else found

    def split(self, str text):
        """Return the tokens of a text."""
        return self._split(text)

    cdef uint8_t _language(self, Py_ssize_t count) noexcept:
        """Return the language that covers most of the tokens, the first of those that cover as much."""
        cdef:
            int32_t score[LANGUAGES]
            int32_t free_from[LANGUAGES]
            int32_t nodes[DEEP]
            Py_ssize_t place, deep, best = self.always
            int32_t node, number
            Variant *variant
        memset(score, 0, sizeof(score))
        memset(free_from, 0, sizeof(free_from))
        for place in range(count):
            node, deep = 0, 0
            while deep < DEEP and place + deep < count and self.tokens[place + deep].id >= 0:
                node = self._step(node, self.tokens[place + deep].id)
                if node < 0:
                    break
                nodes[deep] = node
                deep += 1
            while deep:
                deep -= 1
                for number in range(self.first[nodes[deep]], self.first[nodes[deep] + 1]):
                    variant = &self.variants[number]
                    if variant.kind & COLON and not self.tokens[place + deep].colon:
                        continue
                    if free_from[variant.language] <= place:
                        free_from[variant.language] = place + deep + 1
                        score[variant.language] += (deep + 1) * (
                            DOUBTFUL if variant.kind & GUARDED
                            else JOINING if variant.concepts == self.joining else SURE
                        )
        score[self.always] = 0
        for place in range(LANGUAGES):
            if score[place] > score[best]:
                best = place
        return <uint8_t>best

    cdef Py_ssize_t _read(self, Py_ssize_t count, uint8_t language) noexcept:
        """Write what each word of a line is to `made`, and where it begins to `place`; return how many words.

        0 is a word that no entry has; `UNSURE` marks those that are guarded.
        """
        cdef:
            Py_ssize_t at = 0, deep, words = 0, longest, run
            int32_t node, number
            uint64_t sure, doubtful
            Variant *variant
        while at < count:
            node, deep, longest = 0, 0, 0
            sure = doubtful = 0
            while deep < DEEP and at + deep < count and self.tokens[at + deep].id >= 0:
                node = self._step(node, self.tokens[at + deep].id)
                if node < 0:
                    break
                deep += 1
                for number in range(self.first[node], self.first[node + 1]):
                    variant = &self.variants[number]
                    if variant.kind & COLON and not self.tokens[at + deep - 1].colon:
                        continue
                    if variant.language != language and variant.language != self.always and (
                        variant.language != self.open_language
                        or variant.kind & GUARDED
                        or variant.concepts & self.joining
                    ):
                        continue
                    if deep > longest:
                        longest = deep
                        sure = doubtful = 0
                    if variant.kind & GUARDED:
                        doubtful |= variant.concepts
                    else:
                        sure |= variant.concepts
            self.place[words] = at
            if longest:
                self.made[words] = sure | doubtful | (0 if sure else UNSURE)
                at += longest
            elif self.tokens[at].figures:
                self.made[words] = NUMBER
                at += 1
            else:
                self.made[words] = 0
                at += 1
                # In scripts without spaces two characters nobody knows count for a word.
                if self.tokens[at - 1].alone and at < count and self.tokens[at].alone:
                    if self.tokens[at].id < 0 or self._step(0, self.tokens[at].id) < 0:
                        at += 1
            words += 1
        return words

    cdef Py_ssize_t _of(self, const uint8_t *data, Py_ssize_t size, uint8_t *language, Py_ssize_t *tokens) noexcept:
        """Read a folded line in UTF-8; return how many words it has, 0 where it is too long."""
        cdef Py_ssize_t place = 0, length = 0
        cdef uint8_t byte
        while place < size:
            if length == TOKENS:
                return 0
            byte = data[place]
            if byte < 0x80:
                self.points[length] = byte
                place += 1
            elif byte < 0xE0:
                self.points[length] = (byte & 0x1F) << 6 | (data[place + 1] & 0x3F)
                place += 2
            elif byte < 0xF0:
                self.points[length] = (byte & 0x0F) << 12 | (data[place + 1] & 0x3F) << 6 | (data[place + 2] & 0x3F)
                place += 3
            else:
                self.points[length] = (
                    (byte & 0x07) << 18 | (data[place + 1] & 0x3F) << 12
                    | (data[place + 2] & 0x3F) << 6 | (data[place + 3] & 0x3F)
                )
                place += 4
            length += 1
        tokens[0] = self._cut(self.points, length, self.tokens, True)
        language[0] = self._language(tokens[0])
        cdef Py_ssize_t count = self._read(tokens[0], language[0])
        cdef Py_ssize_t unknown
        if language[0] != self.open_language:  # English where it covers as much
            unknown = self._unknown(count)
            count = self._read(tokens[0], self.open_language)
            if self._unknown(count) > unknown:
                return self._read(tokens[0], language[0])
            if unknown or tokens[0]:
                language[0] = self.open_language
        return count

    cdef Py_ssize_t _unknown(self, Py_ssize_t count) noexcept:
        """Return how many words of the line that was read are of no list, or guarded."""
        cdef Py_ssize_t word, unknown = 0
        for word in range(count):
            unknown += self.made[word] == 0 or (self.made[word] & UNSURE) != 0
        return unknown

    def of(self, bytes data, const int64_t[::1] bounds, const int64_t[::1] chars, Py_ssize_t longest,
           Py_ssize_t most, int32_t[:, ::1] columns, uint8_t[:, ::1] counts):
        """Say of each line what it is made of.

        Args:
            data: folded lines in UTF-8, each ended by a newline.
            bounds: where each begins, and the end of `data`.
            chars: how many code points each has.
            longest: longer ones are not looked at.
            most: lines of more words are counted, but their words are not returned.
            columns: for each line words, rest, figures, guarded words, language and words that are sure, filled.
            counts: for each line how many words of each concept it has, filled.

        Returns:
            The words of short lines that hold any concept, and where those of each line begin, as bytes of arrays.

        """
        cdef:
            Py_ssize_t line, word, count, tokens, bit
            uint8_t language
            uint64_t made
            bint certain
            Numbers words = Numbers()
            Numbers begins = Numbers()
        if not bounds.shape[0] - 1 == chars.shape[0] == columns.shape[0] == counts.shape[0] or columns.shape[1] != COLUMNS:
            raise ValueError("the arrays do not belong to each other")
        for line in range(chars.shape[0]):
            begins.push(words.size)
            if chars[line] > longest or chars[line] < 1 or not 0 <= bounds[line] < bounds[line + 1] <= len(data):
                continue
            count = self._of(<const uint8_t *>data + bounds[line], bounds[line + 1] - 1 - bounds[line], &language, &tokens)
            columns[line, WORDS], columns[line, LANGUAGE] = count, language
            for word in range(count):
                made = self.made[word]
                if made == 0:
                    columns[line, REST] += 1
                elif made & NUMBER:
                    columns[line, FIGURES] += 1
                elif made & UNSURE:
                    columns[line, HELD] += 1
                elif made != self.joining:
                    columns[line, SURE_WORDS] += 1
            certain = columns[line, REST] == 0 and columns[line, SURE_WORDS] > 0
            if not certain:
                columns[line, REST] += columns[line, HELD]
            for word in range(count):
                made = self.made[word]
                if made & NUMBER or (made & UNSURE and not certain):
                    continue
                for bit in range(counts.shape[1]):
                    if made >> bit & 1 and counts[line, bit] < 255:
                        counts[line, bit] += 1
            if count <= most and columns[line, SURE_WORDS] + columns[line, HELD] > 0:
                for word in range(count):
                    words.push(<int64_t>self.made[word])
        begins.push(words.size)
        return words.taken(), begins.taken()

    def names(self, bytes data, const int64_t[::1] bounds, const int64_t[::1] key, texts, const int64_t[::1] document,
              const int64_t[::1] start, const int64_t[::1] end, const int64_t[::1] rows, uint64_t allowed, int32_t[:, ::1] found):
        """Count the names in lines: words that no entry has, in capitals as the text spells them, or in a script without.

        Args:
            data: folded lines in UTF-8, each ended by a newline.
            bounds: where each begins, and the end of `data`.
            key: for each row of the table its folded line.
            texts: the texts.
            document: for each row its text.
            start: where it begins there.
            end: where it ends there.
            rows: the rows to look at.
            allowed: concepts whose words are no names.
            found: for each of them the runs of names, and their words; filled.

        """
        cdef:
            Py_ssize_t index, row, count, tokens, spelled, word, runs, named
            uint8_t language
            uint64_t made
            bint running
            Text text
        for index in range(rows.shape[0]):
            row = rows[index]
            if not 0 <= row < key.shape[0] or not 0 <= key[row] < bounds.shape[0] - 1:
                raise ValueError(f"there is no row {row}")
            count = self._of(
                <const uint8_t *>data + bounds[key[row]], bounds[key[row] + 1] - 1 - bounds[key[row]], &language, &tokens
            )
            text = open_text(texts[document[row]])
            if not count or end[row] - start[row] > TOKENS or not 0 <= start[row] <= end[row] <= text.length:
                continue
            text.copy(start[row], end[row] - start[row], self.points)
            spelled = self._cut(self.points, end[row] - start[row], self.others, False)
            if spelled != tokens:
                continue  # folding joined or parted words
            runs = named = 0
            running = False
            for word in range(count):
                made = self.made[word]
                if (made == 0 or (made & UNSURE and not made & allowed)) and (
                    self.others[self.place[word]].classes & (UPPER | LOWER) != LOWER
                ):
                    runs += not running
                    named += 1
                    running = True
                elif running and made == self.joining:
                    pass
                else:
                    running = False
            found[index, 0], found[index, 1] = runs, named
