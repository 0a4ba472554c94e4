//! Routes by what the sources say, for the router does not.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use bitaqa_platform::factor::{FACTORS, Part};

/// Ways to add routes that nothing here reads.
const OTHERS: [&str; 5] = [".route_service(", ".nest(", ".nest_service(", ".fallback(", ".fallback_service("];

/// The last part of a path, of a factor's part of the page.
type Last = fn(Part) -> &'static str;

/// The routes whose path is made: two steps for each factor.
const OF_FACTORS: [(&str, Last); 2] = [
    ("&format!(\"/interaction/{{id}}/{}\", factor.part().begin)", |part| part.begin),
    ("&format!(\"/interaction/{{id}}/{}\", factor.part().step)", |part| part.step),
];
/// What answers at an address of its own, for those who run the platform.
const APART: &str = "scrape.rs";

/// The path of every `.route("…"` of the platform, and of its factors.
pub(crate) fn of_the_sources() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let text = fs::read_to_string(&file).unwrap();
        for other in OTHERS {
            assert!(!text.contains(other), "{}: {other}", file.display());
        }
        if file.ends_with(APART) {
            continue;
        }
        for after in text.split(".route(").skip(1) {
            let of_factors = OF_FACTORS.iter().find(|(text, _)| after.trim_start().starts_with(text));
            if let Some((_, last)) = of_factors {
                found.extend(FACTORS.map(|factor| format!("/interaction/{{id}}/{}", last(factor.part()))));
                continue;
            }
            let literal = after.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"'));
            let (path, _) = literal.unwrap_or_else(|| panic!("{}: a route without a text", file.display()));
            assert!(found.insert(path.to_owned()), "{path}: twice");
        }
    }
    found
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect()
}
