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
  const { services, names, instances, dependencies } = numbering;
  const [serviceKey, nameKey, instanceKey, key] = [services.fields, names.fields, instances.fields, dependencies.fields];
  for (let row = 0; row < count; row++) {
    serviceKey[0] = nameKey[0] = environment[row] as number;
    serviceKey[1] = nameKey[1] = namespace[row] as number;
    serviceKey[2] = nameKey[2] = service[row] as number;
    nameKey[3] = name[row] as number;
    rows.service[row] = services.number();
    rows.name[row] = names.number();
    if (instance[row] !== 0 || version[row] !== 0) {
      instanceKey[0] = version[row] as number;
      instanceKey[1] = instance[row] as number;
      rows.instance[row] = instances.number();
    }
    const kind = dependencyKind[row] as number;
    if (kind === dependencyKindNumber.none) continue;
    const isDatabase = kind === dependencyKindNumber.database;
    const isQueue = kind === dependencyKindNumber.queue;
    key[0] = kind;
    key[1] = isDatabase ? (dbSystem[row] as number) : isQueue ? (messagingSystem[row] as number) : 0;
    // A queue is known by its name: who sends and who reads may reach it at different addresses.
    key[2] = isQueue ? 0 : (address[row] as number);
    key[3] = isQueue ? 0 : (port[row] as number);
    key[4] = isDatabase ? (dbNamespace[row] as number) : isQueue ? (destination[row] as number) : 0;
    key[5] = isDatabase ? (hash[row * 2] as number) : 0;
    key[6] = isDatabase ? (hash[row * 2 + 1] as number) : 0;
    rows.dependency[row] = dependencies.number();
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
export function offsetsOfTraces({ count, traceIds }: SpanRows): Uint32Array {
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
  const offsets = offsetsOfTraces(rows);
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
  const runs = runsOf(keep);
  const pick = <Values extends Uint8Array | Uint32Array | Float64Array>(own: Values, others: Values, width = 1): Values => {
    const all = new (own.constructor as new (length: number) => Values)(count * width);
    let at = 0;
    for (const [from, to] of runs) {
      all.set(own.subarray(from * width, to * width), at);
      at += (to - from) * width;
    }
    all.set(others, at);
    return all;
  };
  const linksBefore = (row: number): number => (row === 0 ? 0 : (rows.linkEnds[row - 1] as number));
  const links = (own: Uint8Array, others: Uint8Array, width: number) =>
    Uint8Array.from(
      Buffer.concat([...runs.map(([from, to]) => own.subarray(linksBefore(from) * width, linksBefore(to) * width)), others]),
    );
  const linkEnds = new Float64Array(count);
  let ends = 0;
  for (let i = 0; i < keep.length; i++) {
    const row = keep[i] as number;
    linkEnds[i] = ends += (rows.linkEnds[row] as number) - linksBefore(row);
  }
  for (let i = 0; i < more.count; i++) linkEnds[keep.length + i] = ends + (more.linkEnds[i] as number);
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

/** Of rows in ascending order: those that lie together, from and to. */
function runsOf(rows: Uint32Array): [number, number][] {
  const runs: [number, number][] = [];
  for (const row of rows) {
    const last = runs.at(-1);
    if (last && last[1] === row) last[1]++;
    else runs.push([row, row + 1]);
  }
  return runs;
}
