//! Who hires for which unit, without the texts of opportunities between: it is read with every person's standing.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &str = "CREATE INDEX opportunity_hiring_manager_idx ON opportunity (company_id, hiring_manager, department) \
                  WHERE hiring_manager IS NOT NULL AND department IS NOT NULL";

const DOWN: &str = "DROP INDEX opportunity_hiring_manager_idx";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(UP).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(DOWN).await?;
        Ok(())
    }
}
