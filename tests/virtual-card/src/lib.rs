//! bitaqa-virtual-card
