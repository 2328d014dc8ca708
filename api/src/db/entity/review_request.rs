use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[sea_orm(table_name = "review_request")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub company_id: Uuid,
    pub alumnus_id: Uuid,
    pub opportunity_id: Uuid,
    pub requested_at: DateTimeUtc,
    pub answered_at: Option<DateTimeUtc>,
    // Another person: a member of staff.
    #[serde(skip)]
    pub answered_by: Option<String>,
    pub outcome: Option<String>,
    pub reason: Option<String>,
}

plain_entity!();
