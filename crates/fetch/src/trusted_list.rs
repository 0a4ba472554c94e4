//! What a trusted list says about where lists are, and when it will be replaced (TS 119 612 section 5.3).
//!
//! Only that much of it is read, and nothing is verified.

use bitaqa_trust::DateTime;
use quick_xml::{
    NsReader,
    events::{BytesRef, Event},
    name::{Namespace, ResolveResult},
};

/// The namespace of trusted lists.
const NAMESPACE: &[u8] = b"http://uri.etsi.org/02231/v2#";
/// Deepest nesting of elements.
const MAX_DEPTH: usize = 32;
/// Most namespaces that an element declares: a name is looked up among those of all elements that are open.
const MAX_NAMESPACES: usize = 32;
/// Most addresses of a list.
pub const MAX_ADDRESSES: usize = 256;
/// Longest text of an address or time, in bytes.
const MAX_TEXT: usize = 2048;

/// Where the lists are to which this one points.
const POINTER: &[&str] =
    &["TrustServiceStatusList", "SchemeInformation", "PointersToOtherTSL", "OtherTSLPointer", "TSLLocation"];
/// Where this list is published.
const DISTRIBUTION: &[&str] = &["TrustServiceStatusList", "SchemeInformation", "DistributionPoints", "URI"];
/// When it will be replaced.
const NEXT_UPDATE: &[&str] = &["TrustServiceStatusList", "SchemeInformation", "NextUpdate", "dateTime"];

/// What a list says about lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPointers {
    /// Where lists are: those that it points to, and itself.
    pub addresses: Vec<String>,
    /// When it will be replaced, at the latest; none for a list that is closed.
    pub next_update: Option<DateTime>,
}

impl ListPointers {
    /// Reads it out of a list.
    ///
    /// # Errors
    /// [`NoTrustedList`]: not XML, with a document type, too deep, of another kind, or with more than [`MAX_ADDRESSES`]
    /// addresses.
    pub fn read(xml: &[u8]) -> Result<Self, NoTrustedList> {
        let mut reader = NsReader::from_reader(xml);
        reader.config_mut().expand_empty_elements = true;
        reader.resolver_mut().set_max_declarations_per_element(MAX_NAMESPACES);
        let mut found = Self { addresses: Vec::new(), next_update: None };
        // names of the elements that are open, as far as they lead to what is wanted
        let mut open: Vec<Option<String>> = Vec::new();
        let mut text = String::new();
        let mut is_list = false;
        loop {
            match reader.read_event().map_err(|_| NoTrustedList)? {
                Event::Start(element) => {
                    let name = String::from_utf8_lossy(element.local_name().as_ref()).into_owned();
                    // a namespace is looked up only where the path to here is one that is wanted: few elements are open there
                    let of_lists = leads_on(&open, &name)
                        && reader.resolver().resolve_element(element.name()).0
                            == ResolveResult::Bound(Namespace(NAMESPACE));
                    if open.is_empty() {
                        if is_list || !of_lists {
                            return Err(NoTrustedList);
                        }
                        is_list = true;
                    }
                    open.push(of_lists.then_some(name));
                    text.clear();
                    if open.len() > MAX_DEPTH {
                        return Err(NoTrustedList);
                    }
                }
                Event::End(_) => {
                    found.take(&open, text.trim())?;
                    open.pop();
                    text.clear();
                }
                Event::Text(part) => text.push_str(&part.decode().map_err(|_| NoTrustedList)?),
                Event::CData(part) => text.push_str(&part.decode().map_err(|_| NoTrustedList)?),
                Event::GeneralRef(reference) => text.push(character(&reference)?),
                Event::DocType(_) => return Err(NoTrustedList),
                Event::Eof => break,
                Event::Decl(_) | Event::Comment(_) | Event::PI(_) | Event::Empty(_) => {}
            }
            if text.len() > MAX_TEXT {
                if is_any(&open) {
                    return Err(NoTrustedList);
                }
                text.clear();
            }
        }
        if is_list && open.is_empty() { Ok(found) } else { Err(NoTrustedList) }
    }

    fn take(&mut self, open: &[Option<String>], text: &str) -> Result<(), NoTrustedList> {
        if is(open, POINTER) || is(open, DISTRIBUTION) {
            if self.addresses.len() >= MAX_ADDRESSES {
                return Err(NoTrustedList);
            }
            if !self.addresses.iter().any(|known| known == text) {
                self.addresses.push(text.to_owned());
            }
        } else if is(open, NEXT_UPDATE) {
            self.next_update = Some(text.parse().map_err(|_| NoTrustedList)?);
        }
        Ok(())
    }
}

