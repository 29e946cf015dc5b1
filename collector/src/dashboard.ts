import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { linksOfPages } from './asked-ahead.ts';
import { problemDocument, ProblemError } from './api/problems.ts';

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Sonde</title>
<h1>The dashboard is not built</h1>
<p>The collector runs, and its API answers under <a href="/api/v1/health">/api/v1/health</a>, but the dashboard's files are missing.</p>
<p>Run <code>npm run build</code> in the project's folder, then start the collector again.</p>
</html>
`;

/**
 * The dashboard's files. Any path that is neither a file nor below /api is a page of the dashboard, which finds its own way.
 * Files below /assets carry a hash in their names and never change; everything else is asked for again each time.
 */
export async function serveDashboard(app: FastifyInstance, directory: string): Promise<void> {
  const built = existsSync(join(directory, 'index.html'));
  const linkOf = await linksOfPages(directory);
  if (built) {
    await app.register(fastifyStatic, {
      root: directory,
      wildcard: true,
      index: 'index.html',
      cacheControl: false,
      setHeaders(response, path) {
        const hashed = path.startsWith(join(directory, 'assets'));
        response.setHeader('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  }
  app.setNotFoundHandler((request, reply) => {
    const isPage = request.method === 'GET' && !/^\/(api|assets)(\/|$)/.test(request.url);
    if (!isPage) {
      const problem = problemDocument(new ProblemError('unknown-path'));
      return reply.code(problem.status).type('application/problem+json').send(problem);
    }
    if (built) {
      const link = linkOf(request.url);
      return (link === undefined ? reply : reply.header('link', link)).sendFile('index.html');
    }
    return reply.code(503).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(notBuilt);
  });
}
