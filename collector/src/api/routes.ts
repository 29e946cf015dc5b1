import { type Health, type Operation, operations, retentionProblem } from '@sonde/api';
import type { Part } from '@sonde/model';
import {
  BadCursor,
  EngineBusy,
  EngineUnreachable,
  type Injured,
  QueryBudgetExceeded,
  type Questions,
  type Retention,
  type SpanFilters,
  type TimeRange,
} from '@sonde/store';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyServerOptions } from 'fastify';
import type { Static, TObject, TSchema } from 'typebox';
import { openApiDocument } from './openapi.ts';
import { bodyReader, parameterReader } from './parameters.ts';
import { type ProblemCode, problemDocument, ProblemError } from './problems.ts';
import { refuseOtherSites } from './same-site.ts';
import { searchField, withSearch, withSearches } from './search.ts';
import { readSelection } from './selection.ts';
import { readTimeRange } from './time-range.ts';

export interface ApiOptions {
  readonly questions: Questions;
  readonly retention: Pick<Retention, 'get' | 'set'>;
  readonly health: () => Health;
  /** Told of every fault that is nobody's fault outside. */
  readonly onFault?: (error: unknown) => void;
}

/** What the server must be made with: names of services and hosts are long, and a path that cannot be decoded is a problem too. */
export const apiServerOptions = {
  routerOptions: { maxParamLength: 4096 },
  frameworkErrors: (error, _request, reply) => void sendProblem(reply, asProblem(error)),
} satisfies FastifyServerOptions;

/** Settings are short. */
const bodyLimit = 64 * 1024;

