"""What stands in the archive for a reader who has it, but not this software."""

from __future__ import annotations

NAME = "README.txt"

TEXT = """\
AN ARCHIVE OF BRIEFINGS

Each folder <zone>/<year>-e<number> is one edition: a "bag" by the open standard BagIt (RFC 8493). Nothing in
it is changed after it was added. In it:

  data/                     what was published, and what it was made from
  run.json                  how it was made
  bag-info.txt              of whom, and when
  manifest-sha256.txt       the SHA-256 of each file in data/
  tagmanifest-sha256.txt    the SHA-256 of each other file, the manifest included

ledger.jsonl has a line for each edition that was added or forgotten: "content" is the SHA-256 of its
manifest-sha256.txt, "seal" that of its tagmanifest-sha256.txt, "previous" that of the line before (64 zeros
before the first), "check" that of the line itself without ', "check": "..."'. So no line can be changed,
removed or put in between without a trace. Only the last lines could be cut off: note down the SHA-256 of the
last line somewhere else, on paper for example. .lock and .staging serve the software that writes.

HOW TO CHECK ALL THIS WITHOUT THE SOFTWARE

In a shell, in this folder; on macOS write "shasum -a 256" for "sha256sum". What is right says OK.

1. Every file is as its edition's manifests have it:

    for list in */*/*manifest-sha256.txt; do
      (cd "${list%/*}" && sha256sum -c "${list##*/}") || echo "FAULT in $list"
    done

2. Every edition is the one the ledger sealed (one whose last line says "forget" was removed on purpose):

    entry='.*"action": "add", "zone": "\\([^"]*\\)", "edition": "\\([^"]*\\)".*"seal": "\\([^"]*\\)".*'
    sed "s|$entry|\\3  \\1/\\2/tagmanifest-sha256.txt|; /^{/d" ledger.jsonl | sha256sum -c

3. No line of the ledger was changed, but perhaps the last:

    before=$(printf '%064d' 0)
    while IFS= read -r line; do
      case $line in *"\\"previous\\": \\"$before\\""*) echo OK ;; *) echo "FAULT at $line" ;; esac
      before=$(printf '%s\\n' "$line" | sha256sum | cut -c 1-64)
    done < ledger.jsonl

4. The last line is unchanged (both are the same), and then its SHA-256, to compare with what was noted down:

    tail -n 1 ledger.jsonl | sed 's/.*"check": "\\(.*\\)"}$/\\1/'
    tail -n 1 ledger.jsonl | sed 's/, "check": ".*"}$/}/' | sha256sum
    tail -n 1 ledger.jsonl | sha256sum
"""
