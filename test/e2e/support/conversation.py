"""Runs a command on a terminal of its own and talks to it.

Arguments: turns as JSON, and the command. A turn is a text to wait for and what is typed then; null in place
of what is typed hangs up, as a terminal does that is closed. Writes to stdout what the terminal was sent; ends as
the command did, with 128 and the signal's number where a signal ended it.
"""

import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios
import time

turns = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 31, 99, 0, 0))
seen = b""
while True:
    while turns and turns[0][0].encode() in seen:
        expected, typed = turns.pop(0)
        seen = seen.split(expected.encode(), 1)[1]
        if typed is None:
            os.close(terminal)
            terminal = None
            break
        # A program that has just said something may not listen yet.
        if typed == "\x03":
            time.sleep(0.5)
        os.write(terminal, typed.encode())
    if terminal is None:
        break
    if not select.select([terminal], [], [], 120)[0]:
        os.write(1, b"\nnothing came for two minutes\n")
        os.kill(pid, 9)
        break
    try:
        chunk = os.read(terminal, 65536)
    except OSError:
        break
    if not chunk:
        break
    os.write(1, chunk)
    seen += chunk
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.exit(code if code >= 0 else 128 - code)
