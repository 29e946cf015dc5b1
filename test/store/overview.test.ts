/** The overview against plain sums over what settling says of each span. */
import { getOverview, type OverviewApi } from '@sonde/api';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectNear } from './near.ts';
import { durations, groups, inRange, inSteps, isRequest, percentile, red, slowMatches, sum, widened } from './slow-answers.ts';
import type { Judged } from './slow-settled.ts';
import { openSystem, ranges, type System } from './system-store.ts';

const reply = Compile(getOverview.reply);
let system: System;

beforeAll(async () => {
  system = await openSystem(20_261_121, 700);
});
afterAll(() => system.store.close());

const isApi = ({ isEntry, span }: Judged) => isEntry && isRequest(span);
const nameOf = ({ service, name }: { readonly service: string; readonly name: string }) => `${service} ${name}`;

function placeOfTime({ dependency, entry, span }: Judged): keyof OverviewApi['time'] {
  if (dependency) return `${dependency.kind}Ns`;
  return span.service === entry.service ? 'ownNs' : 'servicesNs';
}

describe.each(Object.entries(ranges))('over %s', (_, range) => {
  test.each([{}, { environment: 'staging' }])('each API, %o', async (place) => {
    const answer = await system.store.questions.overview(range, place, 1000);
    expect(reply.Errors(answer)).toEqual([]);
    const wide = widened(range);
    expect(answer.range).toEqual(wide);
    const entries = slowMatches(
      system.settled.spans.filter(isApi).map(({ span }) => span),
      place,
    );
    const now = inRange(entries, wide);
    expect(now.length).toBeGreaterThan(5);
    const slow = groups(now, nameOf).map((own) => {
      const [{ name, service }] = own as [(typeof own)[number]];
      const done = system.settled.spans.filter(
        ({ asynchronous, entry, span }) =>
          !asynchronous && isRequest(entry) && nameOf(entry) === nameOf({ service, name }) && inRange([span], wide).length > 0,
      );
      const inPlace = done.filter(({ entry }) => slowMatches([entry], place).length > 0);
      const spent = (where: keyof OverviewApi['time']) =>
        sum(inPlace.filter((one) => placeOfTime(one) === where).map(({ criticalNs }) => criticalNs));
      return {
        service,
        name,
        ...red(own),
        trend: inSteps(own, wide, answer, (some) => percentile(durations(some), 95)),
        criticalNs: (['ownNs', 'servicesNs', 'databaseNs', 'queueNs', 'remoteNs'] as const).map((where) => spent(where)),
      };
    });
    const inOrder = <Row extends { readonly service: string; readonly name: string }>(rows: readonly Row[]) =>
      rows.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
    const found = answer.apis
      .filter(({ requests }) => requests > 0)
      .map(({ service, name, requests, errors, p50Ns, p95Ns, p99Ns, trend, time }) => ({
        service,
        name,
        requests,
        errors,
        p50Ns,
        p95Ns,
        p99Ns,
        trend,
        criticalNs: [time.ownNs, time.servicesNs, time.databaseNs, time.queueNs, time.remoteNs],
      }));
    expectNear(inOrder(found), inOrder(slow), [
      [/\.trend\[\d+\]$/, 'percentile'],
      [/criticalNs\[\d\]$/, 'time'],
    ]);
    // Those that were asked in the period before and no more are there too, and nothing is said of them.
    const before = inRange(entries, { fromMs: 2 * wide.fromMs - wide.toMs, toMs: wide.fromMs });
    expect(answer.apis.length).toBe(new Set([...now, ...before].map(nameOf)).size);
    expect(answer.layers.apis.count).toBe(answer.apis.length);
    const { healthy, degraded, unknown } = answer.layers.apis;
    expect(healthy + degraded + unknown).toBe(answer.apis.length);
    const ranks = { degraded: 0, unknown: 1, healthy: 2 };
    const order = answer.apis.map(({ state }) => ranks[state]);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    const burnt = answer.apis.filter(({ reason }) => reason === 'errors').map((api) => api.errors / api.requests);
    expect(burnt).toEqual(burnt.toSorted((a, b) => b - a));
    expect(answer.apis.every(({ errors, requests, reason }) => reason !== 'errors' || errors / requests > 0.001)).toBe(true);
  });
});

test('middleware are the databases and queues that were called, hosts those that were heard of', async () => {
  const { layers } = await system.store.questions.overview(ranges.days, {}, 10);
  const wide = widened(ranges.days);
  const called = system.settled.spans.filter(
    ({ dependency, span }) => dependency && dependency.kind !== 'remote' && inRange([span], wide).length > 0,
  );
  const keyOf = ({ kind, system: of, address, name }: NonNullable<Judged['dependency']>) =>
    JSON.stringify([kind, of, kind === 'queue' ? '' : address, name]);
  const names = new Set(called.flatMap(({ dependency }) => (dependency ? [keyOf(dependency)] : [])));
  expect(names.size).toBeGreaterThan(2);
  const found = layers.middleware.items.map(({ kind, system: of, address, name }) => JSON.stringify([kind, of, address, name]));
  expect(new Set(found)).toEqual(names);
  // Long ago is silent: nothing was heard of them up to now, but up to the end of the range.
  expect(layers.hosts.items.map(({ host }) => host)).toContain('production-shared');
});

test('a limit cuts the list, not the counts', async () => {
  const all = await system.store.questions.overview(ranges.days, {}, 1000);
  const some = await system.store.questions.overview(ranges.days, {}, 2);
  expect(some.apis.map(nameOf)).toEqual(all.apis.slice(0, 2).map(nameOf));
  expect(some.layers).toEqual(all.layers);
});
