/**
 * ClickHouse over HTTP.
 *
 * Invariants, each defended by the test of the same number in test/store/server-engine.test.ts:
 *  (1) An insert succeeds only when the server said so: status 200, a whole reply, nothing in it. Everything else throws.
 *  (2) An insert's length is told beforehand, so that one that is cut, by either side, can never pass for a shorter one.
 *  (3) No call waits for ever: a question ends soon after its budget, a load when the connection is silent for too long.
 *  (4) A question whose connection was lost is asked once more, for a server that restarted closes the connections that are kept
 *      open; an insert is never repeated here: the loader does it, under the same token.
 *  (5) What a file holds is never in memory but for one chunk.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { asQuestionError, EngineUnreachable, EngineUnusable, errorCode } from './errors.ts';
import { maintenanceOnCluster } from '../schema/maintenance-on-cluster.ts';
import { createPool } from './pool.ts';
import {
  checkDatabaseName,
  clusterDdlSettings,
  clusterLoadSettings,
  clusterMaintenanceSettings,
  clusterReadSettings,
  fileColumns,
  insertSelect,
  isClusterName,
  loadSettings,
  readSettings,
  replyBytesMax,
} from './settings.ts';
import { paramLiteral } from './params.ts';
import { probeServer } from './server-probe.ts';
import type { Budget, Engine, LoadedTable, SubqueryScope } from './types.ts';

export interface ServerOptions {
  /** `http(s)://user:password@host:8123`. */
  readonly url: string;
  readonly database: string;
  /** A cluster in the server's `remote_servers`, over which the schema is laid; the server is any of its members. */
  readonly cluster?: string | undefined;
  /** How long a load or a statement may leave its connection without a byte. Default 2 minutes. */
  readonly silenceMs?: number;
}

/** Errors are thrown; the client would also print each, with what was asked. */
const quiet = { level: ClickHouseLogLevel.OFF };

/** Questions at once; more wait, as they do for the embedded engine. */
const readers = 8;

/** How much longer than its budget a question may take: the way there and back. */
const wayMs = 5_000;

