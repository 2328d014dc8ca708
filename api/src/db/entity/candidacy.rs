use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[sea_orm(table_name = "candidacy")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub company_id: Uuid,
    pub alumnus_id: Uuid,
    pub opportunity_id: Uuid,
    pub state: String,
    pub interested_at: Option<DateTimeUtc>,
    pub invitation_message: Option<String>,
    // Who of the staff is another person.
    #[serde(skip)]
    pub invited_by: Option<String>,
    pub invited_at: Option<DateTimeUtc>,
    pub answered_at: Option<DateTimeUtc>,
    pub decline_reason: Option<String>,
    pub snoozed_until: Option<Date>,
    pub outcome: Option<String>,
    // Who of the staff is another person.
    #[serde(skip)]
    pub decided_by: Option<String>,
    pub reason: Option<String>,
    pub began_at: DateTimeUtc,
    pub changed_at: DateTimeUtc,
    pub version: i32,
}

plain_entity!();
