import type { rankedKinds } from '@sonde/api';
import { hashHex } from './spans.ts';

export type RankedKind = (typeof rankedKinds)[number];

/** What is ranked: which rows of the path rollup, under which key. Key parts that a kind does not use are constants. */
export interface Ranked {
  readonly condition: string;
  readonly key: { readonly [part in KeyPart]?: string };
  /** Of which rows calls are requests, with durations; of the others only the time counts. Default: all. */
  readonly isRequest?: string;
  /** What a hotspot adds beside the durations. */
  readonly moreNs?: string;
  /** The part of the key that tells most items apart: the chosen ones are looked for by it first. */
  readonly main: KeyPart;
}

const requests = 'kind IN (2, 5)';
/** What a service does itself: spans of calls are time that it waits. */
const ownWork = 'kind NOT IN (3, 4)';

export const ranked: Readonly<Record<RankedKind, Ranked>> = {
  api: { condition: `is_entry = 1 AND ${requests}`, main: 'service', key: { service: 'service', name: 'name' } },
  endpoint: { condition: requests, main: 'service', key: { service: 'service', name: 'name' } },
  service: { condition: ownWork, isRequest: requests, main: 'service', key: { service: 'service' } },
  host: { condition: `${ownWork} AND host != ''`, isRequest: requests, main: 'host', key: { host: 'host' } },
  statement: {
    condition: 'dependency_kind = 1 AND statement_hash != 0',
    main: 'hash',
    key: { system: 'dependency_system', address: 'dependency_address', database: 'dependency_name', hash: 'statement_hash' },
  },
  queue: {
    condition: 'dependency_kind = 2',
    main: 'destination',
    key: { system: 'dependency_system', destination: 'dependency_name' },
    moreNs: 'wait_ns',
  },
  remote: { condition: 'dependency_kind = 3', main: 'address', key: { address: 'dependency_address' } },
};

export const keyParts = {
  service: `''`,
  name: `''`,
  host: `''`,
  system: `''`,
  address: `''`,
  database: `''`,
  destination: `''`,
  hash: `''`,
} as const;
export type KeyPart = keyof typeof keyParts;

/** What rows are grouped by. A constant more costs a group-by as much as a name. */
export function keyColumns(of: RankedKind): string {
  return Object.keys(ranked[of].key)
    .map((part) => `key_${part}`)
    .join(', ');
}

/** Every part of the key as text, empty where `of` has none. */
export function keyTexts(of: RankedKind): string {
  const { key } = ranked[of];
  return Object.entries(keyParts)
    .map(([part, nothing]) => {
      if (!(part in key)) return `${nothing} AS ${part}`;
      return part === 'hash' ? `${hashHex('key_hash')} AS hash` : `CAST(key_${part}, 'String') AS ${part}`;
    })
    .join(', ');
}

/** Rows of the chosen items, and some others that share the main part of their keys. */
export function hasMain(of: RankedKind): string {
  const { key, main } = ranked[of];
  const isNamed = key.name === undefined ? '' : ` AND ${key.name} IN {names:Array(String)}`;
  return `${key[main]} IN ${main === 'hash' ? '{hashes:Array(UInt64)}' : '{mains:Array(String)}'}${isNamed}`;
}
export const mainTypes = { mains: 'Array(String)', names: 'Array(String)', hashes: 'Array(UInt64)' } as const;

/** Conditions on where it happened; empty parameters ask for nothing. */
export const placeTypes = { service: 'String', host: 'String', environment: 'String', namespace: 'String' } as const;
export const isInPlace = Object.keys(placeTypes)
  .map((column) => `({${column}:String} = '' OR ${column} = {${column}:String})`)
  .join(' AND ');

/** The same where hosts are not told apart. */
export const isInService = (['service', 'environment', 'namespace'] as const)
  .map((column) => `({${column}:String} = '' OR ${column} = {${column}:String})`)
  .join(' AND ');

export interface Place {
  readonly service?: string | undefined;
  readonly host?: string | undefined;
  readonly environment?: string | undefined;
  readonly namespace?: string | undefined;
}

export function placeParams({ service = '', host = '', environment = '', namespace = '' }: Place) {
  return { service, host, environment, namespace };
}

/** Rows of the path rollup with the key of what is ranked: `of`'s columns beside `columns`. */
export function rankedColumns(of: RankedKind, columns: string): string {
  const { key } = ranked[of];
  const parts = Object.entries(key).map(([part, sql]) => `${sql} AS key_${part}`);
  return `${parts.join(', ')}, ${columns}`;
}
