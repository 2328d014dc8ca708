//! Candidacies with their history; what invitations and rejections held moves into them.
//!
//! The two emptied tables stay until a later version takes them away.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Written in this order: a later statement reads what an earlier one wrote.
const MOVE_IN: &[&str] = &[
    "INSERT INTO candidacy (id, company_id, alumnus_id, opportunity_id, state, invitation_message, invited_by, \
     invited_at, answered_at, decline_reason, decided_by, reason, began_at, changed_at, version) \
     SELECT i.id, i.company_id, i.alumnus_id, i.opportunity_id, \
     CASE WHEN r.rejected_at IS NOT NULL THEN 'REJECTED' WHEN i.state = 'SENT' THEN 'INVITED' ELSE i.state END, \
     i.message, i.invited_by, i.sent_at, i.answered_at, \
     CASE WHEN r.rejected_at IS NULL THEN i.decline_reason END, r.rejected_by, r.reason, i.sent_at, \
     COALESCE(r.rejected_at, i.answered_at, i.sent_at), \
     1 + CASE WHEN i.answered_at IS NULL THEN 0 ELSE 1 END + CASE WHEN r.rejected_at IS NULL THEN 0 ELSE 1 END \
     FROM invitation i LEFT JOIN rejection r ON r.company_id = i.company_id AND r.alumnus_id = i.alumnus_id \
     AND r.opportunity_id = i.opportunity_id",
    "INSERT INTO candidacy (id, company_id, alumnus_id, opportunity_id, state, decided_by, reason, began_at, \
     changed_at, version) \
     SELECT NEW_ID, r.company_id, r.alumnus_id, r.opportunity_id, 'REJECTED', r.rejected_by, r.reason, \
     r.rejected_at, r.rejected_at, 1 FROM rejection r WHERE NOT EXISTS (SELECT 1 FROM invitation i \
     WHERE i.company_id = r.company_id AND i.alumnus_id = r.alumnus_id AND i.opportunity_id = r.opportunity_id)",
    "INSERT INTO candidacy_transition (company_id, candidacy_id, version, to_state, actor_role, actor, at) \
     SELECT company_id, id, 1, 'INVITED', 'RECRUITER', invited_by, sent_at FROM invitation",
    // Who answered is the invited person; their tokens' subject was not recorded.
    "INSERT INTO candidacy_transition (company_id, candidacy_id, version, from_state, to_state, actor_role, actor, \
     at, reason) \
     SELECT company_id, id, 2, 'INVITED', state, 'ALUMNUS', '', answered_at, decline_reason FROM invitation \
     WHERE answered_at IS NOT NULL",
    "INSERT INTO candidacy_transition (company_id, candidacy_id, version, from_state, to_state, actor_role, actor, \
     at, reason) \
     SELECT c.company_id, c.id, c.version, \
     CASE WHEN i.id IS NULL THEN NULL WHEN i.answered_at IS NULL THEN 'INVITED' ELSE i.state END, \
     'REJECTED', 'RECRUITER', c.decided_by, c.changed_at, c.reason \
     FROM candidacy c LEFT JOIN invitation i ON i.id = c.id WHERE c.state = 'REJECTED'",
    "UPDATE candidacy SET interested_at = (SELECT n.at FROM interaction n WHERE n.company_id = candidacy.company_id \
     AND n.alumnus_id = candidacy.alumnus_id AND n.opportunity_id = candidacy.opportunity_id AND n.is_latest \
     AND n.kind = 'INTERESTED')",
    "INSERT INTO candidacy (id, company_id, alumnus_id, opportunity_id, state, interested_at, began_at, changed_at, \
     version) \
     SELECT n.id, n.company_id, n.alumnus_id, n.opportunity_id, 'INTERESTED', n.at, n.at, n.at, 1 FROM interaction n \
     WHERE n.is_latest AND n.kind = 'INTERESTED' AND NOT EXISTS (SELECT 1 FROM candidacy c \
     WHERE c.company_id = n.company_id AND c.alumnus_id = n.alumnus_id AND c.opportunity_id = n.opportunity_id)",
    "INSERT INTO candidacy_transition (company_id, candidacy_id, version, to_state, actor_role, actor, at) \
     SELECT company_id, id, 1, 'INTERESTED', 'ALUMNUS', '', changed_at FROM candidacy WHERE state = 'INTERESTED'",
    "DELETE FROM invitation",
    "DELETE FROM rejection",
];

