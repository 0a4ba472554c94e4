//! `bitaqa card pin status`.

use std::io::{self, Write};

use bitaqa_card::{Card, CardError, Credential, PinCounters, PinStatus, layout::PinObject};
use bitaqa_host::reader::connection::AfterTransaction;
use clap::Args;
use serde::Serialize;

use super::{Which, biometric_reference::BiometricReference, tries};
use crate::{
    Verdict,
    card::{
        CardFault, Selection,
        access_key::{AskedOn, KeySource},
        look::{Look, Opening, look},
        name, readers_with_card, run,
    },
    printable::Printable,
};

const HELP: &str = "\
No PIN is asked for, and no try is spent: tries left are shown only where the card's profile knows a free way to ask. A card
that has to be opened with PACE first is opened with its card access number, or with document number and dates, which are asked
for on the terminal and not shown.

With --json: {pins: [{reader, pin, label, minLength, maxLength, triesLeft, triesMaximum, activated, canBeChanged,
canBeUnblocked, pukTriesLeft, pukTriesMaximum}], biometrics: [{reader, key, insteadOfPin, kind, label, triesLeft, triesMaximum}]}; kind
is fingerprint or other; null where the card does not say.

Exit codes: 0 done, 1 a card could not be used, 2 there is no service, reader or card.";

/// Which PINs.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,

    #[command(flatten)]
    key: KeySource,

    /// Only the PIN, or the fingerprint, of this key. All of them if absent
    #[arg(long, value_enum)]
    pin: Option<Which>,
}

#[derive(Serialize)]
struct Pins {
    pins: Vec<Pin>,
    biometrics: Vec<BiometricReference>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Pin {
    reader: String,
    pin: &'static str,
    label: Option<String>,
    min_length: u8,
    max_length: u8,
    tries_left: Option<u8>,
    tries_maximum: Option<u8>,
    activated: Option<bool>,
    can_be_changed: bool,
    can_be_unblocked: bool,
    puk_tries_left: Option<u8>,
    puk_tries_maximum: Option<u8>,
}

/// Says what is known of each PIN.
pub(crate) fn status(arguments: &Arguments) -> Result<Verdict, CardFault> {
    let only = arguments.pin;
    let opening = Opening {
        key: &arguments.key,
        asked_on: AskedOn::StandardInput,
        afterwards: AfterTransaction::Reset,
    };
    let pins = run(async {
        let (mut pins, mut biometrics) = (Vec::new(), Vec::new());
        for reader in readers_with_card(&arguments.selection).await? {
            let Look { seen, .. } = look(&reader, opening, move |card| {
                let credentials = card.layout().credentials.clone();
                let is_meant =
                    |credential: &Credential| only.is_none_or(|only| only == Which::of(credential.role));
                credentials
                    .into_iter()
                    .filter(is_meant)
                    .map(|credential| Seen::of(card, credential))
                    .collect()
            })
            .await?;
            let seen: Vec<Seen> = seen;
            for Seen { credential, counters, compared } in seen {
                let which = Which::of(credential.role);
                if let (Some(pin), Some(counters)) = (&credential.pin, counters) {
                    pins.push(Pin::of(name(&reader), which, pin, counters));
                }
                for (object, status) in credential.biometrics.iter().zip(compared) {
                    let stands_for_pin = !credential.wants_fingerprint();
                    biometrics.push(BiometricReference::of(
                        name(&reader),
                        which,
                        stands_for_pin,
                        object,
                        status,
                    ));
                }
            }
        }
        Ok(Pins { pins, biometrics })
    })?;
    let mut out = io::stdout().lock();
    if arguments.selection.json {
        serde_json::to_writer_pretty(&mut out, &pins).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        for pin in &pins.pins {
            pin.print(&mut out)?;
        }
        for biometric in &pins.biometrics {
            biometric.print(&mut out)?;
        }
    }
    Ok(Verdict::Yes)
}

/// What is known of a credential's PIN and of what the card compares in its place.
struct Seen {
    credential: Credential,
    counters: Option<PinCounters>,
    /// Of each of the credential's biometric references.
    compared: Vec<PinStatus>,
}

impl Seen {
    fn of(card: &mut Card<'_>, credential: Credential) -> Result<Self, CardError> {
        let counters = credential.pin.is_some().then(|| card.pin_counters(&credential)).transpose()?;
        let objects = credential.biometrics.iter();
        let compared =
            objects.map(|object| card.biometric_status(&credential, object)).collect::<Result<_, _>>()?;
        Ok(Self { credential, counters, compared })
    }
}

impl Pin {
    fn of(reader: String, which: Which, pin: &PinObject, counters: PinCounters) -> Self {
        Self {
            reader,
            pin: which.name(),
            label: pin.label.clone(),
            min_length: pin.format.min_length,
            max_length: pin.format.max_length,
            tries_left: counters.pin.tries_left,
            tries_maximum: counters.pin.tries_maximum,
            activated: counters.pin.activated,
            can_be_changed: pin.can_be_changed,
            can_be_unblocked: pin.unblocking.is_some(),
            puk_tries_left: counters.puk.and_then(|puk| puk.tries_left),
            puk_tries_maximum: counters.puk.and_then(|puk| puk.tries_maximum),
        }
    }

    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        let label = self.label.as_deref().unwrap_or("PIN");
        writeln!(out, "{}: {} for {}", Printable(&self.reader), Printable(label), self.pin)?;
        let inactive = if self.activated == Some(false) { ", not activated yet" } else { "" };
        writeln!(
            out,
            "  {}{inactive}; {} to {} characters",
            tries(self.tries_left, self.tries_maximum),
            self.min_length,
            self.max_length
        )?;
        if self.can_be_unblocked {
            writeln!(out, "  PUK: {}", tries(self.puk_tries_left, self.puk_tries_maximum))?;
        }
        Ok(())
    }
}
