//! On PostgreSQL, a notice to every server at the commit of changes: one for each company, whoever writes them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &str = "
CREATE FUNCTION okaeri_notify_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('okaeri_change', company_id::text) FROM (SELECT DISTINCT company_id FROM added) AS companies;
    RETURN NULL;
END
$$;
CREATE TRIGGER change_log_notify AFTER INSERT ON change_log
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION okaeri_notify_changes();
";

const DOWN: &str = "
DROP TRIGGER change_log_notify ON change_log;
DROP FUNCTION okaeri_notify_changes();
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DOWN).await
    }
}

/// SQLite has no notices.
async fn run(manager: &SchemaManager<'_>, statements: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        manager.get_connection().execute_unprepared(statements).await?;
    }
    Ok(())
}
