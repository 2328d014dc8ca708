#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    okaeri_fuzz::identifier(input);
});
