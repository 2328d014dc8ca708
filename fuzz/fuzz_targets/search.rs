#![no_main]

libfuzzer_sys::fuzz_target!(
    // What is made once does not count as the time of an input.
    init: okaeri_fuzz::search(b""),
    |input: &[u8]| {
        okaeri_fuzz::search(input);
    }
);