/** The API. Register it under the prefix `/api/v1` of a server made with `apiServerOptions`. */
export async function apiRoutes(app: FastifyInstance, { questions, retention, health, onFault }: ApiOptions): Promise<void> {
  const answer = <P extends TObject, Q extends TObject, R extends TSchema>(
    operation: Operation<P, Q, R>,
    reply: (params: Static<P>, query: Static<Q>) => Promise<Static<R>> | Static<R>,
  ) => {
    const readParams = parameterReader(operation.params);
    const readQuery = parameterReader(operation.query);
    const path = operation.path.replaceAll(/\{(\w+)\}/g, ':$1');
    app.get(path, (request) => reply(readParams(request.params), readQuery(request.query)));
  };

  // A form of another site can send text and forms, without asking; it cannot send JSON.
  app.removeContentTypeParser('text/plain');

  const change = <B extends TObject, R extends TSchema>(
    operation: Operation<TObject, TObject, R, B> & { readonly method: 'put'; readonly body: B },
    reply: (body: Static<B>) => Promise<Static<R>>,
  ) => {
    const readQuery = parameterReader(operation.query);
    const readBody = bodyReader(operation.body);
    app.put(operation.path, { bodyLimit, onRequest: async (request) => refuseOtherSites(request) }, (request) => {
      if (request.headers['content-type'] === undefined) throw new ProblemError('unsupported-content-type');
      readQuery(request.query);
      return reply(readBody(request.body));
    });
  };

  answer(operations.getHealth, () => health());
  answer(operations.getOverview, (_, { from, to, limit = 100, ...place }) =>
    questions.overview(rangeOf({ from, to }), place, limit),
  );
  answer(operations.listServices, (_, { from, to, ...place }) => questions.services(rangeOf({ from, to }), place));
  answer(operations.getService, async ({ service }, { from, to, ...place }) => {
    return (await questions.service(rangeOf({ from, to }), service, place)) ?? absent('unknown-service');
  });
  answer(operations.listServiceErrors, ({ service }, { from, to, limit = 50, ...place }) =>
    questions.serviceErrors(rangeOf({ from, to }), service, place, limit),
  );
  answer(operations.listServiceVersions, ({ service }, { from, to, ...place }) =>
    questions.serviceVersions(rangeOf({ from, to }), service, place),
  );
  answer(operations.getTop, (_, { from, to, ...options }) =>
    questions.top(rangeOf({ from, to }), { time: 'inclusive', percentile: 95, limit: 20, ...options }),
  );
  answer(operations.getDependencies, (_, { from, to, level = 'service', focus, ...options }) => {
    const other = level === 'service' ? 'endpoint' : 'service';
    if (focus?.startsWith(`${other}:`)) {
      throw new ProblemError('bad-parameter', {
        parameter: 'focus',
        detail: `At the level ${level} no node is ${other === 'service' ? 'a service' : 'an endpoint'}.`,
      });
    }
    if ((options.apiService === undefined) !== (options.apiName === undefined)) {
      const parameter = options.apiName === undefined ? 'apiName' : 'apiService';
      throw new ProblemError('bad-parameter', { parameter, detail: 'An API is named by its service and its name.' });
    }
    return questions.dependencies(rangeOf({ from, to }), { depth: 2, ...options, level, focus });
  });
  answer(operations.getImpact, (_, query) => {
    const { baselineFrom, baselineTo, environment, from, limit = 100, namespace, to } = query;
    const range = rangeOf({ from, to });
    const baseline = baselineOf(baselineFrom, baselineTo);
    return questions.impact(range, { injured: injuredOf(query), baseline, limit, environment, namespace });
  });
  answer(operations.getDiagnosis, (_, query) => {
    const { baselineFrom, baselineTo, environment, from, name, namespace, to } = query;
    const injured = injuredOf(query);
    const options = { baseline: baselineOf(baselineFrom, baselineTo), environment, namespace };
    if (injured.kind === 'service') {
      return questions.diagnosis(rangeOf({ from, to }), { ...options, service: injured.name, name });
    }
    if (name !== undefined) {
      throw new ProblemError('bad-parameter', { parameter: 'name', detail: 'Only of a service an endpoint can be named.' });
    }
    return questions.partDiagnosis(rangeOf({ from, to }), { ...options, part: partOf(injured) });
  });
  answer(operations.listChanges, (_, { baselineFrom, baselineTo, from, limit = 100, to, ...place }) =>
    questions.changes(rangeOf({ from, to }), { ...place, limit, baseline: baselineOf(baselineFrom, baselineTo) }),
  );
  answer(operations.getCapacity, (_, { from, to, limit = 200, ...place }) =>
    questions.capacity(rangeOf({ from, to }), place, limit),
  );
  answer(operations.getCapacityWhatIf, (_, { from, to, ...options }) =>
    questions.capacityWhatIf(rangeOf({ from, to }), options),
  );
  answer(operations.listTraces, (_, { from, to, q, sort = 'time', limit = 50, cursor, ...filters }) =>
    withSearch(q, (search) =>
      questions.traces(
        rangeOf({ from, to }),
        { ...checkedFilters(filters), ...search },
        { sort, limit, ...(cursor === undefined ? {} : { cursor }) },
      ),
    ),
  );
  answer(operations.listTraceFacets, (_, { from, to, q, limit = 10, others = 20, ...filters }) =>
    withSearch(q, (search) =>
      questions.traceFacets(rangeOf({ from, to }), { ...checkedFilters(filters), ...search }, { limit, others }),
    ),
  );
  answer(operations.compareTraces, (_, { from, to, q = '', limit = 30, values = 10, ...asked }) => {
    const { selected, filters } = readSelection(asked);
    return withSearches({ q, selection: asked.selection ?? '' }, ({ q: search, selection }) =>
      questions.compareTraces(
        rangeOf({ from, to }),
        { ...checkedFilters(filters), ...(search && { search }) },
        { ...selected, ...(selection && { search: selection }) },
        { limit, values },
      ),
    );
  });
  answer(operations.getErrorOrigins, (_, { from, to, q = '', limit = 50, ...asked }) => {
    const { selected, filters } = readSelection(asked, false);
    return withSearches({ q, selection: asked.selection ?? '' }, ({ q: search, selection }) =>
      questions.errorOrigins(
        rangeOf({ from, to }),
        { ...checkedFilters(filters), ...(search && { search }) },
        { ...selected, ...(selection && { search: selection }) },
        limit,
      ),
    );
  });
  answer(operations.compareTraceFlames, (_, { from, to, q = '', limit = 300, ...asked }) => {
    const { selected, filters } = readSelection(asked);
    return withSearches({ q, selection: asked.selection ?? '' }, ({ q: search, selection }) =>
      questions.traceFlames(
        rangeOf({ from, to }),
        { ...checkedFilters(filters), ...(search && { search }) },
        { ...selected, ...(selection && { search: selection }) },
        limit,
      ),
    );
  });
  answer(operations.getTrace, async ({ traceId }) => {
    return (await questions.trace(traceId.toLowerCase())) ?? absent('unknown-trace');
  });
  answer(operations.getTraceColumns, async ({ traceId }) => {
    return (await questions.traceColumns(traceId.toLowerCase())) ?? absent('unknown-trace');
  });
  answer(operations.listTraceLinks, async ({ traceId }, { limit = 100 }) => {
    return (await questions.traceLinks(traceId.toLowerCase(), limit)) ?? absent('unknown-trace');
  });
  answer(operations.listSearchKeys, (_, { from, to, prefix = '', limit = 100 }) =>
    questions.searchKeys(rangeOf({ from, to }), prefix, limit),
  );
  answer(operations.listSearchValues, (_, { from, to, key, prefix = '', limit = 100 }) =>
    questions.searchValues(rangeOf({ from, to }), searchField(key), prefix, limit),
  );
  answer(operations.getLatencyHistogram, (_, { from, to, q, ...filters }) =>
    withSearch(q, (search) => questions.latencyHistogram(rangeOf({ from, to }), { ...checkedFilters(filters), ...search })),
  );
  answer(operations.getLatencyHeatmap, (_, { from, to, q, ...filters }) =>
    withSearch(q, (search) => questions.latencyHeatmap(rangeOf({ from, to }), { ...checkedFilters(filters), ...search })),
  );
  answer(operations.listLogs, (_, { from, to, q, limit = 100, cursor, ...filters }) =>
    withSearch(
      q,
      (search) =>
        questions.logs(
          rangeOf({ from, to }),
          { ...filters, ...search },
          { limit, ...(cursor === undefined ? {} : { cursor }) },
        ),
      'logs',
    ),
  );
  answer(operations.getLogHistogram, (_, { from, to, q, ...filters }) =>
    withSearch(q, (search) => questions.logHistogram(rangeOf({ from, to }), { ...filters, ...search }), 'logs'),
  );
  answer(operations.listHosts, (_, { from, to, ...place }) => questions.hosts(rangeOf({ from, to }), place));
  answer(
    operations.getHost,
    async ({ host }, { from, to, ...place }) =>
      (await questions.host(rangeOf({ from, to }), host, place)) ?? absent('unknown-host'),
  );
  answer(operations.listHostProcesses, ({ host }, { from, to, limit = 50 }) =>
    questions.hostProcesses(rangeOf({ from, to }), { host, limit }),
  );
  answer(operations.listMiddleware, (_, { from, to, ...place }) => questions.middleware(rangeOf({ from, to }), place));
  answer(
    operations.getMiddleware,
    async ({ id }, { from, to, ...place }) =>
      (await questions.middlewareDetail(rangeOf({ from, to }), id, place)) ?? absent('unknown-middleware'),
  );
  answer(operations.getInventory, (_, { limit = 1000, ...place }) => questions.inventory(place, limit));
  answer(operations.getRetention, () => retention.get());
  change(operations.setRetention, (settings) => {
    const problem = retentionProblem(settings);
    if (problem) throw new ProblemError('bad-parameter', problem);
    return retention.set(settings);
  });
  app.get('/openapi.json', () => openApiDocument());

  app.setNotFoundHandler(() => {
    throw new ProblemError('unknown-path');
  });
  app.setErrorHandler((error, _request, reply) => {
    const problem = asProblem(error);
    if (problem.code === 'internal-fault') onFault?.(error);
    return sendProblem(reply, problem);
  });
}

