//! The loop of `bitaqa-testbed serve`; the language is described in [`crate::protocol`].

use std::{
    io::{self, BufRead, Write},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bitaqa_virtual_card::pki::DocumentAuthority;
use bitaqa_virtual_reader::wire::Prompt;
use serde_json::{Value, json};

use crate::{
    CardHandle, CardSpec, Certificate, PinPad, ReaderOptions, Testbed, TestbedError,
    protocol::{Command, PinPadAction, Request},
};

/// Serves requests until `quit` or the end of the input.
///
/// # Errors
/// [`TestbedError`] when the test bed does not start or the output is closed.
pub fn serve(
    readers: Vec<ReaderOptions>,
    input: impl BufRead,
    mut output: impl Write,
) -> Result<(), TestbedError> {
    let bed = readers.into_iter().fold(Testbed::builder(), crate::Builder::reader).start()?;
    write_line(&mut output, &json!({ "event": "ready", "socket": bed.socket() }))?;
    for line in input.lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let request = match serde_json::from_str::<Request>(&line) {
            Ok(request) => request,
            Err(error) => {
                let id = serde_json::from_str::<Value>(&line).ok().and_then(|line| line.get("id").cloned());
                write_line(&mut output, &json!({ "id": id, "error": not_a_request(&error) }))?;
                continue;
            }
        };
        let quits = matches!(request.command, Command::Quit);
        let answer = match carry_out(&bed, request.command) {
            Ok(result) => json!({ "id": request.id, "result": result }),
            Err(error) => json!({ "id": request.id, "error": error.to_string() }),
        };
        write_line(&mut output, &answer)?;
        if quits {
            break;
        }
    }
    Ok(())
}

/// What is wrong with a line; never a value in it, which may be a PIN.
fn not_a_request(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let names_only = ["unknown field", "missing field", "unknown variant", "duplicate field"];
    if names_only.iter().any(|start| text.starts_with(start)) {
        return format!("not a request: {text}");
    }
    format!("not a request: {:?} at column {}", error.classify(), error.column())
}

fn write_line(output: &mut impl Write, value: &Value) -> io::Result<()> {
    writeln!(output, "{value}")?;
    output.flush()
}

fn carry_out(bed: &Testbed, command: Command) -> Result<Value, TestbedError> {
    match command {
        Command::Insert { reader, card } | Command::Swap { reader, card } => {
            bed.insert(reader, &card)?;
            card_facts(bed, reader)
        }
        Command::InsertAgain { reader } => {
            bed.insert_again(reader, &last_card(bed, reader)?)?;
            card_facts(bed, reader)
        }
        Command::Remove { reader } => bed.remove(reader).map(|()| json!({})),
        Command::Card { reader } => card_facts(bed, reader),
        Command::Renew { reader, signature_certificate } => {
            let certificate = Certificate::of_der(signature_certificate);
            last_card(bed, reader)?.renew_signature_certificate(certificate)?;
            card_facts(bed, reader)
        }
        Command::Log { reader, clear } => {
            let card = last_card(bed, reader)?;
            let facts =
                json!({ "entries": card.log(), "verifyCount": card.verify_count(), "resets": card.resets() });
            if clear {
                card.clear_log();
            }
            Ok(facts)
        }
        Command::VerifyCount { reader } => Ok(json!({ "count": last_card(bed, reader)?.verify_count() })),
        Command::TriesLeft { reader, reference } => {
            Ok(json!({ "tries": last_card(bed, reader)?.tries_left(reference) }))
        }
        Command::Misbehave { reader, faults } => {
            let card = last_card(bed, reader)?;
            if faults.is_empty() {
                card.behave();
            }
            faults.into_iter().for_each(|fault| card.misbehave(fault));
            Ok(json!({}))
        }
        Command::Cost { reader, cost } => {
            last_card(bed, reader)?.set_cost(cost);
            Ok(json!({}))
        }
        Command::PinPad { reader, action } => Ok(at_pin_pad(&bed.pin_pad(reader)?, &action)),
        Command::Document { card } => document_facts(&card),
        Command::Pki => Ok(pki_facts(bed)),
        Command::StopService { crash } => {
            if crash {
                bed.kill_service();
            } else {
                bed.stop_service();
            }
            Ok(json!({}))
        }
        Command::StartService { readers: None } => bed.start_service().map(|()| json!({})),
        Command::StartService { readers: Some(readers) } => {
            bed.start_service_with(&readers).map(|()| json!({}))
        }
        Command::Quit => Ok(json!({})),
    }
}

fn last_card(bed: &Testbed, reader: usize) -> Result<CardHandle, TestbedError> {
    bed.last_card(reader)?.ok_or(TestbedError::NoCardYet(reader))
}

fn card_facts(bed: &Testbed, reader: usize) -> Result<Value, TestbedError> {
    let card = last_card(bed, reader)?;
    let certificates = card.certificates();
    let atr: String = card.atr().iter().map(|byte| format!("{byte:02X}")).collect();
    Ok(json!({
        "present": bed.card(reader)?.is_some(),
        "atr": atr,
        "certificate": STANDARD.encode(certificates.authentication.der()),
        "signatureCertificate": STANDARD.encode(certificates.signature.der()),
    }))
}

/// No name in it: tests search what is said for names.
fn document_facts(card: &CardSpec) -> Result<Value, TestbedError> {
    let key = card.document.as_ref().map(|order| order.country_key).unwrap_or_default();
    let authority = DocumentAuthority::of(&card.holder()?.country, key)?;
    Ok(json!({
        "accessNumber": card.can().digits(),
        "information": card.mrz()?.information(),
        "authority": STANDARD.encode(authority.certificate().der()),
        "signer": STANDARD.encode(authority.signer_certificate().der()),
        "revocationList": STANDARD.encode(authority.revocation_list()?),
    }))
}

fn at_pin_pad(pad: &PinPad, action: &PinPadAction) -> Value {
    let mut waiting = pad.waiting();
    match action {
        PinPadAction::Press { keys } => pad.press_keys(keys),
        PinPadAction::Cancel => pad.cancel(),
        PinPadAction::TimeOut => pad.let_time_out(),
        PinPadAction::State => {}
        PinPadAction::Wait { milliseconds } => {
            waiting = pad.wait_until_waiting(Duration::from_millis(*milliseconds));
        }
    }
    let waiting = waiting.map(|prompt| match prompt {
        Prompt::Verify => "verify",
        Prompt::Old => "old",
        Prompt::New => "new",
        Prompt::Confirm => "confirm",
        Prompt::CardAccessNumber => "card-access-number",
    });
    json!({ "waiting": waiting, "entries": pad.entries() })
}

fn pki_facts(bed: &Testbed) -> Value {
    let folder = bed.pki_dir();
    let people: Vec<Value> = crate::Person::NAMES
        .into_iter()
        .filter_map(|name| crate::Person::named(name).map(|person| (name, person)))
        .map(|(name, person)| {
            json!({
                "name": name,
                "commonName": person.common_name(),
                "surname": person.surname,
                "givenName": person.given_name,
                "country": person.country,
                "serialNumber": person.serial_number,
            })
        })
        .collect();
    json!({
        "directory": folder,
        "root": folder.join("root.pem"),
        "issuing": folder.join("issuing.pem"),
        "issuers": folder.join("issuers.toml"),
        "people": people,
        // what cards have unless they were ordered with others
        "pins": { "pin": "1234", "signaturePin": "12345", "puk": "12345678" },
    })
}
