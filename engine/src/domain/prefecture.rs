//! The 47 prefectures and "abroad", as people write them.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// One of the 47 prefectures by its JIS X 0401 number (1 to 47), or abroad (48).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Prefecture(u8);

/// Why a text is not a prefecture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{value:?} is neither a prefecture such as 東京都 or 東京 nor 海外")]
pub struct UnknownPrefecture {
    /// The text as given, shortened to 40 characters.
    pub value: String,
}

const NAMES: [&str; 48] = [
    "北海道",
    "青森県",
    "岩手県",
    "宮城県",
    "秋田県",
    "山形県",
    "福島県",
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "富山県",
    "石川県",
    "福井県",
    "山梨県",
    "長野県",
    "岐阜県",
    "静岡県",
    "愛知県",
    "三重県",
    "滋賀県",
    "京都府",
    "大阪府",
    "兵庫県",
    "奈良県",
    "和歌山県",
    "鳥取県",
    "島根県",
    "岡山県",
    "広島県",
    "山口県",
    "徳島県",
    "香川県",
    "愛媛県",
    "高知県",
    "福岡県",
    "佐賀県",
    "長崎県",
    "熊本県",
    "大分県",
    "宮崎県",
    "鹿児島県",
    "沖縄県",
    "海外",
];

/// Latitude and longitude of the prefectural offices, in degrees.
const OFFICES: [(f32, f32); 47] = [
    (43.06, 141.35),
    (40.82, 140.74),
    (39.70, 141.15),
    (38.27, 140.87),
    (39.72, 140.10),
    (38.24, 140.36),
    (37.75, 140.47),
    (36.34, 140.45),
    (36.57, 139.88),
    (36.39, 139.06),
    (35.86, 139.65),
    (35.61, 140.12),
    (35.69, 139.69),
    (35.45, 139.64),
    (37.90, 139.02),
    (36.70, 137.21),
    (36.59, 136.63),
    (36.07, 136.22),
    (35.66, 138.57),
    (36.65, 138.18),
    (35.39, 136.72),
    (34.98, 138.38),
    (35.18, 136.91),
    (34.73, 136.51),
    (35.00, 135.87),
    (35.02, 135.76),
    (34.69, 135.52),
    (34.69, 135.18),
    (34.69, 135.83),
    (34.23, 135.17),
    (35.50, 134.24),
    (35.47, 133.05),
    (34.66, 133.93),
    (34.40, 132.46),
    (34.19, 131.47),
    (34.07, 134.56),
    (34.34, 134.04),
    (33.84, 132.77),
    (33.56, 133.53),
    (33.61, 130.42),
    (33.25, 130.30),
    (32.74, 129.87),
    (32.79, 130.74),
    (33.24, 131.61),
    (31.91, 131.42),
    (31.56, 130.56),
    (26.21, 127.68),
];

impl Prefecture {
    /// Abroad.
    pub const ABROAD: Self = Self(48);

    /// The full name, with 都, 道, 府 or 県.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES[usize::from(self.0) - 1]
    }

    /// Every prefecture in the order of JIS X 0401, then abroad.
    pub fn all() -> impl Iterator<Item = Self> {
        (1..=48).map(Self)
    }

    /// Great-circle distance between the prefectural offices in kilometres; `None` where either is abroad.
    #[must_use]
    pub fn distance_km(self, other: Self) -> Option<f32> {
        // Computed once: everybody who is ranked is asked for theirs.
        static DISTANCES: LazyLock<Vec<f32>> = LazyLock::new(|| {
            let from = |here: &(f32, f32)| OFFICES.map(|there| great_circle_km(*here, there));
            OFFICES.iter().flat_map(from).collect()
        });
        let (here, there) = (usize::from(self.0) - 1, usize::from(other.0) - 1);
        let is_abroad = here >= OFFICES.len() || there >= OFFICES.len();
        (!is_abroad).then(|| DISTANCES[here * OFFICES.len() + there])
    }
}

/// The haversine formula; 6,371 km is the mean radius of the Earth (IUGG).
///
/// - `here`, `there`: latitude and longitude in degrees
fn great_circle_km(here: (f32, f32), there: (f32, f32)) -> f32 {
    let (lat_a, lat_b) = (here.0.to_radians(), there.0.to_radians());
    let half_lat = ((lat_b - lat_a) / 2.0).sin();
    let half_lon = ((there.1 - here.1).to_radians() / 2.0).sin();
    let chord = half_lat * half_lat + lat_a.cos() * lat_b.cos() * half_lon * half_lon;
    2.0 * 6371.0 * chord.sqrt().asin()
}

impl std::fmt::Display for Prefecture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Prefecture {
    type Err = UnknownPrefecture;

    /// Accepts the name with and without its last character (東京, 大阪, 神奈川), and 海外 or 国外.
    fn from_str(value: &str) -> Result<Self, Self::Err> {
        let trimmed = value.trim();
        let matches = |name: &str| {
            let short = name.strip_suffix(['都', '府', '県']).unwrap_or(name);
            trimmed == name || trimmed == short
        };
        let found = NAMES
            .iter()
            .position(|name| matches(name))
            .or((trimmed == "国外").then_some(47));
        match found {
            Some(idx) => Ok(Self(idx as u8 + 1)),
            None => Err(UnknownPrefecture {
                value: value.chars().take(40).collect(),
            }),
        }
    }
}

impl TryFrom<String> for Prefecture {
    type Error = UnknownPrefecture;

    fn try_from(value: String) -> Result<Self, Self::Error> {
        value.parse()
    }
}

impl From<Prefecture> for String {
    fn from(value: Prefecture) -> Self {
        value.name().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefectures_parse_with_and_without_their_last_character() {
        for prefecture in Prefecture::all() {
            assert_eq!(prefecture.name().parse(), Ok(prefecture));
        }
        for (text, name) in [
            ("東京", "東京都"),
            ("京都", "京都府"),
            ("北海道", "北海道"),
            ("神奈川", "神奈川県"),
        ] {
            assert_eq!(text.parse::<Prefecture>().unwrap().name(), name);
        }
        assert!("東".parse::<Prefecture>().is_err());
    }

    #[test]
    fn tokyo_is_closer_to_kanagawa_than_to_osaka_and_abroad_has_no_distance() {
        let parse = |text: &str| text.parse::<Prefecture>().unwrap();
        let from_tokyo = |text| parse("東京").distance_km(parse(text));
        assert!(from_tokyo("神奈川").unwrap() < 40.0);
        assert!((380.0..420.0).contains(&from_tokyo("大阪").unwrap()));
        assert_eq!(from_tokyo("海外"), None);
    }
}
