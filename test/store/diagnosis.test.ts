/** A diagnosis against plain sums over what settling says of each span, and a system in which one statement got slow. */
import { getDiagnosis, listChanges } from '@sonde/api';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore, otlpAttributes, type Store, traceRequest } from './loaded-store.ts';
import type { SampleSpan } from './sample-spans.ts';
import { inRange, isRequest, sum, widened } from './slow-answers.ts';
import type { Judged } from './slow-settled.ts';
import { openSystem, ranges, type System } from './system-store.ts';
import type { Part } from '@sonde/model';

/** Of each range: all of them would be a minute. */
const apisMax = 5;

const reply = Compile(getDiagnosis.reply);

describe('of a made-up system', () => {
  let system: System;
  beforeAll(async () => {
    system = await openSystem(20_261_122, 700);
  });
  afterAll(() => system.store.close());

  const before = ({ fromMs, toMs }: { fromMs: number; toMs: number }) => ({ fromMs: fromMs - (toMs - fromMs), toMs: fromMs });

  test.each(Object.entries(ranges))(
    'over %s: the change of the mean is that of the parts and what is unknown',
    async (_, range) => {
      const isApi = ({ isEntry, span }: Judged) => isEntry && isRequest(span);
      const names = new Map(system.settled.spans.filter(isApi).map(({ span }) => [`${span.service} ${span.name}`, span]));
      for (const { service, name } of [...names.values()].slice(0, apisMax)) {
        const answer = await system.store.questions.diagnosis(range, { service, name });
        expect(reply.Errors(answer)).toEqual([]);
        const mean = (period: { fromMs: number; toMs: number }) => {
          const ofApi = system.settled.spans.filter(({ entry }) => entry.service === service && entry.name === name);
          const inPeriod = ofApi.filter(({ span }) => inRange([span], period).length > 0);
          const entries = inPeriod.filter(isApi);
          const waited = inPeriod.filter(({ asynchronous, entry }) => !asynchronous && isRequest(entry));
          return {
            requests: entries.length,
            meanNs: sum(entries.map(({ span }) => Number(span.durationNs))) / entries.length,
            criticalNs: sum(waited.map(({ criticalNs }) => criticalNs)) / Math.max(1, entries.length),
          };
        };
        const now = mean(widened(range));
        const earlier = mean(widened(before(widened(range))));
        // It was not entered by then: the answer is of the requests that came from within.
        if (now.requests === 0) continue;
        expect(answer.symptom?.now.requests).toBe(now.requests);
        if (earlier.requests === 0) continue;
        const { deltaNs, unknownNs } = answer.decomposition;
        expect(deltaNs).toBeCloseTo(now.meanNs - earlier.meanNs, -3);
        expect((deltaNs ?? 0) - (unknownNs ?? 0)).toBeCloseTo(now.criticalNs - earlier.criticalNs, -3);
      }
    },
  );
});

