//! What alumni and the company write to each other, and consultations, which are kept apart from candidacies.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let consultation = Table::create()
            .table("consultation")
            .col(pk_uuid("id"))
            .col(uuid("company_id"))
            .col(uuid("alumnus_id"))
            .col(uuid("opportunity_id"))
            .col(timestamp_with_time_zone("opened_at"))
            .index(
                Index::create()
                    .unique()
                    .name("consultation_company_id_id_key")
                    .col("company_id")
                    .col("id"),
            )
            .index(
                Index::create()
                    .unique()
                    .name("consultation_company_id_alumnus_id_opportunity_id_key")
                    .col("company_id")
                    .col("alumnus_id")
                    .col("opportunity_id"),
            )
            .foreign_key(
                ForeignKey::create()
                    .name("consultation_alumnus_fkey")
                    .from_tbl("consultation")
                    .from_col("company_id")
                    .from_col("alumnus_id")
                    .to_tbl("alumnus")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .foreign_key(
                ForeignKey::create()
                    .name("consultation_opportunity_fkey")
                    .from_tbl("consultation")
                    .from_col("company_id")
                    .from_col("opportunity_id")
                    .to_tbl("opportunity")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(consultation).await?;

        // Of one of the two, never of both.
        let message = Table::create()
            .table("message")
            .col(pk_uuid("id"))
            .col(uuid("company_id"))
            .col(uuid_null("candidacy_id"))
            .col(uuid_null("consultation_id"))
            .col(string("author_role"))
            .col(string("author"))
            .col(text("text"))
            .col(timestamp_with_time_zone("at"))
            .foreign_key(
                ForeignKey::create()
                    .name("message_candidacy_fkey")
                    .from_tbl("message")
                    .from_col("company_id")
                    .from_col("candidacy_id")
                    .to_tbl("candidacy")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .foreign_key(
                ForeignKey::create()
                    .name("message_consultation_fkey")
                    .from_tbl("message")
                    .from_col("company_id")
                    .from_col("consultation_id")
                    .to_tbl("consultation")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .check(Expr::cust("(candidacy_id IS NULL) <> (consultation_id IS NULL)"))
            .take();
        manager.create_table(message).await?;
        for column in ["candidacy_id", "consultation_id"] {
            manager
                .create_index(
                    Index::create()
                        .name(format!("message_company_id_{column}_id_idx"))
                        .table("message")
                        .col("company_id")
                        .col(column)
                        .col("id")
                        .take(),
                )
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("message").take()).await?;
        manager
            .drop_table(Table::drop().table("consultation").take())
            .await
    }
}
