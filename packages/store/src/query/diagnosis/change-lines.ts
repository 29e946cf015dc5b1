/** Over the range, what a change was told from: so that it can be said when it began. */
import { beganMs, groupBy, type StateChange } from '@sonde/model';
import type { Engine } from '../../engine/types.ts';
import { ask, defineQuery } from '../define.ts';
import type { TimeRange } from '../range.ts';
import { isInService, placeParams, type Place } from '../ranked.ts';
import { fromRollup, rollupRange, rollupStep, rollupSteps, rollupStepTypes, rollupTypes } from '../rollup-range.ts';
import { partKey, partRow, partTexts } from './part-columns.ts';
import { hostLines } from './resource-facts.ts';
import { dependencyColumns, dependencyRaw, isDependency, serviceTypes } from './system-facts.ts';

export const servedLinesQuery = defineQuery({
  name: 'served over time',
  isQuick: true,
  params: { ...rollupTypes, ...rollupStepTypes, ...serviceTypes, services: 'Array(String)' },
  row: { service: 'LowCardinality(String)', step: 'UInt32', served: 'Float64', failures: 'Float64' },
  sql: `
SELECT service, step, toFloat64(sum(calls)) AS served, toFloat64(sum(errors)) AS failures
FROM (
  SELECT service, ${rollupStep} AS step, calls, errors
  FROM (
    ${fromRollup('operation', 'time, service, calls, errors', `kind IN (2, 5) AND service IN {services:Array(String)} AND ${isInService}`)}
  )
)
GROUP BY service, step`,
});

export const askedLinesQuery = defineQuery({
  name: 'asked of dependencies over time',
  isQuick: true,
  params: { ...rollupTypes, ...rollupStepTypes, ...serviceTypes, hashes: 'Array(UInt64)', names: 'Array(String)' },
  row: {
    ...partRow,
    step: 'UInt32',
    callCount: 'Float64',
    durationsNs: 'Float64',
    messageCount: 'Float64',
    waitNs: 'Float64',
  },
  sql: `
SELECT ${partTexts}, step, toFloat64(sum(calls)) AS callCount, toFloat64(sum(total_ns)) AS durationsNs,
  toFloat64(sum(messages)) AS messageCount, toFloat64(sum(wait_ns)) AS waitNs
FROM (
  SELECT ${dependencyColumns}, ${rollupStep} AS step
  FROM (
    ${fromRollup(
      'operation',
      dependencyRaw,
      `${isDependency} AND ${isInService}
      AND (statement_hash IN {hashes:Array(UInt64)} OR (statement_hash = 0 AND has({names:Array(String)}, if(dependency_kind = 2 OR dependency_address = '', dependency_name, dependency_address))))`,
    )}
  )
)
GROUP BY ${partKey}, kind = 5, step
LIMIT 200000`,
});

const stepsMax = 60;

interface AskedLine {
  readonly callCount: number;
  readonly durationsNs: number;
  readonly messageCount: number;
  readonly waitNs: number;
}

