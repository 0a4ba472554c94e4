//! bitaqa-testbed
