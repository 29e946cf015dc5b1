import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore, otlpAttributes, type Store } from './loaded-store.ts';

let store: Store;
const traceId = '0af7651916cd43dd8448eb211c80319c';
const startNs = 1_773_136_800_000_000_000n;

beforeAll(async () => {
  store = await openStore();
  const span = (digit: string, parent: string, fromMs: number, toMs: number) => ({
    traceId,
    spanId: digit.repeat(16),
    parentSpanId: parent === '' ? '' : parent.repeat(16),
    name: digit,
    kind: 1,
    startTimeUnixNano: String(startNs + BigInt(fromMs) * 1_000_000n),
    endTimeUnixNano: String(startNs + BigInt(toMs) * 1_000_000n),
  });
  const spans = [
    span('1', '', 0, 100),
    span('2', '1', -20, 10),
    span('3', 'f', 5, 6),
    span('4', '5', 50, 60),
    span('5', '4', 51, 60),
    span('6', '1', 30, 20),
    span('7', '1', 40, 41),
    span('7', '1', 40, 41),
  ];
  const rich = {
    ...span('8', '1', 70, 80),
    kind: 3,
    traceState: 'a=1',
    flags: 0x101,
    status: { code: 2, message: 'it broke' },
    attributes: [
      ...otlpAttributes({
        'db.system.name': 'postgresql',
        'db.query.text': 'SELECT 1',
        ratio: 0.5,
        yes: true,
        __proto__x: 'p',
      }),
      { key: '__proto__', value: { stringValue: 'kept' } },
      { key: 'big', value: { intValue: '9007199254740993' } },
      { key: 'list', value: { arrayValue: { values: [{ intValue: '1' }, { stringValue: 'a' }] } } },
    ],
    droppedAttributesCount: 3,
    events: [
      {
        timeUnixNano: String(startNs + 71_000_001n),
        name: 'exception',
        attributes: otlpAttributes({ n: 7 }),
        droppedAttributesCount: 1,
      },
    ],
    droppedEventsCount: 2,
    links: [
      { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), traceState: 'l=1', attributes: otlpAttributes({ k: 'v' }), flags: 1 },
    ],
    droppedLinksCount: 4,
  };
  const resource = {
    attributes: otlpAttributes({ 'service.name': 's', 'host.name': 'h', weight: 5 }),
    droppedAttributesCount: 6,
  };
  const scope = { name: 'lib', version: '2', attributes: otlpAttributes({ s: true }) };
  await store.load('traces', {
    resourceSpans: [
      { resource, schemaUrl: 'https://r', scopeSpans: [{ scope, schemaUrl: 'https://s', spans: [...spans, rich] }] },
    ],
  });
});
afterAll(() => store.close());

test('what makes the tree a guess is said', async () => {
  const reply = await store.questions.trace(traceId);
  const warnings = reply?.warnings.map(({ code, spanIds }) => [code, spanIds.map((id) => id[0]).join('')]);
  expect(warnings).toEqual([
    ['missing-parent', '3'],
    ['duplicate-span-id', '7'],
    ['parent-cycle', '4'],
    ['clock-skew', '2'],
    ['negative-duration', '6'],
  ]);
});

test('everything that was sent with a span comes back', async () => {
  const reply = await store.questions.trace(traceId);
  const { selfNs: _self, criticalNs: _critical, ...span } = reply?.spans.find(({ name }) => name === '8') ?? {};
  expect(span).toEqual({
    spanId: '8'.repeat(16),
    parentSpanId: '1'.repeat(16),
    service: 's',
    name: '8',
    kind: 'client',
    startTimeUnixNano: String(startNs + 70_000_000n),
    durationNs: 10_000_000,
    status: { code: 'error', message: 'it broke' },
    attributes: Object.fromEntries([
      ['db.system.name', 'postgresql'],
      ['db.query.text', 'SELECT 1'],
      ['ratio', 0.5],
      ['yes', true],
      ['__proto__x', 'p'],
      ['__proto__', 'kept'],
      ['big', '9007199254740993'],
      ['list', [1, 'a']],
    ]),
    droppedAttributesCount: 3,
    events: [
      { timeUnixNano: String(startNs + 71_000_001n), name: 'exception', attributes: { n: 7 }, droppedAttributesCount: 1 },
    ],
    droppedEventsCount: 2,
    links: [
      {
        traceId: 'ab'.repeat(16),
        spanId: 'cd'.repeat(8),
        traceState: 'l=1',
        attributes: { k: 'v' },
        droppedAttributesCount: 0,
        flags: 1,
      },
    ],
    droppedLinksCount: 4,
    traceState: 'a=1',
    flags: 0x101,
    resource: 0,
    scope: { name: 'lib', version: '2', attributes: { s: true }, schemaUrl: 'https://s' },
    host: 'h',
    instance: '',
    statement: { text: 'SELECT ?', hash: expect.stringMatching(/^[0-9a-f]{16}$/) as string },
  });
  expect(reply?.resources).toEqual([
    { attributes: { 'service.name': 's', 'host.name': 'h', weight: 5 }, droppedAttributesCount: 6, schemaUrl: 'https://r' },
  ]);
});

test('links from other traces are found, up to an hour after the trace', async () => {
  const linked = 'ab'.repeat(16);
  const link = (spanId: string) => ({ traceId: linked, spanId });
  const span = (of: string, spanId: string, afterMs: number, links: object[]) => ({
    traceId: of,
    spanId,
    name: `after ${afterMs}`,
    kind: 5,
    startTimeUnixNano: String(startNs + BigInt(afterMs) * 1_000_000n),
    endTimeUnixNano: String(startNs + BigInt(afterMs + 5) * 1_000_000n),
    links,
  });
  const [first, second] = ['cd'.repeat(8), 'ce'.repeat(8)] as const;
  const [other, third] = ['ac'.repeat(16), 'ad'.repeat(16)] as const;
  await store.load('traces', {
    resourceSpans: [
      {
        resource: { attributes: otlpAttributes({ 'service.name': 'worker' }) },
        scopeSpans: [
          {
            spans: [
              span(linked, first, 0, [link(second)]),
              span(linked, second, 1, []),
              span(other, '1f'.repeat(8), 2000, [{ traceId: third, spanId: second }, link(second), link(first), link(second)]),
              span(third, '2f'.repeat(8), 3_500_000, [link(first)]),
              span(third, '3f'.repeat(8), 3_700_000, [link(first)]),
              span(third, '4f'.repeat(8), -1000, [link(first)]),
            ],
          },
        ],
      },
    ],
  });
  const reply = await store.questions.traceLinks(linked, 100);
  expect(reply?.complete).toBe(true);
  expect(reply?.items.map(({ traceId: of, spanId, linkedSpanIds }) => [of, spanId, linkedSpanIds])).toEqual([
    [traceId, '8'.repeat(16), [first]],
    [other, '1f'.repeat(8), [second, first]],
    [third, '2f'.repeat(8), [first]],
  ]);
  expect(reply?.items[1]).toMatchObject({ service: 'worker', name: 'after 2000', durationNs: 5_000_000, failed: false });
  expect(await store.questions.traceLinks(linked, 1)).toMatchObject({ items: [{ traceId }], complete: false });
  expect(await store.questions.traceLinks('ee'.repeat(16), 1)).toBeUndefined();
});
