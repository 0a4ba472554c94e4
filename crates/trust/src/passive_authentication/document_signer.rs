//! What a document signer's certificate allows (9303-12, section 7.1.1).

use bitaqa_card::{
    lds::{DataGroup, Dg12},
    tlv::{Tag, TlvReader},
};

use super::{
    fault::{Fault, NotChecked},
    report::{GroupCheck, GroupState},
};
use crate::{DateTime, icao_pki::IcaoCertificate};

/// A day, as year, month and day of month.
type Day = (u16, u8, u8);

/// Whether its key is for signing documents.
pub(super) fn purpose(signer: &IcaoCertificate) -> Result<(), Fault> {
    if !signer.may_sign_documents() {
        return Err(Fault::SignerPurpose);
    }
    if signer.has_unknown_critical_extension() {
        return Err(Fault::CriticalExtension);
    }
    Ok(())
}

/// When the document was issued: as DG12 says, or else when its signature was made, as the signer says. Both are signed.
pub(super) fn issue_date(groups: &[GroupCheck<'_>], signing_time: Option<DateTime>) -> Option<Day> {
    let of_group = || {
        let issued = Dg12::parse(unchanged(groups, DataGroup::DG12)?).ok()?.issued?;
        Some((issued.year?, issued.month?, issued.day?))
    };
    of_group().or_else(|| signing_time.map(day))
}

/// Whether the key was to be used when the document was issued. Whole days: DG12 knows no hours.
pub(super) fn key_usage_period(
    signer: &IcaoCertificate,
    issued: Option<Day>,
) -> Result<Option<NotChecked>, Fault> {
    let Some(period) = signer.key_usage_period() else { return Ok(Some(NotChecked::NotStated)) };
    let Some(issued) = issued else { return Ok(Some(NotChecked::IssueDateUnknown)) };
    let is_early = period.not_before.is_some_and(|from| issued < day(from));
    let is_late = period.not_after.is_some_and(|until| day(until) < issued);
    if is_early || is_late { Err(Fault::IssuedOutsideKeyUsage) } else { Ok(None) }
}

/// Whether the signer may sign documents of this type. A list with one letter means every type that begins with it.
pub(super) fn document_type(
    signer: &IcaoCertificate,
    groups: &[GroupCheck<'_>],
) -> Result<Option<NotChecked>, Fault> {
    let Some(types) = signer.document_types() else { return Ok(Some(NotChecked::NotStated)) };
    let Some(code) = unchanged(groups, DataGroup::DG1).and_then(document_code) else {
        return Ok(Some(NotChecked::DocumentTypeUnknown));
    };
    let is_listed = types.iter().any(|listed| {
        let listed = listed.trim_end_matches('<');
        if listed.len() == 1 { code.starts_with(listed) } else { code == listed }
    });
    if is_listed { Ok(None) } else { Err(Fault::DocumentType { code }) }
}

/// Document code of the machine readable zone in DG1, without fillers. Read apart from the rest of the zone, whose mistakes do
/// not matter here.
fn document_code(dg1: &[u8]) -> Option<String> {
    let zone = TlvReader::new(dg1).expect(DataGroup::DG1.tag()).ok()?;
    let zone = zone.children().expect(Tag(0x5F1F)).ok()?.value;
    let code = std::str::from_utf8(zone.get(..2)?).ok()?.trim_end_matches('<');
    (!code.is_empty()).then(|| code.to_owned())
}

/// Content of a group that is what was signed.
fn unchanged<'a>(groups: &[GroupCheck<'a>], group: DataGroup) -> Option<&'a [u8]> {
    let check = groups.iter().find(|check| check.group == group)?;
    check.content.filter(|_| check.state == GroupState::Unchanged)
}

fn day(time: DateTime) -> Day {
    (time.year(), time.month(), time.day())
}
