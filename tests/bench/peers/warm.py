"""Many briefings in one process, each with other figures: warm.py STEM COUNT PROGRAM...

Prints the seconds of each as one line of JSON.
"""

import importlib
import json
import sys
import time

import content
import pair


def run(stem, count, names):
    """Return the seconds that each of so many briefings took."""
    programs = [importlib.import_module(name) for name in names]
    seconds = []
    for n in range(count):
        brief = content.briefing(n)
        start = time.perf_counter()
        if len(programs) == 2:
            pair.build(*programs, brief, stem)
        else:
            programs[0].build(brief, stem)
        seconds.append(time.perf_counter() - start)
    return seconds


if __name__ == "__main__":
    print(json.dumps({"seconds": run(sys.argv[1], int(sys.argv[2]), sys.argv[3:])}))
