import { once } from 'node:events';
import type { Server } from 'node:http';

/** Listens and answers the URL, with the port that was given where any free one was asked for. */
export async function listen(server: Server, host: string, port: number): Promise<string> {
  server.listen(port, host);
  await once(server, 'listening');
  return urlOf(server, host);
}

/** An address that a person can open: a server on every address is reached at the loopback one. */
export function urlOf(server: Server, host: string): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port');
  return urlOn(host, address.port);
}

/** The URL of a port of this machine, as `urlOf` makes it. */
export function urlOn(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** Takes no new connection, lets requests under way end, and after `graceMs` cuts what is left. */
export async function stopListening(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(timer);
}
