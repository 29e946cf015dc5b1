import { dependencyKindNumber, type SpanBatch, traceElsewhere } from '@sonde/model';
import { readNative } from '../native/read.ts';
import type { Numbering } from './numbering.ts';

/** Spans as they were read, their texts numbered. Bytes of ids lie one after another. */
export interface SpanRows {
  readonly count: number;
  readonly traceIds: Uint8Array;
  readonly spanIds: Uint8Array;
  readonly parentIds: Uint8Array;
  readonly startNs: Float64Array;
  readonly durationNs: Float64Array;
  readonly kind: Uint8Array;
  readonly statusCode: Uint8Array;
  readonly inWindow: Uint8Array;
  readonly service: Uint32Array;
  readonly name: Uint32Array;
  readonly instance: Uint32Array;
  readonly host: Uint32Array;
  readonly dependencyKind: Uint8Array;
  readonly dependency: Uint32Array;
  /** Where the links of each row end. */
  readonly linkEnds: Float64Array;
  readonly linkTraceIds: Uint8Array;
  readonly linkSpanIds: Uint8Array;
}

/** Reads an answer to span-question.ts. */
export function readSpanRows(bytes: Uint8Array, numbering: Numbering): SpanRows {
  const answer = readNative(bytes, numbering.texts);
  const count = answer.rows;
  const text = (name: string) => answer.texts(name);
  const [environment, namespace, service, name] = ['environment', 'namespace', 'service', 'name'].map(text) as Four;
  const [version, instance] = ['version', 'instance'].map(text) as [Uint32Array, Uint32Array];
  const [dbSystem, dbNamespace, messagingSystem, destination] = [
    'db_system',
    'db_namespace',
    'messaging_system',
    'messaging_destination',
  ].map(text) as Four;
  const address = text('server_address');
  const port = answer.uint16('server_port');
  const hash = answer.words('statement_hash');
  const dependencyKind = answer.uint8('dependency_kind');
  const numbers = () => new Uint32Array(count);
  const rows = { service: numbers(), name: numbers(), instance: numbers(), dependency: numbers() };
  for (let row = 0; row < count; row++) {
    const at = (column: ArrayLike<number>) => column[row] as number;
    rows.service[row] = numbering.services.numberOf(at(environment), at(namespace), at(service));
    rows.name[row] = numbering.names.numberOf(at(environment), at(namespace), at(service), at(name));
    if (at(instance) !== 0 || at(version) !== 0) rows.instance[row] = numbering.instances.numberOf(at(version), at(instance));
    const kind = at(dependencyKind);
    if (kind === dependencyKindNumber.none) continue;
    const isDatabase = kind === dependencyKindNumber.database;
    const isQueue = kind === dependencyKindNumber.queue;
    rows.dependency[row] = numbering.dependencies.numberOf(
      kind,
      isDatabase ? at(dbSystem) : isQueue ? at(messagingSystem) : 0,
      // A queue is known by its name: who sends and who reads may reach it at different addresses.
      isQueue ? 0 : at(address),
      isQueue ? 0 : at(port),
      isDatabase ? at(dbNamespace) : isQueue ? at(destination) : 0,
      isDatabase ? (hash[row * 2] as number) : 0,
      isDatabase ? (hash[row * 2 + 1] as number) : 0,
    );
  }
  const links = answer.fixedArrays('link_traces');
  return {
    count,
    traceIds: answer.fixed('trace_id'),
    spanIds: answer.fixed('span_id'),
    parentIds: answer.fixed('parent_span_id'),
    startNs: answer.float64('start_ns'),
    durationNs: answer.float64('duration_ns'),
    kind: answer.uint8('kind'),
    statusCode: answer.uint8('status_code'),
    inWindow: answer.uint8('in_window'),
    host: text('host'),
    dependencyKind,
    ...rows,
    linkEnds: links.ends,
    linkTraceIds: links.bytes,
    linkSpanIds: answer.fixedArrays('link_spans').bytes,
  };
}

type Four = [Uint32Array, Uint32Array, Uint32Array, Uint32Array];

/** A trace id as a key of maps. */
export function traceKey(ids: Uint8Array, at: number): string {
  return Buffer.from(ids.buffer, ids.byteOffset + at * 16, 16).toString('latin1');
}

