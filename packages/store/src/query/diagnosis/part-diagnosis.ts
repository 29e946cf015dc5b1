import type { DiagnosisPart, getDiagnosis } from '@sonde/api';
import { hostEvidence, type Part, partEvidence, type Passing, type PassingApi, worstFirst } from '@sonde/model';
import type { Static } from 'typebox';
import type { Engine } from '../../engine/types.ts';
import { ask } from '../define.ts';
import { apiRequestsQuery, impact, type Injured } from '../impact.ts';
import type { TimeRange } from '../range.ts';
import { rollupRange } from '../rollup-range.ts';
import { statementTexts } from '../statements.ts';
import { diagnosisOf, periodsOf, told } from './diagnosis.ts';
import { hostFacts } from './resource-facts.ts';
import { dependencyParts } from './system-facts.ts';

interface Place {
  readonly environment?: string | undefined;
  readonly namespace?: string | undefined;
}

export interface PartDiagnosisOptions extends Place {
  readonly part: Part;
  /** Absent: the period of equal length just before what is answered for. */
  readonly baseline?: TimeRange | undefined;
}

const apisMax = 1000;
const othersMax = 8;

/** The question about a part, answered through the API that it hurts most. */
export async function partDiagnosis(
  engine: Engine,
  asked: TimeRange,
  { baseline: askedBaseline, part, ...place }: PartDiagnosisOptions,
): Promise<Static<typeof getDiagnosis.reply>> {
  const { baseline, range } = periodsOf(asked, askedBaseline);
  const [apis, texts] = await Promise.all([
    apisThrough(engine, range, baseline, part, place),
    part.kind === 'statement' ? statementTexts(engine, [part.name]) : new Map<string, string>(),
  ]);
  const [worst, ...others] = worstFirst(apis);
  const described: DiagnosisPart = {
    ...part,
    ...(part.kind === 'statement' && { statement: { hash: part.name, text: texts.get(part.name) ?? '' } }),
    evidence: (await evidenceOf(engine, range, baseline, part, place)).map(told),
    apis: apis.length,
    others: others.slice(0, othersMax).map(({ name, service }) => ({ service, name })),
  };
  if (worst) {
    const { name, service } = worst;
    return { ...(await diagnosisOf(engine, range, baseline, { service, name, ...place }, part)), part: described };
  }
  const nothing = { deltaNs: null, unknownNs: null, parts: [] };
  return {
    range,
    baseline,
    symptom: null,
    part: described,
    decomposition: nothing,
    verdicts: [],
    ruledOut: [],
    changes: [],
    timesMs: [],
  };
}

async function evidenceOf(engine: Engine, range: TimeRange, baseline: TimeRange, part: Part, place: Place) {
  const both = <Facts>(factsOf: (period: TimeRange) => Promise<Facts>) => Promise.all([factsOf(baseline), factsOf(range)]);
  if (part.kind === 'host') {
    const [before, now] = await both((period) => hostFacts(engine, period, [part.name]));
    return hostEvidence(part.name, before.get(part.name), now.get(part.name));
  }
  const [before, now] = await both(async (period) => ({ ...period, parts: await dependencyParts(engine, period, place) }));
  return partEvidence(part, before, now);
}

/** The APIs whose requests or messages came through, in either period, with what they did there in both. */
async function apisThrough(
  engine: Engine,
  range: TimeRange,
  baseline: TimeRange,
  part: Part,
  place: Place,
): Promise<PassingApi[]> {
  const injured: Injured =
    part.kind === 'statement' ? { kind: 'statement', hash: part.name } : { kind: part.kind, name: part.name };
  const through = async (period: TimeRange) => {
    const { apis } = await impact(engine, period, { injured, limit: apisMax, ...place });
    return new Map(apis.filter(({ kind }) => kind === 'api').map((api) => [keyOf(api), api]));
  };
  const [before, now] = await Promise.all([through(baseline), through(range)]);
  const all = new Map([...before, ...now]);
  if (all.size === 0) return [];
  const services = [...new Set([...all.values()].map(({ service }) => service))];
  // Who passed there in one period only has been asked in the other all the same.
  const requestsIn = async (period: TimeRange) => {
    const { environment = '', namespace = '' } = place;
    const rows = await ask(engine, apiRequestsQuery, { ...rollupRange(period).params, environment, namespace, services });
    return new Map(rows.filter(({ apiKind }) => apiKind === 2 || apiKind === 5).map((row) => [keyOf(row), row]));
  };
  const [requestsBefore, requestsNow] = await Promise.all([requestsIn(baseline), requestsIn(range)]);
  return [...all].map(([key, { name, service }]) => ({
    service,
    name,
    baseline: passing(requestsBefore.get(key), before.get(key)),
    now: passing(requestsNow.get(key), now.get(key)),
  }));
}

function keyOf({ name, service }: { readonly service: string; readonly name: string }): string {
  return JSON.stringify([service, name]);
}

type There = Awaited<ReturnType<typeof impact>>['apis'][number];

function passing(
  asked: { readonly requests: number; readonly failures: number } | undefined,
  there: There | undefined,
): Passing | undefined {
  if (asked === undefined || asked.requests === 0) return undefined;
  return {
    requests: asked.requests,
    errors: asked.failures,
    criticalNs: there?.criticalNs ?? 0,
    sent: there?.affectedRequests ?? 0,
    read: there?.affectedMessages ?? 0,
    waitNs: there?.waitNs ?? 0,
  };
}
