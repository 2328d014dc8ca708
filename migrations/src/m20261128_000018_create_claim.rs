//! Joining: claims to be the person of a record, changes of address, and the one-time links by which an address is proven;
//! only digests of their tokens.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(claim()).await?;
        manager
            .create_index(
                Index::create()
                    .name("claim_company_id_state_id_idx")
                    .table("claim")
                    .col("company_id")
                    .col("state")
                    .col("id")
                    .take(),
            )
            .await?;
        // One claim of an address waits at a time, whoever races.
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX claim_pending_key ON claim (company_id, email) WHERE state = 'PENDING'",
            )
            .await?;
        manager.create_table(email_change()).await?;
        manager.create_table(one_time_link()).await?;
        manager
            .create_index(
                Index::create()
                    .name("one_time_link_expires_at_idx")
                    .table("one_time_link")
                    .col("expires_at")
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["one_time_link", "email_change", "claim"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

fn claim() -> TableCreateStatement {
    Table::create()
        .table("claim")
        .col(pk_uuid("id"))
        .col(uuid("company_id"))
        .col(string("name_kanji"))
        .col(string_null("name_kana"))
        .col(string("email"))
        .col(string_null("employee_number"))
        .col(string_null("tenure_from"))
        .col(string_null("tenure_to"))
        .col(string_null("department"))
        .col(timestamp_with_time_zone("requested_at"))
        .col(string("state"))
        .col(timestamp_with_time_zone_null("opened_at"))
        .col(string_null("doubt"))
        .col(json_null("consents"))
        .col(timestamp_with_time_zone_null("decided_at"))
        .col(string_null("decided_by"))
        .col(text_null("reason"))
        .col(uuid_null("alumnus_id"))
        .index(
            Index::create()
                .unique()
                .name("claim_company_id_id_key")
                .col("company_id")
                .col("id"),
        )
        .foreign_key(
            ForeignKey::create()
                .name("claim_company_fkey")
                .from_tbl("claim")
                .from_col("company_id")
                .to_tbl("company")
                .to_col("id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .foreign_key(
            ForeignKey::create()
                .name("claim_alumnus_fkey")
                .from_tbl("claim")
                .from_col("company_id")
                .from_col("alumnus_id")
                .to_tbl("alumnus")
                .to_col("company_id")
                .to_col("id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .take()
}

fn email_change() -> TableCreateStatement {
    Table::create()
        .table("email_change")
        .col(pk_uuid("id"))
        .col(uuid("company_id"))
        .col(uuid("alumnus_id"))
        .col(string_null("old_email"))
        .col(string("new_email"))
        .col(timestamp_with_time_zone("requested_at"))
        .col(timestamp_with_time_zone_null("confirmed_at"))
        .index(
            Index::create()
                .unique()
                .name("email_change_company_id_id_key")
                .col("company_id")
                .col("id"),
        )
        .foreign_key(
            ForeignKey::create()
                .name("email_change_alumnus_fkey")
                .from_tbl("email_change")
                .from_col("company_id")
                .from_col("alumnus_id")
                .to_tbl("alumnus")
                .to_col("company_id")
                .to_col("id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .take()
}

fn one_time_link() -> TableCreateStatement {
    Table::create()
        .table("one_time_link")
        .col(string("token_digest").primary_key().take())
        .col(uuid("company_id"))
        .col(uuid_null("claim_id"))
        .col(uuid_null("email_change_id"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone_null("used_at"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(
            ForeignKey::create()
                .name("one_time_link_claim_fkey")
                .from_tbl("one_time_link")
                .from_col("company_id")
                .from_col("claim_id")
                .to_tbl("claim")
                .to_col("company_id")
                .to_col("id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .foreign_key(
            ForeignKey::create()
                .name("one_time_link_email_change_fkey")
                .from_tbl("one_time_link")
                .from_col("company_id")
                .from_col("email_change_id")
                .to_tbl("email_change")
                .to_col("company_id")
                .to_col("id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .take()
}
