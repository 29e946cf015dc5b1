import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { asQuestionError } from './errors.ts';
import { checkDatabaseName, checkVersion, columnNames, loadSettings, readSettings, replyBytesMax } from './settings.ts';
import type { Engine } from './types.ts';

export interface ServerOptions {
  /** `http(s)://user:password@host:8123`. */
  readonly url: string;
  readonly database: string;
  /** How long the loading of one set of files may take. Default 10 minutes. */
  readonly loadTimeoutMs?: number;
}

/** Errors are thrown; the client would also print each, with what was asked. */
const quiet = { level: ClickHouseLogLevel.OFF };

/** Opens a ClickHouse server (or a cluster's entry) over HTTP. Refuses one that is too old. */
export async function openServer(options: ServerOptions): Promise<Engine> {
  checkDatabaseName(options.database);
  const anyDatabase = createClient({ url: options.url, log: quiet });
  let version: string;
  try {
    const rows = await (
      await anyDatabase.query({ query: 'SELECT version() AS version', format: 'JSONEachRow' })
    ).json<{
      version: string;
    }>();
    version = rows[0]?.version ?? '';
    checkVersion(version);
    await anyDatabase.command({ query: `CREATE DATABASE IF NOT EXISTS ${options.database} ENGINE = Atomic` });
  } finally {
    await anyDatabase.close();
  }
  const client = createClient({
    url: options.url,
    database: options.database,
    log: quiet,
    request_timeout: options.loadTimeoutMs ?? 600_000,
  });

  return {
    kind: 'server',
    version,
    async query<Row>(sql: string, params: Readonly<Record<string, unknown>>, budget: Parameters<Engine['query']>[2]) {
      try {
        const answer = await client.query({
          query: sql,
          format: 'JSONEachRow',
          query_params: params,
          clickhouse_settings: {
            ...readSettings(budget),
            max_result_bytes: String(replyBytesMax),
            result_overflow_mode: 'throw',
            readonly: '2',
          },
        });
        return await answer.json<Row>();
      } catch (error) {
        throw asQuestionError(error);
      }
    },
    async command(sql) {
      await client.command({ query: sql });
    },
    async insertFiles(table, absolutePaths, token) {
      const { stream } = await client.exec({
        query: `INSERT INTO ${table} (${columnNames(table)}) FORMAT Native`,
        values: Readable.from(readInOrder(absolutePaths), { objectMode: false }),
        clickhouse_settings: loadSettings(token),
      });
      // The server says that the insert failed in the middle only at the end of its reply.
      for await (const chunk of stream) void chunk;
    },
    close: () => client.close(),
  };
}

/** Native blocks may follow one another, so files may too. */
async function* readInOrder(absolutePaths: readonly string[]): AsyncGenerator<Buffer> {
  for (const path of absolutePaths) yield* createReadStream(path);
}
