/** A diagnosis against plain sums over what settling says of each span, and a system in which one statement got slow. */
import { getDiagnosis } from '@sonde/api';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore, type Store, traceRequest } from './loaded-store.ts';
import type { SampleSpan } from './sample-spans.ts';
import { inRange, isRequest, sum, widened } from './slow-answers.ts';
import type { Judged } from './slow-settled.ts';
import { openSystem, ranges, type System } from './system-store.ts';

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
        expect(answer.symptom.now.requests).toBe(now.requests);
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

  /** `POST /checkout` at the gateway asks orders, which asks two statements. */
  function checkout(i: number, atMs: number, slowMs: number): SampleSpan[] {
    const id = (span: number) => (i * 10 + span + 1).toString(16).padStart(16, '0');
    const span = (
      n: number,
      parent: number | undefined,
      service: string,
      name: string,
      kind: number,
      offsetMs: number,
      ms: number,
    ) => ({
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
    });
    const statement = (text: string) => ({ 'db.system.name': 'postgresql', 'server.address': 'db', 'db.query.text': text });
    const all = 30 + slowMs;
    return [
      span(0, undefined, 'gateway', 'POST /checkout', 2, 0, all),
      span(1, 0, 'gateway', 'POST', 3, 2, all - 4),
      span(2, 1, 'orders', 'POST /orders', 2, 3, all - 6),
      { ...span(3, 2, 'orders', 'SELECT', 3, 5, 6), attributes: statement('SELECT * FROM products WHERE sku = $1') },
      { ...span(4, 2, 'orders', 'UPDATE', 3, 12, slowMs), attributes: statement(slow) },
    ];
  }

  beforeAll(async () => {
    store = await openStore();
    const spans = Array.from({ length: 240 }, (_, i) =>
      // Ten minutes, 24 requests in each; the statement takes 20 times as long in the last five.
      checkout(i, startMs + Math.floor(i / 24) * minuteMs + (i % 24) * 2000, i < 120 ? 10 : 200),
    ).flat();
    await store.load('traces', traceRequest(spans));
    await store.settle();
  });
  afterAll(() => store.close());

  test('says which statement, since when, how it came to the gateway, and what to do', async () => {
    const range = { fromMs: startMs + 5 * minuteMs, toMs: startMs + 10 * minuteMs };
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

  test('of the service in the middle the same, by the requests to it', async () => {
    const range = { fromMs: startMs + 5 * minuteMs, toMs: startMs + 10 * minuteMs };
    const answer = await store.questions.diagnosis(range, { service: 'orders' });
    expect(answer.symptom.now.requests).toBe(120);
    expect(answer.verdicts.map(({ cause }) => cause)).toEqual(['slow statement']);
  });

  test('two periods that are alike accuse nobody; one without requests is unknown', async () => {
    const range = { fromMs: startMs + 8 * minuteMs, toMs: startMs + 10 * minuteMs };
    const alike = await store.questions.diagnosis(range, { service: 'gateway', name: 'POST /checkout' });
    expect(alike).toMatchObject({ symptom: { problems: [], curve: 'none' }, verdicts: [] });
    const nothing = await store.questions.diagnosis(range, { service: 'gateway', name: 'GET /none' });
    expect(nothing).toMatchObject({
      symptom: { now: { requests: 0, meanNs: null, errorShare: null }, curve: 'unknown' },
      decomposition: { deltaNs: null, unknownNs: null },
      verdicts: [],
    });
  });
});
