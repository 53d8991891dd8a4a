"""How it looks: one folder or file an output format, and the registry that lists them."""
