"""The Word file: native styles, fields, captions and tables, laid out from the blocks of a briefing."""
