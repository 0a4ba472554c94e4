//! Extended access control: a terminal proves itself, then the chip does, and only then more is told.

use bitaqa_curves::Curve;
use bitaqa_virtual_card::{
    CardSpec,
    digest::Digest,
    icao::{
        cipher::Cipher,
        domain::Domain,
        key_derivation::{KeyUse, derive},
        order::{ChipAuthenticationOrder, DocumentOrder},
        pace::PasswordKind,
        terminal_authentication::authorization::TerminalKind,
    },
    pki::card_verifying_authority::{CardVerifyingAuthority, Terminal, TerminalOrder},
    spec::{Hypothesis, Personality},
};

use super::terminal::{
    Private, Public, Reader, SELECT_APPLICATION, Session, USUAL, first_object, object, private,
};

const DOMAIN: Domain = Domain::Curve(Curve::BrainpoolP256r1);

fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

fn send(reader: &mut Reader, header: &str, data: &[u8]) -> (Vec<u8>, u16) {
    reader.send(&format!("{header} 00{:04X} {} 0000", data.len(), digits(data)))
}

fn x(element: &Public) -> Vec<u8> {
    element.secret()
}

/// Sends the chain; gives the status word of the first certificate that is refused.
fn present(reader: &mut Reader, root: &[u8], terminal: &Terminal) -> Result<(), u16> {
    let mut issuer = root.to_vec();
    for certificate in terminal.chain() {
        let (_, status) = send(reader, "002281B6", &object(0x83, &issuer));
        if status != 0x9000 {
            return Err(status);
        }
        // 7F21 82 xx xx, or 81 xx: the tag has two bytes here
        let length = match certificate[2] {
            0x82 => 5,
            0x81 => 4,
            _ => 3,
        };
        let body = &certificate[length..];
        let (_, status) = send(reader, "002A00BE", body);
        if status != 0x9000 {
            return Err(status);
        }
        // the holder's reference: 5F20 in the body
        let at = body.windows(2).position(|window| window == [0x5F, 0x20]).unwrap();
        issuer = first_object(&body[at + 1..]).1.to_vec();
    }
    Ok(())
}

struct Run {
    reader: Reader,
    identifier: Vec<u8>,
}

/// PACE as a terminal that says what it wants to be.
fn opened(spec: &CardSpec, kind: TerminalKind, rights: &[u8], password: PasswordKind) -> Run {
    let mut reader = Reader::with(spec);
    reader.authorization = Some([object(0x06, &kind.oid()), object(0x53, rights)].concat());
    let opened = reader.pace(&USUAL, password, b"123456").unwrap();
    Run { reader, identifier: opened.chip_key }
}

impl Run {
    /// Terminal authentication, version 2, announcing this key: the status word of the signature.
    fn authenticate(&mut self, terminal: &Terminal, announced: &Public) -> u16 {
        let data = [
            object(0x80, &[0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x02, 0x02, 0x03]),
            object(0x83, terminal.name()),
            object(0x91, &x(announced)),
        ]
        .concat();
        assert_eq!(send(&mut self.reader, "002281A4", &data).1, 0x9000);
        let challenge = self.reader.data("00840000 08");
        let signature = terminal.sign(&[&self.identifier[..], &challenge, &x(announced)].concat());
        send(&mut self.reader, "00820000", &signature).1
    }

