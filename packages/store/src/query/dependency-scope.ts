import type { Level } from './dependency-node.ts';
import { fromRollup } from './rollup-range.ts';

/** Everything, or only what the requests of one API caused. */
export type Scope = 'all' | 'api';

export const scopeTypes = { apiService: 'String', apiName: 'String' } as const;

const ofApi = 'api_service = {apiService:String} AND api_name = {apiName:String}';

/** A further condition on `path_*`. */
export const isOfApi: Readonly<Record<Scope, string>> = { all: '', api: ` AND ${ofApi}` };

const passed = `SELECT service, name FROM (
      ${fromRollup('path', 'service, name', `kind IN (2, 5) AND ${ofApi}`)}
      )`;
const used = `SELECT dependency_kind, dependency_system, dependency_address, dependency_name FROM (
      ${fromRollup('path', 'dependency_kind, dependency_system, dependency_address, dependency_name', `dependency_kind != 0 AND ${ofApi}`)}
      )`;

/**
 * A further condition on `edge_*`, which know no API: the endpoints at both ends, and what lies between, were passed by its requests. Their
 * figures are those of all requests that take this way.
 */
export const isBetweenPassed: Readonly<Record<Scope, string>> = {
  all: '',
  api: ` AND ((caller_service = '' AND caller_name = '') OR (caller_service, caller_name) IN (${passed}))
      AND ((callee_service = '' AND callee_name = '') OR (callee_service, callee_name) IN (${passed}))
      AND (dependency_kind = 0 OR (dependency_kind, dependency_system, dependency_address, dependency_name) IN (${used}))`,
};

/** What a map shows of the whole. Sets of names: what they let in beside it is left out afterwards. */
export const shownTypes = {
  /** 1: all of it. */
  everywhere: 'UInt8',
  services: 'Array(String)',
  names: 'Array(String)',
  addresses: 'Array(String)',
} as const;

const inEither = (condition: string) => `({everywhere:UInt8} = 1 OR ${condition})`;
const isAmong = (level: Level, side = '') =>
  `(${side}service IN {services:Array(String)}${level === 'endpoint' ? ` AND ${side}name IN {names:Array(String)}` : ''})`;

/** A further condition on what services or endpoints, or dependencies, were asked. */
export const isShown = {
  service: inEither(isAmong('service')),
  endpoint: inEither(isAmong('endpoint')),
  // A queue is the same one at whatever address.
  dependency: inEither('dependency_kind = 2 OR dependency_address IN {addresses:Array(String)}'),
} as const;

/** The same of `edge_*`, of both ends. What comes out of a queue comes from there, whoever put it in. */
export function isEdgeShown(level: Level): string {
  const isUnknown = (side: string) => `(${side}_service = '' AND ${side}_name = '')`;
  const isOut = `(dependency_kind != 0 AND NOT ${isUnknown('callee')})`;
  return inEither(
    `((${isAmong(level, 'caller_')} OR ${isUnknown('caller')} OR ${isOut}) AND (${isAmong(level, 'callee_')} OR ${isUnknown('callee')}))`,
  );
}
