//! Words of a company's own: products, units, systems.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let company_word = Table::create()
            .table("company_word")
            .col(uuid("company_id"))
            .col(string("surface"))
            .col(string_null("reading"))
            .col(timestamp_with_time_zone("created_at"))
            .primary_key(Index::create().col("company_id").col("surface"))
            .foreign_key(
                ForeignKey::create()
                    .name("company_word_company_fkey")
                    .from_tbl("company_word")
                    .from_col("company_id")
                    .to_tbl("company")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(company_word).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("company_word").take())
            .await
    }
}
