"""Other people's tables: from rows of many zones and years to a zone file each."""
