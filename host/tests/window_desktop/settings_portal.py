#!/usr/bin/python3
"""A desktop portal that knows settings only: TEXT-SCALE STRONG-CONTRAST DARK. Says "ready" when it answers."""

import sys

from gi.repository import Gio, GLib

INTERFACE = """
<node><interface name="org.freedesktop.portal.Settings">
  <method name="ReadAll"><arg type="as" direction="in"/><arg type="a{sa{sv}}" direction="out"/></method>
  <method name="ReadOne"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="v" direction="out"/></method>
  <signal name="SettingChanged"><arg type="s"/><arg type="s"/><arg type="v"/></signal>
</interface></node>
"""
SETTINGS = {
    "org.freedesktop.appearance": {
        "contrast": GLib.Variant("u", int(sys.argv[2])),
        "color-scheme": GLib.Variant("u", int(sys.argv[3])),
    },
    "org.gnome.desktop.interface": {"text-scaling-factor": GLib.Variant("d", float(sys.argv[1]))},
}


def answer(_bus, _sender, _path, _interface, method, arguments, invocation):
    if method == "ReadAll":
        invocation.return_value(GLib.Variant("(a{sa{sv}})", (SETTINGS,)))
        return
    namespace, key = arguments.unpack()
    value = SETTINGS.get(namespace, {}).get(key)
    if value is None:
        invocation.return_dbus_error("org.freedesktop.portal.Error.NotFound", "no such setting")
    else:
        invocation.return_value(GLib.Variant("(v)", (value,)))


def on_bus(bus, _name):
    interface = Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0]
    bus.register_object("/org/freedesktop/portal/desktop", interface, answer, None, None)


Gio.bus_own_name(
    Gio.BusType.SESSION,
    "org.freedesktop.portal.Desktop",
    Gio.BusNameOwnerFlags.NONE,
    on_bus,
    lambda *_: print("ready", flush=True),
    lambda *_: sys.exit("the name is taken"),
)
GLib.MainLoop().run()
