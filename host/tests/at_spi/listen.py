#!/usr/bin/python3
"""Hears what the window says to assistive technology, like a screen reader does.

Writes one JSON object per line: {"focus": …}, {"says": …} as they happen, and answers to what it reads from standard input:
"tree" gives {"tree": [lines]}, "place ROLE NAME" gives {"place": [x, y, width, height]}.
"""

import json
import sys

import pyatspi
from gi.repository import Gio, GLib

# states that say nothing because nearly everything has them
USUAL = {"enabled", "sensitive", "showing", "visible"}


def write(**message):
    print(json.dumps(message, ensure_ascii=False), flush=True)


def described(accessible):
    """Role, name, description and unusual states of an object, on one line."""
    states = {pyatspi.stateToString(state) for state in accessible.getState().getStates()}
    line = f'{accessible.getRoleName()} "{accessible.name}"'
    if accessible.description:
        line += f' ({accessible.description})'
    unusual = sorted(states - USUAL) + [f"not {state}" for state in sorted(USUAL - states)]
    return line + (f' [{", ".join(unusual)}]' if unusual else "")


def window():
    """The window, as it is now: the library's memory of objects that came and went is not relied on."""
    desktop = pyatspi.Registry.getDesktop(0)
    for number in range(desktop.childCount):
        application = desktop.getChildAtIndex(number)
        if application is not None and application.childCount:
            application.clear_cache()
            return application.getChildAtIndex(0)
    return None


def lines(accessible, depth=0):
    accessible.clear_cache()
    yield "  " * depth + described(accessible)
    for number in range(accessible.childCount):
        yield from lines(accessible.getChildAtIndex(number), depth + 1)


def tree():
    """The lines of the window; none where it changes while it is looked at."""
    try:
        root = window()
        return list(lines(root)) if root else []
    except (AttributeError, GLib.GError):
        return []


def find(accessible, role, name):
    accessible.clear_cache()
    if accessible.getRoleName() == role and accessible.name == name:
        return accessible
    for number in range(accessible.childCount):
        found = find(accessible.getChildAtIndex(number), role, name)
        if found is not None:
            return found
    return None


def on_event(event):
    try:
        if event.type == "object:announcement":
            write(says=event.any_data)
        elif event.type == "object:state-changed:focused" and event.detail1:
            if event.source.getRoleName() != "frame":
                write(focus=described(event.source))
        elif str(event.type).startswith("object:text-changed"):
            write(text=str(event.any_data), role=event.source.getRoleName())
    except GLib.GError:
        # the window went away in the meantime
        pass


def on_command(channel, _condition):
    line = channel.readline()
    if not line:
        pyatspi.Registry.stop()
        return False
    command = line.rstrip("\n").split(" ", 2)
    if command[0] == "tree":
        write(tree=tree())
    elif command[0] == "place":
        found = find(window(), command[1].replace("-", " "), command[2])
        box = found.queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
        write(place=[box.x, box.y, box.width, box.height])
    return True


def ask_for_accessibility():
    """What a screen reader does at its start: without it, applications build no tree."""
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    for name in ("IsEnabled", "ScreenReaderEnabled"):
        value = GLib.Variant("(ssv)", ("org.a11y.Status", name, GLib.Variant("b", True)))
        bus.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties", "Set", value, None, 0, -1)


ask_for_accessibility()
for kind in ("object:announcement", "object:state-changed:focused", "object:text-changed"):
    pyatspi.Registry.registerEventListener(on_event, kind)
GLib.io_add_watch(sys.stdin, GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, on_command)
write(ready=True)
pyatspi.Registry.start()
