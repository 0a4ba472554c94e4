//! bitaqa-wasm
