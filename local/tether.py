"""Run a program that ends when its starter does: `python tether.py PARENT_PID PROGRAM [ARGUMENT…]`.

A starter that is killed cannot stop its children. Linux can send them a signal at its death; the
wish is lost on fork but survives exec, so this file asks for it and then becomes the program.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Tie this process to its parent and become the program."""
    parent, program = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before the wish was heard
            return
    os.execv(program[0], program)  # noqa: S606 - an argument list from our own code, no shell


if __name__ == "__main__":
    main()
