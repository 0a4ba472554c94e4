//! bitaqa-card
