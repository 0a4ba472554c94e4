//! The brainpool curves of RFC 5639 that no crate offers: P192r1, P224r1, P320r1 and P512r1.
//!
//! Built from the field and point arithmetic that the crates of the other curves are made of. Base field and scalars each
//! live in a module of their own, because the macros bring names with them.

/// One curve: its parameters as in RFC 5639 section 3. A modulus is written in the whole width of the unsigned integer that
/// holds it. `non_residue` is a small number that is no square in the field; square roots need one.
macro_rules! brainpool_curve {
    (
        $module:ident, $name:ident, $doc:literal,
        uint: $uint:ty, bytes: $bytes:ty,
        p: $p:literal, p_non_residue: $p_non_residue:literal,
        q: $q:literal, q_non_residue: $q_non_residue:literal,
        a: $a:literal, b: $b:literal, x: $x:literal, y: $y:literal
    ) => {
        pub(crate) mod $module {
            #[doc = $doc]
            #[derive(Copy, Clone, Debug, Default, Eq, PartialEq, PartialOrd, Ord)]
            pub struct $name;

            type Uint = $uint;

            const ORDER: elliptic_curve::bigint::Odd<Uint> =
                elliptic_curve::bigint::Odd::<Uint>::from_be_hex($q);

            /// The field of the coordinates.
            mod field {
                use super::Uint;
                use elliptic_curve::{
                    ff::PrimeField,
                    subtle::{Choice, ConstantTimeEq, CtOption},
                };

                primefield::monty_field_params! {
                    name: FieldParams,
                    modulus: $p,
                    uint: Uint,
                    byte_order: primefield::ByteOrder::BigEndian,
                    multiplicative_generator: $p_non_residue,
                    doc: "The field's modulus."
                }
                primefield::monty_field_element! {
                    name: FieldElement,
                    params: FieldParams,
                    uint: Uint,
                    doc: "An element of the field of coordinates."
                }
                primefield::monty_field_arithmetic! {
                    name: FieldElement,
                    params: FieldParams,
                    uint: Uint
                }
                impl elliptic_curve::ops::BatchInvert for FieldElement {}
            }

            /// The field of the scalars.
            mod scalar {
                use super::{ORDER, Uint, $name};
                use elliptic_curve::{
                    FieldBytes,
                    ff::PrimeField,
                    field::bytes_to_uint,
                    ops::Reduce,
                    scalar::{FromUintUnchecked, IsHigh},
                    subtle::{Choice, ConstantTimeEq, ConstantTimeGreater, CtOption},
                };

                primefield::monty_field_params! {
                    name: ScalarParams,
                    modulus: $q,
                    uint: Uint,
                    byte_order: primefield::ByteOrder::BigEndian,
                    multiplicative_generator: $q_non_residue,
                    doc: "The order of the group."
                }
                primefield::monty_field_element! {
                    name: Scalar,
                    params: ScalarParams,
                    uint: Uint,
                    doc: "An element of the field of scalars."
                }
                primefield::monty_field_arithmetic! {
                    name: Scalar,
                    params: ScalarParams,
                    uint: Uint
                }
                elliptic_curve::scalar_impls!($name, Scalar);
                primeorder::wnaf::impl_wnaf_size_for_scalar!(Scalar);

                impl Reduce<Uint> for Scalar {
                    fn reduce(uint: &Uint) -> Self {
                        Self(primefield::MontyFieldElement::reduce(uint))
                    }
                }

                impl Reduce<FieldBytes<$name>> for Scalar {
                    fn reduce(bytes: &FieldBytes<$name>) -> Self {
                        Self::reduce(&bytes_to_uint::<$name>(bytes))
                    }
                }

                impl AsRef<Scalar> for Scalar {
                    fn as_ref(&self) -> &Scalar {
                        self
                    }
                }

                impl FromUintUnchecked for Scalar {
                    type Uint = Uint;

                    fn from_uint_unchecked(uint: Self::Uint) -> Self {
                        Self::from_uint_unchecked(uint)
                    }
                }

                impl IsHigh for Scalar {
                    fn is_high(&self) -> Choice {
                        const HALF: Uint = ORDER.as_ref().shr_vartime(1);
                        self.to_canonical().ct_gt(&HALF)
                    }
                }
            }

            use field::FieldElement;

            impl elliptic_curve::Curve for $name {
                type FieldBytesSize = $bytes;
                type Uint = Uint;
                const ORDER: elliptic_curve::bigint::Odd<Uint> = ORDER;
            }

            impl elliptic_curve::PrimeCurve for $name {}

            impl elliptic_curve::point::PointCompression for $name {
                const COMPRESS_POINTS: bool = false;
            }

            impl elliptic_curve::CurveArithmetic for $name {
                type AffinePoint = primeorder::AffinePoint<$name>;
                type ProjectivePoint = primeorder::ProjectivePoint<$name>;
                type Scalar = scalar::Scalar;
            }

            impl elliptic_curve::hazmat::FieldArithmetic for $name {
                type FieldElement = FieldElement;
            }

            impl elliptic_curve::PrimeCurveArithmetic for $name {
                type CurveGroup = primeorder::ProjectivePoint<$name>;
            }

            impl primeorder::PrimeCurveParams for $name {
                type PointArithmetic = primeorder::point_arithmetic::EquationAIsGeneric;
                type Backend = primeorder::mul_backend::VariableOnly;

                const EQUATION_A: FieldElement = FieldElement::from_hex_vartime($a);
                const EQUATION_B: FieldElement = FieldElement::from_hex_vartime($b);
                const GENERATOR: (FieldElement, FieldElement) =
                    (FieldElement::from_hex_vartime($x), FieldElement::from_hex_vartime($y));
            }

            // as on the other curves: a card's signature is valid whichever of its two s it chose
            impl ::ecdsa::EcdsaCurve for $name {
                const NORMALIZE_S: bool = false;
            }
        }
    };
}

