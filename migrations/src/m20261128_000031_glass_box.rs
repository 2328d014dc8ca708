//! The person's glass box: who of the staff looked at their profile, and requests to be looked at without the ranking.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let view = Table::create()
            .table("profile_view")
            .col(pk_uuid("id"))
            .col(uuid("company_id"))
            .col(uuid("alumnus_id"))
            .col(string("viewer_subject"))
            .col(string("viewer_role"))
            .col(string_null("viewer_unit"))
            .col(date("viewed_on"))
            .col(timestamp_with_time_zone("viewed_at"))
            // One member of staff looks at one person once a day, however often they scroll back.
            .index(
                Index::create()
                    .unique()
                    .name("profile_view_key")
                    .col("company_id")
                    .col("alumnus_id")
                    .col("viewer_subject")
                    .col("viewed_on"),
            )
            .foreign_key(&mut to_alumnus("profile_view_alumnus_fkey", "profile_view"))
            .take();
        manager.create_table(view).await?;
        manager
            .create_index(
                Index::create()
                    .name("profile_view_viewed_at_idx")
                    .table("profile_view")
                    .col("viewed_at")
                    .take(),
            )
            .await?;

        let request = Table::create()
            .table("review_request")
            .col(pk_uuid("id"))
            .col(uuid("company_id"))
            .col(uuid("alumnus_id"))
            .col(uuid("opportunity_id"))
            .col(timestamp_with_time_zone("requested_at"))
            .col(timestamp_with_time_zone_null("answered_at"))
            .col(string_null("answered_by"))
            .col(string_null("outcome"))
            .col(text_null("reason"))
            .index(
                Index::create()
                    .unique()
                    .name("review_request_key")
                    .col("company_id")
                    .col("opportunity_id")
                    .col("alumnus_id"),
            )
            .foreign_key(&mut to_alumnus("review_request_alumnus_fkey", "review_request"))
            .foreign_key(
                ForeignKey::create()
                    .name("review_request_opportunity_fkey")
                    .from_tbl("review_request")
                    .from_col("company_id")
                    .from_col("opportunity_id")
                    .to_tbl("opportunity")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(request).await?;
        manager
            .create_index(
                Index::create()
                    .name("review_request_company_id_alumnus_id_idx")
                    .table("review_request")
                    .col("company_id")
                    .col("alumnus_id")
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["review_request", "profile_view"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

fn to_alumnus(name: &str, table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(name)
        .from_tbl(table)
        .from_col("company_id")
        .from_col("alumnus_id")
        .to_tbl("alumnus")
        .to_col("company_id")
        .to_col("id")
        .on_delete(ForeignKeyAction::Cascade)
        .take()
}
