//! bitaqa-example-portal
fn main() {}
