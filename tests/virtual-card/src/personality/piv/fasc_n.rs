//! The Federal Agency Smart Credential Number (TIG SCEPACS 2.3, section 6): 40 characters of five bits each.

const START: u8 = 0xB;
const SEPARATOR: u8 = 0xD;
const END: u8 = 0xF;

/// The number of a credential that no federal agency issued: all nines in the agency code (SP 800-73-5, part 1, section 3.1.2).
pub(super) fn of_no_agency() -> Vec<u8> {
    encode(&[
        &[9, 9, 9, 9],
        &[9, 9, 9, 9],
        &[9; 6],
        &[0],
        &[1],
        &[&[0; 10][..], &[3], &[0; 4], &[1]].concat(),
    ])
}

/// Fields behind a start sentinel, with separators between them, an end sentinel and a check character.
fn encode(fields: &[&[u8]]) -> Vec<u8> {
    let mut characters = vec![START];
    characters.extend(fields.join(&SEPARATOR));
    characters.push(END);
    let check = characters.iter().fold(0, |sum, character| sum ^ character);
    let bits: Vec<u8> = characters.into_iter().chain([check]).flat_map(bits).collect();
    bits.chunks(8).map(|byte| byte.iter().fold(0, |sum, bit| sum << 1 | bit)).collect()
}

/// Four bits, the least significant first, and one that makes the number of ones odd.
fn bits(character: u8) -> [u8; 5] {
    let [a, b, c, d] = [0, 1, 2, 3].map(|place| character >> place & 1);
    [a, b, c, d, (a ^ b ^ c ^ d) ^ 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_25_bytes_and_the_sentinels_in_place() {
        let number = of_no_agency();
        assert_eq!(number.len(), 25);
        // start, then nines: 11010 10011 10011 10011 10011 10110
        assert_eq!(number[..4], [0b1101_0100, 0b1110_0111, 0b0011_1001, 0b1101_1010]);
    }
}
