import type { operations, Problem } from '@sonde/api';
import type { Static } from 'typebox';

type Operations = typeof operations;
export type OperationId = keyof Operations;
export type Params<K extends OperationId> = Static<Operations[K]['params']>;
export type Query<K extends OperationId> = Static<Operations[K]['query']>;
export type Reply<K extends OperationId> = Static<Operations[K]['reply']>;

/** The operations' paths again: importing them would bring the schemas and their library to the browser. The test beside this compares. */
export const paths: Record<OperationId, string> = {
  getHealth: '/health',
  listServices: '/services',
  getService: '/services/{service}',
  getTop: '/top',
  listTraces: '/traces',
  listTraceFacets: '/traces/facets',
  compareTraces: '/traces/compare',
  getTrace: '/traces/{traceId}',
  listSearchKeys: '/search/keys',
  listSearchValues: '/search/values',
  getLatencyHistogram: '/latency/histogram',
  getLatencyHeatmap: '/latency/heatmap',
  listLogs: '/logs',
  getLogHistogram: '/logs/histogram',
  listHosts: '/hosts',
  getHost: '/hosts/{host}',
};

/** An answer other than 2xx, or none at all (`status` 0). `message` is a sentence for a person. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
  }
}

export interface Arguments<K extends OperationId> {
  readonly params?: Params<K>;
  readonly query?: Query<K>;
}

export function apiUrl<K extends OperationId>(id: K, args: Arguments<K>): string {
  const params = { ...args.params } as Readonly<Record<string, unknown>>;
  const path = paths[id].replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries<unknown>({ ...args.query })) {
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (typeof one === 'string' || typeof one === 'number') search.append(key, String(one));
    }
  }
  const text = search.toString();
  return `/api/v1${path}${text === '' ? '' : `?${text}`}`;
}

export async function callApi<K extends OperationId>(id: K, args: Arguments<K>, signal?: AbortSignal): Promise<Reply<K>> {
  const response = await send(apiUrl(id, args), signal);
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as Reply<K>;
}

async function send(url: string, signal: AbortSignal | undefined): Promise<Response> {
  try {
    return await fetch(url, { headers: { accept: 'application/json' }, ...(signal && { signal }) });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError(0, 'unreachable', '', { cause });
  }
}

/** RFC 9457, or what can be said of an answer that is none (a proxy's page, say). */
async function problemOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => undefined);
  if (isProblem(body)) return new ApiError(response.status, body.code, body.detail || body.title);
  return new ApiError(response.status, 'unexpected', `${response.status} ${response.statusText}`.trim());
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'detail' in body && 'code' in body;
}
