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
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { asQuestionError, EngineUnreachable, errorCode } from './errors.ts';
import { createPool } from './pool.ts';
import { checkDatabaseName, columnNames, loadSettings, readSettings, replyBytesMax } from './settings.ts';
import { probeServer } from './server-probe.ts';
import type { Budget, Engine } from './types.ts';

export interface ServerOptions {
  /** `http(s)://user:password@host:8123`. */
  readonly url: string;
  readonly database: string;
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
  const { silenceMs = 120_000, url } = options;
  const anyDatabase = createClient({ url, log: quiet, request_timeout: silenceMs });
  try {
    await orUnreachable(anyDatabase.command({ query: `CREATE DATABASE IF NOT EXISTS ${options.database} ENGINE = Atomic` }));
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

  async function ask<Row>(sql: string, params: Readonly<Record<string, unknown>>, budget: Budget): Promise<Row[]> {
    const signal = AbortSignal.any([AbortSignal.timeout(budget.timeMs + wayMs), closing.signal]);
    const answer = await reader.query({
      query: sql,
      format: 'JSONEachRow',
      query_params: params,
      abort_signal: signal,
      clickhouse_settings: {
        ...readSettings(budget),
        max_result_bytes: String(replyBytesMax),
        result_overflow_mode: 'throw',
        readonly: '2',
        // Otherwise a question that fails late fails in the middle of its rows.
        wait_end_of_query: 1,
      },
    });
    const giveUp = (): void => answer.close();
    signal.addEventListener('abort', giveUp);
    try {
      return await answer.json<Row>();
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  async function askTwice<Row>(...question: Parameters<typeof ask>): Promise<Row[]> {
    try {
      return await ask<Row>(...question);
    } catch (error) {
      if (!isConnectionLost(error) || closing.signal.aborted) throw error;
      return await ask<Row>(...question);
    }
  }

  return {
    kind: 'server',
    version,
    async query<Row>(sql: string, params: Readonly<Record<string, unknown>>, budget: Budget) {
      try {
        return await orUnreachable(readerPool.run(() => askTwice<Row>(sql, params, budget), budget.lane));
      } catch (error) {
        throw asQuestionError(error);
      }
    },
    async command(sql) {
      await orUnreachable(writer.command({ query: sql, clickhouse_settings: { wait_end_of_query: 1 } }));
    },
    async insertFiles(table, absolutePaths, token) {
      const files = await Promise.all(absolutePaths.map(async (path) => ({ path, bytes: (await stat(path)).size })));
      const empty = files.find((file) => file.bytes === 0);
      if (files.length === 0 || empty) throw new Error(empty ? `${empty.path} is empty` : 'no files to load');
      const insert = async (): Promise<void> => {
        const { stream } = await writer.exec({
          query: `INSERT INTO ${table} (${columnNames(table)}) FORMAT Native`,
          values: Readable.from(readInOrder(files), { objectMode: false }),
          abort_signal: closing.signal,
          clickhouse_settings: { ...loadSettings(token), wait_end_of_query: 1 },
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
  const chunks: string[] = [];
  for await (const chunk of stream) chunks.push(chunk.toString());
  return chunks.join('');
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
