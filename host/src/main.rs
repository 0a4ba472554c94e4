//! bitaqa-host
fn main() {}