/// The paths that are wanted.
const PATHS: [&[&str]; 3] = [POINTER, DISTRIBUTION, NEXT_UPDATE];

fn is_any(open: &[Option<String>]) -> bool {
    PATHS.iter().any(|path| is(open, path))
}

/// Whether an element of this name leads on to one that is wanted.
fn leads_on(open: &[Option<String>], name: &str) -> bool {
    PATHS.iter().any(|path| {
        path.get(open.len()) == Some(&name)
            && path.get(..open.len()).is_some_and(|beginning| is(open, beginning))
    })
}

fn is(open: &[Option<String>], path: &[&str]) -> bool {
    open.len() == path.len() && open.iter().zip(path).all(|(name, wanted)| name.as_deref() == Some(*wanted))
}

/// The character that a reference stands for: one by number, or one of the five by name.
fn character(reference: &BytesRef<'_>) -> Result<char, NoTrustedList> {
    if let Some(character) = reference.resolve_char_ref().map_err(|_| NoTrustedList)? {
        return Ok(character);
    }
    Ok(match &**reference {
        b"amp" => '&',
        b"lt" => '<',
        b"gt" => '>',
        b"apos" => '\'',
        b"quot" => '"',
        _ => return Err(NoTrustedList),
    })
}

/// Not a trusted list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no trusted list, or not one that can be read")]
pub struct NoTrustedList;

#[cfg(test)]
mod tests {
    use super::*;

    fn list(inside: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?><t:TrustServiceStatusList xmlns:t=\"http://uri.etsi.org/02231/v2#\">\
             <t:SchemeInformation>{inside}</t:SchemeInformation></t:TrustServiceStatusList>"
        )
    }

    #[test]
    fn pointers_are_those_of_the_list_and_of_nothing_else() {
        let xml = list(
            "<t:SchemeInformationURI><t:URI>http://other.example/</t:URI></t:SchemeInformationURI>\
             <t:PointersToOtherTSL><t:OtherTSLPointer><t:TSLLocation> http://a.example/x?y=1&amp;z=&#50; </t:TSLLocation>\
             <x:TSLLocation xmlns:x=\"urn:x\">http://evil.example/</x:TSLLocation>\
             <t:Deeper><t:TSLLocation>http://evil.example/</t:TSLLocation></t:Deeper>\
             </t:OtherTSLPointer></t:PointersToOtherTSL>\
             <t:NextUpdate><t:dateTime>2026-11-30T10:00:00Z</t:dateTime></t:NextUpdate>\
             <t:DistributionPoints><t:URI>http://self.example/tl.xml</t:URI></t:DistributionPoints>\
             <t:SchemeExtensions><t:URI>http://evil.example/</t:URI></t:SchemeExtensions>",
        );
        let found = ListPointers::read(xml.as_bytes()).unwrap();
        assert_eq!(found.addresses, ["http://a.example/x?y=1&z=2", "http://self.example/tl.xml"]);
        assert_eq!(found.next_update, Some("2026-11-30T10:00:00Z".parse().unwrap()));
        // as some tools begin a file
        assert_eq!(ListPointers::read(format!("\u{feff}{xml}").as_bytes()), Ok(found));
    }

    #[test]
    fn what_is_no_list_is_refused() {
        let closed = list("<t:NextUpdate/>");
        assert_eq!(ListPointers::read(closed.as_bytes()).unwrap().next_update, None);
        for xml in [
            String::new(),
            "no xml".to_owned(),
            "<html/>".to_owned(),
            "<TrustServiceStatusList/>".to_owned(),
            "<TrustServiceStatusList xmlns=\"urn:other\"/>".to_owned(),
            closed.replace(
                "<?xml version=\"1.0\"?>",
                "<!DOCTYPE t:TrustServiceStatusList [<!ENTITY x \"y\">]>",
            ),
            list("&x;"),
            list("<t:NextUpdate><t:dateTime>soon</t:dateTime></t:NextUpdate>"),
            list(&format!("{}{}", "<t:a>".repeat(100), "</t:a>".repeat(100))),
            list("<t:a>"),
            list("</t:a>"),
            closed.trim_end_matches("</t:TrustServiceStatusList>").to_owned(),
            format!("{closed}{closed}"),
            list(&format!(
                "<t:PointersToOtherTSL>{}</t:PointersToOtherTSL>",
                (0..=MAX_ADDRESSES)
                    .map(|n| format!(
                        "<t:OtherTSLPointer><t:TSLLocation>http://a/{n}</t:TSLLocation></t:OtherTSLPointer>"
                    ))
                    .collect::<String>()
            )),
        ] {
            assert_eq!(ListPointers::read(xml.as_bytes()), Err(NoTrustedList), "{xml:.200}");
        }
    }
}
