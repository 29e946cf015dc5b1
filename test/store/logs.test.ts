import { anySearch } from '@sonde/model/testing/any-search';
import { type Expression, type Field, parseSearch, printSearch, type SearchValue, severities } from '@sonde/model';
import type { LogFilters } from '../../packages/store/src/query/logs/logs.ts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore, otlpAttributes, type Store } from './loaded-store.ts';
import { baseNs, randomOf } from './sample-spans.ts';
import { slowMatch } from './slow-search.ts';

const baseMs = Number(baseNs / 1_000_000n);
const range = { fromMs: baseMs, toMs: baseMs + 3_600_000 };

interface SampleLog {
  readonly timeNs: bigint;
  /** Whether the sender knew the time, or only when it was observed. */
  readonly timed: boolean;
  readonly service: string;
  readonly host: string;
  readonly severityNumber: number;
  readonly body: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const bodies = [
  'connection timeout to db-1',
  'Connection  timeout',
  'timeout of connection',
  'timeouts: 5',
  'connection_timeout',
  'GET /cart?user=5 200',
  'größe ÄÖ 日本',
  'it\'s \\ "quoted"\n\tnew line',
  '',
  'order 5 -> 6',
  'ORDER 5',
  '\0',
];
const random = randomOf(9);
const logs: readonly SampleLog[] = Array.from({ length: 600 }, () => {
  const traced = random.chance(0.7);
  return {
    // Few times, so that there are many ties, and two buckets of five minutes.
    timeNs: baseNs + BigInt(random.below(40)) * 15_000_000_000n,
    timed: random.chance(0.8),
    service: random.of(['orders', 'payment', 'gateway']),
    host: random.of(['h1', 'h2']),
    severityNumber: random.of([0, 1, 4, 5, 9, 12, 13, 17, 21, 24, 25]),
    body: random.of(bodies),
    traceId: traced ? random.of(['ab', 'cd']).repeat(16) : '',
    spanId: traced ? random.of(['ab', 'cd']).repeat(8) : '',
    attributes: Object.fromEntries(
      ['user.id', 'body', 'http.route', 'a=b']
        .filter(() => random.chance(0.5))
        .map((key) => [key, random.of(['5', 'c', 'b=c', ''])]),
    ),
  };
});

let store: Store;

beforeAll(async () => {
  store = await openStore();
  await store.load('logs', logRequest(logs));
});
afterAll(() => store.close());

function logRequest(records: readonly SampleLog[]) {
  return {
    resourceLogs: records.map((log) => ({
      resource: {
        attributes: otlpAttributes({ 'service.name': log.service, 'host.name': log.host, 'os.type': 'linux' }),
      },
      scopeLogs: [
        {
          logRecords: [
            {
              ...(log.timed ? { timeUnixNano: String(log.timeNs) } : { observedTimeUnixNano: String(log.timeNs) }),
              severityNumber: log.severityNumber,
              body: { stringValue: log.body },
              ...(log.traceId !== '' && { traceId: log.traceId, spanId: log.spanId }),
              attributes: otlpAttributes(log.attributes),
            },
          ],
        },
      ],
    })),
  };
}

function severityOf(log: SampleLog) {
  return log.severityNumber > 24 ? 'unspecified' : (severities[Math.ceil(log.severityNumber / 4)] ?? 'unspecified');
}

function valueOf(field: Field, log: SampleLog): SearchValue | undefined {
  const intrinsic: Readonly<Record<string, string>> = {
    body: log.body,
    severity: severityOf(log),
    'trace.id': log.traceId,
    'span.id': log.spanId,
  };
  const resource: Readonly<Record<string, string>> = { 'service.name': log.service, 'host.name': log.host, 'os.type': 'linux' };
  const own = field.scope === 'intrinsic' ? intrinsic : field.scope === 'resource' ? resource : log.attributes;
  return Object.hasOwn(own, field.key) ? own[field.key] : undefined;
}

const lower = (text: string) => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
const wordsOf = (text: string) =>
  lower(text)
    .split(/[\0-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+/)
    .filter((word) => word !== '');

/** By the definition of docs/formats/search.md. */
function hasWords(body: string, text: string): boolean {
  const words = wordsOf(text);
  const isOneWord = words.length === 1 && words[0] === lower(text);
  return words.every((word) => wordsOf(body).includes(word)) && (isOneWord || lower(body).includes(lower(text)));
}

function slowMatching(expression: Expression | undefined): SampleLog[] {
  return logs.filter(
    (log) =>
      expression === undefined ||
      slowMatch(expression, { valueOf: (field) => valueOf(field, log), hasWord: (text) => hasWords(log.body, text) }),
  );
}

function read(text: string): Expression {
  const parsed = parseSearch(text, 'logs');
  if (parsed.kind === 'problem' || !parsed.search.expression) throw new Error(text);
  return parsed.search.expression;
}

type Item = Awaited<ReturnType<Store['questions']['logs']>>['items'][number];

/** A record as one text, the same for what was sent and what is answered. */
const sentText = (log: SampleLog) =>
  JSON.stringify([
    String(log.timeNs),
    log.service,
    log.host,
    severityOf(log),
    log.severityNumber,
    log.body,
    log.traceId,
    log.spanId,
    log.timed ? '0' : String(log.timeNs),
    sorted(log.attributes),
  ]);
const itemText = (item: Item) =>
  JSON.stringify([
    item.timeUnixNano,
    item.service,
    item.host,
    item.severity.level,
    item.severity.number,
    item.body,
    item.traceId,
    item.spanId,
    item.observedTimeUnixNano,
    sorted(item.attributes),
  ]);
const sorted = (attributes: object) => Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1));

