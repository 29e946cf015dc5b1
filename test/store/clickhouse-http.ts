import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drainPending, Session } from 'chdb';

/**
 * ClickHouse's HTTP interface as far as our client uses it, in front of the embedded engine: for machines that have no server. The
 * engine, its settings, parameters and errors are the real ones; each request has a session of its own, as on a server.
 */
export async function startClickHouseHttp() {
  const directory = mkdtempSync(join(tmpdir(), 'sonde-http-'));
  let bodies = 0;

  async function answer(request: IncomingMessage): Promise<string> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const inUrl = url.searchParams.get('query');
    const session = new Session(join(directory, 'db'));
    try {
      const database = url.searchParams.get('database') ?? '';
      if (database !== '' && database !== 'default') await session.queryAsync(`USE ${database}`);
      for (const [name, value] of url.searchParams) {
        if (ofTheInterface.has(name)) continue;
        await session.queryAsync(`SET ${name} = '${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`);
      }
      const sql = inUrl === null ? body.toString() : fromFile(inUrl, body);
      return (await session.queryAsync(sql, { format: 'TabSeparated' })).text();
    } finally {
      session.close();
    }
  }

  function fromFile(query: string, body: Buffer): string {
    const [, insert, columns] = /^(INSERT INTO \w+ \((.*)\)) FORMAT Native\s*$/.exec(query) ?? [];
    if (insert === undefined) throw new Error(`Code: 62. DB::Exception: not understood here: ${query}`);
    const file = join(directory, `${bodies++}.native`);
    writeFileSync(file, body);
    return `${insert} SELECT ${columns} FROM file('${file}', 'Native')`;
  }

  const server = createServer((request, response) => {
    answer(request).then(
      (text) => response.end(text),
      (error: Error) => {
        response.statusCode = 500;
        response.setHeader('x-clickhouse-exception-code', /Code: (\d+)/.exec(error.message)?.[1] ?? '0');
        response.end(error.message);
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const keeper = new Session(join(directory, 'db'));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    directory,
    async close() {
      await new Promise((resolve) => server.close(resolve));
      keeper.close();
      await drainPending();
      rmSync(directory, { recursive: true });
    },
  };
}

/** URL parameters that are not settings of the engine. */
const ofTheInterface = new Set([
  'query',
  'database',
  'query_id',
  'enable_http_compression',
  'wait_end_of_query',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
]);
