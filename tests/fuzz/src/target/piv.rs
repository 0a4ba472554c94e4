//! PIV: data objects, and a whole discovery over any answers; the first byte says which.

use bitaqa_card::{
    channel::Channel,
    file::Selection,
    piv::{self, Slot, certificate, discovery_object, general_authenticate},
};

use super::{choice, lengths, written};
use crate::answers::Answers;

pub(crate) fn run(input: &[u8]) {
    let (kind, content) = choice(input);
    match kind % 5 {
        0 => written(&discovery_object::parse(content)),
        1 => {
            if let Ok(certificate) = certificate::parse(content) {
                assert!(certificate.len() <= 64 * 1024, "what is packed is bounded");
            }
        }
        2 => written(&general_authenticate::response(content)),
        long => {
            let (link, limits) = lengths(long);
            let mut card = Answers::new(content, limits);
            let mut channel = Channel::new(&mut card, link);
            if let Ok(layout) = piv::discover(&mut channel, &mut Selection::default(), "piv", link) {
                written(&layout);
                for slot in [Slot::Authentication, Slot::Signature] {
                    let _ = piv::read_certificate(&mut channel, slot);
                }
            }
        }
    }
}
