import type { ImpactedApi } from '@sonde/api';
import type { TimeRange } from '@sonde/store';
import type { SampleSpan } from './sample-spans.ts';
import { distinct, durations, inRange, percentile, sum } from './slow-answers.ts';
import type { Judged, Settled } from './slow-settled.ts';

export interface ImpactAsked {
  readonly kind: 'host' | 'statement' | 'queue' | 'service' | 'remote';
  /** Of a statement its text. */
  readonly name: string;
  readonly environment?: string;
  readonly namespace?: string;
}

const isThere: Readonly<Record<ImpactAsked['kind'], (one: Judged, name: string) => boolean>> = {
  host: ({ span }, name) => span.host === name,
  service: ({ span }, name) => span.service === name,
  statement: ({ dependency }, name) => dependency?.kind === 'database' && dependency.statement === name,
  queue: ({ dependency }, name) => dependency?.kind === 'queue' && dependency.name === name,
  remote: ({ dependency }, name) => dependency?.kind === 'remote' && dependency.address === name,
};

/** In no order. */
export function slowImpact(
  { messages, spans }: Settled,
  { kind, name, environment, namespace }: ImpactAsked,
  range: TimeRange,
  baseline: TimeRange,
): ImpactedApi[] {
  const isAsked = ({ entry }: Judged) =>
    (environment === undefined || entry.environment === environment) &&
    (namespace === undefined || entry.namespace === namespace);
  const apiOf = ({ entry }: Judged) => JSON.stringify([entry.service, entry.name, entry.kind]);
  const within = (all: readonly Judged[], part: TimeRange) => {
    const found = new Set(
      inRange(
        all.map(({ span }) => span),
        part,
      ),
    );
    return all.filter(({ span }) => found.has(span));
  };
  const asked = spans.filter(isAsked);
  const here = within(asked, range);
  const earlier = within(asked, baseline);
  const read = messages.filter(({ publisher }) => isAsked(publisher));
  const first = (one: Judged) =>
    kind === 'host' ? one.firstOnHost : kind === 'service' ? one.firstInService : one.firstOfDependency;
  const apis = distinct([...here, ...read.map(({ publisher }) => publisher)].map(apiOf));
  return apis.flatMap((api): ImpactedApi[] => {
    const own = here.filter((one) => apiOf(one) === api);
    const there = own.filter((one) => isThere[kind](one, name));
    const readThere = read.filter(
      ({ consumer, publisher }) =>
        apiOf(publisher) === api && isThere[kind](consumer, name) && inRange([consumer.span], range).length > 0,
    );
    const cameLater = there.filter((one) => one.asynchronous && first(one) && one.span.kind !== 5);
    const requests = entriesOf(own);
    const affectedRequests = there.filter((one) => !one.asynchronous && first(one)).length;
    const affectedMessages = readThere.length + (kind === 'queue' ? 0 : cameLater.length);
    if (affectedRequests === 0 && affectedMessages === 0) return [];
    const criticalNs = (some: readonly Judged[]) => sum(some.filter((one) => !one.asynchronous).map((one) => one.criticalNs));
    const [service, apiName, apiKind] = JSON.parse(api) as [string, string, number];
    const ratio = (part: number, whole: number) => (whole === 0 ? 0 : Math.min(1, part / whole));
    const entriesBefore = entriesOf(earlier).filter((span) => span.service === service && span.name === apiName);
    return [
      {
        service,
        name: apiName,
        kind: apiKind === 2 || apiKind === 5 ? 'api' : 'job',
        requests: requests.length,
        affectedRequests,
        affectedMessages,
        share: ratio(affectedRequests, requests.length),
        criticalNs: criticalNs(there),
        criticalShare: ratio(criticalNs(there), criticalNs(own)),
        waitNs: sum(readThere.map(({ waitNs }) => waitNs)),
        errors: requests.filter(({ failed }) => failed).length,
        p95Ns: percentile(durations(requests), 95),
        baselineP95Ns: percentile(durations(entriesBefore), 95),
        control: kind === 'host' ? controlOf(own, name) : null,
      },
    ];
  });
}

/** Each request that the host served is weighed against the mean of the same endpoint elsewhere. */
function controlOf(own: readonly Judged[], host: string): ImpactedApi['control'] {
  const served = own
    .filter(({ asynchronous, span }) => !asynchronous && (span.kind === 2 || span.kind === 5) && span.host !== '')
    .map(({ span }) => span);
  const compared = served.flatMap((span) => {
    const elsewhere = served.filter((one) => one.host !== host && one.service === span.service && one.name === span.name);
    if (span.host !== host || elsewhere.length === 0) return [];
    return [{ hereNs: Number(span.durationNs), elsewhereNs: sum(durations(elsewhere)) / elsewhere.length }];
  });
  if (compared.length === 0) return null;
  return {
    requests: compared.length,
    meanNs: sum(compared.map(({ hereNs }) => hereNs)) / compared.length,
    elsewhereMeanNs: sum(compared.map(({ elsewhereNs }) => elsewhereNs)) / compared.length,
  };
}

function entriesOf(spans: readonly Judged[]): SampleSpan[] {
  return spans.filter(({ isEntry }) => isEntry).map(({ span }) => span);
}
