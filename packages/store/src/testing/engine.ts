import { readFile } from 'node:fs/promises';
import type { TableName } from '@sonde/otlp';
import type { Engine } from '../engine/types.ts';
import type { Spool } from '../spool/spool.ts';
import { insertPlan } from '../loader/insert-plan.ts';

/** The obvious model of what an engine promises of an insert: all of it or nothing, and once for each token. */
export class ModelEngine implements Pick<Engine, 'insertFiles'> {
  readonly #rows = new Map<TableName, string[]>();
  readonly #tokens = new Set<string>();
  /** Every attempt, in order. */
  readonly attempts: { readonly table: TableName; readonly files: number; readonly token: string }[] = [];
  /** Decides about each attempt by what is in its files. */
  fault: (texts: readonly string[], attempt: number) => Error | undefined = () => undefined;
  /** The same, after the rows were stored: the answer is lost. */
  lostAnswer: (attempt: number) => Error | undefined = () => undefined;

  async insertFiles(table: TableName, absolutePaths: readonly string[], token: string): Promise<void> {
    this.attempts.push({ table, files: absolutePaths.length, token });
    const texts = await Promise.all(absolutePaths.map((path) => readFile(path, 'utf8')));
    const fault = this.fault(texts, this.attempts.length);
    if (fault) throw fault;
    if (!this.#tokens.has(`${table} ${token}`)) this.#rows.set(table, [...this.rowsOf(table), ...texts]);
    this.#tokens.add(`${table} ${token}`);
    const lost = this.lostAnswer(this.attempts.length);
    if (lost) throw lost;
  }

  rowsOf(table: TableName): readonly string[] {
    return this.#rows.get(table) ?? [];
  }
}

/** What a loader does, without its waits. */
export async function loadEverything(spool: Spool, engine: Pick<Engine, 'insertFiles'>): Promise<void> {
  for (const plan of spool.recoveredPlans) {
    await insertPlan(engine, spool, plan);
    await spool.finish(plan);
  }
  while (spool.waiting.length > 0) {
    const plan = spool.plan(2);
    await spool.fix(plan);
    await insertPlan(engine, spool, plan);
    await spool.finish(plan);
  }
}