async function found(filters: LogFilters): Promise<Item[]> {
  return (await store.questions.logs(range, filters, { limit: 1000 })).items;
}

test('any search finds what a slow look at each record finds', async () => {
  const key = fc.constantFrom(
    'user.id',
    'attribute.body',
    'http.route',
    '"a=b"',
    'service.name',
    'host.name',
    'os.type',
    'absent',
    'duration',
    'name',
  );
  const text = fc.constantFrom(
    '5',
    'c',
    'b=c',
    '',
    'orders',
    'h1',
    'timeout',
    'connection timeout',
    'TIMEOUT',
    'order 5',
    '->',
    'ö',
    'ÄÖ',
    '日本',
    "it's",
    '\\',
    '\0',
    ...bodies,
  );
  const pattern = fc.constantFrom('time', '^order', '5$', '.', '[^a-z]', '(?i)ORDER');
  let some = 0;
  await fc.assert(
    fc.asyncProperty(anySearch(key, text, pattern, 'logs'), async (search) => {
      if (JSON.stringify(search).includes('(?i)')) return;
      const expected = slowMatching(search);
      if (expected.length > 0 && expected.length < logs.length) some++;
      const items = await found({ search });
      expect(items.map(itemText).toSorted(), printSearch(search, 'logs')).toEqual(expected.map(sentText).toSorted());
    }),
    { numRuns: 80, seed: 11, endOnFailure: false },
  );
  expect(some).toBeGreaterThan(25);
});

test('what is written reads back', () => {
  fc.assert(
    fc.property(anySearch(fc.constantFrom('user.id', 'attribute.body', 'name', 'attribute.severity'), fc.string()), () => true),
  );
  const search = anySearch(
    fc.constantFrom('user.id', 'attribute.body', 'name', 'attribute.severity'),
    fc.string({ minLength: 1, maxLength: 5 }),
    undefined,
    'logs',
  );
  fc.assert(
    fc.property(search, (expression) => {
      const printed = printSearch(expression, 'logs');
      if (printed.length <= 4096) expect(read(printed)).toEqual(expression);
    }),
  );
});

