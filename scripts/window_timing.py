#!/usr/bin/env python3
"""Time the window of one build, or of several in turn: start, drag, playing, rest and memory, on a screen in memory.

    scripts/window_timing.py [--rounds N] [--presets A,B] BINARY [BINARY...]

Each build starts alone on a screen of 1280 x 720, the builds in turn within a round, so that a slow minute of the machine
meets all of them. It needs Xvfb, numpy and python-xlib. Columns of the table, medians over the rounds with the worst in brackets:

    first    milliseconds from the start of the program to a window with more than 100 colours
    drag     milliseconds from a move of the pointer, with the start in hand, to the first change of the picture that is farther
             from the pointer than the start's own marks: twenty moves a round
    playing  ticks of processor time (1/100 s) in five seconds after the key Home and the space bar
    rest     ticks in five seconds, once the runs have ended
    memory   resident megabytes at rest
"""

import argparse
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
from Xlib import X, XK, display
from Xlib.ext import xtest

WIDTH, HEIGHT = 1280, 720
COLOURS = 100
PATIENCE = 60.0
MOVES = 20
# pixels around the pointer that belong to the start's marks and to what hovers beside it
OWN = 60


class Screen:
    """A screen in memory with one build of the program on it."""

    def __init__(self, binary, preset):
        self.room = tempfile.mkdtemp(prefix="window-timing-")
        reading, writing = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp", "-noreset"],
            pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(writing)
        with os.fdopen(reading) as numbers:
            name = ":" + numbers.readline().strip()
        self.display = display.Display(name)
        self.root = self.display.screen().root
        self.point(WIDTH - 1, HEIGHT - 1)
        hidden = ("WAYLAND_DISPLAY", "WAYLAND_SOCKET", "DBUS_SESSION_BUS_ADDRESS", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")
        surroundings = {key: value for key, value in os.environ.items() if key not in hidden}
        surroundings |= {"DISPLAY": name, "HOME": self.room, "XDG_RUNTIME_DIR": self.room, "LIBGL_ALWAYS_SOFTWARE": "1"}
        begin = time.perf_counter()
        self.program = subprocess.Popen([binary, preset], env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        while True:
            seen = self.picture()
            self.first = 1000 * (time.perf_counter() - begin)
            if len(numpy.unique(seen[::3, ::3])) > COLOURS:
                break
            if self.program.poll() is not None or self.first > 1000 * PATIENCE:
                sys.exit(f"{binary} {preset} shows no picture")
        time.sleep(1)
        children = self.root.query_tree().children
        window = max(children, key=lambda child: child.get_geometry().width)
        window.configure(x=0, y=0, width=WIDTH, height=HEIGHT)
        window.set_input_focus(X.RevertToParent, X.CurrentTime)
        self.display.sync()
        time.sleep(1)

    def close(self):
        os.killpg(self.program.pid, signal.SIGKILL)
        self.program.wait()
        self.display.close()
        self.server.kill()
        self.server.wait()
        shutil.rmtree(self.room, ignore_errors=True)

    def picture(self, region=(0, 0, WIDTH, HEIGHT)):
        x, y, width, height = region
        image = self.root.get_image(x, y, width, height, X.ZPixmap, 0xFFFFFF)
        return numpy.frombuffer(image.data, dtype=numpy.uint32).reshape(height, width)

    def point(self, x, y):
        xtest.fake_input(self.display, X.MotionNotify, x=x, y=y)
        self.display.sync()

    def button(self, is_down):
        xtest.fake_input(self.display, X.ButtonPress if is_down else X.ButtonRelease, 1)
        self.display.sync()

    def key(self, name):
        code = self.display.keysym_to_keycode(XK.string_to_keysym(name))
        xtest.fake_input(self.display, X.KeyPress, code)
        xtest.fake_input(self.display, X.KeyRelease, code)
        self.display.sync()

    def ticks(self):
        fields = pathlib.Path(f"/proc/{self.program.pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    def ticks_in(self, seconds):
        before = self.ticks()
        time.sleep(seconds)
        return self.ticks() - before

    def megabytes(self):
        lines = pathlib.Path(f"/proc/{self.program.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmRSS"))

    def rests(self):
        """Waits until the program uses no processor time for a second."""
        end = time.monotonic() + PATIENCE
        while self.ticks_in(1.0) > 1 and time.monotonic() < end:
            pass


def drag(screen, region):
    """Milliseconds of each move of the start, which a click has brought under the pointer."""
    left, top, width, height = region
    x, y = left + width // 3, top + height // 2
    screen.point(x, y)
    time.sleep(0.3)
    screen.button(True)
    screen.button(False)
    screen.rests()
    screen.point(x, y)
    screen.button(True)
    time.sleep(0.5)
    delays = []
    rows, columns = numpy.mgrid[top : top + height, left : left + width]
    for move in range(MOVES):
        screen.rests()
        before = screen.picture(region)
        x += 6 if move % 10 < 5 else -6
        y += 4 if move % 4 < 2 else -4
        far = (rows - y) ** 2 + (columns - x) ** 2 > OWN**2
        begin = time.perf_counter()
        screen.point(x, y)
        while time.perf_counter() - begin < 5:
            if numpy.any((screen.picture(region) != before) & far):
                break
        delays.append(1000 * (time.perf_counter() - begin))
    screen.button(False)
    return delays


def measure(binary, preset, region):
    screen = Screen(binary, preset)
    try:
        first = screen.first
        screen.key("Home")
        time.sleep(0.5)
        screen.key("space")
        time.sleep(0.5)
        playing = screen.ticks_in(5)
        screen.key("End")
        time.sleep(2)
        screen.rests()
        rest = screen.ticks_in(5)
        delays = drag(screen, region)
        return {"first": [first], "drag": delays, "playing": [playing], "rest": [rest], "memory": [screen.megabytes()]}
    finally:
        screen.close()


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("binaries", nargs="+", metavar="BINARY")
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--presets", default="welcome,valleys,stackelberg")
    words.add_argument("--region", default="320,150,330,330", help="x,y,width,height of the landscape in pixels, a part of it at least")
    given = words.parse_args()
    region = tuple(int(number) for number in given.region.split(","))
    print("| preset | build | first, ms | drag, ms | playing, ticks | rest, ticks | memory, MB |")
    print("|---|---|---|---|---|---|---|")
    for preset in given.presets.split(","):
        found = {binary: {} for binary in given.binaries}
        for _ in range(given.rounds):
            for binary in given.binaries:
                for key, numbers in measure(binary, preset, region).items():
                    found[binary].setdefault(key, []).extend(numbers)
        for binary in given.binaries:
            cells = [f"{statistics.median(numbers):.0f} ({max(numbers):.0f})" for numbers in found[binary].values()]
            print("|", " | ".join([preset, pathlib.Path(binary).name, *cells]), "|", flush=True)


if __name__ == "__main__":
    main()