/** Opens a ClickHouse server (or a cluster's entry). Throws EngineUnreachable, or EngineUnusable where waiting cannot help. */
export async function openServer(options: ServerOptions): Promise<Engine> {
  checkDatabaseName(options.database);
  const version = await probeServer(options.url);
  const { silenceMs = 120_000, url, cluster } = options;
  const ddlSettings = cluster === undefined ? {} : clusterDdlSettings;
  const anyDatabase = createClient({ url, log: quiet, request_timeout: silenceMs });
  try {
    await orUnreachable(createDatabase(anyDatabase, options.database, cluster));
  } finally {
    await anyDatabase.close();
  }
  const client = (connections: number) =>
    createClient({
      url,
      database: options.database,
      log: quiet,
      request_timeout: silenceMs,
      max_open_connections: connections,
    });
  const reader = client(readers);
  const writer = client(2);
  const readerPool = createPool([...Array(readers).keys()], { waitersMax: 256, waitMs: 15_000, kept: 2 });

  /** Ends what is under way. */
  const closing = new AbortController();

  const question = (
    params: Readonly<Record<string, unknown>>,
    budget: Budget,
    subqueries: SubqueryScope,
    signal: AbortSignal,
  ) => ({
    query_params: params,
    abort_signal: signal,
    clickhouse_settings: {
      ...readSettings(budget),
      ...(cluster === undefined ? {} : clusterReadSettings(subqueries)),
      max_result_bytes: String(replyBytesMax),
      result_overflow_mode: 'throw' as const,
      readonly: '2',
      // Otherwise a question that fails late fails in the middle of its rows.
      wait_end_of_query: 1 as const,
    },
  });
  const within = (budget: Budget) => AbortSignal.any([AbortSignal.timeout(budget.timeMs + wayMs), closing.signal]);

  async function ask<Row>(
    sql: string,
    params: Readonly<Record<string, unknown>>,
    budget: Budget,
    subqueries: SubqueryScope = 'all',
  ): Promise<Row[]> {
    const signal = within(budget);
    const answer = await reader.query({ query: sql, format: 'JSONEachRow', ...question(params, budget, subqueries, signal) });
    const giveUp = (): void => answer.close();
    signal.addEventListener('abort', giveUp);
    try {
      return await answer.json<Row>();
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  async function askNative(
    sql: string,
    params: Readonly<Record<string, unknown>>,
    budget: Budget,
    subqueries: SubqueryScope = 'all',
  ): Promise<Uint8Array> {
    const signal = within(budget);
    const { stream } = await reader.exec({ query: `${sql} FORMAT Native`, ...question(params, budget, subqueries, signal) });
    const giveUp = (): void => void stream.destroy();
    signal.addEventListener('abort', giveUp);
    try {
      return await bytesOf(stream);
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  async function askTwice<Answer>(asked: () => Promise<Answer>, { lane }: Budget): Promise<Answer> {
    const again = async () => {
      try {
        return await asked();
      } catch (error) {
        if (!isConnectionLost(error) || closing.signal.aborted) throw error;
        return await asked();
      }
    };
    try {
      return await orUnreachable(readerPool.run(again, lane));
    } catch (error) {
      throw asQuestionError(error);
    }
  }

  return {
    kind: 'server',
    version,
    cluster,
    query: <Row>(...asked: Parameters<typeof ask>) => askTwice(() => ask<Row>(...asked), asked[2]),
    queryNative: (...asked) => askTwice(() => askNative(...asked), asked[2]),
    async command(sql) {
      await orUnreachable(writer.command({ query: sql, clickhouse_settings: { ...ddlSettings, wait_end_of_query: 1 } }));
    },
    async maintain(sql, params = {}) {
      const query = cluster === undefined ? sql : maintenanceOnCluster(sql, cluster, options.database);
      // Progress in the headers: a statement that takes minutes does not look like a server that is silent.
      const settings = {
        ...(cluster === undefined ? {} : clusterMaintenanceSettings(query)),
        wait_end_of_query: 1,
        send_progress_in_http_headers: 1,
        http_headers_progress_interval_ms: '20000',
      } as const;
      await orUnreachable(writer.command({ query, query_params: params, clickhouse_settings: settings }));
    },
    async insertFiles(table, absolutePaths, token, loadedAt) {
      const files = await Promise.all(absolutePaths.map(async (path) => ({ path, bytes: (await stat(path)).size })));
      const empty = files.find((file) => file.bytes === 0);
      if (files.length === 0 || empty) throw new Error(empty ? `${empty.path} is empty` : 'no files to load');
      const insert = async (): Promise<void> => {
        const { stream } = await writer.exec({
          query: `${insertStatement(table, loadedAt)} FORMAT Native`,
          values: Readable.from(readInOrder(files), { objectMode: false }),
          abort_signal: closing.signal,
          clickhouse_settings: {
            ...loadSettings(token),
            ...(cluster === undefined ? {} : clusterLoadSettings),
            wait_end_of_query: 1,
          },
          http_headers: { 'Content-Length': String(files.reduce((sum, file) => sum + file.bytes, 0)) },
        });
        // A server that had begun its reply says in it that the insert failed.
        const reply = await textOf(stream);
        if (reply.trim() !== '') throw new Error(reply.slice(0, 10_000));
      };
      await orUnreachable(insert());
    },
    async close() {
      closing.abort();
      await Promise.all([reader.close(), writer.close()]);
    },
  };
}

/** The body of the request is the files. */
function insertStatement(table: LoadedTable, loadedAt: number | undefined): string {
  const { names, structure } = fileColumns(table);
  if (loadedAt === undefined) return `INSERT INTO ${table} (${names})`;
  return insertSelect(table, `input(${paramLiteral(structure)})`, loadedAt, '');
}

/** ON CLUSTER needs every server of the cluster; a start with a database that is there needs one. */
async function createDatabase(client: ClickHouseClient, database: string, cluster: string | undefined): Promise<void> {
  if (cluster === undefined) {
    await client.command({ query: `CREATE DATABASE IF NOT EXISTS ${database} ENGINE = Atomic` });
    return;
  }
  if (!isClusterName(cluster)) {
    throw new EngineUnusable(
      `The name of the cluster ${JSON.stringify(cluster)} must be letters, digits, underscores and hyphens.`,
    );
  }
  const found = await client.query({
    query: `SELECT (SELECT count() FROM system.clusters WHERE cluster = {cluster:String}) AS servers,
  (SELECT count() FROM system.databases WHERE name = {database:String}) AS databases`,
    format: 'JSONEachRow',
    query_params: { cluster, database },
  });
  const [there] = await found.json<{ servers: string; databases: string }>();
  if (Number(there?.servers) === 0) {
    throw new EngineUnusable(`The ClickHouse server knows no cluster ${cluster}: it is not among its remote_servers.`);
  }
  if (Number(there?.databases) > 0) return;
  await client.command({
    query: `CREATE DATABASE IF NOT EXISTS ${database} ON CLUSTER '${cluster}' ENGINE = Atomic`,
    clickhouse_settings: clusterDdlSettings,
  });
}

interface SizedFile {
  readonly path: string;
  readonly bytes: number;
}

/** Native blocks may follow one another, so files may too. Throws where a file is not as long as it was. */
async function* readInOrder(files: readonly SizedFile[]): AsyncGenerator<Buffer> {
  for (const { path, bytes } of files) {
    let left = bytes;
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      left -= chunk.length;
      yield chunk;
    }
    if (left !== 0) throw new Error(`${path} changed its length while it was loaded`);
  }
}

async function textOf(stream: AsyncIterable<Buffer | string>): Promise<string> {
  return (await bytesOf(stream)).toString();
}

async function bytesOf(stream: AsyncIterable<Buffer | string>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** A failure that is neither the engine's own answer nor one of ours lies between here and the server. */
async function orUnreachable<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!isConnectionLost(error) && !isOutOfReach(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineUnreachable(`ClickHouse cannot be reached: ${reason}`, { cause: error });
  }
}

function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error) || errorCode(error) !== undefined) return false;
  const code = 'code' in error ? String(error.code) : '';
  return ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(code) || /socket hang up|aborted$/.test(error.message);
}

/** Nobody there, or nobody who answers: Node's codes, and the client's words for its own timeouts. */
function isOutOfReach(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  const codes = ['ECONNREFUSED', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN'];
  return codes.includes(code) || /^(Timeout error\.|The user aborted a request\.)$/.test(error.message);
}
