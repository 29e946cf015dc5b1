import { kindIdentity, type Machine, type Reporter } from '@sonde/model';
import type { Engine } from '../../engine/types.ts';
import { ask, defineQuery } from '../define.ts';
import { moment, rangeParams, rangeTypes, type TimeRange } from '../range.ts';

/** What receivers said in the range, by resource: whether the server answered last, and when that was. */
export const reportedQuery = defineQuery({
  name: 'reportedMiddleware',
  subqueries: 'own shard',
  params: rangeTypes,
  row: { resource: 'String', up: 'Float64', lastSeenMs: 'Float64' },
  sql: `
SELECT toString(resource_id) AS resource, argMax(newest, newest_at) AS up, toFloat64(toUnixTimestamp64Milli(max(newest_at))) AS lastSeenMs
FROM (
  SELECT metric, series_id, argMax(value, timestamp) AS newest, max(timestamp) AS newest_at
  FROM metric_samples
  WHERE metric = 'sonde.middleware.up' AND timestamp >= ${moment('{fromNs:Int64}')} AND timestamp < ${moment('{toNs:Int64}')}
  GROUP BY metric, series_id
) AS points
INNER JOIN (SELECT DISTINCT metric, series_id, resource_id FROM metric_series WHERE metric = 'sonde.middleware.up') AS series USING (metric, series_id)
GROUP BY resource_id`,
});

const held = (key: string) => `any(attributes['${key}'])`;

/** What these resources say of the server and of the machine that asks it. */
export const reporterQuery = defineQuery({
  name: 'middlewareResources',
  params: { resources: 'Array(UInt64)' },
  row: {
    resource: 'String',
    kind: 'String',
    address: 'String',
    port: 'UInt16',
    receiver: 'String',
    version: 'String',
    host: 'String',
    hostId: 'String',
  },
  sql: `
SELECT toString(resource_id) AS resource, ${held('sonde.middleware.kind')} AS kind, ${held('server.address')} AS address,
  toUInt16OrZero(${held('server.port')}) AS port, ${held('sonde.receiver')} AS receiver,
  any(coalesce(nullIf(attributes[concat(attributes['sonde.middleware.kind'], '.version')], ''), nullIf(attributes['zk.version'], ''), '')) AS version,
  CAST(any(resources.host), 'String') AS host, ${held('host.id')} AS hostId
FROM resources
WHERE resource_id IN {resources:Array(UInt64)}
GROUP BY resource_id`,
});

/** Machines by all their names, as of the newest that was heard of each. */
export const machinesQuery = defineQuery({
  name: 'machines',
  params: { sinceMs: 'Int64' },
  row: { name: 'String', id: 'String', addresses: 'String' },
  sql: `
SELECT CAST(host, 'String') AS name, attributes['host.id'] AS id,
  argMaxIf(attributes['host.ip'], received_at, attributes['host.ip'] != '') AS addresses
FROM resources
WHERE host != '' AND received_at >= fromUnixTimestamp64Milli({sinceMs:Int64}, 'UTC')
GROUP BY name, id
ORDER BY name, id`,
});

/** Queues and topics of brokers, by the attribute that names them. */
export const destinationsQuery = defineQuery({
  name: 'reportedDestinations',
  params: { resources: 'Array(UInt64)', metrics: 'Array(String)', keys: 'Array(String)' },
  row: { resource: 'String', destination: 'String' },
  sql: `
SELECT DISTINCT toString(resource_id) AS resource, attributes[{keys:Array(String)}[indexOf({metrics:Array(String)}, CAST(metric, 'String'))]] AS destination
FROM metric_series
WHERE metric IN {metrics:Array(String)} AND resource_id IN {resources:Array(UInt64)} AND destination != ''
ORDER BY resource, destination
LIMIT 20000`,
});

/** One receiver; a server that was restarted in another version has said so under several resources. */
export interface Reported extends Reporter {
  readonly resources: readonly string[];
  readonly receiver: string;
  readonly version: string;
  readonly up: boolean;
  readonly lastSeenMs: number;
}

/** The newest of its resources first. */
export async function reported(engine: Engine, range: TimeRange): Promise<Reported[]> {
  const seen = (await ask(engine, reportedQuery, rangeParams(range))).toSorted((a, b) => b.lastSeenMs - a.lastSeenMs);
  if (seen.length === 0) return [];
  const resources = seen.map(({ resource }) => BigInt(resource));
  const rows = await ask(engine, reporterQuery, { resources });
  const rowOf = new Map(rows.map((row) => [row.resource, row]));
  const destinationsOf = await destinations(engine, rows);
  const found = new Map<string, Reported>();
  for (const { lastSeenMs, resource, up } of seen) {
    const row = rowOf.get(resource);
    if (row === undefined || row.kind === '') continue;
    const { address, host, hostId, kind, port, receiver, version } = row;
    const key = JSON.stringify([kind, receiver, host, hostId, address, port]);
    const newer = found.get(key);
    found.set(key, {
      kind,
      address,
      port: port === 0 ? undefined : port,
      host,
      hostId,
      receiver,
      version: newer?.version || version,
      up: newer?.up ?? up === 1,
      lastSeenMs: newer?.lastSeenMs ?? lastSeenMs,
      resources: [...(newer?.resources ?? []), resource],
      destinations: [...(newer?.destinations ?? []), ...(destinationsOf.get(resource) ?? [])],
    });
  }
  return [...found.values()];
}

async function destinations(engine: Engine, rows: readonly { readonly kind: string; readonly resource: string }[]) {
  const named = rows.flatMap(({ kind, resource }) => {
    const where = kindIdentity(kind)?.destinations;
    return where === undefined ? [] : [{ resource: BigInt(resource), ...where }];
  });
  const of = new Map<string, string[]>();
  if (named.length === 0) return of;
  const metrics = [...new Map(named.map(({ key, metric }) => [metric, key]))];
  const asked = { metrics: metrics.map(([metric]) => metric), keys: metrics.map(([, key]) => key) };
  const found = await ask(engine, destinationsQuery, { ...asked, resources: named.map(({ resource }) => resource) });
  for (const { destination, resource } of found) of.set(resource, [...(of.get(resource) ?? []), destination]);
  return of;
}

const dayMs = 86_400_000;

export async function machines(engine: Engine, { fromMs }: TimeRange): Promise<Machine[]> {
  const rows = await ask(engine, machinesQuery, { sinceMs: BigInt(fromMs - dayMs) });
  // Senders that do not know a machine's id mean the one whose id others know.
  const identified = new Set(rows.filter(({ id }) => id !== '').map(({ name }) => name));
  return rows
    .filter(({ id, name }) => id !== '' || !identified.has(name))
    .map(({ addresses, id, name }) => ({ name, id, addresses: addressesIn(addresses) }));
}

/** `host.ip` is a list; stored as JSON. */
function addressesIn(text: string): string[] {
  if (!text.startsWith('[')) return text === '' ? [] : [text];
  return [...text.matchAll(/"([^"]*)"/g)].map(([, address = '']) => address);
}
