import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { Arguments, OperationId, Query } from './api-client.ts';

type Narrowed = { readonly [K in OperationId as 'environment' extends keyof Query<K> ? K : never]: true };

/** What can be asked of one environment; the compiler compares this with the API. */
const narrowed: Narrowed = {
  listServices: true,
  getService: true,
  getTop: true,
  getDependencies: true,
  getImpact: true,
  getDiagnosis: true,
  listChanges: true,
  getCapacity: true,
  getCapacityWhatIf: true,
  listTraces: true,
  listTraceFacets: true,
  compareTraces: true,
  getErrorOrigins: true,
  compareTraceFlames: true,
  getLatencyHistogram: true,
  getLatencyHeatmap: true,
  listLogs: true,
  getLogHistogram: true,
  listHosts: true,
  getHost: true,
  listMiddleware: true,
  getMiddleware: true,
  getInventory: true,
  getOverview: true,
  listServiceErrors: true,
  listServiceVersions: true,
};

/** The environment that the whole dashboard looks at, which is the URL's; undefined: all. */
export function useEnvironment() {
  const { environment } = useSearch({ from: '__root__' });
  const navigate = useNavigate();
  const setEnvironment = useCallback(
    (next: string | undefined) => void navigate({ to: '.', search: (previous) => ({ ...previous, environment: next }) }),
    [navigate],
  );
  return { environment, setEnvironment };
}

/** The same question, of that environment only. */
export function inEnvironment<K extends OperationId>(id: K, args: Arguments<K>, environment: string | undefined): Arguments<K> {
  if (environment === undefined || !Object.hasOwn(narrowed, id)) return args;
  return { ...args, query: { environment, ...args.query } as Query<K> };
}
