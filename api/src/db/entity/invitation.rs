use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub company_id: Uuid,
    pub alumnus_id: Uuid,
    pub opportunity_id: Uuid,
    pub message: Option<String>,
    pub invited_by: String,
    pub sent_at: DateTimeUtc,
    pub state: String,
    pub answered_at: Option<DateTimeUtc>,
    pub decline_reason: Option<String>,
}

plain_entity!();
