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
