import type { EdgeRows, PathRows } from '@sonde/model';
import { type NativeColumn, writeNative } from '../native/write.ts';
import { fold } from './fold.ts';
import { type NameLimit, otherName } from './name-limit.ts';
import { addressesOf, databasesOf, hashesOf, namesOf } from './number-texts.ts';
import type { Numbering } from './numbering.ts';

/** One block of FORMAT Native for each of `settledColumns`. */
export interface RollupBlocks {
  readonly path_minutes: { readonly rows: number; readonly bytes: Uint8Array };
  readonly edge_minutes: { readonly rows: number; readonly bytes: Uint8Array };
  /** Hashes of the statements in them, decimal: those of the window's spans, and no others. */
  readonly statementHashes: readonly string[];
  /** Spans that were counted under `{other}`. */
  readonly overflowed: number;
}

type TextColumn = (values: ArrayLike<number>, texts?: readonly string[]) => NativeColumn;

const uint8 = (values: Uint32Array): NativeColumn => ({ type: 'UInt8', values });
const uint64 = (values: Float64Array | BigUint64Array): NativeColumn => ({ type: 'UInt64', values });
const hist = (histogram: { ends: Float64Array; buckets: Uint16Array; counts: Float64Array }): NativeColumn => ({
  type: 'Tuple(Array(UInt16), Array(UInt64))',
  ...histogram,
});
/** Times of the engine end in 2106. */
const times = (minutes: Uint32Array): NativeColumn => ({
  type: 'DateTime',
  values: Float64Array.from(minutes, (minute) => Math.min(minute * 60, 0xffffffff)),
});

