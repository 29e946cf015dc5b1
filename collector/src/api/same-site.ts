import type { FastifyRequest } from 'fastify';
import { ProblemError } from './problems.ts';

/**
 * Who changes something is a program, or a page of ours. A browser says which page a request comes from (Fetch Metadata, and Origin with
 * every PUT); another port of this machine is `same-site`, and another application.
 */
export function refuseOtherSites({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new ProblemError('cross-site');
  const { host, origin } = headers;
  // A proxy may have taken the encryption off, so the scheme says nothing.
  if (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host)) throw new ProblemError('cross-site');
}
