import type { Static, TSchema } from 'typebox';
import type { Problem } from './common.ts';
import type { operations } from './index.ts';

/**
 * The API as typed functions over `fetch`, for the dashboard, for tests and for programs: what can be asked and what is answered is the type
 * of the operation. Brings neither the schemas nor their library along.
 */

type Operations = typeof operations;
export type OperationId = keyof Operations;
export type Params<K extends OperationId> = Static<Operations[K]['params']>;
export type Query<K extends OperationId> = Static<Operations[K]['query']>;
/** What is sent with an operation that changes something; nothing for all others. */
export type Body<K extends OperationId> = Operations[K] extends { readonly body: infer B extends TSchema } ? Static<B> : never;
export type Reply<K extends OperationId> = Static<Operations[K]['reply']>;

/** The operations' paths again: importing them would bring the schemas along. The test beside this compares them with docs/openapi.json. */
export const paths: Record<OperationId, string> = {
  getHealth: '/health',
  getOverview: '/overview',
  listServices: '/services',
  getService: '/services/{service}',
  listServiceErrors: '/services/{service}/errors',
  listServiceVersions: '/services/{service}/versions',
  getTop: '/top',
  getDependencies: '/dependencies',
  getImpact: '/impact',
  getDiagnosis: '/diagnosis',
  listChanges: '/changes',
  getCapacity: '/capacity',
  getCapacityWhatIf: '/capacity/what-if',
  listTraces: '/traces',
  listTraceFacets: '/traces/facets',
  compareTraces: '/traces/compare',
  getErrorOrigins: '/traces/errors',
  compareTraceFlames: '/traces/flame',
  getTrace: '/traces/{traceId}',
  getTraceColumns: '/traces/{traceId}/columns',
  listTraceLinks: '/traces/{traceId}/links',
  listSearchKeys: '/search/keys',
  listSearchValues: '/search/values',
  getLatencyHistogram: '/latency/histogram',
  getLatencyHeatmap: '/latency/heatmap',
  listLogs: '/logs',
  getLogHistogram: '/logs/histogram',
  listHosts: '/hosts',
  getHost: '/hosts/{host}',
  listHostProcesses: '/hosts/{host}/processes',
  listMiddleware: '/middleware',
  getMiddleware: '/middleware/{id}',
  getInventory: '/inventory',
  getRetention: '/retention',
  setRetention: '/retention',
};

/** An answer other than 2xx, or none at all (`status` 0). `message` is a sentence for a person. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  /** What the API said, where it said anything: which parameter, and where in it. */
  readonly problem: Problem | undefined;

  constructor(status: number, code: string, detail: string, options?: ErrorOptions & { readonly problem?: Problem }) {
    super(detail, options);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.problem = options?.problem;
  }
}

export interface Arguments<K extends OperationId> {
  readonly params?: Params<K>;
  readonly query?: Query<K>;
  readonly body?: Body<K>;
}

/** All others are asked by GET. */
export const methods: { readonly [id in OperationId]?: 'PUT' } = { setRetention: 'PUT' };

export interface ApiClientOptions {
  /** Where the API is; default `/api/v1`, for a page that the collector serves. */
  readonly baseUrl?: string;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiClient {
  readonly url: <K extends OperationId>(id: K, args: Arguments<K>) => string;
  /** Throws ApiError; when the signal aborts, what `fetch` throws. */
  readonly call: <K extends OperationId>(id: K, args: Arguments<K>, signal?: AbortSignal) => Promise<Reply<K>>;
}

export function createApiClient({ baseUrl = '/api/v1', headers = {} }: ApiClientOptions = {}): ApiClient {
  const url: ApiClient['url'] = (id, args) => `${baseUrl}${pathOf(id, args)}`;
  return {
    url,
    async call<K extends OperationId>(id: K, args: Arguments<K>, signal?: AbortSignal) {
      const body = args.body === undefined ? {} : { body: JSON.stringify(args.body) };
      const type = args.body === undefined ? {} : { 'content-type': 'application/json' };
      const response = await send(url(id, args), {
        method: methods[id] ?? 'GET',
        headers: { ...headers, ...type, accept: 'application/json' },
        ...body,
        ...(signal && { signal }),
      });
      if (!response.ok) throw await problemOf(response);
      return (await response.json()) as Reply<K>;
    },
  };
}

function pathOf<K extends OperationId>(id: K, args: Arguments<K>): string {
  const params = { ...args.params } as Readonly<Record<string, unknown>>;
  const path = paths[id].replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries<unknown>({ ...args.query })) {
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (typeof one === 'string' || typeof one === 'number') search.append(key, String(one));
    }
  }
  const text = search.toString();
  return `${path}${text === '' ? '' : `?${text}`}`;
}

async function send(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (cause) {
    if (request.signal?.aborted) throw cause;
    throw new ApiError(0, 'unreachable', '', { cause });
  }
}

/** RFC 9457, or what can be said of an answer that is none (a proxy's page, say). */
async function problemOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => undefined);
  if (isProblem(body)) return new ApiError(response.status, body.code, body.detail || body.title, { problem: body });
  return new ApiError(response.status, 'unexpected', `${response.status} ${response.statusText}`.trim());
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'detail' in body && 'code' in body;
}
