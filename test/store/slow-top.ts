import type { TopItem } from '@sonde/api';
import { groupBy } from '@sonde/model';
import type { TimeRange } from '@sonde/store';
import type { Dependency, Judged, Message, Settled } from './slow-settled.ts';
import { distinct, durations, isRequest, percentile, red, sum } from './slow-answers.ts';
import type { SampleSpan } from './sample-spans.ts';

export interface TopAsked {
  readonly by: 'volume' | 'latency' | 'hotspot';
  readonly of: TopItem['key']['kind'];
  readonly time: 'inclusive' | 'self' | 'critical';
  readonly percentile: number;
  readonly service?: string;
  readonly host?: string;
  readonly environment?: string;
  readonly namespace?: string;
}

export interface SlowItem extends Omit<TopItem, 'key'> {
  readonly key: string;
}

/** What a ranked thing did: spans whose time counts, those of them that are requests, and messages. */
interface Part {
  readonly all: readonly Judged[];
  readonly messages: readonly Message[];
}

const dependencyKinds: Readonly<Record<string, Dependency['kind']>> = {
  statement: 'database',
  queue: 'queue',
  remote: 'remote',
};
const isCall = ({ kind }: SampleSpan) => kind === 3 || kind === 4;

function isRanked(of: TopAsked['of'], { dependency, isEntry, span }: Judged): boolean {
  if (of === 'api') return isEntry && isRequest(span);
  if (of === 'endpoint') return isRequest(span);
  if (of === 'service') return !isCall(span);
  if (of === 'host') return !isCall(span) && span.host !== '';
  return dependency?.kind === dependencyKinds[of] && (of !== 'statement' || dependency?.statement !== '');
}

function keyOf(of: TopAsked['of'], { dependency, span }: Judged): string {
  const { address = '', name = '', statement = '', system = '' } = dependency ?? {};
  const parts = {
    api: [span.service, span.name],
    endpoint: [span.service, span.name],
    service: [span.service],
    host: [span.host],
    statement: [statement, system, address, name],
    queue: [system, name],
    remote: [address],
  };
  return parts[of].join(' ');
}

export function keyText({ kind, ...key }: TopItem['key']): string {
  const { address, database, destination, host, name, service, statement, system } = key;
  const parts = {
    api: [service, name],
    endpoint: [service, name],
    service: [service],
    host: [host],
    statement: [statement, system, address, database],
    queue: [system, destination],
    remote: [address],
  };
  return parts[kind].join(' ');
}

/** All items, in no order: several may share a place. `timesMs`, `stepMs`: the steps of the answer. */
export function slowTop(
  settled: Settled,
  asked: TopAsked,
  { range, stepMs, timesMs }: { readonly range: TimeRange; readonly stepMs: number; readonly timesMs: readonly number[] },
): SlowItem[] {
  const { by, of, time } = asked;
  const within = (part: Part, { fromMs, toMs }: TimeRange): Part => {
    const [fromNs, toNs] = [BigInt(fromMs) * 1_000_000n, BigInt(toMs) * 1_000_000n];
    const isIn = ({ span }: Judged) => span.startNs >= fromNs && span.startNs < toNs;
    return { all: part.all.filter(isIn), messages: part.messages.filter(({ consumer }) => isIn(consumer)) };
  };
  const isAsked = (one: Judged) => isRanked(of, one) && isInPlace(asked, one.span);
  const everything: Part = {
    all: settled.spans.filter(isAsked),
    // Of an API its own rows only.
    messages: of === 'api' ? [] : settled.messages.filter(({ consumer }) => isAsked(consumer)),
  };
  const requestsOf = ({ all }: Part) =>
    all.map(({ span }) => span).filter((span) => (of === 'service' || of === 'host' ? isRequest(span) : true));
  const totalNs = (part: Part) =>
    sum(durations(requestsOf(part))) + (of === 'queue' ? sum(part.messages.map(({ waitNs }) => waitNs)) : 0);
  const times = {
    inclusive: totalNs,
    self: ({ all }: Part) => sum(all.map(({ selfNs }) => selfNs)),
    critical: ({ all }: Part) => sum(all.map(({ criticalNs }) => criticalNs)),
  };
  const levelOf = (part: Part) => percentile(durations(requestsOf(part)), asked.percentile);
  const valueOf = (part: Part) => {
    if (by === 'volume') return requestsOf(part).length;
    return by === 'latency' ? levelOf(part) : times[time](part);
  };
  const occurs = (part: Part) =>
    requestsOf(part).length > 0 || part.messages.length > 0 || (by === 'hotspot' && times.self(part) > 0);

  const here = within(everything, range);
  const keys = distinct([...here.all, ...here.messages.map(({ consumer }) => consumer)].map((one) => keyOf(of, one)));
  const byKey = (part: Part) => {
    const all = groupBy(part.all, (one) => keyOf(of, one));
    const messages = groupBy(part.messages, ({ consumer }) => keyOf(of, consumer));
    return (key: string): Part => ({ all: all.get(key) ?? [], messages: messages.get(key) ?? [] });
  };
  const before = { fromMs: 2 * range.fromMs - range.toMs, toMs: range.fromMs };
  const [partOf, earlierOf] = [byKey(here), byKey(within(everything, before))];
  const items = keys.map((key) => ({ key, own: partOf(key) })).filter(({ own }) => occurs(own));
  const whole = sum(items.map(({ own }) => (by === 'volume' ? requestsOf(own).length : times[time](own))));
  return items.map(({ key, own }): SlowItem => {
    const requests = requestsOf(own);
    const earlier = earlierOf(key);
    const share = by === 'volume' ? requests.length : times[time](own);
    return {
      key,
      ...red(requests),
      totalNs: totalNs(own),
      selfNs: times.self(own),
      criticalNs: times.critical(own),
      percentileNs: levelOf(own),
      maxNs: Math.max(0, ...durations(requests)),
      ...(of === 'queue' ? { messages: own.messages.length, waitNs: sum(own.messages.map(({ waitNs }) => waitNs)) } : {}),
      share: whole === 0 ? 0 : share / whole,
      trend: timesMs.map((fromMs) => valueOf(within(own, { fromMs, toMs: fromMs + stepMs }))),
      previous: occurs(earlier)
        ? {
            requests: requestsOf(earlier).length,
            errors: requestsOf(earlier).filter(({ failed }) => failed).length,
            totalNs: totalNs(earlier),
            selfNs: times.self(earlier),
            criticalNs: times.critical(earlier),
            percentileNs: levelOf(earlier),
          }
        : null,
    };
  });
}

export function isInPlace(asked: Partial<TopAsked>, span: SampleSpan): boolean {
  const columns = ['service', 'host', 'environment', 'namespace'] as const;
  return columns.every((column) => asked[column] === undefined || asked[column] === span[column]);
}
