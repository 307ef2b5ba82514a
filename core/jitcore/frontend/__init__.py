"""From code to graphs: the importer of archive code and the lowering of syntax to the IR."""

from jitcore.frontend.importer import CodeRecords, SourceImporter, Unknown

__all__ = ["CodeRecords", "SourceImporter", "Unknown"]
