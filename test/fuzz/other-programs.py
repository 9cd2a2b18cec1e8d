"""Reads archives and compressed streams for the fuzzers, one request after another.

A request is a line `NAME LENGTH` on standard input and LENGTH bytes; the answer is a line of JSON.
"""
import gzip
import hashlib
import io
import json
import lzma
import re
import subprocess
import sys
import tarfile

PREFIX = "SCHILY.xattr."


def raw(text):
    """Returns the bytes of a name as text, one character each."""
    return text.encode("utf-8", "surrogateescape").decode("latin1")


def read_tarfile(data):
    members = []
    with tarfile.open(fileobj=io.BytesIO(data), encoding="utf-8") as tar:
        for m in tar:
            members.append(dict(
                name=raw(m.name), type="0" if m.isreg() else m.type.decode("latin1"), mode=m.mode,
                uid=m.uid, gid=m.gid, size=m.size, mtime=m.mtime, link=raw(m.linkname),
                xattrs={raw(k[len(PREFIX):]): raw(v)
                        for k, v in m.pax_headers.items() if k.startswith(PREFIX)}))
    return members


TYPES = {"-": "0", "h": "1", "l": "2", "c": "3", "b": "4", "d": "5", "p": "6"}
LINE = re.compile(
    rb"^([-hlcbdp])([-rwxsStT]{9})[*+.]? (-?\d+)/(-?\d+) +(\d+|\d+,\d+) (-?\d+-\d\d-\d\d \d\d:\d\d:\d\d)(\.\d+)? (.*)$", re.S)
ESCAPES = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}


def unescaped(name):
    """Undoes tar's --quoting-style=escape; a blank is escaped only in names of links."""
    def one(match):
        word = match.group(1)
        return bytes([int(word, 8)]) if word[:1].isdigit() else ESCAPES.get(word, word)
    return re.sub(rb"\\([0-7]{3}|.)", one, name, flags=re.S).decode("latin1")


def bits(letters):
    mode = 0
    for at, letter in enumerate(letters):
        if letter in b"rwxst":
            mode |= 1 << (8 - at)
        if letter in b"sStT":
            mode |= 0o4000 >> (at // 3)
    return mode


def seconds(text):
    import calendar
    year, rest = text[:-15], text[-14:]
    month, day, hour, minute, second = (int(n) for n in re.split(r"[- :]", rest))
    return calendar.timegm((int(year), month, day, hour, minute, second))


def read_gnu_tar(data):
    run = subprocess.run(
        ["tar", "--list", "-vv", "--numeric-owner", "--full-time", "--utc",
         "--quoting-style=escape", "--warning=no-unknown-keyword", "--warning=no-timestamp",
         "-f", "-"],
        input=data, capture_output=True, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"})
    if run.returncode != 0:
        return run.stderr.decode("latin1").strip()
    members = []
    # The column of times grows with the longest so far, and is filled up with blanks.
    width = 0
    for line in run.stdout.split(b"\n"):
        if line == b"":
            continue
        match = LINE.match(line)
        if match is None:
            return "a line that nobody understands: " + line.decode("latin1")
        letter, mode, uid, gid, size, time, fraction, name = match.groups()
        length = len(time) + len(fraction or b"")
        width = max(width, length)
        name = name[width - length:]
        kind = TYPES[letter.decode()]
        link = b""
        for mark, of in ((b" -> ", "2"), (b" link to ", "1")):
            if kind == of:
                name, _, link = name.partition(mark)
        members.append(dict(
            name=unescaped(name), type=kind, mode=bits(mode), uid=int(uid), gid=int(gid),
            size=0 if b"," in size else int(size), mtime=seconds(time.decode()),
            link=unescaped(link)))
    return members


def told(data):
    return dict(sha256=hashlib.sha256(data).hexdigest(), size=len(data))


READERS = {
    "tarfile": read_tarfile,
    "gnu-tar": read_gnu_tar,
    "gz": lambda data: told(gzip.decompress(data)),
    "xz": lambda data: told(lzma.decompress(data, format=lzma.FORMAT_XZ)),
}

for request in sys.stdin.buffer:
    name, length = request.split()
    data = sys.stdin.buffer.read(int(length))
    try:
        answer = READERS[name.decode()](data)
    except Exception as error:
        answer = f"{type(error).__name__}: {error}"
    print(json.dumps(answer), flush=True)
