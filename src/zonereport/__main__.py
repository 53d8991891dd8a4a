"""`python -m zonereport` is the command `zonereport`."""

from zonereport.cli import main

main()