const MOVE_BACK: &[&str] = &[
    "INSERT INTO invitation (id, company_id, alumnus_id, opportunity_id, message, invited_by, sent_at, state, \
     answered_at, decline_reason) \
     SELECT id, company_id, alumnus_id, opportunity_id, invitation_message, invited_by, invited_at, \
     CASE WHEN state = 'DECLINED' THEN 'DECLINED' WHEN answered_at IS NULL OR state = 'SNOOZED' THEN 'SENT' \
     ELSE 'ACCEPTED' END, \
     CASE WHEN state = 'SNOOZED' THEN NULL ELSE answered_at END, decline_reason \
     FROM candidacy WHERE invited_at IS NOT NULL",
    "INSERT INTO rejection (company_id, alumnus_id, opportunity_id, rejected_by, reason, rejected_at) \
     SELECT company_id, alumnus_id, opportunity_id, decided_by, reason, changed_at FROM candidacy \
     WHERE state = 'REJECTED'",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let candidacy = Table::create()
            .table("candidacy")
            .col(pk_uuid("id"))
            .col(uuid("company_id"))
            .col(uuid("alumnus_id"))
            .col(uuid("opportunity_id"))
            .col(string("state"))
            .col(timestamp_with_time_zone_null("interested_at"))
            .col(text_null("invitation_message"))
            .col(string_null("invited_by"))
            .col(timestamp_with_time_zone_null("invited_at"))
            .col(timestamp_with_time_zone_null("answered_at"))
            .col(string_null("decline_reason"))
            .col(date_null("snoozed_until"))
            .col(string_null("outcome"))
            .col(string_null("decided_by"))
            .col(text_null("reason"))
            .col(timestamp_with_time_zone("began_at"))
            .col(timestamp_with_time_zone("changed_at"))
            .col(integer("version"))
            .index(
                Index::create()
                    .unique()
                    .name("candidacy_company_id_id_key")
                    .col("company_id")
                    .col("id"),
            )
            .index(
                Index::create()
                    .unique()
                    .name("candidacy_company_id_alumnus_id_opportunity_id_key")
                    .col("company_id")
                    .col("alumnus_id")
                    .col("opportunity_id"),
            )
            .foreign_key(
                ForeignKey::create()
                    .name("candidacy_alumnus_fkey")
                    .from_tbl("candidacy")
                    .from_col("company_id")
                    .from_col("alumnus_id")
                    .to_tbl("alumnus")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .foreign_key(
                ForeignKey::create()
                    .name("candidacy_opportunity_fkey")
                    .from_tbl("candidacy")
                    .from_col("company_id")
                    .from_col("opportunity_id")
                    .to_tbl("opportunity")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(candidacy).await?;
        manager
            .create_index(
                Index::create()
                    .name("candidacy_company_id_opportunity_id_state_idx")
                    .table("candidacy")
                    .col("company_id")
                    .col("opportunity_id")
                    .col("state")
                    .take(),
            )
            .await?;

        // One row a step: its number is in the key, so that no step is recorded twice.
        let transition = Table::create()
            .table("candidacy_transition")
            .col(uuid("company_id"))
            .col(uuid("candidacy_id"))
            .col(integer("version"))
            .col(string_null("from_state"))
            .col(string("to_state"))
            .col(string("actor_role"))
            .col(string("actor"))
            .col(timestamp_with_time_zone("at"))
            .col(text_null("reason"))
            .primary_key(
                Index::create()
                    .col("company_id")
                    .col("candidacy_id")
                    .col("version"),
            )
            .foreign_key(
                ForeignKey::create()
                    .name("candidacy_transition_candidacy_fkey")
                    .from_tbl("candidacy_transition")
                    .from_col("company_id")
                    .from_col("candidacy_id")
                    .to_tbl("candidacy")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(transition).await?;

        let new_id = match manager.get_database_backend() {
            DbBackend::Postgres => "gen_random_uuid()",
            _ => "randomblob(16)",
        };
        for statement in MOVE_IN {
            let statement = statement.replace("NEW_ID", new_id);
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in MOVE_BACK {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        manager
            .drop_table(Table::drop().table("candidacy_transition").take())
            .await?;
        manager.drop_table(Table::drop().table("candidacy").take()).await
    }
}
