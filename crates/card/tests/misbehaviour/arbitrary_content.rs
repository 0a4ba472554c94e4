//! Files and profiles of any bytes: a value or an error, never a panic.

use bitaqa_card::{
    Profile, biometric,
    pkcs15::{authentication_object, certificate, ef_dir, object_directory, private_key, token_info},
};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn directory_files_of_any_bytes_end_in_a_value_or_an_error(content in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = ef_dir::parse(&content);
        let _ = object_directory::parse(&content);
        let _ = private_key::parse(&content);
        let _ = certificate::parse(&content);
        let _ = authentication_object::parse(&content);
        let _ = token_info::parse(&content);
        let _ = biometric::parse(&content);
    }

    #[test]
    fn profiles_of_any_text_end_in_a_value_or_an_error(text in "\\PC{0,300}") {
        let _ = Profile::parse("any", &text);
    }
}
