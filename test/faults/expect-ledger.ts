import type { Engine } from '@sonde/store';
import { expect } from 'vitest';
import type { Ledger, LedgerSender } from './ledger-sender.ts';

const budget = { timeMs: 30_000, memoryBytes: 2e9, rowsMax: 1e9 };

/** Holds what the database has against what the sender knows: nothing lost, nothing twice, in what is derived neither. */
export async function expectLedgerHolds(engine: Engine, sender: LedgerSender): Promise<void> {
  const clean = { lost: 0, twice: 0, neverSent: 0 };
  const spans = await storedIds(engine, 'reinterpretAsUInt64(reverse(span_id)) FROM spans');
  expect(judge(sender.ledgers.traces, spans), 'spans').toEqual(clean);
  expect(judge(sender.ledgers.logs, await storedIds(engine, 'toUInt64(body) FROM logs')), 'logs').toEqual(clean);
  expect(
    judge(sender.ledgers.metrics, await storedIds(engine, "value_int FROM metric_samples WHERE metric = 'ledger'")),
    'points',
  ).toEqual(clean);
  const [derived] = await engine.query<Record<string, string>>(
    `SELECT toString((SELECT sum(spans) FROM trace_ts)) AS looked_up, toString((SELECT sum(calls) FROM span_minutes)) AS rolled_up,
       toString((SELECT sum(total_ns) FROM span_minutes)) AS rolled_up_ns, toString((SELECT sum(duration_ns) FROM spans)) AS ns`,
    {},
    budget,
  );
  const count = String(spans.size);
  expect(derived).toMatchObject({ looked_up: count, rolled_up: count, rolled_up_ns: derived?.['ns'] });
}

/** Which ids are stored, each as often as it is. */
async function storedIds(engine: Engine, sql: string): Promise<Map<bigint, number>> {
  const rows = await engine.query<{ id: string; times: string }>(
    `SELECT toString(${sql.replace(' FROM ', ') AS id, toString(count()) AS times FROM ')} GROUP BY id`,
    {},
    budget,
  );
  return new Map(rows.map(({ id, times }) => [BigInt(id), Number(times)]));
}

function judge(ledger: Ledger, stored: Map<bigint, number>): Record<string, number> {
  const known = (id: bigint): boolean => ledger.acknowledged.has(id) || ledger.unanswered.has(id);
  return {
    lost: [...ledger.acknowledged].filter((id) => !stored.has(id)).length,
    twice: [...stored.values()].filter((times) => times > 1).length,
    neverSent: [...stored.keys()].filter((id) => !known(id)).length,
  };
}
