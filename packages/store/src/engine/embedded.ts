import { mkdirSync, statSync } from 'node:fs';
import { totalmem } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { drainPending, Session } from 'chdb';
import { asQuestionError, EngineUnusable, QueryBudgetExceeded } from './errors.ts';
import { paramLiteral } from './params.ts';
import { createPool } from './pool.ts';
import {
  checkDatabaseName,
  checkVersion,
  fileColumns,
  insertSelect,
  loadSettings,
  readSettings,
  replyBytesMax,
} from './settings.ts';
import type { Budget, Engine, LoadedTable } from './types.ts';

export interface EmbeddedOptions {
  /** The engine's data directory, made if it is missing. One process at a time; one directory per process. */
  readonly path: string;
  readonly database: string;
  /** What the engine may use in all, this process's own memory included. Default: half of the machine's, 1 to 4 GiB. */
  readonly memoryBytes?: number;
  /** Questions that may run at once. Each holds one of libuv's threads while it runs, and one is kept for quick ones. Default 3. */
  readonly readers?: number;
  /** A question whose answer is longer is over its budget; the embedded engine does not heed max_result_bytes. Default 256 MiB. */
  readonly replyBytesMax?: number;
}

const GiB = 1024 ** 3;

/** Above this, what the engine has freed goes back to the system after a load. */
const residentBytesKept = 0.75 * GiB;

/** Opens ClickHouse in this process. Never in a worker thread: a thread that loaded chDB cannot end without hanging the process. */
export async function openEmbedded(options: EmbeddedOptions): Promise<Engine> {
  checkDatabaseName(options.database);
  const path = resolve(options.path);
  checkPath(path);
  mkdirSync(path, { recursive: true });
  const memoryBytes = options.memoryBytes ?? Math.min(Math.max(totalmem() / 2, GiB), 4 * GiB);

  // The first session starts the engine, with these arguments; the others join it.
  const writer = openSession(path, engineArguments(memoryBytes));
  const sessions = [writer];
  try {
    await run(writer, `CREATE DATABASE IF NOT EXISTS ${options.database} ENGINE = Atomic`);
    await run(writer, `USE ${options.database}`);
    const maintainer = openSession(path);
    sessions.push(maintainer);
    await run(maintainer, `USE ${options.database}`);
    const readers: Session[] = [];
    for (let i = 0; i < (options.readers ?? 3); i++) {
      const reader = openSession(path);
      sessions.push(reader);
      readers.push(reader);
      await run(reader, `USE ${options.database}`);
      // A question with 16 long attributes is longer than the default of 256 KiB. Read-only goes last: it cannot be undone.
      await run(reader, 'SET max_query_size = 4194304; SET readonly = 2');
    }
    const [versionRow] = parseRows<{ version: string }>(await run(writer, 'SELECT version() AS version', 'JSONEachRow'));
    const version = versionRow?.version ?? '';
    checkVersion(version);
    return embeddedEngine(version, { writer, maintainer, readers }, options.replyBytesMax ?? replyBytesMax);
  } catch (error) {
    await closeSessions(sessions);
    throw error;
  }
}

interface Sessions {
  readonly writer: Session;
  readonly maintainer: Session;
  readonly readers: readonly Session[];
}

function embeddedEngine(version: string, { writer, maintainer, readers }: Sessions, answerBytesMax: number): Engine {
  const readerPool = createPool(readers, { waitersMax: 256, waitMs: 15_000, kept: 1 });
  const writerPool = createPool([writer], { waitersMax: 256, waitMs: 600_000 });
  const maintenancePool = createPool([maintainer], { waitersMax: 256, waitMs: 600_000 });
  async function ask(
    sql: string,
    params: Readonly<Record<string, unknown>>,
    budget: Budget,
    format: string,
  ): Promise<Uint8Array> {
    // A SETTINGS clause lasts for its statement; settings given in any other way would stay with the session.
    const statement = `${setParams(params)} ${sql} ${settingsClause(readSettings(budget))}`;
    try {
      return await readerPool.run((reader) => run(reader, statement, format, answerBytesMax), budget.lane);
    } catch (error) {
      throw asQuestionError(error);
    }
  }

  return {
    kind: 'embedded',
    version,
    async query<Row>(sql: string, params: Readonly<Record<string, unknown>>, budget: Budget) {
      return parseRows<Row>(await ask(sql, params, budget, 'JSONEachRow'));
    },
    queryNative: (sql, params, budget) => ask(sql, params, budget, 'Native'),
    async command(sql) {
      await writerPool.run((session) => run(session, sql));
    },
    async maintain(sql, params = {}) {
      await maintenancePool.run((session) => run(session, `${setParams(params)} ${sql}`));
    },
    async insertFiles(table, absolutePaths, token, loadedAt) {
      const statement = loadStatement(table, absolutePaths, token, loadedAt);
      await writerPool.run(async (session) => {
        await run(session, statement);
        // The allocator keeps what a load has freed, some 500 MB; taking it anew for each load would cost a tenth of the load.
        if (process.memoryUsage.rss() > residentBytesKept) await run(session, 'SYSTEM JEMALLOC PURGE');
      });
    },
    async close() {
      await Promise.all([readerPool.drained(), writerPool.drained(), maintenancePool.drained()]);
      await closeSessions([writer, maintainer, ...readers]);
    },
  };
}

