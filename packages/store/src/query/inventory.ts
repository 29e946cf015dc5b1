import type { getInventory } from '@sonde/api';
import type { Static } from 'typebox';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import { isInPlace, type Place, placeParams, placeTypes } from './ranked.ts';

const text = (column: string) => `CAST(${column}, 'String') AS ${column}`;
const names = ['service', 'namespace', 'environment', 'version', 'instance', 'host'];

export const inventoryQuery = defineQuery({
  name: 'inventory',
  isQuick: true,
  params: { ...placeTypes, limit: 'UInt32' },
  row: {
    service: 'String',
    namespace: 'String',
    environment: 'String',
    version: 'String',
    instance: 'String',
    host: 'String',
    firstSeenMs: 'Float64',
    lastSeenMs: 'Float64',
  },
  sql: `
SELECT ${names.map(text).join(', ')},
  toFloat64(toUnixTimestamp64Milli(min(first_seen))) AS firstSeenMs, toFloat64(toUnixTimestamp64Milli(max(last_seen))) AS lastSeenMs
FROM inventory
WHERE ${isInPlace}
GROUP BY ${names.join(', ')}
ORDER BY lastSeenMs DESC, ${names.join(', ')}
LIMIT {limit:UInt32}`,
});

/** 0 where nothing was ever seen. */
export const firstSeenQuery = defineQuery({
  name: 'firstSeen',
  isQuick: true,
  params: placeTypes,
  row: { firstSeenMs: 'Float64' },
  sql: `SELECT toFloat64(toUnixTimestamp64Milli(min(first_seen))) AS firstSeenMs FROM inventory WHERE ${isInPlace}`,
});

export const inventoryNamesQuery = defineQuery({
  name: 'inventoryNames',
  isQuick: true,
  params: placeTypes,
  row: { environments: 'Array(String)', namespaces: 'Array(String)' },
  sql: `
SELECT arraySort(groupUniqArray(CAST(environment, 'String'))) AS environments, arraySort(groupUniqArray(CAST(namespace, 'String'))) AS namespaces
FROM inventory
WHERE ${isInPlace}`,
});

/** Everything that ever sent, whatever became of what it sent. */
export async function inventory(engine: Engine, place: Place, limit: number): Promise<Static<typeof getInventory.reply>> {
  const params = placeParams(place);
  const [found, [all]] = await Promise.all([
    ask(engine, inventoryQuery, { ...params, limit: limit + 1 }),
    ask(engine, inventoryNamesQuery, params),
  ]);
  return {
    items: found.slice(0, limit),
    environments: [...(all?.environments ?? [])],
    namespaces: [...(all?.namespaces ?? [])],
    isTruncated: found.length > limit,
  };
}
