//! The keystore of the desktop: the Secret Service (freedesktop.org, Secret Service API).
//!
//! Numbers are items of the default collection, with attributes that name this application and nothing else. The session is
//! `plain`: what could listen on the person's own bus could ask the keystore for the item itself, so encryption on the way would
//! keep nothing from anybody.

use std::{cmp::Reverse, collections::HashMap, time::Duration};

use zbus::{
    blocking::{Connection, connection::Builder, fdo::DBusProxy},
    export::serde::Serialize,
    names::BusName,
    zvariant::{DynamicDeserialize, DynamicType, ObjectPath, OwnedObjectPath, OwnedValue, Value},
};
use zeroize::Zeroizing;

/// The service's name on the bus.
const NAME: &str = "org.freedesktop.secrets";
const PATH: &str = "/org/freedesktop/secrets";
const SERVICE: &str = "org.freedesktop.Secret.Service";
const COLLECTION: &str = "org.freedesktop.Secret.Collection";
const ITEM: &str = "org.freedesktop.Secret.Item";
const PROMPT: &str = "org.freedesktop.Secret.Prompt";
/// Where a path says that there is nothing.
const NOTHING: &str = "/";
/// What every number is found by.
const ATTRIBUTES: [(&str, &str); 2] =
    [("xdg:schema", "ma.bitaqa.CardAccessNumber"), ("application", "bitaqa")];
/// Most numbers that are kept; the one unused for longest goes first.
const MOST: usize = 16;
/// How long the service may take for one answer.
const ANSWER_LIMIT: Duration = Duration::from_secs(2);

/// A secret on the bus: session, parameters, value, content type.
type Secret = (OwnedObjectPath, Vec<u8>, Vec<u8>, String);

/// An unlocked keystore.
pub(super) struct SecretService {
    bus: Connection,
    collection: OwnedObjectPath,
}

/// A number that is remembered, without the number.
pub(super) struct Remembered {
    path: OwnedObjectPath,
    /// When it was used last, in seconds since 1970.
    used: u64,
}

impl SecretService {
    /// The keystore; nothing where none is running, it has no default collection, or that is locked.
    ///
    /// # Errors
    /// The bus's.
    pub(super) fn open() -> zbus::Result<Option<Self>> {
        let bus = Builder::session()?.method_timeout(ANSWER_LIMIT).build()?;
        // asked of the bus itself: a call to the service would start it
        if !DBusProxy::new(&bus)?.name_has_owner(BusName::try_from(NAME)?)? {
            return Ok(None);
        }
        let service = Self { bus, collection: ObjectPath::try_from(NOTHING)?.into() };
        let path = ObjectPath::try_from(PATH)?;
        let collection: OwnedObjectPath = service.call(&path, SERVICE, "ReadAlias", &"default")?;
        if collection.as_str() == NOTHING {
            return Ok(None);
        }
        let is_locked = service.is_locked(&collection, COLLECTION)?;
        Ok((!is_locked).then_some(Self { collection, ..service }))
    }

    /// The numbers, the last used one first.
    ///
    /// # Errors
    /// The bus's.
    pub(super) fn numbers(&self) -> zbus::Result<Vec<Remembered>> {
        let attributes = HashMap::from(ATTRIBUTES);
        let paths: Vec<OwnedObjectPath> =
            self.call(&self.collection, COLLECTION, "SearchItems", &attributes)?;
        let mut numbers = Vec::new();
        for path in paths {
            if !self.is_locked(&path, ITEM)? {
                let used = self.property(&path, ITEM, "Modified")?.try_into()?;
                numbers.push(Remembered { path, used });
            }
        }
        // within a second the later one is the one that was made later: services count their items
        numbers.sort_by_key(|number| {
            let path = number.path.as_str();
            Reverse((number.used, path.len(), path.to_owned()))
        });
        Ok(numbers)
    }

    /// The number itself.
    ///
    /// # Errors
    /// The bus's.
    pub(super) fn secret(&self, of: &Remembered) -> zbus::Result<Zeroizing<Vec<u8>>> {
        let session = self.session()?;
        let (_, _, value, _): Secret = self.call(&of.path, ITEM, "GetSecret", &session)?;
        Ok(value.into())
    }

    /// Keeps a number under this label; one that is there already becomes the last used one and keeps its label.
    ///
    /// # Errors
    /// The bus's; [`zbus::Error::Unsupported`] where the person would have to be asked.
    pub(super) fn keep(&self, label: &str, number: &[u8]) -> zbus::Result<()> {
        let secret = (self.session()?, Vec::<u8>::new(), number, "text/plain");
        let mut numbers = self.numbers()?;
        for there in &numbers {
            if self.secret(there)?.as_slice() == number {
                return self.call(&there.path, ITEM, "SetSecret", &(secret,));
            }
        }
        for unused in numbers.split_off(numbers.len().min(MOST - 1)) {
            self.forget(&unused)?;
        }
        let properties: HashMap<&str, Value<'_>> = HashMap::from([
            ("org.freedesktop.Secret.Item.Label", Value::from(label)),
            ("org.freedesktop.Secret.Item.Attributes", Value::from(HashMap::from(ATTRIBUTES))),
        ]);
        let (_, prompt): (OwnedObjectPath, OwnedObjectPath) =
            self.call(&self.collection, COLLECTION, "CreateItem", &(properties, secret, false))?;
        self.without(&prompt)
    }

    /// Forgets a number.
    ///
    /// # Errors
    /// The bus's; [`zbus::Error::Unsupported`] where the person would have to be asked.
    fn forget(&self, number: &Remembered) -> zbus::Result<()> {
        let prompt: OwnedObjectPath = self.call(&number.path, ITEM, "Delete", &())?;
        self.without(&prompt)
    }

    /// A session without encryption.
    fn session(&self) -> zbus::Result<OwnedObjectPath> {
        let path = ObjectPath::try_from(PATH)?;
        let (_, session): (OwnedValue, OwnedObjectPath) =
            self.call(&path, SERVICE, "OpenSession", &("plain", Value::from("")))?;
        Ok(session)
    }

    /// What the service would ask the person is not asked.
    fn without(&self, prompt: &OwnedObjectPath) -> zbus::Result<()> {
        if prompt.as_str() == NOTHING {
            return Ok(());
        }
        self.call::<_, ()>(prompt, PROMPT, "Dismiss", &())?;
        Err(zbus::Error::Unsupported)
    }

    fn is_locked(&self, path: &ObjectPath<'_>, interface: &str) -> zbus::Result<bool> {
        Ok(self.property(path, interface, "Locked")?.try_into()?)
    }

    fn property(&self, path: &ObjectPath<'_>, interface: &str, name: &str) -> zbus::Result<OwnedValue> {
        self.call(path, "org.freedesktop.DBus.Properties", "Get", &(interface, name))
    }

    fn call<B, A>(&self, path: &ObjectPath<'_>, interface: &str, method: &str, body: &B) -> zbus::Result<A>
    where
        B: Serialize + DynamicType,
        A: for<'d> DynamicDeserialize<'d>,
    {
        let answer = self.bus.call_method(Some(NAME), path, Some(interface), method, body)?;
        answer.body().deserialize()
    }
}
