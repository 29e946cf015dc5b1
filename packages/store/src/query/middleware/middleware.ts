import type { MiddlewareSummary } from '@sonde/api';
import { evaluate, joinMiddleware, kindPage, type Measured, type MiddlewareEntity, needed } from '@sonde/model';
import type { Engine } from '../../engine/types.ts';
import { wholeRange } from '../host-cpu.ts';
import { distinct } from '../presence.ts';
import type { TimeRange } from '../range.ts';
import type { Place } from '../ranked.ts';
import { rollupRange } from '../rollup-range.ts';
import { compare } from '../services.ts';
import { called, type CalledRow, p95Of } from './calls.ts';
import { measured } from './measured.ts';
import { machines, reported, type Reported } from './reported.ts';

const seenAs = ['database', 'database', 'queue', 'remote'] as const;

export interface JoinedMiddleware {
  readonly entity: MiddlewareEntity;
  /** The one that heard of it last first. Its figures are taken from that one alone: each tells all of it. */
  readonly reporters: readonly Reported[];
  readonly calls: readonly CalledRow[];
}

/** All middleware of the range: what reports itself, joined with what callers see. */
export async function joined(engine: Engine, range: TimeRange, place: Place): Promise<JoinedMiddleware[]> {
  const [known, reporters, calls] = await Promise.all([
    machines(engine, range),
    reported(engine, range),
    called(engine, rollupRange(range), place),
  ]);
  const clients = calls.map(({ address, dependencyKind, dependencyName, hosts, system }) => ({
    seenAs: seenAs[dependencyKind] ?? ('remote' as const),
    system,
    address,
    name: dependencyName,
    hosts,
  }));
  return joinMiddleware(known, reporters, clients).map((entity) => ({
    entity,
    reporters: entity.reporters
      .map((index) => reporters[index] as Reported)
      .toSorted((a, b) => b.lastSeenMs - a.lastSeenMs || compare(a.receiver, b.receiver)),
    calls: entity.clients.map((index) => calls[index] as CalledRow),
  }));
}

export const resourcesOf = ({ reporters: [first] }: JoinedMiddleware): readonly string[] => first?.resources ?? [];

export async function middleware(engine: Engine, range: TimeRange, place: Place) {
  const all = await joined(engine, range, place);
  const figures = needed(all.flatMap(({ entity }) => kindPage(entity.kind).figures));
  const rows = await measured(engine, range, wholeRange(range), all.map(resourcesOf), figures);
  const items = all.map((one, index) => summaryOf(one, rows[index] ?? []));
  return {
    range,
    items: items.toSorted(
      (a, b) =>
        Number(b.up === false) - Number(a.up === false) ||
        b.requests - a.requests ||
        compare(a.kind, b.kind) ||
        compare(a.id, b.id),
    ),
  };
}

/** `rows`: of one step over the whole range. */
export function summaryOf({ calls, entity, reporters }: JoinedMiddleware, rows: readonly Measured[]): MiddlewareSummary {
  const { address, candidates, id, kind, machine } = entity;
  const [newest] = reporters;
  const sum = (valueOf: (row: CalledRow) => number) => calls.reduce((total, row) => total + valueOf(row), 0);
  return {
    id,
    kind,
    address,
    host: machine ?? null,
    version: newest?.version ?? '',
    seenBy: newest === undefined ? 'callers' : calls.length === 0 ? 'itself' : 'both',
    receivers: reporters.map(({ host, receiver }) => ({ receiver, host })),
    up: newest?.up ?? null,
    lastSeenMs: newest?.lastSeenMs ?? null,
    figures: kindPage(kind)
      .figures.map((figure) => ({ id: figure.id, unit: figure.unit, value: evaluate(figure, rows, 1)[0] ?? null }))
      .filter(({ value }) => value !== null),
    clients: calls.map((row) => ({
      kind: seenAs[row.dependencyKind] ?? 'remote',
      system: row.system,
      address: row.address,
      name: row.dependencyName,
      host: row.host === '' ? null : row.host,
    })),
    candidates: [...candidates],
    callers: distinct(calls.flatMap(({ services }) => services)),
    requests: sum(({ requests }) => requests),
    errors: sum(({ failures }) => failures),
    p95Ns: p95Of(calls),
  };
}
