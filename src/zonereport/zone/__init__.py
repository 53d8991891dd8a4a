"""What is known: the zone and its figures, the indicator catalogue, reading and checking a zone file."""
