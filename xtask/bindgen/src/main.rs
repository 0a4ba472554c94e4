//! bitaqa-bindgen
fn main() {}