function setParams(params: Readonly<Record<string, unknown>>): string {
  return Object.entries(params)
    .map(([name, value]) => `SET param_${name} = ${paramLiteral(value)};`)
    .join(' ');
}

function loadStatement(table: LoadedTable, absolutePaths: readonly string[], token: string, loadedAt?: number): string {
  const files = filePattern(absolutePaths);
  const source = `file(${paramLiteral(files)}, 'Native', ${paramLiteral(fileColumns(table).structure)})`;
  return insertSelect(table, source, loadedAt, settingsClause(loadSettings(token)));
}

/** A pattern that names exactly these files. One that matches nothing loads nothing without a word, hence the look at each file. */
function filePattern(absolutePaths: readonly string[]): string {
  const [first] = absolutePaths;
  if (first === undefined) throw new Error('no files to load');
  const directory = dirname(first);
  for (const path of absolutePaths) {
    checkPath(path);
    statSync(path);
    if (dirname(path) !== directory) throw new Error(`files of one load must lie in one directory: ${directory}, ${path}`);
  }
  return absolutePaths.length === 1 ? first : join(directory, `{${absolutePaths.map((path) => basename(path)).join(',')}}`);
}

/** chDB reads binary only through the table function `file`, which takes these characters for a pattern. */
function checkPath(path: string): void {
  if (/[*?{}[\],|]/.test(path)) {
    throw new EngineUnusable(`The embedded engine cannot use ${path}: a path must not contain any of * ? { } [ ] , |`);
  }
}

/** Caches and pools for a laptop, where ClickHouse's defaults are for a server of its own. */
function engineArguments(memoryBytes: number): string[] {
  const cacheBytes = Math.round(memoryBytes / 16);
  return [
    `--max_server_memory_usage=${Math.round(memoryBytes)}`,
    `--mark_cache_size=${cacheBytes}`,
    `--primary_index_cache_size=${cacheBytes}`,
    `--index_mark_cache_size=${cacheBytes}`,
    `--uncompressed_cache_size=${cacheBytes}`,
    `--query_condition_cache_size=${Math.round(cacheBytes / 4)}`,
  ];
}

function openSession(path: string, connectionArgs?: string[]): Session {
  try {
    return new Session(path, connectionArgs === undefined ? {} : { connectionArgs });
  } catch (error) {
    throw new EngineUnusable(`The embedded engine cannot open ${path}: is another process using it?`, { cause: error });
  }
}

async function run(session: Session, sql: string, format = 'Null', bytesMax = replyBytesMax): Promise<Uint8Array> {
  const result = await session.queryAsync(sql, { format });
  const bytes = result.bytes();
  if (bytes.length > bytesMax) throw new QueryBudgetExceeded('size', new Error(`${bytes.length} bytes`));
  return bytes;
}

async function closeSessions(sessions: readonly Session[]): Promise<void> {
  for (const session of sessions) session.close();
  await drainPending();
}

function settingsClause(settings: Record<string, number | string>): string {
  const pairs = Object.entries(settings).map(([name, value]) => `${name} = ${settingLiteral(value)}`);
  return `SETTINGS ${pairs.join(', ')}`;
}

function settingLiteral(value: number | string): string {
  return typeof value === 'number' ? String(value) : paramLiteral(value);
}

function parseRows<Row>({ buffer, byteOffset, byteLength }: Uint8Array): Row[] {
  const lines = Buffer.from(buffer, byteOffset, byteLength).toString().split('\n');
  lines.pop();
  return lines.map((line) => JSON.parse(line) as Row);
}
