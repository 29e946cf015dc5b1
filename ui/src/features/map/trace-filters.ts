import type { MapNode } from './map-graph.ts';

/** What both the API and the traces page take. */
export interface TraceFilters {
  readonly service?: string;
  readonly name?: string;
  /** In the search language. */
  readonly q?: string;
}

/** The spans of a call. Between two that report themselves no span names the other: then those of the callee are meant, and `both` must be in the trace. */
export interface EdgeTraces {
  readonly filters: TraceFilters;
  readonly both?: readonly [string, string];
}

/** What a node was asked. */
export function nodeTraces(node: MapNode): TraceFilters | undefined {
  const reported = reporting(node);
  if (reported !== undefined) return { ...reported, q: 'kind in (server, consumer)' };
  const q = calls(node);
  return q === undefined ? undefined : { q };
}

export function edgeTraces(from: MapNode, to: MapNode): EdgeTraces | undefined {
  const caller = reporting(from);
  const callee = reporting(to);
  if (from.kind === 'queue' && callee !== undefined) {
    return { filters: { ...callee, q: `kind = consumer${and('messaging.destination.name', from.destination)}` } };
  }
  const q = calls(to);
  if (caller !== undefined && q !== undefined) {
    // An endpoint's own span carries its name, its calls carry others.
    return { filters: { ...(caller.service !== undefined && { service: caller.service }), q } };
  }
  if (caller?.service === undefined || callee?.service === undefined) return undefined;
  return { filters: { ...callee, q: 'kind in (server, consumer)' }, both: [caller.service, callee.service] };
}

function reporting({ kind, name, service }: MapNode): TraceFilters | undefined {
  if (service === undefined || kind === 'group') return undefined;
  return kind === 'endpoint' && name !== undefined ? { service, name } : { service };
}

/** The spans that call what does not report itself. */
function calls({ address = '', database, destination, kind, system }: MapNode): string | undefined {
  if (kind === 'queue') return `kind = producer${and('messaging.destination.name', destination)}`;
  if (kind !== 'database' && kind !== 'remote') return undefined;
  const [, host = address, port] = /^(.*):(\d+)$/.exec(address) ?? [];
  return `kind = client${and('db.system.name', system)}${and('db.namespace', database)}${and('server.address', host)}${port === undefined ? '' : ` and server.port = ${port}`}`;
}

function and(key: string, value: string | undefined): string {
  return value === undefined || value === '' ? '' : ` and ${key} = ${quoted(value)}`;
}

function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}
