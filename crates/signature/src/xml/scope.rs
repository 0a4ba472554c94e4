//! Which namespace a prefix means at a place.

/// Declarations in force, the innermost last.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope<'t> {
    bindings: Vec<(&'t str, &'t str)>,
}

impl<'t> Scope<'t> {
    /// Where an element begins; [`leave`](Self::leave) takes it where the element ends.
    pub(super) const fn enter(&self) -> usize {
        self.bindings.len()
    }

    pub(super) fn leave(&mut self, mark: usize) {
        self.bindings.truncate(mark);
    }

    pub(super) fn declare(&mut self, prefix: &'t str, namespace: &'t str) {
        self.bindings.push((prefix, namespace));
    }

    /// The namespace of a prefix; none where it is not declared, empty where the default namespace was taken back.
    pub(super) fn namespace(&self, prefix: &str) -> Option<&'t str> {
        self.bindings.iter().rev().find(|(declared, _)| *declared == prefix).map(|(_, namespace)| *namespace)
    }

    /// Each prefix in force with its namespace, once.
    pub(super) fn in_force(&self) -> Vec<(&'t str, &'t str)> {
        let mut prefixes: Vec<&'t str> = self.bindings.iter().map(|(prefix, _)| *prefix).collect();
        prefixes.sort_unstable();
        prefixes.dedup();
        prefixes.into_iter().filter_map(|prefix| Some((prefix, self.namespace(prefix)?))).collect()
    }
}
