//! Small pictures of every kind, made by ImageMagick (with libjpeg-turbo and OpenJPEG).

use std::process::Command;

use super::Seed;

/// Name, format and options.
const KINDS: [(&str, &str, &[&str]); 7] = [
    ("baseline", "jpg", &["-quality", "60"]),
    ("progressive", "jpg", &["-interlace", "Plane", "-quality", "50"]),
    ("grey", "jpg", &["-colorspace", "Gray", "-quality", "60"]),
    ("halved", "jpg", &["-sampling-factor", "4:2:0", "-quality", "40"]),
    ("boxes", "jp2", &["-quality", "40"]),
    ("codestream", "j2k", &["-quality", "40"]),
    ("grey2000", "jp2", &["-colorspace", "Gray", "-quality", "40"]),
];

pub(crate) fn seeds() -> Vec<Seed> {
    let mut seeds: Vec<Seed> =
        KINDS.iter().map(|(name, format, options)| seed(0, name, format, options)).collect();
    seeds.push(seed(1, "smaller-jpeg", "jpg", &["-quality", "60"]));
    seeds.push(seed(1, "smaller-2000", "j2k", &["-quality", "40"]));
    seeds
}

/// The first byte chooses the bounds.
fn seed(bounds: u8, name: &str, format: &str, options: &[&str]) -> Seed {
    const DRAWING: [&str; 8] =
        ["-fill", "navy", "-draw", "circle 12,14 12,6", "-fill", "orange", "-draw", "rectangle 2,2 8,9"];
    let output = Command::new("convert")
        .args(["-size", "24x32", "gradient:red-white"])
        .args(DRAWING)
        .args(["-depth", "8", "-strip"])
        .args(options)
        .arg(format!("{format}:-"))
        .output()
        .expect("convert of the package imagemagick");
    assert!(output.status.success(), "{name}");
    ("picture", name.to_owned(), [&[bounds][..], &output.stdout].concat())
}
