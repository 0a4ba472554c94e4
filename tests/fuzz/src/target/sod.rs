//! EF.SOD and signed data, in any encoding.

use bitaqa_card::{lds::Sod, signed_data::SignedData};

use super::{choice, written};

pub(crate) fn run(input: &[u8]) {
    let (whole, content) = choice(input);
    if whole & 1 == 0 {
        if let Ok(sod) = Sod::parse(content) {
            written(&sod);
            for group in sod.groups() {
                let _ = sod.group_digest_matches(group, content);
            }
        }
    } else if let Ok(data) = SignedData::parse("SignedData", content) {
        written(&data);
    }
}
