import { defaultObjective, type Overview, type OverviewApi, type TroubledHost } from '@sonde/api';
import { groupBy } from '@sonde/model';
import type { Engine } from '../engine/types.ts';
import { ask } from './define.ts';
import { hosts } from './hosts.ts';
import { inventory } from './inventory.ts';
import {
  overviewApisQuery,
  overviewHostsQuery,
  overviewMiddlewareQuery,
  overviewTimesQuery,
  overviewTrendQuery,
} from './overview-queries.ts';
import { apiHealth, budgetBurnt, hostHealth, layerOf, middlewareHealth, missed, worstFirst } from './overview-state.ts';
import { baselineRange } from './baseline-range.ts';
import { before, type TimeRange } from './range.ts';
import { type Place, placeParams } from './ranked.ts';
import { type RollupRange, rollupRange, rollupSteps } from './rollup-range.ts';
import { compare, red } from './services.ts';
import { fillSteps } from './steps.ts';

const trendCountMax = 30;
const inventoryMax = 10_000;

/** Every API and how it keeps its objective, the worst first; the three layers by their state: packages/api/src/overview.ts. */
export async function overview(engine: Engine, range: TimeRange, place: Place, limit: number): Promise<Overview> {
  const asked = rollupRange(range);
  const earlier = baselineRange(range, asked.range);
  const [judged, middleware, known] = await Promise.all([
    judgedApis(engine, asked, earlier, place),
    judgedMiddleware(engine, asked, earlier, place),
    judgedHosts(engine, asked.range, place),
  ]);
  const steps = rollupSteps(asked, trendCountMax);
  const shown = judged.slice(0, limit);
  return {
    range: asked.range,
    stepMs: steps.stepMs,
    timesMs: [...steps.timesMs],
    objective: defaultObjective,
    apis: await details(engine, asked, place, shown, known.filter(isTroubled)),
    layers: {
      apis: layerOf(judged.map(({ service, name, state, reason }) => ({ service, name, state, reason }))),
      middleware: layerOf(middleware),
      hosts: layerOf(known.map(({ host, state, reason }) => ({ host, state, reason }))),
    },
  };
}

type JudgedApi = Awaited<ReturnType<typeof judgedApis>>[number];
type JudgedHost = Awaited<ReturnType<typeof judgedHosts>>[number];

async function judgedApis(engine: Engine, asked: RollupRange, earlier: RollupRange, place: Place) {
  const [now, then] = await Promise.all(
    [asked, earlier].map(({ params }) => ask(engine, overviewApisQuery, { ...params, ...placeParams(place) })),
  );
  const present = new Set(now?.map(({ keyHash }) => keyHash));
  const fellSilent = (then ?? [])
    .filter(({ keyHash }) => !present.has(keyHash))
    .map((row) => ({ ...row, requests: 0, failures: 0, percentilesNs: [] }));
  return [...(now ?? []), ...fellSilent]
    .map((row) => {
      const figures = red(row);
      return { service: row.service, name: row.name, keyHash: row.keyHash, ...figures, ...apiHealth(figures) };
    })
    .toSorted(
      (a, b) =>
        worstFirst(a, b) ||
        missed(b) - missed(a) ||
        b.requests - a.requests ||
        compare(a.service, b.service) ||
        compare(a.name, b.name),
    );
}

async function judgedMiddleware(engine: Engine, asked: RollupRange, earlier: RollupRange, place: Place) {
  const [now = [], then = []] = await Promise.all(
    [asked, earlier].map(({ params }) => ask(engine, overviewMiddlewareQuery, { ...params, ...placeParams(place) })),
  );
  const keyOf = ({ kind, system, address, name }: (typeof now)[number]) => JSON.stringify([kind, system, address, name]);
  const [nowOf, thenOf] = [now, then].map((rows) => new Map(rows.map((row) => [keyOf(row), row])));
  const keys = new Map([...then, ...now].map((row) => [keyOf(row), row]));
  return [...keys]
    .map(([key, { kind, system, address, name }]) => {
      const [own, old] = [nowOf?.get(key), thenOf?.get(key)];
      const what = kind === 1 ? ('database' as const) : ('queue' as const);
      return { kind: what, system, address, name, ...middlewareHealth(own && red(own), old && red(old)) };
    })
    .toSorted(
      (a, b) => worstFirst(a, b) || compare(a.system, b.system) || compare(a.name, b.name) || compare(a.address, b.address),
    );
}