test.each([
  ['timeout', 4],
  ['"connection timeout"', 1],
  ['connection timeout', 4],
  ['order 5', 2],
])('words: %s is in %i bodies', async (text, count) => {
  const items = await found({ search: read(text) });
  expect(new Set(items.map((item) => item.body)).size).toBe(count);
});

test.each<[LogFilters, (log: SampleLog) => boolean]>([
  [{ service: 'orders' }, (log) => log.service === 'orders'],
  [{ host: 'h1', severity: 'warn' }, (log) => log.host === 'h1' && log.severityNumber >= 13 && log.severityNumber <= 24],
  [{ environment: 'x' }, () => false],
  [{ namespace: 'x' }, () => false],
])('filters: %j', async (filters, isOne) => {
  expect((await found(filters)).map(itemText).toSorted()).toEqual(logs.filter(isOne).map(sentText).toSorted());
});

describe('pages', () => {
  async function pages(filters: LogFilters, limit: number, between: () => Promise<void> = async () => {}): Promise<Item[][]> {
    const all: Item[][] = [];
    let cursor: string | undefined;
    do {
      const reply = await store.questions.logs(range, filters, { limit, ...(cursor === undefined ? {} : { cursor }) });
      all.push(reply.items);
      cursor = reply.nextCursor;
      await between();
    } while (cursor !== undefined);
    return all;
  }

  test('hold each record once, in order, whatever their length, ties and all', async () => {
    const whole = (await found({})).map(itemText);
    const service = (await found({ service: 'orders' })).map(itemText);
    expect(whole.toSorted()).toEqual(logs.map(sentText).toSorted());
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 17, max: 700 }), fc.boolean(), async (limit, all) => {
        const some = await pages(all ? {} : { service: 'orders' }, limit);
        expect(some.flat().map(itemText)).toEqual(all ? whole : service);
        for (const page of some.slice(0, -1)) expect(page).toHaveLength(limit);
      }),
      { numRuns: 12, seed: 5 },
    );
    const times = (await found({})).map((item) => BigInt(item.timeUnixNano));
    expect(times).toEqual(times.toSorted((a, b) => (a > b ? -1 : a < b ? 1 : 0)));
  });

  test('of records that are alike in everything', async () => {
    const alike: SampleLog = { ...(logs[0] as SampleLog), service: 'twin', timeNs: baseNs + 1n };
    await store.load('logs', logRequest(Array.from({ length: 23 }, () => alike)));
    for (const limit of [1, 5, 22, 23, 24]) {
      expect((await pages({ service: 'twin' }, limit)).flat(), String(limit)).toHaveLength(23);
    }
  });

  test('neither repeat nor miss what was there, while more comes', async () => {
    const before = (await found({ service: 'payment' })).map(itemText);
    let n = 0;
    const some = await pages({ service: 'payment' }, 40, async () => {
      const added = logs.slice(n, n + 30).map((log) => ({ ...log, service: 'payment', body: `later ${n}` }));
      n += 30;
      if (n < 300) await store.load('logs', logRequest(added));
    });
    const seen = some.flat().filter((item) => !String(item.body).startsWith('later'));
    expect(seen.map(itemText)).toEqual(before);
  });
});

test('the histogram counts each record in its step and severity', async () => {
  const filters = { service: 'gateway', search: read('severity >= info or timeout') };
  const matching = slowMatching(filters.search).filter((log) => log.service === 'gateway');
  const reply = await store.questions.logHistogram(range, filters);
  expect(reply.total).toBe(matching.length);
  for (const severity of severities) {
    const own = reply.timesMs.map(
      (fromMs) =>
        matching.filter(
          (log) =>
            severityOf(log) === severity &&
            log.timeNs >= BigInt(fromMs) * 1_000_000n &&
            log.timeNs < BigInt(fromMs + reply.stepMs) * 1_000_000n,
        ).length,
    );
    const counts = reply.severities.find((one) => one.severity === severity)?.counts;
    expect(counts ?? own.map(() => 0), severity).toEqual(own);
  }
});
