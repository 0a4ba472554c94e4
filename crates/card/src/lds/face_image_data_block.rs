//! Face image data blocks of ISO/IEC 39794-5, in the DER that ICAO's application profile demands. Of its fields only the
//! image and its size are looked for; what the standard may add later is passed over.

use super::{Image, facial_record::declared};
use crate::tlv::{Tag, Tlv, TlvReader};

/// `FaceImageDataBlock`, `[APPLICATION 5]`.
const FACE_IMAGE_DATA_BLOCK: Tag = Tag(0x65);
const SEQUENCE: Tag = Tag(0x30);
/// `[0]` and `[1]`, constructed and primitive; `[7]`.
const CONTEXT_0: Tag = Tag(0xA0);
const CONTEXT_1: Tag = Tag(0xA1);
const CONTEXT_7: Tag = Tag(0xA7);
const PRIMITIVE_0: Tag = Tag(0x80);
const PRIMITIVE_1: Tag = Tag(0x81);
/// Most representations; the profile has one.
const MAX_REPRESENTATIONS: usize = 16;

/// Why a block is refused: the field's name in the standard.
type Fault = &'static str;

/// The images of a block.
pub(super) fn images(mut data: TlvReader<'_>) -> Result<Vec<Image>, Fault> {
    let block = data.expect(FACE_IMAGE_DATA_BLOCK).map_err(|_| "faceImageDataBlock")?;
    data.end().map_err(|_| "faceImageDataBlock")?;
    let mut representations = child(&block, CONTEXT_1, "representationBlocks")?.children();
    let mut images = Vec::new();
    while !representations.rest().is_empty() {
        if images.len() == MAX_REPRESENTATIONS {
            return Err("representationBlocks");
        }
        let block = representations.expect(SEQUENCE).map_err(|_| "representationBlock")?;
        images.push(image(&block)?);
    }
    if images.is_empty() { Err("representationBlocks") } else { Ok(images) }
}

/// `RepresentationBlock`. Three choices on the way to the image, each of which could be an extension that is not known here.
fn image(representation: &Tlv<'_>) -> Result<Image, Fault> {
    let choice = child(representation, CONTEXT_1, "imageRepresentation")?;
    let base = child(&choice, CONTEXT_0, "imageRepresentation base")?;
    let two_dimensional = child(&base, CONTEXT_0, "imageRepresentation2DBlock")?;
    let data = child(&two_dimensional, PRIMITIVE_0, "representationData2D")?;
    let information = child(&two_dimensional, CONTEXT_1, "imageInformation2DBlock")?;
    let mut image = Image::recognise(data.value).ok_or("image in JPEG or JPEG 2000")?;
    if image.dimensions.is_none()
        && let Some(size) = find(&information, CONTEXT_7, "imageSizeBlock")?
    {
        let side = |tag| unsigned(child(&size, tag, "imageSizeBlock")?.value).ok_or("imageSizeBlock");
        image.dimensions = declared(side(PRIMITIVE_0)?, side(PRIMITIVE_1)?);
    }
    Ok(image)
}

fn find<'a>(parent: &Tlv<'a>, tag: Tag, field: Fault) -> Result<Option<Tlv<'a>>, Fault> {
    parent.children().find(tag).map_err(|_| field)
}

fn child<'a>(parent: &Tlv<'a>, tag: Tag, field: Fault) -> Result<Tlv<'a>, Fault> {
    find(parent, tag, field)?.ok_or(field)
}

/// `INTEGER (0..65535)`.
fn unsigned(value: &[u8]) -> Option<usize> {
    match value {
        [one @ 0..=0x7F] => Some(usize::from(*one)),
        [high @ 0..=0x7F, low] | [0, high, low] => Some(usize::from(u16::from_be_bytes([*high, *low]))),
        _ => None,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        lds::{Dimensions, image::tests::JP2},
        test_hex::hex,
        tlv::encode,
    };

    fn context(number: u32, parts: &[Vec<u8>]) -> Vec<u8> {
        encode(Tag(0xA0 + number), &parts.concat())
    }

    /// A block of one representation with the fields that the profile demands, built from the standard's schema.
    pub(crate) fn block(image: &[u8], size: Option<(&[u8], &[u8])>) -> Vec<u8> {
        let number = |tag, value| encode(Tag(tag), &[value]);
        let version = context(0, &[number(0x80, 3), encode(Tag(0x81), &[0x07, 0xE3])]);
        let size =
            size.map(|(width, height)| context(7, &[encode(Tag(0x80), width), encode(Tag(0x81), height)]));
        let information = context(1, &[context(0, &[number(0x80, 3)]), size.unwrap_or_default()]);
        let two_dimensional = context(0, &[encode(Tag(0x80), image), information]);
        let representation = [
            number(0x80, 1),
            context(1, &[context(0, &[two_dimensional])]),
            context(2, &[encode(Tag(0x80), &[0x07, 0xE8])]),
        ];
        let representations = context(1, &[encode(SEQUENCE, &representation.concat())]);
        encode(FACE_IMAGE_DATA_BLOCK, &[version, representations].concat())
    }

    #[test]
    fn the_image_is_found_behind_its_choices() {
        let block = block(&hex(JP2), None);
        let images = images(TlvReader::new(&block)).unwrap();
        assert_eq!(images.len(), 1);
        assert_eq!(*images[0].data, hex(JP2));
        assert_eq!(images[0].dimensions, Some(Dimensions { width: 300, height: 400 }));
    }

    #[test]
    fn the_declared_size_serves_where_the_image_says_none() {
        let bare = hex("FFD8FFD9");
        let size = |width: &[u8], height: &[u8]| {
            images(TlvReader::new(&block(&bare, Some((width, height))))).map(|images| images[0].dimensions)
        };
        assert_eq!(size(&[0x64], &[0x00, 0xC8]), Ok(Some(Dimensions { width: 100, height: 200 })));
        assert_eq!(
            size(&[0x01, 0x2C], &[0x00, 0x90, 0x00]),
            Ok(Some(Dimensions { width: 300, height: 36_864 }))
        );
        assert_eq!(size(&[0x80], &[0x64]), Err("imageSizeBlock"));
        assert_eq!(images(TlvReader::new(&block(&bare, None))).unwrap()[0].dimensions, None);
    }

    #[test]
    fn what_is_missing_is_named() {
        let fault = |bytes: &[u8]| images(TlvReader::new(bytes)).unwrap_err();
        assert_eq!(fault(&[]), "faceImageDataBlock");
        assert_eq!(fault(&hex("6500")), "representationBlocks");
        assert_eq!(fault(&hex("6502A100")), "representationBlocks");
        assert_eq!(fault(&hex("6504A1023000")), "imageRepresentation");
        assert_eq!(fault(&hex("6508A1063004A102A100")), "imageRepresentation base");
        assert_eq!(fault(&block(b"GIF89a", None)), "image in JPEG or JPEG 2000");
        let whole = block(&hex(JP2), None);
        for end in 0..whole.len() {
            assert!(images(TlvReader::new(&whole[..end])).is_err(), "{end}");
        }
    }

    proptest! {
        #[test]
        fn any_spoiled_block_ends_in_images_or_a_fault(at in any::<prop::sample::Index>(), with in any::<u8>(), bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let mut block = block(&hex(JP2), Some((&[1], &[1])));
            let at = at.index(block.len());
            block[at] = with;
            let _ = images(TlvReader::new(&block));
            let _ = images(TlvReader::new(&encode(FACE_IMAGE_DATA_BLOCK, &bytes)));
        }
    }
}
