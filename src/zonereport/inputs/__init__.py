"""What a briefing is made from, as bytes under safe names: gathered here, unpacked elsewhere."""