function sendProblem(reply: FastifyReply, problem: ProblemError): FastifyReply {
  if (problem.code === 'engine-busy' || problem.code === 'store-unreachable') void reply.header('retry-after', '5');
  const document = problemDocument(problem);
  return reply.code(document.status).type('application/problem+json').send(document);
}

function rangeOf(query: { readonly from?: string | undefined; readonly to?: string | undefined }) {
  return readTimeRange(
    { ...(query.from === undefined ? {} : { from: query.from }), ...(query.to === undefined ? {} : { to: query.to }) },
    Date.now(),
  );
}

function baselineOf(from: string | undefined, to: string | undefined): TimeRange | undefined {
  if (from === undefined && to === undefined) return undefined;
  for (const [parameter, text] of Object.entries({ baselineFrom: from, baselineTo: to })) {
    if (text === undefined) {
      throw new ProblemError('bad-parameter', { parameter, detail: 'baselineFrom and baselineTo must be given together.' });
    }
  }
  try {
    return rangeOf({ from, to });
  } catch (error) {
    const parameter = error instanceof ProblemError ? error.place?.parameter : undefined;
    if (parameter !== 'from' && parameter !== 'to') throw error;
    throw new ProblemError('bad-parameter', {
      parameter: parameter === 'from' ? 'baselineFrom' : 'baselineTo',
      detail: `Of the baseline: ${(error as ProblemError).message}`,
    });
  }
}

