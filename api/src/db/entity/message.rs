use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[sea_orm(table_name = "message")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub company_id: Uuid,
    pub candidacy_id: Option<Uuid>,
    pub consultation_id: Option<Uuid>,
    pub author_role: String,
    // Who of the staff is another person.
    #[serde(skip)]
    pub author: String,
    pub text: String,
    pub at: DateTimeUtc,
}

plain_entity!();
