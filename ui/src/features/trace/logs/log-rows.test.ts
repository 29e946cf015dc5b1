import type { LogRecord } from '@sonde/api';
import { expect, test } from 'vitest';
import { drawnTrace } from '../testing/drawn-trace.ts';
import { traceView } from '../trace-view.ts';
import { logRows } from './log-rows.ts';

const view = traceView(drawnTrace('  cart  GET /cart  |====|'));

const record = (more: Partial<LogRecord>): LogRecord => ({
  timeUnixNano: view.trace.startTimeUnixNano,
  observedTimeUnixNano: '0',
  traceId: view.trace.traceId,
  spanId: '0000000000000001',
  severity: { number: 9, text: 'INFO', level: 'info' },
  eventName: '',
  body: 'hello',
  attributes: {},
  droppedAttributesCount: 0,
  service: 'cart',
  instance: '',
  host: '',
  version: '',
  scope: '',
  ...more,
});

const after = (ns: number) => String(BigInt(view.trace.startTimeUnixNano) + BigInt(ns));

test('records stand in the order in which they were written, those of one moment as they came', () => {
  const newestFirst = [
    record({ body: 'third', timeUnixNano: after(2_000_000) }),
    record({ body: 'second' }),
    record({ body: 'first' }),
  ];
  expect(logRows(newestFirst, view).map(({ message, atNs }) => [message, atNs])).toEqual([
    ['first', 0],
    ['second', 0],
    ['third', 2_000_000],
  ]);
});

test('each knows its span, how bad it is, and says what has no text as JSON', () => {
  const rows = logRows(
    [
      record({ body: { code: 7 }, severity: { number: 17, text: '', level: 'error' } }),
      record({ body: null, eventName: 'checkout.done', spanId: 'ffffffffffffffff' }),
    ],
    view,
  );
  expect(rows.map(({ message, tone, node }) => [message, tone, node?.span.name])).toEqual([
    ['checkout.done', undefined, undefined],
    ['{"code":7}', 'bad', 'GET /cart'],
  ]);
});
