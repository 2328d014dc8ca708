//! What people exclude, sealed: a row for everybody, so that having one says nothing.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let exclusion_list = Table::create()
            .table("exclusion_list")
            .col(uuid("company_id"))
            .col(uuid("alumnus_id"))
            .col(string_null("key_id"))
            .col(blob_null("sealed"))
            .primary_key(Index::create().col("company_id").col("alumnus_id"))
            .foreign_key(
                ForeignKey::create()
                    .name("exclusion_list_alumnus_fkey")
                    .from_tbl("exclusion_list")
                    .from_col("company_id")
                    .from_col("alumnus_id")
                    .to_tbl("alumnus")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(exclusion_list).await?;

        // Whoever is here has excluded nothing yet. The server seals an empty list for each of them when it starts; from
        // then on a missing row is one that was taken away.
        let everybody = Query::select()
            .columns(["company_id", "id"])
            .from("alumnus")
            .take();
        let mut rows = Query::insert();
        rows.into_table("exclusion_list")
            .columns(["company_id", "alumnus_id"]);
        rows.select_from(everybody)
            .map_err(|error| DbErr::Migration(error.to_string()))?;
        manager.execute(rows).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("exclusion_list").take())
            .await
    }
}
