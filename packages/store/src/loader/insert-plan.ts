/**
 * One plan into the engine, table by table. It may be cut short anywhere and run again from the start, in this process or a later one:
 *
 *  (1) Every insert of a plan has a token that follows from the plan alone, so that a repeated one stores nothing twice.
 *  (2) A table whose joined insert is refused for its content is inserted set by set; only the sets refused again are quarantined.
 *  (3) Any other failure leaves the plan as it was.
 * Tests of the same numbers: insert-plan.test.ts.
 */
import type { TableName } from '@sonde/otlp';
import type { Engine } from '../engine/types.ts';
import type { Spool } from '../spool/spool.ts';
import type { LoadPlan, SpoolFile } from '../spool/spool-set.ts';
import { contentError } from './content-error.ts';

interface PlannedFile {
  readonly setId: string;
  readonly file: SpoolFile;
}

/** Rejects with the engine's or the disk's error where trying again can help. */
export async function insertPlan(engine: Pick<Engine, 'insertFiles'>, spool: Spool, plan: LoadPlan): Promise<void> {
  const byTable = new Map<TableName, PlannedFile[]>();
  for (const { id } of plan.sets) {
    for (const file of await spool.intactFiles(id)) {
      const planned = byTable.get(file.table) ?? [];
      planned.push({ setId: id, file });
      byTable.set(file.table, planned);
    }
  }
  for (const [table, planned] of byTable) {
    const refused = await insert(engine, spool, table, planned, plan.id);
    if (refused === undefined) continue;
    for (const one of planned) {
      const reason = await insert(engine, spool, table, [one], `${plan.id}/${one.setId}`);
      if (reason !== undefined)
        await spool.quarantine(one.setId, one.file, `refused by the store (${reason.name})`, reason.message);
    }
  }
}

/** Nothing on success, else why the engine refused the content. */
async function insert(
  engine: Pick<Engine, 'insertFiles'>,
  spool: Spool,
  table: TableName,
  planned: readonly PlannedFile[],
  token: string,
): Promise<{ readonly name: string; readonly message: string } | undefined> {
  const paths = planned.map(({ file }) => spool.pathOf(file));
  try {
    await engine.insertFiles(table, paths, token);
    return undefined;
  } catch (error) {
    const name = contentError(error);
    if (name === undefined) throw error;
    return { name, message: error instanceof Error ? error.message : String(error) };
  }
}
