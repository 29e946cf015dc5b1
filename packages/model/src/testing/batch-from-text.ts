import { dependencyKindNumber, type SpanBatch, traceElsewhere } from '../settle/span-batch.ts';
import { kindNumber } from '../span-columns.ts';
import type { SpanKind } from '../trace.ts';
import { traceFromText } from './trace-from-text.ts';

/** A span as a row is made of it. */
export interface BatchSpan {
  /** Ids and parents of one trace; 0 is no parent. */
  readonly spanId: number;
  readonly parentSpanId: number;
  readonly kind: SpanKind;
  readonly service: string;
  readonly name: string;
  readonly host: string;
  readonly startNs: number;
  readonly durationNs: number;
  readonly error: boolean;
  readonly inWindow: boolean;
  readonly dependencyKind?: keyof typeof dependencyKindNumber;
  readonly dependency?: string;
  /** To a span by place of its trace in the batch (elsewhere where there is no such) and id. */
  readonly links: readonly { readonly trace: number; readonly spanId: number }[];
}

/** A batch, and what its numbers stand for. */
export interface NamedBatch {
  readonly batch: SpanBatch;
  readonly spans: readonly BatchSpan[];
  readonly textOf: (number: number) => string;
}

export function batchOf(traces: readonly (readonly BatchSpan[])[], originMinute = 0): NamedBatch {
  const spans = traces.flat();
  const texts = [''];
  const numberOf = (text: string): number => {
    if (!texts.includes(text)) texts.push(text);
    return texts.indexOf(text);
  };
  const column = (value: (span: BatchSpan) => number): Uint32Array => Uint32Array.from(spans, value);
  const bytes = (value: (span: BatchSpan) => number): Uint8Array => Uint8Array.from(spans, value);
  const links = spans.flatMap((span, row) => span.links.map((link) => ({ ...link, row })));
  let rows = 0;
  const batch: SpanBatch = {
    originMinute,
    traceOffsets: Uint32Array.of(0, ...traces.map(({ length }) => (rows += length))),
    // Ids that differ in one half only, now in this, now in that.
    idHigh: column(({ spanId }) => Math.floor(spanId / 2)),
    idLow: column(({ spanId }) => spanId % 2),
    parentHigh: column(({ parentSpanId }) => Math.floor(parentSpanId / 2)),
    parentLow: column(({ parentSpanId }) => parentSpanId % 2),
    kind: bytes(({ kind }) => kindNumber[kind]),
    service: column(({ service }) => numberOf(service)),
    startNs: Float64Array.from(spans, ({ startNs }) => startNs),
    durationNs: Float64Array.from(spans, ({ durationNs }) => durationNs),
    inWindow: bytes(({ inWindow }) => Number(inWindow)),
    statusCode: bytes(({ error }) => (error ? 2 : 0)),
    name: column(({ service, name }) => numberOf(`${service} ${name}`)),
    instance: column(({ host, service }) => (host === '' ? 0 : numberOf(`${service}@${host}`))),
    host: column(({ host }) => numberOf(host)),
    dependencyKind: bytes(({ dependencyKind }) => dependencyKindNumber[dependencyKind ?? 'none']),
    dependency: column(({ dependency }) => numberOf(dependency ?? '')),
    linkRow: Uint32Array.from(links, ({ row }) => row),
    linkTrace: Uint32Array.from(links, ({ trace }) => (trace < traces.length ? trace : traceElsewhere)),
    linkIdHigh: Uint32Array.from(links, ({ spanId }) => Math.floor(spanId / 2)),
    linkIdLow: Uint32Array.from(links, ({ spanId }) => spanId % 2),
  };
  return { batch, spans, textOf: (number) => texts[number] as string };
}

const label = /^(SERVER|CLIENT|PRODUCER|CONSUMER|INTERNAL) (.*?)(?: \{(\w+) (.*)\})?((?: <-[\d.]+)*)$/;

/**
 * Traces as they are drawn (trace-from-text.ts), the kind before each name. Span ids count the lines from 1 over all traces.
 * `{database orders}` after a name: what it calls. `<-1.2`: a link to span 2, which is in the drawing 1 (from 0). The host of a span is
 * that of its service.
 *
 *     shop  SERVER POST /orders            |======|
 *       shop  PRODUCER send {queue orders}     |=|
 */
export function batchFromText(...texts: readonly string[]): NamedBatch {
  let before = 0;
  return batchOf(
    texts.map((text) => {
      const drawn = traceFromText(text);
      const spans = drawn.map((span): BatchSpan => {
        const parts = label.exec(span.name);
        if (parts === null) throw new Error(`not a kind and a name: ${span.name}`);
        const [, kind, name, dependencyKind, dependency, links] = parts as unknown as [
          string,
          string,
          string,
          string?,
          string?,
          string?,
        ];
        const idOf = (hex: string): number => (hex === '' ? 0 : before + Number.parseInt(hex, 16));
        return {
          spanId: idOf(span.spanId),
          parentSpanId: idOf(span.parentSpanId),
          kind: kind.toLowerCase() as SpanKind,
          service: span.service,
          name,
          host: `${span.service}-host`,
          startNs: span.startNs,
          durationNs: span.durationNs,
          error: span.error,
          inWindow: true,
          ...(dependencyKind && { dependencyKind: dependencyKind as 'database', dependency: dependency as string }),
          links: (links ?? '')
            .split(' <-')
            .slice(1)
            .map((link) => {
              const [trace, spanId] = link.split('.').map(Number) as [number, number];
              return { trace, spanId };
            }),
        };
      });
      before += spans.length;
      return spans;
    }),
  );
}
