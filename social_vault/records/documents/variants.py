"""Part CSV records whose values stand as JSON in one of their columns, by their kind."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from social_vault.memory import without_collector
from social_vault.model.table import Table, Variant
from social_vault.records.documents.decoding import Json, UnreadableError, decode_text
from social_vault.records.documents.groups import Group, GroupReader, Reasons
from social_vault.records.documents.splitting import named, without
from social_vault.records.framing import Frame
from social_vault.records.positions import Flags, Integers
from social_vault.records.splitting import Filled, Parted, Splitter, torn, written


class VariantSplitter:
    """How the records of one file are parted; it keeps nothing from frame to frame."""

    def __init__(self, table: Table, header: Sequence[str]) -> None:
        self._records = Splitter(table, header)
        self._kind, self._value = table.kind_in, table.value_in
        self._own = [written(column).alias(column.name) for column in table.columns]
        self._variants = [_VariantReader(table, variant) for variant in table.variants]
        self._kinds = {variant.kind for variant in table.variants}

    def part(self, frame: Frame) -> Parted:
        """Put every record of a frame where it belongs."""
        with without_collector():
            return self._part(frame)

    def _part(self, frame: Frame) -> Parted:
        found, positions, wrong = self._records.judged(frame)
        kinds = found[self._kind].to_list()
        objects, reasons = self._decoded(kinds, found[self._value].to_list())
        own = found.select(self._own)
        groups = [each.read(objects, own, reasons) for each in self._variants]
        kept = without(len(positions), reasons)
        filled = [
            part
            for reader, (group, which) in zip(self._variants, groups, strict=True)
            for part in reader.filled(group, kept[which], positions.numbers[which])
        ]
        return Parted(
            filled=tuple(filled),
            accepted=len(positions) - len(reasons),
            rejects=(*torn(frame), *wrong, *named("contract", frame, positions, reasons)),
            read=len(frame.octets),
            blank=int(np.count_nonzero(frame.blank)),
        )

    def _decoded(
        self, kinds: Sequence[str | None], texts: Sequence[str | None]
    ) -> tuple[dict[str, dict[int, Json]], Reasons]:
        """Decode the JSON of records, by their kind and number; say why some cannot be read."""
        found = {kind: dict[int, Json]() for kind in self._kinds}
        reasons = Reasons()
        for number, (kind, text) in enumerate(zip(kinds, texts, strict=True)):
            if kind not in found:
                reasons[number] = [f"{self._kind}: unknown value"]
                continue
            try:
                found[kind][number] = decode_text(text or "")
            except UnreadableError as error:
                reasons[number] = [f"{self._value}: {error.rule}"]
        return found, reasons


class _VariantReader:
    """Reads the records of one kind: the columns of the file beside what their JSON holds."""

    def __init__(self, table: Table, variant: Variant) -> None:
        self._kind = variant.kind
        self._given = [column.name for column in table.columns if column.name in variant.names]
        given = tuple(table.column(name) for name in self._given)
        self._reader = GroupReader(variant, variant.children, given, table.value_in)

    def read(
        self, objects: dict[str, dict[int, Json]], own: pl.DataFrame, reasons: Reasons
    ) -> tuple[Group, Integers]:
        """Read and judge the records of this kind, add the reasons, and say which they are."""
        which = np.array(list(objects[self._kind]), np.int64)
        given = own.select(self._given)[which]
        group = self._reader.read(list(objects[self._kind].values()), given)
        for number, why in group.reasons.items():
            reasons.setdefault(int(which[number]), []).extend(why)
        return group, which

    def filled(self, group: Group, kept: Flags, numbers: Integers) -> tuple[Filled, ...]:
        """Write what the kept records bring to each staging table of this kind."""
        return tuple(self._reader.filled(group, kept, numbers))
