/** Services over minutes, hours and days, in all places and in one, against a count of the spans themselves. */
import { getHost, getService, listServices } from '@sonde/api';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectNear } from './near.ts';
import {
  groups,
  inRange,
  inSteps,
  isRequest,
  lastSeenMs,
  percentile,
  red,
  slowMatches,
  slowServices,
  widened,
} from './slow-answers.ts';
import { openSystem, partOfDay, ranges, type System } from './system-store.ts';

const [list, detail, host] = [listServices, getService, getHost].map(({ reply }) => Compile(reply)) as Three;
type Three = [ReturnType<typeof Compile>, ReturnType<typeof Compile>, ReturnType<typeof Compile>];
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
let system: System;

beforeAll(async () => {
  system = await openSystem(6, 600);
});
afterAll(() => system.store.close());

const places = [{}, { environment: 'staging' }, { namespace: 'shop', environment: 'production' }];

describe.each(Object.entries({ ...ranges, partOfDay }))('over %s', (name, range) => {
  const wide = widened(range);

  test.each(places)('all, %o', async (place) => {
    const answer = await system.store.questions.services(range, place);
    expect(list.Errors(answer)).toEqual([]);
    expect(answer.range).toEqual(wide);
    expect(answer.items.length).toBeGreaterThan(3);
    expectNear(answer.items, slowServices(slowMatches(system.spans, place), wide, answer));
  });

  test.each(places)('one, %o', async (place) => {
    const answer = await system.store.questions.service(range, 'orders', place);
    expect(detail.Errors(answer)).toEqual([]);
    if (!answer) return;
    const own = inRange(slowMatches(system.spans, { ...place, service: 'orders' }), wide);
    const requests = own.filter(isRequest);
    // Minutes of one service are read as such for a day.
    const unitMs = name === 'hours' || name === 'days' ? undefined : minuteMs;
    const instances = groups(own, ({ host: on, instance, version }) => `${instance} ${on} ${version}`).map((spans) => ({
      instance: spans[0]?.instance,
      host: spans[0]?.host,
      version: spans[0]?.version,
      ...red(spans.filter(isRequest)),
      lastSeenMs: lastSeenMs(spans, wide, unitMs),
      hostCpu: null,
    }));
    expectNear(
      answer.instances,
      instances.toSorted((a, b) => (`${a.instance} ${a.host}` < `${b.instance} ${b.host}` ? -1 : 1)),
    );
    const { trend, ...summary } = answer.summary;
    const steps = { stepMs: hourMs, timesMs: [] };
    const [slow] = slowServices(own, wide, steps);
    expectNear({ ...summary, trend: [] }, { ...slow, lastSeenMs: lastSeenMs(own, wide, unitMs) });
    expect(trend.reduce((sum, count) => sum + count, 0)).toBe(requests.length);

    expect(answer.stepMs).toBe({ minutes: minuteMs, hours: hourMs, days: 24 * hourMs, partOfDay: 5 * minuteMs }[name]);
    const seconds = answer.timesMs.map((ms) => (Math.min(ms + answer.stepMs, wide.toMs) - Math.max(ms, wide.fromMs)) / 1000);
    const counts = inSteps(requests, wide, answer, (some) => some.length);
    // All of it was received after the range: what was before its first request nobody knows.
    const first = counts.findIndex((count) => count > 0);
    const isKnown = (i: number) => first >= 0 && i >= first;
    expect(answer.rates[0]?.values).toEqual(counts.map((count, i) => (isKnown(i) ? count / (seconds[i] as number) : null)));
    const levels = inSteps(requests, wide, answer, red);
    expectNear(
      { latency: answer.latency },
      {
        latency: (['p50Ns', 'p95Ns', 'p99Ns'] as const).map((level) => ({
          name: level.slice(0, 3),
          unit: 'ns',
          values: levels.map((step) => step[level]),
        })),
      },
    );
  });

  test.each([{}, { environment: 'staging' }])('what runs on a host, and elsewhere, %o', async (place) => {
    const on = 'staging-shared';
    const answer = await system.store.questions.host(range, on, place);
    expect(host.Errors(answer)).toEqual([]);
    if (!answer) return;
    const here = inRange(slowMatches(system.spans, { ...place, host: on }), wide);
    const rows = groups(here, ({ instance, service, version }) => `${service} ${instance} ${version}`).map((own) => {
      const { instance = '', service = '', version = '' } = own[0] ?? {};
      const requests = own.filter(isRequest);
      const elsewhere = inRange(slowMatches(system.spans, { ...place, service }), wide).filter((span) => span.host !== on);
      const p95 = (spans: typeof own) =>
        percentile(
          spans.filter(isRequest).map((span) => Number(span.durationNs)),
          95,
        );
      const { errors, requests: count } = red(requests);
      return {
        service,
        instance,
        version,
        requests: count,
        errors,
        p95Ns: p95(own),
        elsewhereP95Ns: p95([...elsewhere]),
      };
    });
    expectNear(
      answer.services,
      rows.toSorted((a, b) => (`${a.service} ${a.instance}` < `${b.service} ${b.instance}` ? -1 : 1)),
    );
  });
});
