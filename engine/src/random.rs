//! Numbers from a seed, the same on every machine: for data that is made up, never for anything secret.

/// SplitMix64 (Steele, Lea & Flood 2014): small, and the same on every machine.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    /// The numbers of one stream of a seed; streams are independent.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut random = Self(seed ^ stream.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        random.next();
        random
    }

    /// 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Below `n`, which is at least 1.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// One of some.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// `n` different items, or all of them.
    #[cfg(feature = "fixtures")]
    pub(crate) fn pick_some<'a, T>(&mut self, items: &'a [T], n: usize) -> Vec<&'a T> {
        let mut left: Vec<&T> = items.iter().collect();
        let mut picked = Vec::new();
        while picked.len() < n && !left.is_empty() {
            picked.push(left.swap_remove(self.below(left.len())));
        }
        picked
    }

    /// True in one of `n` cases.
    pub(crate) fn is_one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}
