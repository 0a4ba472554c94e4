//! bitaqa
fn main() {}