/** Hosts that sent something in the range, and those that did in the period before and then no more. */
async function judgedHosts(engine: Engine, range: TimeRange, place: Place) {
  const [present, { items }] = await Promise.all([hosts(engine, range, place), inventory(engine, place, inventoryMax)]);
  const untilMs = Math.min(range.toMs, Date.now());
  const names = new Set(present.map(({ host }) => host));
  const lost = groupBy(
    items.filter(({ host }) => host !== '' && !names.has(host)),
    ({ host }) => host,
  );
  const gone = [...lost].map(([host, rows]) => ({ host, lastSeenMs: Math.max(...rows.map((row) => row.lastSeenMs)) }));
  const earlier = before(range);
  return [
    ...present.map(({ host, cpu, lastSeenMs }) => ({ host, cpu: cpu.utilization, lastSeenMs })),
    ...gone
      .filter(({ lastSeenMs }) => lastSeenMs >= earlier.fromMs && lastSeenMs < range.fromMs)
      .map((one) => ({ ...one, cpu: null })),
  ]
    .map((one) => ({ ...one, ...hostHealth(one.cpu, one.lastSeenMs, untilMs) }))
    .toSorted((a, b) => worstFirst(a, b) || (b.cpu ?? -1) - (a.cpu ?? -1) || compare(a.host, b.host));
}

function isTroubled(host: JudgedHost): host is JudgedHost & Pick<TroubledHost, 'reason'> {
  return host.reason === 'busy' || host.reason === 'silent';
}

/** What is asked only of the APIs that are shown. */
async function details(
  engine: Engine,
  asked: RollupRange,
  place: Place,
  shown: readonly JudgedApi[],
  troubled: readonly (JudgedHost & Pick<TroubledHost, 'reason'>)[],
): Promise<OverviewApi[]> {
  if (shown.length === 0) return [];
  const steps = rollupSteps(asked, trendCountMax);
  const params = {
    ...asked.params,
    ...placeParams(place),
    services: [...new Set(shown.map(({ service }) => service))],
    keyHashes: shown.map(({ keyHash }) => BigInt(keyHash)),
  };
  const [trends, times, ran] = await Promise.all([
    ask(engine, overviewTrendQuery, { ...params, ...steps.params }),
    ask(engine, overviewTimesQuery, params),
    troubled.length === 0 ? [] : ask(engine, overviewHostsQuery, { ...params, hosts: troubled.map(({ host }) => host) }),
  ]);
  const trendOf = groupBy(trends, ({ keyHash }) => keyHash);
  const timesOf = new Map(times.map(({ keyHash, ...time }) => [keyHash, time]));
  const hostsOf = groupBy(ran, ({ keyHash }) => keyHash);
  const troubleOf = new Map(troubled.map(({ host, reason, cpu, lastSeenMs }) => [host, { host, reason, cpu, lastSeenMs }]));
  return shown.map(({ keyHash, ...api }) => ({
    ...api,
    budgetBurnt: budgetBurnt(api),
    trend: fillSteps<(typeof trends)[number], number | null>(
      steps.timesMs.length,
      trendOf.get(keyHash) ?? [],
      ({ step }) => step,
      ({ p95Ns }) => p95Ns,
      null,
    ),
    time: timesOf.get(keyHash) ?? { ownNs: 0, servicesNs: 0, databaseNs: 0, queueNs: 0, remoteNs: 0 },
    hosts: (hostsOf.get(keyHash) ?? []).flatMap(({ host }) => troubleOf.get(host) ?? []),
  }));
}