    /// Chip authentication, version 2, with the key in EF.CardSecurity.
    fn authenticate_chip(&mut self, own: &Private, security: &[u8]) -> Result<(), u16> {
        let public = Public::generator(DOMAIN).times(own);
        let protocol = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03, 0x02, 0x02];
        let data = [object(0x80, &protocol), object(0x84, &[1])].concat();
        assert_eq!(send(&mut self.reader, "002241A4", &data).1, 0x9000);
        let (answer, status) =
            send(&mut self.reader, "00860000", &object(0x7C, &object(0x80, &public.encode())));
        if status != 0x9000 {
            return Err(status);
        }
        let answer = first_object(&answer).1;
        let (nonce, token) = (&answer[2..10], &answer[12..]);
        let wanted = [0x06, 0x09, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x01, 0x02];
        let at = security.windows(wanted.len()).position(|window| window == wanted).unwrap() + wanted.len();
        let info = first_object(&security[at..]).1;
        let bits = first_object(&info[14..]).1;
        let secret = [x(&Public::decode(DOMAIN, &bits[1..]).times(own)), nonce.to_vec()].concat();
        let key_object = object(0x7F49, &[object(0x06, &protocol), object(0x86, &public.encode())].concat());
        let key = derive(Cipher::Aes128, &secret, KeyUse::Authentication);
        assert_eq!(token, Cipher::Aes128.mac(&key, &key_object));
        self.reader.session = Some(Session::of_secret(Cipher::Aes128, &secret));
        Ok(())
    }
}

fn inspection() -> CardSpec {
    let order = DocumentOrder { terminals: Some(TerminalKind::Inspection), ..DocumentOrder::default() };
    CardSpec::new(Personality::Eac2).with_document(order)
}

const ROOT: &[u8] = b"UTBTQCVCA00001";

#[test]
fn the_card_names_its_authority_to_a_terminal_that_says_what_it_wants() {
    let mut reader = Reader::with(&inspection());
    let opened = reader.pace(&USUAL, PasswordKind::Pin, b"123456").unwrap();
    assert_eq!(opened.authority, None);
    let Run { reader, .. } = opened_inspection(&[0x23]);
    assert_eq!(reader.authority.as_deref(), Some(ROOT));
}

fn opened_inspection(rights: &[u8]) -> Run {
    opened(&inspection(), TerminalKind::Inspection, rights, PasswordKind::Can)
}

#[test]
fn fingerprints_are_told_after_both_proved_themselves() {
    let authority = CardVerifyingAuthority::of(TerminalKind::Inspection);
    let terminal = authority.terminal(&TerminalOrder::with(&[0x03]));
    let mut run = opened_inspection(&[0x23]);
    assert_eq!(run.reader.read(0x1D), Err(0x6982));
    present(&mut run.reader, ROOT, &terminal).unwrap();
    assert_eq!(run.reader.read(0x1D), Err(0x6982), "a certificate is public");
    let own = private(DOMAIN, 9);
    let public = Public::generator(DOMAIN).times(&own);
    assert_eq!(run.authenticate(&terminal, &public), 0x9000);
    let security = run.reader.read(0x1D).unwrap();
    run.reader.expect(SELECT_APPLICATION, 0x9000);
    assert_eq!(run.reader.read(3), Err(0x6982), "the chip has not proved itself yet");
    run.authenticate_chip(&own, &security).unwrap();
    assert_eq!(run.reader.read(3).unwrap()[0], 0x63);
    assert_eq!(run.reader.read(1).unwrap()[0], 0x61);
}

#[test]
fn a_terminal_gets_no_more_than_its_chain_and_its_wish_allow() {
    let authority = CardVerifyingAuthority::of(TerminalKind::Inspection);
    for (certified, wanted) in [(0x02, 0x23), (0x03, 0x22)] {
        let terminal = authority.terminal(&TerminalOrder::with(&[certified]));
        let mut run = opened_inspection(&[wanted]);
        present(&mut run.reader, ROOT, &terminal).unwrap();
        let own = private(DOMAIN, 9);
        assert_eq!(run.authenticate(&terminal, &Public::generator(DOMAIN).times(&own)), 0x9000);
        let security = run.reader.read(0x1D).unwrap();
        run.authenticate_chip(&own, &security).unwrap();
        run.reader.expect(SELECT_APPLICATION, 0x9000);
        assert_eq!(run.reader.read(3), Err(0x6982));
    }
}

