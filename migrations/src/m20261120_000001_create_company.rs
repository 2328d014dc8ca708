//! Tenants and their programmes.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let company = Table::create()
            .table("company")
            .col(pk_uuid("id"))
            .col(string("slug"))
            .col(string("name"))
            .col(boolean("is_demonstration"))
            .col(timestamp_with_time_zone("created_at"))
            .index(Index::create().unique().name("company_slug_key").col("slug"))
            .take();
        manager.create_table(company).await?;

        let programme = Table::create()
            .table("programme")
            .col(pk_uuid("company_id"))
            .col(json_binary("policy"))
            .col(timestamp_with_time_zone("updated_at"))
            .foreign_key(
                ForeignKey::create()
                    .name("programme_company_fkey")
                    .from_tbl("programme")
                    .from_col("company_id")
                    .to_tbl("company")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(programme).await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("programme").take())
            .await?;
        manager.drop_table(Table::drop().table("company").take()).await?;
        Ok(())
    }
}
