//! bitaqa-trust
