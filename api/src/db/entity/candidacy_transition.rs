use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[sea_orm(table_name = "candidacy_transition")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub company_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub candidacy_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    pub from_state: Option<String>,
    pub to_state: String,
    pub actor_role: String,
    // Who of the staff is another person.
    #[serde(skip)]
    pub actor: String,
    pub at: DateTimeUtc,
    pub reason: Option<String>,
}

plain_entity!();
