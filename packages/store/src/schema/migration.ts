/**
 * One step of the schema. Applied once and for good: what was released is never edited, a change is a new migration.
 * Statements are idempotent (`IF NOT EXISTS`), because a migration that was cut short runs again from its beginning.
 */
export interface Migration {
  /** 1, 2, 3, ... without gaps. */
  readonly version: number;
  readonly name: string;
  readonly statements: readonly string[];
}
