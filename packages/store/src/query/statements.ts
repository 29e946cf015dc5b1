import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import { hashHex } from './spans.ts';

export const statementTextsQuery = defineQuery({
  name: 'statementTexts',
  isQuick: true,
  params: { hashes: 'Array(UInt64)' },
  row: { hash: 'String', statementText: 'String' },
  sql: `
SELECT ${hashHex('statement_hash')} AS hash, any(statement) AS statementText
FROM statements
WHERE statement_hash IN {hashes:Array(UInt64)}
GROUP BY statement_hash`,
});

/** Texts by hash, both ways 16 hex digits. */
export async function statementTexts(engine: Engine, hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await ask(engine, statementTextsQuery, { hashes: hashes.map((hash) => BigInt(`0x${hash}`)) });
  return new Map(rows.map((row) => [row.hash, row.statementText]));
}
