import { type SettledSpans, settleSpans, type SpanBatch, traceElsewhere } from '@sonde/model';
import { distinct, groups } from './slow-answers.ts';
import type { SampleSpan } from './sample-spans.ts';

/**
 * What settling says of each span (the model's own judge is packages/model/src/testing/slow-settle.ts), as objects: what rankings, the map
 * and impact are obvious sums of.
 */
export interface Judged {
  readonly span: SampleSpan;
  /** What it was done for. */
  readonly entry: SampleSpan;
  readonly isEntry: boolean;
  readonly asynchronous: boolean;
  readonly selfNs: number;
  readonly criticalNs: number;
  /** Critical time of it with all below. */
  readonly waitedNs: number;
  /** Whether it is the first that the entry came to in this service, on this host, on this dependency. */
  readonly firstInService: boolean;
  readonly firstOnHost: boolean;
  readonly firstOfDependency: boolean;
  readonly dependency: Dependency | undefined;
}

export interface Dependency {
  readonly kind: 'database' | 'queue' | 'remote';
  readonly system: string;
  readonly address: string;
  readonly name: string;
  readonly statement: string;
}

export interface Message {
  readonly consumer: Judged;
  readonly publisher: Judged;
  readonly waitNs: number;
}

/** One side of a call, or a message: docs/formats/path-rollup.md, edges. */
export interface Call {
  readonly measured: Judged;
  readonly side: 'client' | 'server';
  /** Endpoints. */
  readonly caller: SampleSpan | undefined;
  readonly callee: SampleSpan | undefined;
  readonly dependency: Dependency | undefined;
  readonly waitNs: number;
}

export interface Settled {
  readonly spans: readonly Judged[];
  readonly messages: readonly Message[];
  readonly calls: readonly Call[];
}

export function dependencyOf({ attributes, kind, statement = '' }: SampleSpan): Dependency | undefined {
  const text = (key: string) => String(attributes[key] ?? '');
  const port = text('server.port');
  const address = text('server.address') + (port === '' ? '' : `:${port}`);
  const database = text('db.system.name');
  if (kind === 3 && database) return { kind: 'database', system: database, address, name: text('db.namespace'), statement };
  const queue = text('messaging.destination.name');
  if (kind >= 3 && queue) return { kind: 'queue', system: text('messaging.system'), address: '', name: queue, statement: '' };
  if (kind === 3 && address) return { kind: 'remote', system: '', address, name: '', statement: '' };
  return undefined;
}

export function settle(unordered: readonly SampleSpan[]): Settled {
  const spans = unordered.toSorted(
    (a, b) => order(a.traceId, b.traceId) || Number(a.startNs - b.startNs) || order(a.spanId, b.spanId),
  );
  const batch = batchOf(spans);
  const settled = settleSpans(batch);
  const at = (row: number) => spans[row] as SampleSpan;
  const serverSides = spans.map((span, row) => (span.kind === 3 ? serverSideOf(spans, settled, row) : undefined));
  const dependencies = spans.map((span, row) => {
    const dependency = dependencyOf(span);
    return dependency?.kind === 'remote' && serverSides[row] ? undefined : dependency;
  });
  const firsts = (valueOf: (row: number) => string) => {
    const rows = spans.map((_, row) => row).filter((row) => valueOf(row) !== '');
    const sameRequest = (row: number) =>
      JSON.stringify([at(row).traceId, settled.entry[row], settled.asynchronous[row], valueOf(row)]);
    const found = groups(rows, sameRequest).map((own) =>
      own.reduce((first, row) => (at(row).startNs < at(first).startNs ? row : first)),
    );
    return new Set(found);
  };
  const inService = firsts((row) => serviceOf(at(row)));
  const onHost = firsts((row) => `on ${at(row).host}`);
  const ofDependency = firsts((row) => (dependencies[row] ? JSON.stringify(dependencies[row]) : ''));
  const judged = spans.map((span, row): Judged => ({
    span,
    entry: at(settled.entry[row] as number),
    isEntry: settled.entry[row] === row,
    asynchronous: settled.asynchronous[row] === 1,
    selfNs: settled.selfNs[row] as number,
    criticalNs: settled.criticalNs[row] as number,
    waitedNs: settled.criticalInclusiveNs[row] as number,
    firstInService: inService.has(row),
    firstOnHost: onHost.has(row),
    firstOfDependency: ofDependency.has(row),
    dependency: dependencies[row],
  }));
  const judgedAt = (row: number) => judged[row] as Judged;
  const alignedNs = (row: number) => settled.alignedNs[row] as number;
  const messages = settled.consumed.map(({ consumer, publisher }) => ({
    consumer: judgedAt(consumer),
    publisher: judgedAt(publisher),
    waitNs: Math.max(0, alignedNs(consumer) - alignedNs(publisher) - Number(at(publisher).durationNs)),
    caller: at(settled.endpoint[publisher] as number),
    // Its own word for the queue, else its publisher's.
    dependency: dependencyOf(at(consumer)) ?? dependencyOf(at(publisher)),
  }));
  const consumed = new Set(messages.map(({ consumer }) => consumer));
  const ofSpans = judged.flatMap((measured, row): Call[] => {
    const { span } = measured;
    const parent = settled.parent[row] as number;
    const caller = at(settled.endpoint[row] as number);
    const call = { measured, dependency: undefined, waitNs: 0 };
    const dependency = dependencyOf(span);
    if (span.kind === 2) {
      if (parent === -1 || (at(parent).kind !== 3 && serviceOf(at(parent)) === serviceOf(span))) return [];
      return [{ ...call, side: 'server', caller: at(settled.endpoint[parent] as number), callee: span }];
    }
    if (span.kind === 5) {
      if (consumed.has(measured) || !dependency) return [];
      return [{ ...call, side: 'server', caller: undefined, callee: span, dependency }];
    }
    if (serverSides[row]) return [{ ...call, side: 'client', caller, callee: serverSides[row] }];
    return dependency ? [{ ...call, side: 'client', caller, callee: undefined, dependency }] : [];
  });
  const ofMessages = messages.map(({ caller, consumer, dependency, waitNs }): Call => ({
    measured: consumer,
    side: 'server',
    caller,
    callee: consumer.span,
    dependency,
    waitNs,
  }));
  return { spans: judged, messages, calls: [...ofSpans, ...ofMessages] };
}