/** The rollups of a window as the engine takes them. */
export function rollupBlocks(paths: PathRows, edges: EdgeRows, numbering: Numbering, names: NameLimit): RollupBlocks {
  const { texts, dependencies } = numbering;
  const text: TextColumn = (values, own = texts.list) => ({ type: 'LowCardinality(String)', values, texts: own });
  const through = (values: Uint32Array, column: ArrayLike<number>): Uint32Array => {
    const found = new Uint32Array(values.length);
    for (let row = 0; row < values.length; row++) found[row] = column[values[row] as number] as number;
    return found;
  };
  const name = namesOf(numbering, names);
  const endpoint = (values: Uint32Array, prefix: string) => ({
    [`${prefix}service`]: text(through(values, name.service)),
    [`${prefix}name`]: text(through(values, name.place), name.texts),
    [`${prefix}environment`]: text(through(values, name.environment)),
    [`${prefix}namespace`]: text(through(values, name.namespace)),
  });

  const address = addressesOf(numbering);
  const dependencyColumns = (kind: Uint32Array, dependency: Uint32Array) => ({
    dependency_kind: uint8(kind),
    dependency_system: text(through(dependency, dependencies.column('system'))),
    dependency_address: text(through(dependency, address.place), address.texts),
    dependency_name: text(through(dependency, dependencies.column('name'))),
  });
  const hashes = hashesOf(numbering);

  const { bucket: pathBucket, minute: pathMinute, ...path } = paths;
  const pathFold = fold(
    {
      minute: pathMinute,
      api: path.api,
      apiKind: path.apiKind,
      asynchronous: path.asynchronous,
      isEntry: path.isEntry,
      name: path.name,
      kind: path.kind,
      instance: path.instance,
      host: path.host,
      dependencyKind: path.dependencyKind,
      dependency: path.dependency,
    },
    {
      calls: path.calls,
      errors: path.errors,
      inclusiveNs: path.inclusiveNs,
      selfNs: path.selfNs,
      criticalNs: path.criticalNs,
      messages: path.messages,
      waitNs: path.waitNs,
      requestsByService: path.requestsByService,
      requestsByHost: path.requestsByHost,
      requestsByDependency: path.requestsByDependency,
      maxNs: path.maxNs,
    },
    pathBucket,
  );
  const statementHashes = BigUint64Array.from(pathFold.keys.dependency, (n) => hashes[n] as bigint);
  const pathColumns: Record<string, NativeColumn> = {
    time: times(pathFold.keys.minute),
    ...endpoint(pathFold.keys.api, 'api_'),
    api_kind: uint8(pathFold.keys.apiKind),
    asynchronous: uint8(pathFold.keys.asynchronous),
    is_entry: uint8(pathFold.keys.isEntry),
    ...endpoint(pathFold.keys.name, ''),
    kind: uint8(pathFold.keys.kind),
    ...dependencyColumns(pathFold.keys.dependencyKind, pathFold.keys.dependency),
    statement_hash: uint64(statementHashes),
    version: text(through(pathFold.keys.instance, numbering.instances.column('version'))),
    instance: text(through(pathFold.keys.instance, numbering.instances.column('instance'))),
    host: text(pathFold.keys.host),
    calls: uint64(pathFold.sums.calls),
    errors: uint64(pathFold.sums.errors),
    total_ns: uint64(pathFold.sums.inclusiveNs),
    self_ns: uint64(pathFold.sums.selfNs.map(Math.round)),
    critical_ns: uint64(pathFold.sums.criticalNs.map(Math.round)),
    messages: uint64(pathFold.sums.messages),
    wait_ns: uint64(pathFold.sums.waitNs.map(Math.round)),
    requests_by_service: uint64(pathFold.sums.requestsByService),
    requests_by_host: uint64(pathFold.sums.requestsByHost),
    requests_by_dependency: uint64(pathFold.sums.requestsByDependency),
    max_ns: uint64(pathFold.sums.maxNs),
    hist: hist(pathFold.histogram(path.calls)),
    error_hist: hist(pathFold.histogram(path.errors)),
  };

  const { bucket: edgeBucket, minute: edgeMinute, ...edge } = edges;
  const edgeFold = fold(
    {
      minute: edgeMinute,
      caller: edge.caller,
      callee: edge.callee,
      dependencyKind: edge.dependencyKind,
      // Edges lead to a database, not to each of its statements.
      dependency: through(edge.dependency, databasesOf(numbering)),
      side: edge.side,
    },
    {
      calls: edge.calls,
      errors: edge.errors,
      callerErrors: edge.callerErrors,
      totalNs: edge.totalNs,
      criticalNs: edge.criticalNs,
      waitNs: edge.waitNs,
      maxNs: edge.maxNs,
    },
    edgeBucket,
  );
  const edgeColumns: Record<string, NativeColumn> = {
    time: times(edgeFold.keys.minute),
    ...endpoint(edgeFold.keys.caller, 'caller_'),
    ...endpoint(edgeFold.keys.callee, 'callee_'),
    ...dependencyColumns(edgeFold.keys.dependencyKind, edgeFold.keys.dependency),
    side: uint8(edgeFold.keys.side),
    calls: uint64(edgeFold.sums.calls),
    errors: uint64(edgeFold.sums.errors),
    caller_errors: uint64(edgeFold.sums.callerErrors),
    total_ns: uint64(edgeFold.sums.totalNs),
    critical_ns: uint64(edgeFold.sums.criticalNs.map(Math.round)),
    wait_ns: uint64(edgeFold.sums.waitNs.map(Math.round)),
    max_ns: uint64(edgeFold.sums.maxNs),
    hist: hist(edgeFold.histogram(edge.calls)),
  };

  let overflowed = 0;
  path.name.forEach((n, row) => {
    if (name.texts[name.place[n] as number] === otherName) overflowed += path.calls[row] as number;
  });
  return {
    path_minutes: { rows: pathFold.rows, bytes: writeNative(pathFold.rows, pathColumns) },
    edge_minutes: { rows: edgeFold.rows, bytes: writeNative(edgeFold.rows, edgeColumns) },
    statementHashes: [...new Set(statementHashes)].filter((hash) => hash !== 0n).map(String),
    overflowed,
  };
}
