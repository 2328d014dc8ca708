//! The fields of a profile that evidence may come from.

use crate::domain::coded_enum;

coded_enum! {
    /// Where in a profile a piece of evidence stands.
    ProfileField {
        /// The one-line headline.
        Headline = "HEADLINE",
        /// The self-introduction.
        Summary = "SUMMARY",
        /// The list of skills.
        Skills = "SKILLS",
        /// The list of qualifications.
        Qualifications = "QUALIFICATIONS",
        /// Languages and their levels.
        Languages = "LANGUAGES",
        /// A period at this company.
        Tenure = "TENURE",
        /// A position since leaving.
        CareerAfter = "CAREER_AFTER",
        /// Remote style, hours and availability.
        WorkStyle = "WORK_STYLE",
        /// Where the person lives.
        Prefecture = "PREFECTURE",
        /// When the profile was last confirmed.
        ConfirmedOn = "CONFIRMED_ON",
    }
}
