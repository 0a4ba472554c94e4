//! Values of a card on the screen.

/// A value, cut where it would take the window for itself; the cut is seen.
pub(crate) fn shortened(value: String, most: usize) -> String {
    match value.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", value.get(..end).unwrap_or_default()),
        None => value,
    }
}
