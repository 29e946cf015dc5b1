import type { TableName } from '@sonde/otlp';
import type { Engine } from '../engine/types.ts';
import type { Spool } from '../spool/spool.ts';
import type { LoadPlan } from '../spool/spool-set.ts';
import { type PlannedFile, wholeOf } from './piece.ts';
import { TableLoad } from './table-load.ts';

/**
 * One plan into the engine, table by table (table-load.ts). It may be cut short anywhere and run again from the start, in this process or
 * a later one. Rejects with the engine's or the disk's error where trying again can help.
 */
export async function insertPlan(engine: Pick<Engine, 'insertFiles'>, spool: Spool, plan: LoadPlan): Promise<void> {
  const byTable = new Map<TableName, PlannedFile[]>();
  for (const { id } of plan.sets) {
    for (const file of await spool.intactFiles(id)) {
      const planned = byTable.get(file.table) ?? [];
      planned.push({ setId: id, file });
      byTable.set(file.table, planned);
    }
  }
  for (const [table, planned] of byTable) await new TableLoad(engine, spool, plan, table, planned).place(wholeOf(plan));
}
