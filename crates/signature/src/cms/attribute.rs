//! Attributes (RFC 5652 section 5.3).

use bitaqa_trust::ObjectIdentifier;

use super::{CmsError, Element, element::tag, value, writer};

/// Most attributes of one set.
pub const MAX_ATTRIBUTES: usize = 256;

/// Most values of one attribute.
pub const MAX_VALUES: usize = 256;

/// One attribute.
#[derive(Debug, Clone)]
pub struct Attribute<'a> {
    /// Its type.
    pub oid: ObjectIdentifier,
    /// The type as it is encoded.
    pub encoded_type: Element<'a>,
    /// Its values.
    pub values: Vec<Element<'a>>,
    /// All of it.
    pub element: Element<'a>,
}

impl<'a> Attribute<'a> {
    fn parse(element: Element<'a>) -> Result<Self, CmsError> {
        let mut reader = element.expect(tag::SEQUENCE, "an attribute is no sequence")?.reader()?;
        let encoded_type = reader.element()?;
        let values = reader.expect(tag::SET, "an attribute's values are no set")?;
        reader.finish()?;
        Ok(Self {
            oid: value::object_identifier(&encoded_type)?,
            encoded_type,
            values: values.children(MAX_VALUES, "values of an attribute")?,
            element,
        })
    }

    /// Its only value.
    ///
    /// # Errors
    /// [`CmsError::Value`]: none or several.
    pub fn only_value(&self) -> Result<Element<'a>, CmsError> {
        match self.values[..] {
            [value] => Ok(value),
            _ => Err(CmsError::Value("an attribute has none or several values")),
        }
    }
}

/// A set of attributes.
#[derive(Debug, Clone, Default)]
pub struct Attributes<'a>(pub Vec<Attribute<'a>>);

impl<'a> Attributes<'a> {
    /// Reads a set, whatever its tag is.
    ///
    /// # Errors
    /// [`CmsError`].
    pub fn parse(set: &Element<'a>) -> Result<Self, CmsError> {
        let children = set.children(MAX_ATTRIBUTES, "attributes")?;
        children.into_iter().map(Attribute::parse).collect::<Result<_, _>>().map(Self)
    }

    /// The first attribute of a type.
    #[must_use]
    pub fn find(&self, oid: ObjectIdentifier) -> Option<&Attribute<'a>> {
        self.0.iter().find(|attribute| attribute.oid == oid)
    }

    /// The only value of the only attribute of a type; none if there is no such attribute.
    ///
    /// # Errors
    /// [`CmsError::Value`]: it occurs several times, or has none or several values.
    pub fn only_value(&self, oid: ObjectIdentifier) -> Result<Option<Element<'a>>, CmsError> {
        let mut found = self.0.iter().filter(|attribute| attribute.oid == oid);
        let first = found.next();
        if found.next().is_some() {
            return Err(CmsError::Value("an attribute occurs several times"));
        }
        first.map(Attribute::only_value).transpose()
    }

    /// Types that occur more than once.
    pub fn repeated(&self) -> impl Iterator<Item = ObjectIdentifier> {
        self.0.iter().enumerate().filter_map(|(index, attribute)| {
            self.0.iter().take(index).any(|other| other.oid == attribute.oid).then_some(attribute.oid)
        })
    }
}

/// An attribute with these values, in DER.
#[must_use]
pub fn encode(oid: ObjectIdentifier, values: Vec<Vec<u8>>) -> Vec<u8> {
    writer::sequence([writer::object_identifier(oid), writer::set_of(values)])
}