function sum(rows: readonly AskedLine[], of: keyof AskedLine): number {
  return rows.reduce((total, row) => total + row[of], 0);
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

const perCall = (rows: readonly AskedLine[]) => ratio(sum(rows, 'durationsNs'), sum(rows, 'callCount'));
const perMessage = (rows: readonly AskedLine[]) => ratio(sum(rows, 'waitNs'), sum(rows, 'messageCount'));
const readOfSent = (rows: readonly AskedLine[]) => {
  const sent = rows.filter(({ messageCount }) => messageCount === 0);
  return ratio(sum(rows, 'messageCount'), sum(sent, 'callCount'));
};

/** Of which kind of dependency it is told, and what its line is. */
const ofDependencies: Partial<
  Record<StateChange['kind'], { readonly part: string; readonly valueOf: (rows: readonly AskedLine[]) => number | null }>
> = {
  'statement slower': { part: 'statement', valueOf: perCall },
  'database slower': { part: 'database', valueOf: perCall },
  'remote slower': { part: 'remote', valueOf: perCall },
  'queue waits longer': { part: 'queue', valueOf: perMessage },
  'queue read less': { part: 'queue', valueOf: readOfSent },
};
const ofServices: readonly StateChange['kind'][] = ['traffic step', 'fails more', 'passes failures on'];
const measures = {
  'CPU utilization': 'cpu',
  'CPU pressure': 'cpuPressure',
  'CPU steal': 'steal',
  'I/O wait': 'ioWait',
  'I/O pressure': 'ioPressure',
} as const;

/** The changes with the moment at which they began, as far as it can be told. */
export async function dated(
  engine: Engine,
  range: TimeRange,
  place: Place,
  changes: readonly StateChange[],
): Promise<StateChange[]> {
  const named = (isOne: (change: StateChange) => boolean, nameOf: (change: StateChange) => string) => [
    ...new Set(changes.filter(isOne).map(nameOf)),
  ];
  const hosts = named(
    ({ kind }) => kind === 'resource saturated',
    ({ name }) => name,
  );
  const asked = rollupRange(range);
  const steps = rollupSteps(asked, stepsMax);
  const params = { ...asked.params, ...steps.params, ...placeParams(place) };
  const services = named(
    ({ kind }) => ofServices.includes(kind),
    ({ service }) => service,
  );
  const isAsked = (change: StateChange) => ofDependencies[change.kind] !== undefined;
  const hashes = named(
    (change) => isAsked(change) && change.hash !== '',
    ({ hash }) => hash,
  );
  const names = named(
    (change) => isAsked(change) && change.hash === '',
    ({ name }) => name,
  );
  const [served, dependencies, ofHosts] = await Promise.all([
    services.length === 0 ? [] : ask(engine, servedLinesQuery, { ...params, services }),
    hashes.length + names.length === 0
      ? []
      : ask(engine, askedLinesQuery, { ...params, hashes: hashes.map((hash) => BigInt(`0x${hash}`)), names }),
    hostLines(engine, range, hosts, stepsMax),
  ]);
  const servedOf = groupBy(served, ({ service }) => service);
  const keyOf = (kind: string, name: string, system: string, hash: string) => JSON.stringify([kind, name, system, hash]);
  const askedOf = groupBy(dependencies, ({ address, dependency, hash, part, system }) =>
    keyOf(part, address || dependency || system, system, part === 'statement' ? hash : ''),
  );
  const over = <Row extends { readonly step: number }>(
    rows: readonly Row[] | undefined,
    valueOf: (own: readonly Row[], seconds: number) => number | null,
  ) => {
    const byStep = groupBy(rows ?? [], ({ step }) => step);
    return steps.timesMs.map((_, step) => valueOf(byStep.get(step) ?? [], steps.seconds[step] ?? 1));
  };
  const valuesOf = (change: StateChange): (number | null)[] | undefined => {
    const { hash, kind, name, service, system } = change;
    if (kind === 'traffic step') return over(servedOf.get(service), ([row], seconds) => (row?.served ?? 0) / seconds);
    if (ofServices.includes(kind)) return over(servedOf.get(service), ([row]) => (row ? row.failures / row.served : null));
    const of = ofDependencies[kind];
    return of && over(askedOf.get(keyOf(of.part, name, system, hash)), of.valueOf);
  };
  return changes.map((change) => {
    const { baseline, measure, name, now } = change;
    const direction = (now ?? 0) >= (baseline ?? 0) ? 'up' : 'down';
    if (measure !== null) {
      const values = ofHosts.of(name).map((facts) => facts?.[measures[measure]] ?? null);
      return { ...change, atMs: beganMs(values, ofHosts.timesMs, baseline, direction) };
    }
    const values = valuesOf(change);
    const began = values && beganMs(values, steps.timesMs, baseline, direction);
    return began === undefined ? change : { ...change, atMs: began && Math.max(began, range.fromMs) };
  });
}
