//! XML documents and their canonical form.
