//! The fonts that the window brings along, so that it looks the same everywhere and starts where there is none.

use std::sync::Arc;

use slint::fontique_011::{fontique, shared_collection};

/// The font of running text.
pub(super) const REGULAR: &[u8] = include_bytes!("../../fonts/BitaqaSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../fonts/BitaqaSans-Bold.ttf");
const MONO: &[u8] = include_bytes!("../../fonts/BitaqaMono-Regular.ttf");

/// Registers them. The system's fonts stay behind them, for names in scripts that ours do not have.
pub(super) fn register() {
    let mut collection = shared_collection();
    let mut families = Vec::new();
    for font in [REGULAR, BOLD] {
        let registered = collection.register_fonts(fontique::Blob::new(Arc::new(font)), None);
        families.extend(registered.into_iter().map(|(family, _)| family));
    }
    families.dedup();
    collection.register_fonts(fontique::Blob::new(Arc::new(MONO)), None);
    for generic in [
        fontique::GenericFamily::SansSerif,
        fontique::GenericFamily::SystemUi,
        fontique::GenericFamily::UiSansSerif,
    ] {
        let system: Vec<_> = collection.generic_families(generic).collect();
        collection.set_generic_families(generic, families.iter().copied().chain(system));
    }
}