const injuredKinds = ['host', 'statement', 'queue', 'service', 'database', 'remote'] as const;

type AskedInjured = Exclude<Injured, { readonly kind: 'middleware' }>;

/** Exactly one of them. */
function injuredOf(query: { readonly [kind in (typeof injuredKinds)[number]]?: string | undefined }): AskedInjured {
  const given = injuredKinds.filter((kind) => query[kind] !== undefined);
  const [kind, other] = given;
  if (kind === undefined || other !== undefined) {
    throw new ProblemError('bad-parameter', {
      parameter: other ?? 'host',
      detail: `Exactly one of ${injuredKinds.join(', ')} must be given.`,
    });
  }
  const name = query[kind] as string;
  return kind === 'statement' ? { kind, hash: name } : { kind, name };
}

function partOf(injured: Exclude<AskedInjured, { readonly kind: 'service' }>): Part {
  return injured.kind === 'statement' ? { kind: 'statement', name: injured.hash.toLowerCase() } : injured;
}

function checkedFilters(filters: SpanFilters): SpanFilters {
  const { minDurationMs, maxDurationMs } = filters;
  if (minDurationMs !== undefined && maxDurationMs !== undefined && minDurationMs > maxDurationMs) {
    throw new ProblemError('bad-parameter', {
      parameter: 'minDurationMs',
      detail: 'minDurationMs must not be greater than maxDurationMs.',
    });
  }
  return filters;
}

function absent(code: 'unknown-service' | 'unknown-trace' | 'unknown-host' | 'unknown-middleware'): never {
  throw new ProblemError(code);
}

function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof QueryBudgetExceeded) {
    return new ProblemError('question-too-large', {
      detail: `${error.message} Ask for a shorter range or less.`,
      cause: error,
    });
  }
  if (error instanceof EngineBusy) return new ProblemError('engine-busy', { cause: error });
  if (error instanceof EngineUnreachable) return new ProblemError('store-unreachable', { cause: error });
  if (error instanceof BadCursor)
    return new ProblemError('bad-parameter', { parameter: 'cursor', detail: error.message, cause: error });
  if (isFastifyRefusal(error)) {
    const code = bodyProblems[error.code];
    if (code !== undefined) return new ProblemError(code, { cause: error });
  }
  // Fastify's own: a path that cannot be decoded, and the like.
  if (isFastifyRefusal(error)) return new ProblemError('bad-parameter', { detail: error.message, cause: error });
  return new ProblemError('internal-fault', { cause: error });
}

/** What Fastify says of bodies. */
const bodyProblems: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-content-type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed-body',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed-body',
};

function isFastifyRefusal(error: unknown): error is FastifyError {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' && error.statusCode < 500;
}
