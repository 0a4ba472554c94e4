//! Revocation lists and answers of responders, made with the keys of the tests of `crates/trust`.

use bitaqa_fuzz::{AUTHORITY, HOLDER, join};

use crate::{
    Seed,
    test_pki::{
        Issued, Key, Kind, Template,
        der::{octet_string, tlv},
        extension::{self, extension, full_name},
        revocation::{
            AnswerTemplate, DELTA, GOOD, ListTemplate, UNKNOWN, entry, entry_issuer, number, reason,
            revoked_status, scope, statement,
        },
    },
};

pub(crate) fn seeds() -> Vec<Seed> {
    let authority = Template::authority("Example Issuing").self_signed(Key::new(Kind::P256, 2));
    let holder = Template::person()
        .with(extension::lists_at("http://lists.example/1.crl"))
        .with(extension::responder_at("http://ocsp.example/"))
        .issued_by(&authority, Key::new(Kind::P256, 3));
    assert!(authority.der == AUTHORITY && holder.der == HOLDER, "the certificates in src are others");
    [lists(&authority), answers(&authority, &holder)].concat()
}

fn lists(authority: &Issued) -> Vec<Seed> {
    let seed = |name: &str, lists: &[Vec<u8>]| ("crl", name.to_owned(), join(lists));
    let revoked = [entry(&[0x16], &[]), entry(&[0x17], &[reason(6)])];
    let complete = ListTemplate { entries: revoked.to_vec(), ..ListTemplate::new() };
    let delta = ListTemplate {
        entries: vec![entry(&[0x17], &[reason(8)])],
        extensions: vec![number("2.5.29.20", 8)],
        ..ListTemplate::new()
    }
    .with(number(DELTA, 7));
    let scoped = ListTemplate::new()
        .with(scope(&[&tlv(0xa0, &full_name("http://lists.example/1.crl")), &tlv(0x81, &[0xff])]));
    let indirect = ListTemplate::new()
        .with(scope(&[&tlv(0x84, &[0xff])]))
        .listing(entry(&[9], &[entry_issuer(&authority.name)]));
    let partial = ListTemplate::new().with(scope(&[&tlv(0x83, &[6, 0x40])]));
    vec![
        seed("empty", &[ListTemplate::new().issued_by(authority)]),
        seed("complete", &[complete.issued_by(authority)]),
        seed("delta", &[complete.issued_by(authority), delta.issued_by(authority)]),
        seed("scoped", &[scoped.issued_by(authority)]),
        seed("indirect", &[indirect.issued_by(authority)]),
        seed("partial", &[partial.issued_by(authority)]),
    ]
}

fn answers(authority: &Issued, holder: &Issued) -> Vec<Seed> {
    let seed = |name: &str, answers: &[Vec<u8>]| ("ocsp", name.to_owned(), join(answers));
    let about = |status: &[u8]| {
        let updates = ("20260601100000Z", Some("20260602100000Z"));
        AnswerTemplate::new(statement(holder, &[0x17], authority, status, updates))
    };
    let responder = Template::named(&[("2.5.4.3", "Example Responder")])
        .with(extension::extended_key_usage(&[extension::OCSP_SIGNING]))
        .with(extension::no_check())
        .issued_by(authority, Key::new(Kind::P256, 9));
    let appointed = AnswerTemplate {
        certificates: vec![responder.der.clone()],
        extensions: vec![extension("1.3.6.1.5.5.7.48.1.2", false, &octet_string(&[7; 32]))],
        ..about(GOOD)
    };
    vec![
        seed("good", &[about(GOOD).signed_by(authority)]),
        seed("unknown", &[about(UNKNOWN).signed_by(authority)]),
        seed("revoked", &[about(&revoked_status(1)).signed_by(authority), about(GOOD).signed_by(authority)]),
        seed("appointed", &[appointed.signed_by(&responder)]),
        seed("refused", &[vec![0x30, 3, 0x0a, 1, 6]]),
    ]
}
