import type { TraceColumns } from '@sonde/api';
import { expect, test } from 'vitest';
import { attributeOf, correctedSpan, countEvents, mayHaveLinks, storedTrace } from './stored-span.ts';

const texts = ['', 'gone', 'cart', 'GET /cart', '["scope","1",["k"],["7"],"i",""]', '["user","n"]', 'si', '[]'];
const columns: TraceColumns = {
  traceId: 'ab'.repeat(16),
  startTimeUnixNano: '1773136800000000000',
  durationNs: 500,
  resources: [],
  warnings: [],
  spans: {
    texts,
    spanId: ['000000000000000a', '000000000000000b'],
    parentSpanId: ['', '000000000000000a'],
    startTimeUnixNano: ['1773136800000000000', '1773136800000000100'],
    durationNs: [500, 200],
    selfNs: [300, 200],
    criticalNs: [300, 200],
    kind: [2, 99],
    statusCode: [2, 0],
    statusMessage: [1, 0],
    service: [2, 2],
    name: [3, 3],
    host: [0, 0],
    instance: [0, 0],
    scope: [4, 4],
    traceState: [0, 0],
    attributeKeys: [5, 7],
    attributeTypes: [6, 0],
    statementText: [0, 0],
    statementHash: [0, 0],
    attributeValues: ['["u-1","9007199254740993"]', '[]'],
    events: ['[["1773136800000000050"],["miss"],[["key"]],[["k"]],["s"],[3]]', ''],
    links: ['', '[["cd"],["000000000000000c"],[""],[[]],[[]],[""],[0],[1]]'],
    droppedAttributesCount: [1, 0],
    droppedEventsCount: [0, 2],
    droppedLinksCount: [0, 0],
    flags: [257, 1],
    resource: [0, 0],
  },
};
const event = { timeUnixNano: '1773136800000000050', name: 'miss', attributes: { key: 'k' }, droppedAttributesCount: 3 };

test('a span tells what the columns hold, and all of it as JSON', () => {
  const { spans } = storedTrace(columns);
  expect(JSON.parse(JSON.stringify(spans[0]))).toEqual({
    spanId: '000000000000000a',
    parentSpanId: '',
    service: 'cart',
    name: 'GET /cart',
    kind: 'server',
    startTimeUnixNano: '1773136800000000000',
    durationNs: 500,
    selfNs: 300,
    criticalNs: 300,
    status: { code: 'error', message: 'gone' },
    attributes: { user: 'u-1', n: '9007199254740993' },
    droppedAttributesCount: 1,
    events: [event],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    traceState: '',
    flags: 257,
    resource: 0,
    scope: { name: 'scope', version: '1', attributes: { k: 7 }, schemaUrl: '' },
    host: '',
    instance: '',
    statement: null,
  });
  expect(spans[1]?.kind).toBe('unspecified');
  expect(spans[1]?.events).toEqual([]);
  expect(spans[1]?.links[0]?.spanId).toBe('000000000000000c');
});

test('one attribute, events and links are known without reading all', () => {
  const { spans } = storedTrace(columns);
  expect(spans.map((span) => attributeOf(span, 'user'))).toEqual(['u-1', undefined]);
  expect(countEvents(spans)).toBe(1);
  expect(spans.map(mayHaveLinks)).toEqual([false, true]);
});

test('a corrected clock moves the span and its events, read before or after', () => {
  const [span] = storedTrace(columns).spans;
  if (!span) throw new Error('no span');
  const times = { startTimeUnixNano: '1773136800000000010', byNs: 10, selfNs: 1, criticalNs: 2 };
  for (const one of [span, JSON.parse(JSON.stringify(span)) as typeof span]) {
    const moved = correctedSpan(one, times);
    expect(JSON.parse(JSON.stringify(moved))).toEqual({
      ...(JSON.parse(JSON.stringify(span)) as object),
      startTimeUnixNano: '1773136800000000010',
      selfNs: 1,
      criticalNs: 2,
      events: [{ ...event, timeUnixNano: '1773136800000000060' }],
    });
  }
  expect(span.events).toEqual([event]);
});
