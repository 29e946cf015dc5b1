import type { LogRecord } from '@sonde/api';
import { expect, test } from 'vitest';
import { drawnTrace } from './testing/drawn-trace.ts';
import { traceView } from './trace-view.ts';
import { type RowsShown, type WaterfallRow, waterfallRows } from './waterfall-rows.ts';

const at = (ms: number) => String(1_800_000_000_000_000_000n + BigInt(ms * 1e6));
const view = traceView(
  drawnTrace(
    `
  web  GET /cart   |==========|
    db  SELECT      |===|
    db  INSERT           |==|
`,
    { SELECT: { events: [{ name: 'retry', timeUnixNano: at(3), attributes: {}, droppedAttributesCount: 0 }] } },
  ),
);
const log = (spanId: string, body: string, ms: number) => ({ spanId, body, timeUnixNano: at(ms) }) as LogRecord;
const logs = [log('', 'stray', 9), log(view.nodes[1]?.id ?? '', 'late', 4), log(view.nodes[1]?.id ?? '', 'early', 2)];

const said = (row: WaterfallRow) =>
  row.kind === 'span'
    ? row.node.span.name
    : row.kind === 'event'
      ? `event ${row.event.name}`
      : `log ${String(row.record.body)}`;
const rows = (shown: Partial<RowsShown>) =>
  waterfallRows(view, { collapsed: new Set(), events: false, logs: [], ...shown }).map(said);

test('what a span said stands below it, by time; what nobody here said, at the end', () => {
  expect(rows({})).toEqual(['GET /cart', 'SELECT', 'INSERT']);
  expect(rows({ events: true, logs })).toEqual([
    'GET /cart',
    'SELECT',
    'log early',
    'event retry',
    'log late',
    'INSERT',
    'log stray',
  ]);
});

test('it is hidden with its span', () => {
  expect(rows({ events: true, logs, collapsed: new Set([0]) })).toEqual(['GET /cart', 'log stray']);
});
