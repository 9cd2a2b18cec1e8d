"""Runs a command on a terminal of its own and presses Ctrl-C.

Arguments: columns, rows, a text, seconds, and the command. Ctrl-C is pressed so many seconds after the text
has appeared; an empty text: never. Writes to stdout what the terminal was sent; ends as the command did.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time

columns, rows, text, seconds = sys.argv[1:5]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[5], sys.argv[5:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))
seen = b""
due = None
while True:
    wait = None if due is None else max(0, due - time.monotonic())
    if select.select([terminal], [], [], wait)[0]:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:
            break
        if not chunk:
            break
        os.write(1, chunk)
        before, seen = seen, seen + chunk
        if text and text.encode() not in before and text.encode() in seen:
            due = time.monotonic() + float(seconds)
    elif due is not None:
        os.write(terminal, b"\x03")
        due = None
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