describe('of a shop whose statement got slow', () => {
  const startMs = 1_773_136_800_000;
  const minuteMs = 60_000;
  const slow = 'UPDATE stock SET left = left - $2 WHERE sku = $1';
  let store: Store;

  const range = { fromMs: startMs + 5 * minuteMs, toMs: startMs + 10 * minuteMs };

  /** Spans of trace `i`; a service of another version is another instance. */
  function drawn(i: number, atMs: number) {
    const id = (span: number) => (i * 10 + span + 1).toString(16).padStart(16, '0');
    return (
      n: number,
      parent: number | undefined,
      service: string,
      name: string,
      kind: number,
      offsetMs: number,
      ms: number,
      over: Partial<SampleSpan> = {},
    ): SampleSpan => ({
      traceId: (i + 1).toString(16).padStart(32, '0'),
      spanId: id(n),
      parentSpanId: parent === undefined ? '' : id(parent),
      service,
      instance: `${service}-1`,
      host: `host-${service}`,
      version: '1.0',
      name,
      kind,
      startNs: BigInt(atMs + offsetMs) * 1_000_000n,
      durationNs: BigInt(ms) * 1_000_000n,
      failed: false,
      attributes: {},
      ...over,
    });
  }

  /** `POST /checkout` at the gateway asks orders, which asks two statements. */
  function checkout(i: number, atMs: number, slowMs: number): SampleSpan[] {
    const span = drawn(i, atMs);
    const statement = (text: string) => ({
      attributes: { 'db.system.name': 'postgresql', 'server.address': 'db', 'db.query.text': text },
    });
    const all = 30 + slowMs;
    return [
      span(0, undefined, 'gateway', 'POST /checkout', 2, 0, all),
      span(1, 0, 'gateway', 'POST', 3, 2, all - 4),
      span(2, 1, 'orders', 'POST /orders', 2, 3, all - 6),
      span(3, 2, 'orders', 'SELECT', 3, 5, 6, statement('SELECT * FROM products WHERE sku = $1')),
      span(4, 2, 'orders', 'UPDATE', 3, 12, slowMs, statement(slow)),
    ];
  }

  /** `POST /letters` at the desk publishes to a queue that mail reads. */
  function letter(i: number, atMs: number, waitMs: number, isNew: boolean): SampleSpan[] {
    const span = drawn(10_000 + i, atMs);
    const queue = { attributes: { 'messaging.system': 'kafka', 'messaging.destination.name': 'letters' } };
    const reader = isNew ? { version: '2.0', instance: 'mail-2' } : {};
    return [
      span(0, undefined, 'desk', 'POST /letters', 2, 0, 10),
      span(1, 0, 'desk', 'send letters', 4, 2, 3, queue),
      span(2, 1, 'mail', 'process letters', 5, 5 + waitMs, 20, { ...queue, ...reader }),
    ];
  }
  /** `GET /orders` asks orders, on the same host, and no database. */
  function read(i: number, atMs: number, failed: boolean): SampleSpan[] {
    const span = drawn(20_000 + i, atMs);
    return [
      span(0, undefined, 'gateway', 'GET /orders', 2, 0, 20, { failed }),
      span(1, 0, 'gateway', 'GET', 3, 2, 16, { failed }),
      span(2, 1, 'orders', 'GET /orders', 2, 3, 14, { failed }),
    ];
  }

  /** A processor of which `busy` is used, counted every ten seconds. */
  function processor(host: string, busy: (minute: number) => number) {
    const modes = { user: busy, idle: (minute: number) => 1 - busy(minute) };
    const dataPoints = Object.entries(modes).flatMap(([mode, rate]) => {
      let seconds = 0;
      return Array.from({ length: 61 }, (_, i) => {
        const point = {
          attributes: otlpAttributes({ 'cpu.mode': mode }),
          startTimeUnixNano: String(BigInt(startMs) * 1_000_000n),
          timeUnixNano: String(BigInt(startMs + i * 10_000) * 1_000_000n),
          asDouble: seconds,
        };
        seconds += 10 * rate(Math.floor(i / 6));
        return point;
      });
    });
    const attributes = otlpAttributes({ 'service.name': 'host-agent', 'service.instance.id': host, 'host.name': host });
    const counter = { aggregationTemporality: 2, isMonotonic: true, dataPoints };
    const metrics = [{ name: 'system.cpu.time', unit: 's', sum: counter }];
    return { resourceMetrics: [{ resource: { attributes }, scopeMetrics: [{ metrics }] }] };
  }

  beforeAll(async () => {
    store = await openStore();
    const spans = Array.from(
      { length: 240 },
      (_, i) =>
        // Ten minutes, 24 requests in each; the statement takes 20 times as long in the last five.
        // Letters wait from the sixth minute on, and are read by a new version from the seventh; orders read fail from the fifth.
        [Math.floor(i / 24), startMs + Math.floor(i / 24) * minuteMs + (i % 24) * 2000] as const,
    ).flatMap(([minute, atMs], i) => [
      ...checkout(i, atMs, minute < 5 ? 10 : 200),
      ...letter(i, atMs, minute < 6 ? 100 : 4000, minute >= 7),
      ...read(i, atMs, minute >= 5 && i % 2 === 0),
    ]);
    await store.load('traces', traceRequest(spans));
    await store.load(
      'metrics',
      processor('host-orders', (minute) => (minute < 5 ? 0.25 : 0.95)),
    );
    await store.settle();
  });
  afterAll(() => store.close());

  test('says which statement, since when, how it came to the gateway, and what to do', async () => {
    const answer = await store.questions.diagnosis(range, { service: 'gateway', name: 'POST /checkout' });
    expect(reply.Errors(answer)).toEqual([]);
    expect(answer.symptom).toMatchObject({
      problems: ['slower'],
      curve: 'whole',
      baseline: { requests: 120, meanNs: 40_000_000 },
      now: { requests: 120, meanNs: 230_000_000 },
    });
    expect(answer.decomposition).toMatchObject({ deltaNs: 190_000_000, unknownNs: 0 });
    expect(answer.decomposition.parts[0]).toMatchObject({
      subject: { kind: 'statement', service: 'orders', statement: { text: slow } },
      deltaNs: 190_000_000,
      share: 1,
    });
    expect(answer.verdicts).toHaveLength(1);
    expect(answer.verdicts[0]).toMatchObject({
      cause: 'slow statement',
      subject: { service: 'orders', statement: { text: slow } },
      share: 1,
      sinceMs: range.fromMs,
      propagation: ['orders', 'gateway'],
      remedy: { action: 'fix statement' },
    });
    expect(answer.verdicts[0]?.evidence[0]?.line?.values).toHaveLength(answer.timesMs.length);
  });

  test('of the endpoint in the middle the same, by the requests to it', async () => {
    const answer = await store.questions.diagnosis(range, { service: 'orders', name: 'POST /orders' });
    expect(answer.symptom?.now.requests).toBe(120);
    expect(answer.verdicts.map(({ cause }) => cause)).toEqual(['slow statement']);
  });

  test('two periods that are alike accuse nobody; one without requests is unknown', async () => {
    const period = { fromMs: startMs + 8 * minuteMs, toMs: startMs + 10 * minuteMs };
    const alike = await store.questions.diagnosis(period, { service: 'gateway', name: 'POST /checkout' });
    expect(alike).toMatchObject({ symptom: { problems: [], curve: 'none' }, verdicts: [] });
    const nothing = await store.questions.diagnosis(period, { service: 'gateway', name: 'GET /none' });
    expect(nothing).toMatchObject({
      symptom: { now: { requests: 0, meanNs: null, errorShare: null }, curve: 'unknown' },
      decomposition: { deltaNs: null, unknownNs: null },
      verdicts: [],
    });
  });

  const asked = async (part: Part) => {
    const answer = await store.questions.partDiagnosis(range, { part });
    expect(reply.Errors(answer)).toEqual([]);
    return answer;
  };

  test('of an API that fails: where it begins, and the share that failed minute by minute', async () => {
    const answer = await store.questions.diagnosis(range, { service: 'gateway', name: 'GET /orders' });
    expect(answer.verdicts).toHaveLength(1);
    expect(answer.verdicts[0]).toMatchObject({
      cause: 'own errors',
      subject: { kind: 'service', service: 'orders' },
      sinceMs: range.fromMs,
      evidence: [
        {
          measure: 'error share',
          baseline: 0,
          now: 0.5,
          line: { unit: '1', values: [0, 0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5, 0.5] },
        },
      ],
    });
  });

  test('of the statement: by the API that waits for it, with the same verdict', async () => {
    const { verdicts } = await store.questions.diagnosis(range, { service: 'gateway', name: 'POST /checkout' });
    const hash = verdicts[0]?.subject.statement?.hash as string;
    const answer = await asked({ kind: 'statement', name: hash });
    expect(answer.symptom).toMatchObject({ service: 'gateway', name: 'POST /checkout', problems: ['slower'] });
    expect(answer.verdicts).toEqual(verdicts);
    expect(answer.part).toMatchObject({ kind: 'statement', name: hash, statement: { hash, text: slow }, apis: 1, others: [] });
    expect(answer.part?.evidence.slice(0, 2)).toMatchObject([
      { measure: 'mean duration', unit: 'ns', baseline: 10_000_000, now: 200_000_000, says: 'for' },
      { measure: 'requests', baseline: 0.4, now: 0.4, says: 'against' },
    ]);
    expect((await asked({ kind: 'database', name: 'db' })).verdicts).toEqual(verdicts);
  });

  test('of the host: the API that lost most there, the others behind it, what its processors did', async () => {
    const answer = await asked({ kind: 'host', name: 'host-orders' });
    expect(answer.symptom).toMatchObject({ name: 'POST /checkout' });
    expect(answer.part).toMatchObject({ apis: 2, others: [{ service: 'gateway', name: 'GET /orders' }] });
    expect(answer.part?.evidence).toMatchObject([
      { measure: 'CPU utilization', of: 'host-orders', says: 'for' },
      { measure: 'CPU steal', baseline: 0, now: 0, says: 'against' },
      { measure: 'I/O wait', baseline: 0, now: 0, says: 'against' },
    ]);
    expect(answer.part?.evidence[0]?.baseline).toBeCloseTo(0.25, 2);
    expect(answer.part?.evidence[0]?.now).toBeCloseTo(0.95, 2);
  });

  test('of the queue: by the API whose messages are late', async () => {
    const answer = await asked({ kind: 'queue', name: 'letters' });
    expect(answer.symptom).toMatchObject({ service: 'desk', name: 'POST /letters', problems: ['late'] });
    expect(answer.verdicts[0]).toMatchObject({
      cause: 'queue backed up',
      subject: { kind: 'queue', name: 'letters' },
      // What it shows over time is the wait, which tells since when.
      sinceMs: startMs + 6 * minuteMs,
      evidence: [
        { measure: 'wait in queue', line: { values: [...Array<number>(6).fill(1e8), ...Array<number>(4).fill(4e9)] } },
        {},
        {},
        {},
      ],
    });
    expect(answer.part?.evidence[0]).toMatchObject({ measure: 'wait in queue', baseline: 100_000_000, says: 'for' });
  });

  test('nobody passes through what is unknown or idle: then there is no symptom, and nobody is accused', async () => {
    const answer = await asked({ kind: 'remote', name: 'nobody:443' });
    expect(answer).toMatchObject({ symptom: null, verdicts: [], part: { kind: 'remote', apis: 0, others: [], evidence: [] } });
  });

  test('what changed, newest first, each with its moment and its figures', async () => {
    const answer = await store.questions.changes(range, { limit: 100 });
    expect(Compile(listChanges.reply).Errors(answer)).toEqual([]);
    const told = answer.items.map(({ atMs, kind, name, service, statement }) => [
      atMs === null ? null : (atMs - startMs) / minuteMs,
      kind,
      service,
      statement?.text ?? name,
    ]);
    expect(told.map(([minute]) => minute)).toEqual([7, 7, 6, 6, 5, 5, 5, 5]);
    // Of one minute in the order in which they are found.
    expect(told.map(String).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(
      [
        [5, 'fails more', 'orders', 'orders'],
        [5, 'passes failures on', 'gateway', 'gateway'],
        [5, 'resource saturated', '', 'host-orders'],
        [5, 'statement slower', 'orders', slow],
        [6, 'instance gone', 'mail', 'mail-1'],
        [6, 'queue waits longer', 'mail', 'letters'],
        [7, 'new instance', 'mail', 'mail-2'],
        [7, 'new version', 'mail', '2.0'],
      ].map(String),
    );
    expect(answer.items.find(({ kind }) => kind === 'statement slower')).toMatchObject({ baseline: 1e7, now: 2e8 });
    expect(answer.items.find(({ kind }) => kind === 'fails more')).toMatchObject({ baseline: 0, now: 0.25 });
    expect(answer.items.find(({ kind }) => kind === 'resource saturated')?.measure).toBe('CPU utilization');
    const first = await store.questions.changes(range, { limit: 1 });
    expect(first).toMatchObject({ items: [answer.items[0]], isTruncated: true });
  });

  test('nothing changed between two periods that are alike', async () => {
    const alike = { fromMs: startMs + 2 * minuteMs, toMs: startMs + 4 * minuteMs };
    const { isTruncated, items, requests } = await store.questions.changes(alike, { limit: 100 });
    // Of each minute 24 checkouts, letters and orders read, each served by two.
    expect({ isTruncated, items, requests }).toEqual({ isTruncated: false, items: [], requests: { baseline: 288, now: 288 } });
  });
});
