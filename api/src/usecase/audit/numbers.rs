//! The numbers of a list's people, which tell whose rankings a list is among. Pure; the form is in `docs/AUDIT.md`.
//!
//! - A list is of at most some thousand people, in a company of twenty or of a million: where most of the company is in
//!   it, a bit for each number is the shortest, elsewhere the gaps between those that are. Whichever is shorter is kept.
//! - Numbers begin with 1, so the lowest bit of a bitmap's first byte is never set, and a first byte of 1 is no bitmap's.

/// The first byte of numbers that are kept as gaps.
const GAPS: u8 = 1;

/// The bytes of numbers, each from 1, in any order. Empty for no number.
#[must_use]
pub fn encode(mut numbers: Vec<u32>) -> Vec<u8> {
    numbers.sort_unstable();
    numbers.dedup();
    let n_bytes_as_bitmap = numbers.last().map_or(0, |last| *last as usize / 8 + 1);
    let as_gaps = gaps(&numbers);
    if as_gaps.len() < n_bytes_as_bitmap {
        return as_gaps;
    }
    let mut bitmap = vec![0; n_bytes_as_bitmap];
    for number in numbers {
        bitmap[number as usize / 8] |= 1 << (number % 8);
    }
    bitmap
}

/// The numbers in ascending order; `None` for gaps that [`encode`] does not make.
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<Vec<u32>> {
    match bytes.split_first() {
        Some((&GAPS, gaps)) => from_gaps(gaps),
        _ => Some(from_bitmap(bytes)),
    }
}

/// Whether a number is among those of `bytes`; never for bytes that cannot be decoded.
#[must_use]
pub fn contains(bytes: &[u8], number: u32) -> bool {
    if bytes.first() == Some(&GAPS) {
        return decode(bytes).is_some_and(|numbers| numbers.binary_search(&number).is_ok());
    }
    let byte = bytes.get(number as usize / 8).copied().unwrap_or_default();
    byte & (1 << (number % 8)) != 0
}

/// Each number less the one before, seven bits a byte, lowest first; the highest bit of a byte says that another follows.
fn gaps(ascending: &[u32]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1 + 2 * ascending.len());
    bytes.push(GAPS);
    let mut previous = 0;
    for number in ascending {
        let mut gap = number - previous;
        previous = *number;
        while gap >= 1 << 7 {
            bytes.push(gap as u8 | 1 << 7);
            gap >>= 7;
        }
        bytes.push(gap as u8);
    }
    bytes
}

/// `None` for what [`gaps`] does not make: a gap of 0, one that is longer than it need be, ends too early or leads beyond
/// 32 bits.
fn from_gaps(bytes: &[u8]) -> Option<Vec<u32>> {
    let mut numbers = Vec::with_capacity(bytes.len());
    let (mut previous, mut gap, mut shift) = (0u32, 0u64, 0);
    for byte in bytes {
        gap |= u64::from(byte & 0x7f) << shift;
        if byte & 1 << 7 != 0 {
            shift += 7;
            if shift > 28 {
                return None;
            }
            continue;
        }
        // A last byte of 0 is a gap of 0, or one that is longer than it need be.
        if *byte == 0 {
            return None;
        }
        previous = previous.checked_add(u32::try_from(gap).ok()?)?;
        numbers.push(previous);
        (gap, shift) = (0, 0);
    }
    (shift == 0).then_some(numbers)
}

fn from_bitmap(bytes: &[u8]) -> Vec<u32> {
    let bits = (0u32..).zip(bytes).flat_map(|(idx, byte)| {
        let set = (0..8).filter(move |bit| byte & (1 << bit) != 0);
        set.map(move |bit| idx * 8 + bit)
    });
    bits.collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn two_thousand_of_a_million_take_some_kilobytes_and_everybody_of_a_small_company_a_bit_each() {
        let few_of_many: Vec<u32> = (1..=2_000).map(|n| n * 500).collect();
        assert_eq!(encode(few_of_many).len(), 1 + 2 * 2_000);
        let everybody: Vec<u32> = (1..=400).collect();
        assert_eq!(encode(everybody).len(), 51);
        assert_eq!(encode(vec![7, 7, 900, 7]), encode(vec![7, 900]));
        assert_eq!(encode(Vec::new()), [0; 0]);
    }

    #[test]
    fn the_bytes_are_those_of_the_documentation() {
        assert_eq!(encode(vec![9, 1, 2]), [0b0000_0110, 0b0000_0010]);
        assert_eq!(encode(vec![1_000, 3]), [1, 3, 0xe5, 0x07]);
        assert_eq!(decode(&[1, 3, 0xe5, 0x07]), Some(vec![3, 1_000]));
    }

    #[test]
    fn what_no_list_has_is_not_read() {
        let not_made: [&[u8]; 5] = [
            &[1, 0],
            &[1, 0x85],
            &[1, 0x85, 0],
            &[1, 0xff, 0xff, 0xff, 0xff, 0x1f],
            &[1, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
        ];
        for bytes in not_made {
            assert_eq!(decode(bytes), None, "{bytes:?}");
            assert!(!contains(bytes, 5), "{bytes:?}");
        }
        assert_eq!(decode(&[1, 0xff, 0xff, 0xff, 0xff, 0x0f]), Some(vec![u32::MAX]));
    }

    proptest! {
        #[test]
        fn numbers_come_back_and_no_other_is_contained(
            numbers in prop_oneof![
                prop::collection::btree_set(1u32..500, 0..200),
                prop::collection::btree_set(1u32..2_000_000, 0..200),
                prop::collection::btree_set(1u32..=i32::MAX as u32, 0..5),
            ],
            others in prop::collection::vec(1u32..3_000_000, 0..50),
        ) {
            let ascending: Vec<u32> = numbers.iter().copied().collect();
            let bytes = encode(ascending.iter().rev().copied().collect());
            prop_assert_eq!(decode(&bytes), Some(ascending));
            for number in numbers.iter().chain(&others) {
                prop_assert_eq!(contains(&bytes, *number), numbers.contains(number));
            }
        }

        #[test]
        fn bytes_of_any_kind_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..50)) {
            if let Some(numbers) = decode(&bytes) {
                prop_assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]));
                for number in numbers {
                    prop_assert!(contains(&bytes, number));
                }
            }
        }
    }
}