brainpool_curve! {
    p192r1, BrainpoolP192r1, "brainpoolP192r1 (RFC 5639 section 3.2).",
    uint: elliptic_curve::bigint::U192, bytes: elliptic_curve::consts::U24,
    p: "c302f41d932a36cda7a3463093d18db78fce476de1a86297",
    p_non_residue: 3,
    q: "c302f41d932a36cda7a3462f9e9e916b5be8f1029ac4acc1",
    q_non_residue: 7,
    a: "6a91174076b1e0e19c39c031fe8685c1cae040e5c69a28ef",
    b: "469a28ef7c28cca3dc721d044f4496bcca7ef4146fbf25c9",
    x: "c0a0647eaab6a48753b033c56cb0f0900a2f5c4853375fd6",
    y: "14b690866abd5bb88b5f4828c1490002e6773fa2fa299b8f"
}

// No integer of exactly 224 bits exists on 64-bit machines; the next wider one serves everywhere.
brainpool_curve! {
    p224r1, BrainpoolP224r1, "brainpoolP224r1 (RFC 5639 section 3.3).",
    uint: elliptic_curve::bigint::U256, bytes: elliptic_curve::consts::U28,
    p: "00000000d7c134aa264366862a18302575d1d787b09f075797da89f57ec8c0ff",
    p_non_residue: 3,
    q: "00000000d7c134aa264366862a18302575d0fb98d116bc4b6ddebca3a5a7939f",
    q_non_residue: 3,
    a: "68a5e62ca9ce6c1c299803a6c1530b514e182ad8b0042a59cad29f43",
    b: "2580f63ccfe44138870713b1a92369e33e2135d266dbb372386c400b",
    x: "0d9029ad2c7e5cf4340823b2a87dc68c9e4ce3174c1e6efdee12c07d",
    y: "58aa56f772c0726f24c6b89e4ecdac24354b9e99caa3f6d3761402cd"
}

// As above: no integer of 320 bits can be read from bytes.
brainpool_curve! {
    p320r1, BrainpoolP320r1, "brainpoolP320r1 (RFC 5639 section 3.5).",
    uint: elliptic_curve::bigint::U384, bytes: elliptic_curve::consts::U40,
    p: "0000000000000000d35e472036bc4fb7e13c785ed201e065f98fcfa6f6f40def4f92b9ec7893ec28fcd412b1f1b32e27",
    p_non_residue: 5,
    q: "0000000000000000d35e472036bc4fb7e13c785ed201e065f98fcfa5b68f12a32d482ec7ee8658e98691555b44c59311",
    q_non_residue: 3,
    a: "3ee30b568fbab0f883ccebd46d3f3bb8a2a73513f5eb79da66190eb085ffa9f492f375a97d860eb4",
    b: "520883949dfdbc42d3ad198640688a6fe13f41349554b49acc31dccd884539816f5eb4ac8fb1f1a6",
    x: "43bd7e9afb53d8b85289bcc48ee5bfe6f20137d10a087eb6e7871e2a10a599c710af8d0d39e20611",
    y: "14fdd05545ec1cc8ab4093247f77275e0743ffed117182eaa9c77877aaac6ac7d35245d1692e8ee1"
}

brainpool_curve! {
    p512r1, BrainpoolP512r1, "brainpoolP512r1 (RFC 5639 section 3.7).",
    uint: elliptic_curve::bigint::U512, bytes: elliptic_curve::consts::U64,
    p: "aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca703308717d4d9b009bc66842aecda12ae6a380e62881ff2f2d82c68528aa6056583a48f3",
    p_non_residue: 2,
    q: "aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870553e5c414ca92619418661197fac10471db1d381085ddaddb58796829ca90069",
    q_non_residue: 7,
    a: "7830a3318b603b89e2327145ac234cc594cbdd8d3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94ca",
    b: "3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94cadc083e67984050b75ebae5dd2809bd638016f723",
    x: "81aee4bdd82ed9645a21322e9c4c6a9385ed9f70b5d916c1b43b62eef4d0098eff3b1f78e2d0d48d50d1687b93b97d5f7c6d5047406a5e688b352209bcb9f822",
    y: "7dde385d566332ecc0eabfa9cf7822fdf209f70024a57b1aa000c55b881f8111b2dcde494a5f485e5bca4bd88a2763aed1ca2b2fa8f0540678cd1e0f3ad80892"
}
