"""What a keystore of the desktop holds, seen by python3-dbus: state, lock, list, put."""

import sys

import dbus

SECRET = "org.freedesktop.Secret."
bus = dbus.SessionBus()
what, words = sys.argv[1], sys.argv[2:]


def thing(path, kind):
    return dbus.Interface(bus.get_object("org.freedesktop.secrets", path), SECRET + kind)


def get(path, kind, name):
    properties = bus.get_object("org.freedesktop.secrets", path)
    return properties.Get(SECRET + kind, name, dbus_interface="org.freedesktop.DBus.Properties")


if not bus.name_has_owner("org.freedesktop.secrets"):
    sys.exit("no keystore")
service = thing("/org/freedesktop/secrets", "Service")
default = service.ReadAlias("default")
if default == "/":
    sys.exit("no collection")
_, session = service.OpenSession("plain", "")
attributes = dict(pair.split("=") for pair in words[0].split()) if words else {}

if what == "state":
    print("locked" if get(default, "Collection", "Locked") else "open")
elif what == "lock":
    service.Lock([default])
    print("locked" if get(default, "Collection", "Locked") else "open")
elif what == "list":
    for path in thing(default, "Collection").SearchItems(attributes):
        others = set(get(path, "Item", "Attributes").items()) - set(attributes.items())
        value = thing(path, "Item").GetSecret(session)[2]
        label = get(path, "Item", "Label")
        print(label, bytes(value).decode(), *sorted(map(str, others)), sep="\t")
elif what == "put":
    properties = {
        SECRET + "Item.Label": words[1],
        SECRET + "Item.Attributes": dbus.Dictionary(attributes, signature="ss"),
    }
    secret = dbus.Struct((session, dbus.ByteArray(), dbus.ByteArray(words[2].encode()), "text/plain"), signature="oayays")
    thing(default, "Collection").CreateItem(dbus.Dictionary(properties, signature="sv"), secret, False)
    print("put")