export const serviceOf = (span: SampleSpan) => JSON.stringify([span.environment, span.namespace, span.service]);

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function serverSideOf(spans: readonly SampleSpan[], { children: { list, offsets } }: SettledSpans, row: number) {
  const own = Array.from(list.slice(offsets[row], offsets[row + 1]), (child) => spans[child] as SampleSpan);
  return own.find((span) => span.kind === 2);
}

function batchOf(spans: readonly SampleSpan[]): SpanBatch {
  const firstNs = spans.reduce((first, span) => (span.startNs < first ? span.startNs : first), spans[0]?.startNs ?? 0n);
  const originMinute = firstNs / 60_000_000_000n;
  const traceIds = distinct(spans.map((span) => span.traceId));
  const traceOf = new Map(traceIds.map((traceId, trace) => [traceId, trace]));
  const half = (id: string, from: number) => Number.parseInt(id.slice(from, from + 8) || '0', 16);
  const high = (ids: readonly string[]) => Uint32Array.from(ids, (id) => half(id, 0));
  const low = (ids: readonly string[]) => Uint32Array.from(ids, (id) => half(id, 8));
  const numbered = (valueOf: (span: SampleSpan) => string) => {
    const numbers = new Map([['', 0]]);
    return Uint32Array.from(spans, (span) => {
      const value = valueOf(span);
      if (!numbers.has(value)) numbers.set(value, numbers.size);
      return numbers.get(value) as number;
    });
  };
  const firstRow = new Map<string, number>();
  spans.forEach((span, row) => firstRow.has(span.traceId) || firstRow.set(span.traceId, row));
  const links = spans.flatMap((span, row) => (span.links ?? []).map((link) => ({ ...link, row })));
  const kinds = ['none', 'database', 'queue', 'remote'];
  return {
    originMinute: Number(originMinute),
    traceOffsets: Uint32Array.from([...traceIds.map((id) => firstRow.get(id) as number), spans.length]),
    idHigh: high(spans.map((span) => span.spanId)),
    idLow: low(spans.map((span) => span.spanId)),
    parentHigh: high(spans.map((span) => span.parentSpanId)),
    parentLow: low(spans.map((span) => span.parentSpanId)),
    kind: Uint8Array.from(spans, (span) => span.kind),
    statusCode: Uint8Array.from(spans, (span) => (span.failed ? 2 : 0)),
    inWindow: new Uint8Array(spans.length).fill(1),
    service: numbered(serviceOf),
    name: numbered((span) => JSON.stringify([serviceOf(span), span.name])),
    instance: numbered((span) => span.instance),
    host: numbered((span) => span.host),
    startNs: Float64Array.from(spans, (span) => Number(span.startNs - originMinute * 60_000_000_000n)),
    durationNs: Float64Array.from(spans, (span) => Number(span.durationNs)),
    dependencyKind: Uint8Array.from(spans, (span) => kinds.indexOf(dependencyOf(span)?.kind ?? 'none')),
    dependency: numbered((span) => {
      const dependency = dependencyOf(span);
      return dependency ? JSON.stringify(dependency) : '';
    }),
    linkRow: Uint32Array.from(links, ({ row }) => row),
    linkTrace: Uint32Array.from(links, ({ traceId }) => traceOf.get(traceId) ?? traceElsewhere),
    linkIdHigh: high(links.map(({ spanId }) => spanId)),
    linkIdLow: low(links.map(({ spanId }) => spanId)),
  };
}
