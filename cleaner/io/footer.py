"""Join Parquet files by copying their row groups as they are; only the footer, which says where they lie, is new.

A footer is the struct `FileMetaData` of the Parquet format in Thrift's compact protocol, then four bytes of
its length and `PAR1`. Offsets in it count from the beginning of the file, so those of a file that comes to lie
behind another are moved. Everything else, known or not, is handed on.

Sources: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift,
https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["join_row_groups"]

_MAGIC = b"PAR1"
_TAIL = struct.Struct("<I4s")
_BLOCK = 1 << 20

_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)
_LISTS = (_LIST, _SET)
_FIXED = {_BYTE: 1, _DOUBLE: 8}

# Numbers of fields in the structs of the format.
_ROWS, _GROUPS = 3, 4
_COLUMNS, _GROUP_OFFSET, _ORDINAL = 1, 5, 7
_CHUNK_OFFSET, _CHUNK, _INDEX_OFFSETS = 2, 3, (4, 6)
_PAGE_OFFSETS = (9, 10, 11, 14)  # of data, index, dictionary, Bloom filter


class _Field(NamedTuple):
    """A field of a struct: its Thrift type, and its value (lists are pairs of type and values)."""

    kind: int
    value: Any


_Struct = dict[int, _Field]


def join_row_groups(parts: Sequence[Path], sink: BinaryIO) -> None:
    """Write one Parquet file with the row groups of all parts, which have the same schema and metadata.

    Raises:
        OSError: a part is no whole Parquet file, or nothing can be written.

    """
    sink.write(_MAGIC)
    end, rows = len(_MAGIC), 0
    whole: _Struct = {}
    groups: list[bytes] = []  # written already: as objects those of a large file would fill the memory
    for part in parts:
        with part.open("rb") as file:
            size, footer = _footer(file)
            file.seek(len(_MAGIC))
            moved = end - len(_MAGIC)
            for group in footer[_GROUPS].value[1]:
                _move(group, moved, len(groups))
                groups.append(_written(group))
            _copy(file, sink, size - len(_MAGIC))
        end += size - len(_MAGIC)
        rows += footer[_ROWS].value
        whole = whole or footer
    whole[_ROWS] = _Field(_I64, rows)
    whole[_GROUPS] = _Field(_LIST, (_STRUCT, groups))
    written = _written(whole)
    sink.write(written + _TAIL.pack(len(written), _MAGIC))


def _copy(file: BinaryIO, sink: BinaryIO, left: int) -> None:
    """Copy the next bytes of a file."""
    while left and (block := file.read(min(left, _BLOCK))):
        sink.write(block)
        left -= len(block)


def _footer(file: BinaryIO) -> tuple[int, _Struct]:
    """Return where the footer of a file begins, and what it says."""
    size = file.seek(0, 2)
    file.seek(max(size - _TAIL.size, 0))
    tail = file.read(_TAIL.size)
    length, magic = _TAIL.unpack(tail) if len(tail) == _TAIL.size else (size, b"")
    start = size - _TAIL.size - length
    if magic != _MAGIC or start < len(_MAGIC):
        raise OSError(f"{file.name} is no whole Parquet file")
    file.seek(start)
    return start, _Reader(file.read(length)).struct()


def _move(group: _Struct, by: int, ordinal: int) -> None:
    """Make a row group one that lies so many bytes further behind."""
    _add(group, (_GROUP_OFFSET,), by)
    if _ORDINAL in group:
        group[_ORDINAL] = group[_ORDINAL]._replace(value=min(ordinal, (1 << 15) - 1))
    for column in group[_COLUMNS].value[1]:
        _add(column, (_CHUNK_OFFSET, *_INDEX_OFFSETS), by)
        _add(column[_CHUNK].value, _PAGE_OFFSETS, by)


def _add(fields: _Struct, numbers: Sequence[int], by: int) -> None:
    for number in numbers:
        if number in fields and fields[number].value:  # 0 is what writers put where there is none
            fields[number] = fields[number]._replace(value=fields[number].value + by)


class _Reader:
    """Reads values of the compact protocol from bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def struct(self) -> _Struct:
        fields: _Struct = {}
        number = 0
        while head := self._byte():
            kind = head & 15
            number = number + (head >> 4) if head >> 4 else self._signed()
            fields[number] = _Field(kind, None if kind in (_TRUE, _FALSE) else self._value(kind))
        return fields

    def _value(self, kind: int) -> Any:
        if kind in (_I16, _I32, _I64):
            return self._signed()
        if kind == _STRUCT:
            return self.struct()
        if kind == _BINARY:
            return self._bytes(self._varint())
        if kind in _LISTS:
            return self._list()
        if kind in _FIXED:
            return self._bytes(_FIXED[kind])
        raise OSError(f"a Parquet footer holds a value of the unknown type {kind}")

    def _list(self) -> tuple[int, list[Any]]:
        head = self._byte()
        kind, count = head & 15, head >> 4
        if count == 15:
            count = self._varint()
        if kind in (_TRUE, _FALSE):
            return kind, list(self._bytes(count))
        return kind, [self._value(kind) for _ in range(count)]

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _bytes(self, count: int) -> bytes:
        self._at += count
        return self._data[self._at - count : self._at]

    def _varint(self) -> int:
        value = shift = 0
        while True:
            byte = self._data[self._at]
            self._at += 1
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7

    def _signed(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)


def _written(fields: _Struct) -> bytes:
    to = bytearray()
    _write_struct(to, fields)
    return bytes(to)


def _write_struct(to: bytearray, fields: _Struct) -> None:
    before = 0
    for number, (kind, value) in sorted(fields.items()):
        step = number - before
        if 0 < step < 16:
            to.append(step << 4 | kind)
        else:
            to.append(kind)
            _write_varint(to, number << 1)
        before = number
        if value is not None:
            _write_value(to, kind, value)
    to.append(0)


def _write_value(to: bytearray, kind: int, value: Any) -> None:
    if kind in (_I16, _I32, _I64):
        _write_varint(to, value << 1 if value >= 0 else ~(value << 1))
    elif isinstance(value, dict):
        _write_struct(to, value)
    elif kind in _LISTS:
        of, values = value
        to.append(min(len(values), 15) << 4 | of)
        if len(values) >= 15:
            _write_varint(to, len(values))
        for each in values:
            if of in (_TRUE, _FALSE):
                to.append(each)
            else:
                _write_value(to, of, each)
    else:
        if kind == _BINARY:
            _write_varint(to, len(value))
        to += value


def _write_varint(to: bytearray, value: int) -> None:
    while value > 127:
        to.append(value & 127 | 128)
        value >>= 7
    to.append(value)
