//! Former employees. Child tables repeat the company: with it in the foreign key, no row can belong to a person of
//! another company.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let alumnus = Table::create()
            .table("alumnus")
            .col(pk_uuid("id"))
            .col(uuid("company_id"))
            .col(string_null("external_id"))
            .col(string("name_kanji"))
            .col(string_null("name_kana"))
            .col(string_null("email"))
            .col(string("status"))
            .col(text_null("headline"))
            .col(text_null("summary"))
            .col(string_null("prefecture"))
            .col(string_null("work_remote"))
            .col(integer_null("work_hours_per_week"))
            .col(string_null("work_available_from"))
            .col(date_null("confirmed_on"))
            .col(string_null("employee_number"))
            .col(string_null("leave_reason"))
            .col(string_null("leaving_kind"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(integer("version"))
            .index(
                Index::create()
                    .unique()
                    .name("alumnus_company_id_id_key")
                    .col("company_id")
                    .col("id"),
            )
            .index(
                Index::create()
                    .unique()
                    .name("alumnus_company_id_external_id_key")
                    .col("company_id")
                    .col("external_id"),
            )
            .index(
                Index::create()
                    .unique()
                    .name("alumnus_company_id_email_key")
                    .col("company_id")
                    .col("email"),
            )
            .foreign_key(
                ForeignKey::create()
                    .name("alumnus_company_fkey")
                    .from_tbl("alumnus")
                    .from_col("company_id")
                    .to_tbl("company")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(alumnus).await?;

        let tenure = Table::create()
            .table("tenure")
            .col(uuid("company_id"))
            .col(uuid("alumnus_id"))
            .col(integer("position"))
            .col(string("department"))
            .col(string("title"))
            .col(string("from_month"))
            .col(string_null("to_month"))
            .col(text("description"))
            .primary_key(
                Index::create()
                    .col("company_id")
                    .col("alumnus_id")
                    .col("position"),
            )
            .foreign_key(
                ForeignKey::create()
                    .name("tenure_alumnus_fkey")
                    .from_tbl("tenure")
                    .from_col("company_id")
                    .from_col("alumnus_id")
                    .to_tbl("alumnus")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(tenure).await?;

        let career_position = Table::create()
            .table("career_position")
            .col(uuid("company_id"))
            .col(uuid("alumnus_id"))
            .col(integer("position"))
            .col(string("organization"))
            .col(string("title"))
            .col(string("from_month"))
            .col(string_null("to_month"))
            .col(text("description"))
            .primary_key(
                Index::create()
                    .col("company_id")
                    .col("alumnus_id")
                    .col("position"),
            )
            .foreign_key(
                ForeignKey::create()
                    .name("career_position_alumnus_fkey")
                    .from_tbl("career_position")
                    .from_col("company_id")
                    .from_col("alumnus_id")
                    .to_tbl("alumnus")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(career_position).await?;

        let skill = Table::create()
            .table("skill")
            .col(uuid("company_id"))
            .col(uuid("alumnus_id"))
            .col(integer("position"))
            .col(string("name"))
            .primary_key(
                Index::create()
                    .col("company_id")
                    .col("alumnus_id")
                    .col("position"),
            )
            .foreign_key(
                ForeignKey::create()
                    .name("skill_alumnus_fkey")
                    .from_tbl("skill")
                    .from_col("company_id")
                    .from_col("alumnus_id")
                    .to_tbl("alumnus")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(skill).await?;

        let qualification = Table::create()
            .table("qualification")
            .col(uuid("company_id"))
            .col(uuid("alumnus_id"))
            .col(integer("position"))
            .col(string("name"))
            .primary_key(
                Index::create()
                    .col("company_id")
                    .col("alumnus_id")
                    .col("position"),
            )
            .foreign_key(
                ForeignKey::create()
                    .name("qualification_alumnus_fkey")
                    .from_tbl("qualification")
                    .from_col("company_id")
                    .from_col("alumnus_id")
                    .to_tbl("alumnus")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(qualification).await?;

        let language = Table::create()
            .table("language")
            .col(uuid("company_id"))
            .col(uuid("alumnus_id"))
            .col(integer("position"))
            .col(string("name"))
            .col(string("level"))
            .primary_key(
                Index::create()
                    .col("company_id")
                    .col("alumnus_id")
                    .col("position"),
            )
            .foreign_key(
                ForeignKey::create()
                    .name("language_alumnus_fkey")
                    .from_tbl("language")
                    .from_col("company_id")
                    .from_col("alumnus_id")
                    .to_tbl("alumnus")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(language).await?;

        let interest = Table::create()
            .table("interest")
            .col(uuid("company_id"))
            .col(uuid("alumnus_id"))
            .col(string("code"))
            .primary_key(Index::create().col("company_id").col("alumnus_id").col("code"))
            .foreign_key(
                ForeignKey::create()
                    .name("interest_alumnus_fkey")
                    .from_tbl("interest")
                    .from_col("company_id")
                    .from_col("alumnus_id")
                    .to_tbl("alumnus")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(interest).await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("interest").take()).await?;
        manager.drop_table(Table::drop().table("language").take()).await?;
        manager
            .drop_table(Table::drop().table("qualification").take())
            .await?;
        manager.drop_table(Table::drop().table("skill").take()).await?;
        manager
            .drop_table(Table::drop().table("career_position").take())
            .await?;
        manager.drop_table(Table::drop().table("tenure").take()).await?;
        manager.drop_table(Table::drop().table("alumnus").take()).await?;
        Ok(())
    }
}