#[test]
fn chains_that_do_not_hold_are_refused() {
    let authority = CardVerifyingAuthority::of(TerminalKind::Inspection);
    let good = authority.terminal(&TerminalOrder::with(&[0x03]));
    let mut run = opened_inspection(&[0x23]);
    assert_eq!(present(&mut run.reader, b"UTBTQCVCA00002", &good), Err(0x6A88));
    let strange =
        CardVerifyingAuthority::strange(TerminalKind::Inspection).terminal(&TerminalOrder::with(&[0x03]));
    assert_eq!(present(&mut run.reader, ROOT, &strange), Err(0x6A80));
    let late = TerminalOrder { until: [2, 1, 1, 2, 3, 1], ..TerminalOrder::with(&[0x03]) };
    assert_eq!(present(&mut run.reader, ROOT, &authority.terminal(&late)), Err(0x6A80));
    let other = CardVerifyingAuthority::of(TerminalKind::Signature).terminal(&TerminalOrder::with(&[0x03]));
    assert_eq!(present(&mut run.reader, ROOT, &other), Err(0x6A80));
    // nothing of it stays
    present(&mut run.reader, ROOT, &good).unwrap();
    let own = Public::generator(DOMAIN).times(&private(DOMAIN, 9));
    assert_eq!(run.authenticate(&strange, &own), 0x6300);
    assert_eq!(run.reader.read(0x1D), Err(0x6982));
}

#[test]
fn another_key_than_the_announced_one_is_refused() {
    let authority = CardVerifyingAuthority::of(TerminalKind::Inspection);
    let terminal = authority.terminal(&TerminalOrder::with(&[0x03]));
    let mut run = opened_inspection(&[0x23]);
    present(&mut run.reader, ROOT, &terminal).unwrap();
    assert_eq!(run.authenticate(&terminal, &Public::generator(DOMAIN).times(&private(DOMAIN, 9))), 0x9000);
    let security = run.reader.read(0x1D).unwrap();
    assert_eq!(run.authenticate_chip(&private(DOMAIN, 10), &security), Err(0x6300));
}

#[test]
fn a_sector_gets_its_own_pseudonym_and_only_its_own() {
    let authority = CardVerifyingAuthority::of(TerminalKind::Authentication);
    let sector = |seed| {
        let public = Public::generator(DOMAIN).times(&private(DOMAIN, seed));
        [
            object(0x06, &[0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x05, 0x02, 0x03]),
            object(0x86, &public.encode()),
        ]
        .concat()
    };
    let mut card = Reader::with(&CardSpec::new(Personality::Eac2));
    let mut pseudonyms = Vec::new();
    for seed in [20, 20, 21] {
        let sectors = [object(0x7F49, &sector(seed))];
        let rights = [0, 0, 0, 0, 0x04];
        let order = TerminalOrder { sectors: &sectors, ..TerminalOrder::with(&rights) };
        let terminal = authority.terminal(&order);
        card.card.reset();
        card.session = None;
        card.authorization =
            Some([object(0x06, &TerminalKind::Authentication.oid()), object(0x53, &rights)].concat());
        let identifier = card.pace(&USUAL, PasswordKind::Pin, b"123456").unwrap().chip_key;
        let mut run = Run { reader: card, identifier };
        present(&mut run.reader, ROOT, &terminal).unwrap();
        let own = private(DOMAIN, 9);
        assert_eq!(run.authenticate(&terminal, &Public::generator(DOMAIN).times(&own)), 0x9000);
        let choose =
            [object(0x80, &[0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x05, 0x02, 0x03]), object(0x84, &[1])]
                .concat();
        assert_eq!(send(&mut run.reader, "002241A4", &choose).1, 0x6982);
        let security = run.reader.read(0x1D).unwrap();
        run.authenticate_chip(&own, &security).unwrap();
        assert_eq!(send(&mut run.reader, "002241A4", &choose).1, 0x9000);
        let foreign = object(0x7C, &object(0xA0, &sector(99)));
        assert_eq!(send(&mut run.reader, "00860000", &foreign).1, 0x6982);
        assert_eq!(send(&mut run.reader, "002241A4", &choose).1, 0x9000);
        let (answer, status) = send(&mut run.reader, "00860000", &object(0x7C, &object(0xA0, &sector(seed))));
        assert_eq!(status, 0x9000);
        let pseudonym = first_object(first_object(&answer).1).1.to_vec();
        assert_eq!(pseudonym.len(), Digest::Sha256.length());
        pseudonyms.push(pseudonym);
        card = run.reader;
    }
    assert_eq!(pseudonyms[0], pseudonyms[1]);
    assert_ne!(pseudonyms[0], pseudonyms[2]);
}

