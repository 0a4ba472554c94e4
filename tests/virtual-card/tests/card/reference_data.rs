//! PINs: counters, lengths, life cycle, status queries.

use bitaqa_virtual_card::{
    CardSpec,
    private_key::KeyKind,
    rules::StatusQuery,
    spec::{Lifecycle, PinFormatName},
};

use crate::terminal::Terminal;

const SELECT: &str = "00A4040C 0C A000000063504B43532D3135";
const RIGHT: &str = "00200081 08 31323334FFFFFFFF";
const WRONG: &str = "00200081 08 39393939FFFFFFFF";

fn card(spec: &CardSpec) -> Terminal {
    let mut card = Terminal::with(spec);
    card.expect(SELECT, 0x9000);
    card
}

fn plain() -> CardSpec {
    CardSpec::pkcs15(KeyKind::P256)
}

#[test]
fn each_wrong_pin_costs_a_try_and_the_last_one_blocks() {
    let mut card = card(&plain());
    card.expect(WRONG, 0x63C2);
    card.expect(WRONG, 0x63C1);
    card.expect(WRONG, 0x63C0);
    card.expect(WRONG, 0x6983);
    card.expect(RIGHT, 0x6983);
    card.expect("00200081", 0x6983);
}

#[test]
fn the_right_pin_gives_all_tries_back() {
    let mut card = card(&plain());
    card.expect(WRONG, 0x63C2);
    card.expect(RIGHT, 0x9000);
    card.expect(WRONG, 0x63C2);
}

#[test]
fn a_wrong_pin_ends_what_a_right_one_began() {
    let mut card = card(&plain());
    card.expect(RIGHT, 0x9000);
    card.expect("00200081", 0x9000);
    card.expect(WRONG, 0x63C2);
    card.expect("00200081", 0x63C2);
}

#[test]
fn a_pin_of_the_wrong_length_costs_nothing() {
    let mut card = card(&plain());
    card.expect("00200081 04 31323334", 0x6700);
    card.expect("00200081", 0x63C3);
}

#[test]
fn a_pin_can_be_given_up() {
    let mut card = card(&plain());
    card.expect(RIGHT, 0x9000);
    card.expect("0020FF81", 0x9000);
    card.expect("00200081", 0x63C3);
    card.expect("00200181", 0x6A86);
}

#[test]
fn a_status_query_can_be_answered_or_refused_or_cost_a_try() {
    let mut card = card(&CardSpec { status_query: Some(StatusQuery::Refused), ..plain() });
    card.expect("00200081", 0x6700);
    let mut card = self::card(&CardSpec { status_query: Some(StatusQuery::CostsATry), ..plain() });
    card.expect("00200081", 0x63C2);
    card.expect("00200081", 0x63C1);
}

#[test]
fn a_local_pin_is_known_only_in_its_application() {
    let mut card = Terminal::with(&plain());
    card.expect(RIGHT, 0x6A88);
    card.expect(SELECT, 0x9000);
    card.expect(RIGHT, 0x9000);
    card.expect("00A4000C 02 3F00", 0x9000);
    card.expect(SELECT, 0x9000);
    card.expect("00200081", 0x63C3);
    card.expect("00200099", 0x6A88);
}

#[test]
fn a_transport_pin_has_to_be_changed_first() {
    let mut card = card(&CardSpec { lifecycle: Lifecycle::Transport, ..plain() });
    card.expect(RIGHT, 0x6984);
    card.expect("00200081", 0x6984);
    card.expect("00240081 10 39393939FFFFFFFF 35353535FFFFFFFF", 0x63C2);
    card.expect("00240081 10 31323334FFFFFFFF 35353535FFFFFFFF", 0x9000);
    card.expect("00200081 08 35353535FFFFFFFF", 0x9000);
}

#[test]
fn a_blocked_card_stays_blocked() {
    let mut card = card(&CardSpec { lifecycle: Lifecycle::Blocked, ..plain() });
    card.expect(RIGHT, 0x6983);
    card.expect("002C0081 10 3132333435363738 31313131FFFFFFFF", 0x6983);
}

#[test]
fn a_change_needs_the_old_pin_and_a_good_new_one() {
    let mut card = card(&plain());
    card.expect("00240081 10 39393939FFFFFFFF 35353535FFFFFFFF", 0x63C2);
    card.expect("00240081 10 31323334FFFFFFFF 35FFFFFFFFFFFFFF", 0x6A80);
    card.expect("00240081 10 31323334FFFFFFFF 35FF3535FFFFFFFF", 0x6A80);
    card.expect("00240081 0C 31323334FFFFFFFF 35353535", 0x6700);
    card.expect("00240181 08 35353535FFFFFFFF", 0x6982);
    card.expect(RIGHT, 0x9000);
    card.expect("00240181 08 35353535FFFFFFFF", 0x9000);
    card.expect(RIGHT, 0x63C2);
}

#[test]
fn the_counter_is_reset_with_the_puk_in_each_of_the_four_ways() {
    let mut card = card(&CardSpec { tries_left: Some(0), ..plain() });
    card.expect("002C0381", 0x6982);
    card.expect("002C0081 10 3132333435363739 31313131FFFFFFFF", 0x63C2);
    card.expect("002C0081 10 3132333435363738 31313131FFFFFFFF", 0x9000);
    card.expect("00200081 08 31313131FFFFFFFF", 0x9000);
    card.expect("002C0181 08 3132333435363738", 0x9000);
    card.expect("00200083 08 3132333435363738", 0x9000);
    card.expect("002C0281 08 32323232FFFFFFFF", 0x9000);
    card.expect("002C0381", 0x9000);
    card.expect("00200081 08 32323232FFFFFFFF", 0x9000);
    card.expect("002C0481", 0x6A86);
    card.expect("002C0083 10 3132333435363738 3232323232323232", 0x6985);
}

#[test]
fn each_format_takes_the_pin_in_its_own_form() {
    for (format, command) in [
        (PinFormatName::AsciiFf, "00200081 08 31323334FFFFFFFF"),
        (PinFormatName::Ascii00, "00200081 08 3132333400000000"),
        (PinFormatName::Ascii, "00200081 04 31323334"),
        (PinFormatName::Bcd, "00200081 08 1234FFFFFFFFFFFF"),
        (PinFormatName::Iso9564Format2, "00200081 08 241234FFFFFFFFFF"),
    ] {
        let mut card = card(&CardSpec { pin_format: Some(format), ..plain() });
        card.expect(command, 0x9000);
        assert_eq!(card.card.log().verify_count(), 1);
    }
}
