//! bitaqa-virtual-reader