/** Row of the first span of each trace, and one more. */
export function traceOffsets({ count, traceIds }: SpanRows): Uint32Array {
  const words = new BigUint64Array(traceIds.buffer, traceIds.byteOffset, count * 2);
  const offsets = new Uint32Array(count + 1);
  let traces = 0;
  for (let row = 0; row < count; row++) {
    const isSame = row > 0 && words[row * 2] === words[row * 2 - 2] && words[row * 2 + 1] === words[row * 2 - 1];
    if (!isSame) offsets[traces++] = row;
  }
  offsets[traces] = count;
  return offsets.slice(0, traces + 1);
}

export function batchOf(rows: SpanRows, originMinute: number): SpanBatch {
  const offsets = traceOffsets(rows);
  const [idHigh, idLow] = halves(rows.spanIds);
  const [parentHigh, parentLow] = halves(rows.parentIds);
  const [linkIdHigh, linkIdLow] = halves(rows.linkSpanIds);
  const links = linkIdHigh.length;
  const linkRow = new Uint32Array(links);
  for (let row = 0, link = 0; row < rows.count; row++) while (link < (rows.linkEnds[row] as number)) linkRow[link++] = row;
  const traceOf = new Map<string, number>();
  if (links > 0) {
    for (let trace = 0; trace < offsets.length - 1; trace++)
      traceOf.set(traceKey(rows.traceIds, offsets[trace] as number), trace);
  }
  const linkTrace = Uint32Array.from(
    { length: links },
    (_, link) => traceOf.get(traceKey(rows.linkTraceIds, link)) ?? traceElsewhere,
  );
  return {
    ...rows,
    originMinute,
    traceOffsets: offsets,
    idHigh,
    idLow,
    parentHigh,
    parentLow,
    linkRow,
    linkTrace,
    linkIdHigh,
    linkIdLow,
  };
}

/** The two halves of ids of eight bytes; which is which does not matter so long as it is always the same. */
function halves(ids: Uint8Array): [Uint32Array, Uint32Array] {
  const words = new Uint32Array(ids.buffer, ids.byteOffset, ids.length / 4);
  const high = new Uint32Array(words.length / 2);
  const low = new Uint32Array(words.length / 2);
  for (let i = 0; i < high.length; i++) {
    high[i] = words[i * 2] as number;
    low[i] = words[i * 2 + 1] as number;
  }
  return [high, low];
}

/** These rows, in their order, and after them those of `more`. */
export function gather(rows: SpanRows, keep: Uint32Array, more: SpanRows): SpanRows {
  const count = keep.length + more.count;
  const pick = <Values extends Uint8Array | Uint32Array | Float64Array>(own: Values, others: Values, width = 1): Values => {
    const all = new (own.constructor as new (length: number) => Values)(count * width);
    for (let i = 0; i < keep.length; i++) {
      const from = (keep[i] as number) * width;
      for (let j = 0; j < width; j++) all[i * width + j] = own[from + j] as number;
    }
    all.set(others, keep.length * width);
    return all;
  };
  const linkRanges = Array.from(keep, (row) => [rows.linkEnds[row - 1] ?? 0, rows.linkEnds[row] ?? 0] as const);
  const kept = linkRanges.filter(([from, to]) => to > from);
  const links = (own: Uint8Array, others: Uint8Array, width: number) =>
    Uint8Array.from(Buffer.concat([...kept.map(([from, to]) => own.subarray(from * width, to * width)), others]));
  const linkEnds = new Float64Array(count);
  let ends = 0;
  linkRanges.forEach(([from, to], i) => (linkEnds[i] = ends += to - from));
  more.linkEnds.forEach((end, i) => (linkEnds[keep.length + i] = ends + end));
  return {
    count,
    traceIds: pick(rows.traceIds, more.traceIds, 16),
    spanIds: pick(rows.spanIds, more.spanIds, 8),
    parentIds: pick(rows.parentIds, more.parentIds, 8),
    startNs: pick(rows.startNs, more.startNs),
    durationNs: pick(rows.durationNs, more.durationNs),
    kind: pick(rows.kind, more.kind),
    statusCode: pick(rows.statusCode, more.statusCode),
    inWindow: pick(rows.inWindow, more.inWindow),
    service: pick(rows.service, more.service),
    name: pick(rows.name, more.name),
    instance: pick(rows.instance, more.instance),
    host: pick(rows.host, more.host),
    dependencyKind: pick(rows.dependencyKind, more.dependencyKind),
    dependency: pick(rows.dependency, more.dependency),
    linkEnds,
    linkTraceIds: links(rows.linkTraceIds, more.linkTraceIds, 16),
    linkSpanIds: links(rows.linkSpanIds, more.linkSpanIds, 8),
  };
}
