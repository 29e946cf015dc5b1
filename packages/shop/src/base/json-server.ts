/** JSON over plain `node:http`: for the services of the shop that use no framework. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { HttpError } from './http-error.ts';
import { portOf } from './port-of.ts';

export interface Request {
  /** The named groups of the route's path. */
  readonly parameters: Record<string, string>;
  readonly query: URLSearchParams;
  /** The parsed body of a POST. */
  readonly body: unknown;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  handle(request: Request): unknown;
}

export interface JsonServer {
  readonly port: number;
  close(): Promise<void>;
}

const bodyBytesMax = 64 * 1024;

export async function serveJson(routes: Route[], port: number, onError: (error: unknown) => void): Promise<JsonServer> {
  const server = createServer((request, response) => void answer(routes, request, response, onError));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

async function answer(
  routes: Route[],
  request: IncomingMessage,
  response: ServerResponse,
  onError: (error: unknown) => void,
): Promise<void> {
  try {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const route = routes.find(({ method, path }) => method === request.method && path.test(url.pathname));
    if (route === undefined) throw new HttpError(404, `no ${request.method} ${url.pathname}`);
    const parameters = route.path.exec(url.pathname)?.groups ?? {};
    const body = request.method === 'POST' ? await readJson(request) : undefined;
    reply(response, 200, await route.handle({ parameters, query: url.searchParams, body }));
  } catch (error) {
    const statusCode = error instanceof HttpError ? error.statusCode : 500;
    if (statusCode >= 500) onError(error);
    reply(response, statusCode, { message: error instanceof HttpError ? error.message : 'internal error' });
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bodyBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bodyBytes += chunk.length;
    if (bodyBytes > bodyBytesMax) throw new HttpError(413, `more than ${bodyBytesMax} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (cause) {
    throw new HttpError(400, 'the body is not JSON', { cause });
  }
}

function reply(response: ServerResponse, statusCode: number, content: unknown): void {
  const body = JSON.stringify(content);
  response.writeHead(statusCode, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
