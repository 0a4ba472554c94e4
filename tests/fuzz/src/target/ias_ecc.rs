//! IAS ECC: security data objects, EF.ATR, access rules, and a whole discovery over any answers; the first byte says which.

use bitaqa_card::{
    access_rule::{AccessRule, Interface},
    channel::Channel,
    file::Selection,
    ias_ecc::{
        self, ef_atr,
        security_data_object::{Class, Name, SecurityDataObject},
    },
    tlv::TlvReader,
};

use super::{choice, lengths, written};
use crate::answers::Answers;

pub(crate) fn run(input: &[u8]) {
    let (kind, content) = choice(input);
    match kind % 6 {
        0 => written(&SecurityDataObject::parse(content, Name { class: Class::Pin, reference: kind >> 3 })),
        1 => {
            let name = Name { class: Class::RsaPrivateKey, reference: kind >> 3 };
            written(&SecurityDataObject::parse(content, name));
        }
        2 => written(&ef_atr::parse(content)),
        3 => written(&AccessRule::parse(TlvReader::new(content))),
        long => {
            let (link, limits) = lengths(long);
            let mut card = Answers::new(content, limits);
            let mut channel = Channel::new(&mut card, link);
            let names = [vec![0xE8, 0x28, 0xBD, 0x08, 0x0F], vec![0xA0, 0x00, 0x00, 0x00, 0x77]];
            let mut selection = Selection::default();
            let (profile, interface) = ("ias-ecc", Interface::Contact);
            let mut others = Vec::new();
            written(&ias_ecc::discover(
                &mut channel,
                &mut selection,
                profile,
                link,
                interface,
                &names,
                &mut others,
            ));
        }
    }
}
