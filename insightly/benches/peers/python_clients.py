#!/usr/bin/env python3
"""Reads COUNT contacts by a client that others wrote, and tells what this process used.

    python python_clients.py hpx-insightly|airbyte BASE_URL COUNT

Prints CPU nanoseconds, wall nanoseconds and peak KiB, as the Rust clients do.
"""

import pathlib
import sys
import time


def hpx(base_url, key):
    from insightly import Insightly

    client = Insightly(apikey=key, version="2.2", dev=base_url)

    def read():
        seen = 0
        while True:
            page = client.read("contacts", top=500, skip=seen)
            seen += len(page)
            if len(page) < 500:
                return seen

    return read


def airbyte(base_url, key):
    import source_insightly
    import yaml
    from airbyte_cdk.models import SyncMode
    from airbyte_cdk.sources.declarative.manifest_declarative_source import ManifestDeclarativeSource

    text = (pathlib.Path(source_insightly.__file__).parent / "manifest.yaml").read_text()
    text = text.replace("https://api.na1.insightly.com/v3.1/", base_url + "/")
    source = ManifestDeclarativeSource(yaml.safe_load(text))
    # It asks once for each 30 days since then: the least that it ever asks.
    start = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 60))
    streams = source.streams({"token": key, "start_date": start})
    stream = next(stream for stream in streams if stream.name == "contacts")
    told = {"sync_mode": SyncMode.incremental, "cursor_field": stream.cursor_field, "stream_state": {}}

    def read():
        pieces = stream.stream_slices(**told)
        return sum(1 for piece in pieces for _ in stream.read_records(stream_slice=piece, **told))

    return read


def peak_kib():
    for line in pathlib.Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return 0


def main():
    who, base_url, count = sys.argv[1], sys.argv[2].rstrip("/"), int(sys.argv[3])
    # Imports and the manifest are not counted: their share of 100,000 rows would be small.
    read = {"hpx-insightly": hpx, "airbyte": airbyte}[who](base_url, "key")
    cpu, wall = time.process_time_ns(), time.monotonic_ns()
    seen = read()
    if seen != count:
        sys.exit(f"{seen} of {count} rows were read")
    print(time.process_time_ns() - cpu, time.monotonic_ns() - wall, peak_kib())


if __name__ == "__main__":
    main()
