"""The briefing as one web page: a single HTML file that asks for nothing from outside."""
