//! What the person set on the desktop: text size, contrast, dark or light.
//!
//! Read once, from the desktop portal (`org.freedesktop.portal.Settings`, version 1 and later) and, where a desktop offers
//! them there, from the GNOME keys behind it. Without a bus or a portal the defaults stay.

use std::{collections::HashMap, sync::mpsc, thread};

use zbus::zvariant::OwnedValue;

const APPEARANCE: &str = "org.freedesktop.appearance";
const GNOME_INTERFACE: &str = "org.gnome.desktop.interface";
const GNOME_ACCESSIBILITY: &str = "org.gnome.desktop.a11y.interface";

/// What the person set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct DesktopSettings {
    /// Factor for the size of text, 1 being normal.
    pub(super) text_scale: f32,
    /// Strong contrast.
    pub(super) strong_contrast: bool,
    /// Light on dark.
    pub(super) dark: bool,
}

impl Default for DesktopSettings {
    fn default() -> Self {
        Self { text_scale: 1.0, strong_contrast: false, dark: false }
    }
}

/// Smallest and largest text size that the window follows.
const TEXT_SCALE: std::ops::RangeInclusive<f64> = 0.5..=4.0;

type Namespaces = HashMap<String, HashMap<String, OwnedValue>>;

/// Starts reading; the answer, if one comes, comes on the channel.
pub(super) fn read() -> mpsc::Receiver<DesktopSettings> {
    let (answer, settings) = mpsc::channel();
    // a bus that hangs costs this thread, not the window
    let reader = thread::Builder::new().name("desktop-settings".to_owned()).spawn(move || {
        if let Ok(namespaces) = ask() {
            // the window may be gone already
            let _ = answer.send(interpret(&namespaces));
        }
    });
    drop(reader);
    settings
}

fn ask() -> zbus::Result<Namespaces> {
    let bus = zbus::blocking::Connection::session()?;
    let answer = bus.call_method(
        Some("org.freedesktop.portal.Desktop"),
        "/org/freedesktop/portal/desktop",
        Some("org.freedesktop.portal.Settings"),
        "ReadAll",
        &(&[APPEARANCE, GNOME_INTERFACE, GNOME_ACCESSIBILITY][..]),
    )?;
    answer.body().deserialize()
}

fn interpret(namespaces: &Namespaces) -> DesktopSettings {
    let find = |namespace: &str, key: &str| namespaces.get(namespace).and_then(|keys| keys.get(key));
    let number = |namespace, key| find(namespace, key).and_then(|value| value.downcast_ref::<u32>().ok());
    let flag = |namespace, key| find(namespace, key).and_then(|value| value.downcast_ref::<bool>().ok());
    let text_scale =
        find(GNOME_INTERFACE, "text-scaling-factor").and_then(|value| value.downcast_ref::<f64>().ok());
    DesktopSettings {
        text_scale: text_scale.filter(|scale| TEXT_SCALE.contains(scale)).map_or(1.0, narrowed),
        strong_contrast: number(APPEARANCE, "contrast") == Some(1)
            || flag(GNOME_ACCESSIBILITY, "high-contrast") == Some(true),
        dark: number(APPEARANCE, "color-scheme") == Some(1),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a factor between a half and four")]
fn narrowed(scale: f64) -> f32 {
    scale as f32
}

#[cfg(test)]
mod tests {
    use zbus::zvariant::Value;

    use super::*;

    fn namespaces(entries: Vec<(&str, &str, Value<'static>)>) -> Namespaces {
        let mut namespaces = Namespaces::new();
        for (namespace, key, value) in entries {
            let value = OwnedValue::try_from(value).unwrap();
            namespaces.entry(namespace.to_owned()).or_default().insert(key.to_owned(), value);
        }
        namespaces
    }

    #[test]
    fn what_the_portal_says_is_followed() {
        let settings = interpret(&namespaces(vec![
            (APPEARANCE, "contrast", Value::U32(1)),
            (APPEARANCE, "color-scheme", Value::U32(1)),
            (GNOME_INTERFACE, "text-scaling-factor", Value::F64(2.0)),
        ]));
        assert_eq!(settings, DesktopSettings { text_scale: 2.0, strong_contrast: true, dark: true });
    }

    #[test]
    fn nonsense_and_silence_leave_the_defaults() {
        assert_eq!(interpret(&namespaces(vec![])), DesktopSettings::default());
        let settings = interpret(&namespaces(vec![
            (APPEARANCE, "contrast", Value::Str("high".into())),
            (GNOME_INTERFACE, "text-scaling-factor", Value::F64(f64::NAN)),
        ]));
        assert_eq!(settings, DesktopSettings::default());
    }
}
