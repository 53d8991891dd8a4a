"""What is drawn: one file a chart, one style file, and the registry that lists them."""
