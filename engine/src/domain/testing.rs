//! Builders with valid defaults for the domain's own tests.

use uuid::Uuid;

use super::id::{CompanyId, OpportunityId};
use super::opportunity::{Opportunity, OpportunityKind, OpportunityStatus, Remote};
use super::terms::{ContractTerms, RoleTerms, SlotTerms, Terms};

/// An open opportunity of this kind, without terms.
pub(super) fn opportunity(kind: OpportunityKind) -> Opportunity {
    Opportunity {
        id: OpportunityId(Uuid::from_u128(1)),
        company_id: CompanyId(Uuid::nil()),
        external_id: None,
        title: "物流企画".to_owned(),
        description: String::new(),
        department: Some("物流部".to_owned()),
        group_company: None,
        hiring_manager: None,
        status: OpportunityStatus::Open,
        required_skills: Vec::new(),
        preferred_skills: Vec::new(),
        products: Vec::new(),
        prefecture: None,
        remote: Remote::Remote,
        seats: 1,
        hours_per_week: None,
        starts_on: None,
        ends_on: None,
        compensation: None,
        closes_at: None,
        created_at: chrono::DateTime::UNIX_EPOCH,
        terms: match kind {
            OpportunityKind::Role => Terms::Role(RoleTerms::default()),
            OpportunityKind::SpeakerSlot => Terms::SpeakerSlot(SlotTerms::default()),
            OpportunityKind::ContractWork => Terms::ContractWork(ContractTerms::default()),
        },
    }
}