#[test]
fn an_authorised_terminal_puts_the_pin_out_of_use_and_in_use_again() {
    let authority = CardVerifyingAuthority::of(TerminalKind::Authentication);
    let rights = [0, 0, 0, 0, 0x20];
    let terminal = authority.terminal(&TerminalOrder::with(&rights));
    let spec = CardSpec::new(Personality::Eac2);
    let mut run = opened(&spec, TerminalKind::Authentication, &rights, PasswordKind::Can);
    run.reader.expect("00041003", 0x6982);
    present(&mut run.reader, ROOT, &terminal).unwrap();
    let own = private(DOMAIN, 9);
    assert_eq!(run.authenticate(&terminal, &Public::generator(DOMAIN).times(&own)), 0x9000);
    let security = run.reader.read(0x1D).unwrap();
    run.authenticate_chip(&own, &security).unwrap();
    run.reader.expect("00041003", 0x9000);
    run.reader.authorization = None;
    assert_eq!(run.reader.choose(&USUAL, PasswordKind::Pin), 0x6283);
}

#[test]
fn the_first_version_has_the_chip_prove_itself_first() {
    let keys = vec![ChipAuthenticationOrder { cipher: Cipher::Aes128, domain: DOMAIN }];
    let order = DocumentOrder {
        terminals: Some(TerminalKind::Inspection),
        chip_authentication: Some(keys),
        pace: Some(vec![USUAL]),
        ..DocumentOrder::default()
    };
    let spec = CardSpec::cnie_2(Hypothesis::IcaoOnly, 0).with_document(order);
    let terminal =
        CardVerifyingAuthority::of(TerminalKind::Inspection).terminal(&TerminalOrder::with(&[0x03]));
    let mut run = opened(&spec, TerminalKind::Inspection, &[0x23], PasswordKind::Can);
    run.reader.expect(SELECT_APPLICATION, 0x9000);
    let dg14 = run.reader.read(14).unwrap();
    let wanted = [0x06, 0x09, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x01, 0x02];
    let at = dg14.windows(wanted.len()).position(|window| window == wanted).unwrap() + wanted.len();
    let bits = first_object(&first_object(&dg14[at..]).1[14..]).1;
    let own = private(DOMAIN, 9);
    let public = Public::generator(DOMAIN).times(&own);
    run.reader.expect("002241A4 0C 800A04007F00070202030202", 0x9000);
    let (_, status) = send(&mut run.reader, "00860000", &object(0x7C, &object(0x80, &public.encode())));
    assert_eq!(status, 0x9000);
    let secret = x(&Public::decode(DOMAIN, &bits[1..]).times(&own));
    run.reader.session = Some(Session::of_secret(Cipher::Aes128, &secret));
    present(&mut run.reader, ROOT, &terminal).unwrap();
    assert_eq!(send(&mut run.reader, "002281A4", &object(0x83, terminal.name())).1, 0x9000);
    let challenge = run.reader.data("00840000 08");
    let signature = terminal.sign(&[&run.identifier[..], &challenge, &x(&public)].concat());
    assert_eq!(run.reader.read(3), Err(0x6982));
    assert_eq!(send(&mut run.reader, "00820000", &signature).1, 0x9000);
    assert_eq!(run.reader.read(3).unwrap()[0], 0x63);
}
