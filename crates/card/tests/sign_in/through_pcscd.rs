//! A few sign-ins through a real pcscd and a reader driver.
//!
//! libpcsclite reads once per process where its service is. So each test here runs twice: first it starts the test bed,
//! then, in a process of its own, it is the client.

use std::{env, process::Command};

use bitaqa_card::{CardError, Role, Transport, TransportError};
use bitaqa_testbed::{CardHandle, CardSpec, Effect, KeyKind, Misbehaviour, Protocol, ReaderOptions, Testbed};
use pcsc::{Context, Disposition, Error, MAX_BUFFER_SIZE_EXTENDED, Protocols, Scope, ShareMode};

use crate::{
    openssl::{digest, judge},
    reader::{first_look_over, sign, signature, usual},
};

/// Set where a test is the client.
const CLIENT: &str = "BITAQA_TEST_IS_THE_CLIENT";

/// Runs `client` in a process of its own, with this card in the only reader; `name` is that of the test. Gives the card.
fn with_card(name: &str, spec: &CardSpec, faults: &[Misbehaviour], client: fn()) -> Option<CardHandle> {
    if env::var_os(CLIENT).is_some() {
        client();
        return None;
    }
    let bed = Testbed::builder().reader(ReaderOptions::default()).start().unwrap();
    let card = bed.insert(0, spec).unwrap();
    for fault in faults {
        card.misbehave(fault.clone());
    }
    let mut command: Command = bed.command(env::current_exe().unwrap());
    let output = command.args(["--exact", name, "--nocapture"]).env(CLIENT, "yes").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}\n{}\n{}",
        String::from_utf8_lossy(&output.stderr),
        bed.service_log()
    );
    Some(card)
}

/// A card over PC/SC.
struct PcscCard(pcsc::Card);

impl PcscCard {
    /// The card in the only reader, with its answer to reset.
    fn connect() -> (Self, Vec<u8>) {
        let context = Context::establish(Scope::User).unwrap();
        let [reader] = &context.list_readers_owned().unwrap()[..] else { panic!("not one reader") };
        let card = context.connect(reader, ShareMode::Shared, Protocols::ANY).unwrap();
        let atr = card.status2_owned().unwrap().atr().to_vec();
        (Self(card), atr)
    }
}

impl Transport for PcscCard {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        let mut buffer = vec![0; MAX_BUFFER_SIZE_EXTENDED];
        let given = self.0.transmit(command, &mut buffer).map_err(|error| match error {
            Error::RemovedCard | Error::NoSmartcard => TransportError::Removed,
            other => TransportError::Fault(other.to_string()),
        })?;
        answer.clear();
        answer.extend_from_slice(given);
        Ok(())
    }
}

/// Both transactions, with a reset in between, judged by openssl.
fn signs_in() {
    let (mut card, atr) = PcscCard::connect();
    let look = first_look_over(&mut card, &atr, Role::Authentication).unwrap();
    card.0.reconnect(ShareMode::Shared, Protocols::ANY, Disposition::ResetCard).unwrap();
    let way = usual(&look);
    let signed = signature(sign(&mut card, &look, "1234", way, &digest(way.0.hash())));
    judge(&look.certificate, way.0, &signed);
}

#[test]
fn an_estonian_card_signs_in() {
    let name = "through_pcscd::an_estonian_card_signs_in";
    if let Some(card) = with_card(name, &CardSpec::esteid(), &[], signs_in) {
        assert_eq!(card.verify_count(), 1);
    }
}

#[test]
fn a_card_with_t1_that_describes_itself_signs_in() {
    let name = "through_pcscd::a_card_with_t1_that_describes_itself_signs_in";
    if let Some(card) = with_card(name, &CardSpec::pkcs15(KeyKind::P256), &[], signs_in) {
        assert_eq!(card.verify_count(), 1);
    }
}

#[test]
fn a_card_with_t0_and_a_long_key_signs_in() {
    let name = "through_pcscd::a_card_with_t0_and_a_long_key_signs_in";
    let spec = CardSpec { protocol: Some(Protocol::T0), ..CardSpec::pkcs15(KeyKind::Rsa2048) };
    if let Some(card) = with_card(name, &spec, &[], signs_in) {
        assert_eq!(card.verify_count(), 1);
    }
}

#[test]
fn a_card_that_is_pulled_during_verify_costs_no_try() {
    let name = "through_pcscd::a_card_that_is_pulled_during_verify_costs_no_try";
    let fault = Misbehaviour::at_instruction(1, 0x20, Effect::RemoveBefore);
    let card = with_card(name, &CardSpec::esteid(), &[fault], || {
        let (mut card, atr) = PcscCard::connect();
        let look = first_look_over(&mut card, &atr, Role::Authentication).unwrap();
        let way = usual(&look);
        let signed = sign(&mut card, &look, "1234", way, &digest(way.0.hash()));
        assert!(matches!(signed, Err(CardError::Transport(_))), "{signed:?}");
    });
    if let Some(card) = card {
        assert_eq!(card.tries_left(0x01), Some(3));
    }
}
