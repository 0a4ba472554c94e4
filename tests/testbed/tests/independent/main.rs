//! What programs that are not ours say of the cards and of the reader driver, through the real pcscd.
#![cfg(test)]

mod bahrain_2016;
mod esteid;
mod iasecc;
mod judge;
mod lateid;
mod pin_pad;
mod piv;
mod pkcs15;
mod pki;
mod thales;
