import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serveDashboard } from './dashboard.ts';
import { addSecurityHeaders } from './security-headers.ts';

const manifest = {
  'index.html': { file: 'assets/index-4f1c2a.js', imports: ['_shared.js'] },
  '_shared.js': { file: 'assets/shared-3c.js' },
  '_tag.js': { file: 'assets/tag-2b.js', imports: ['_shared.js'] },
  'src/features/trace/file/trace-route.tsx': {
    file: 'assets/trace-1a.js',
    css: ['assets/trace-1a.css'],
    imports: ['index.html', '_tag.js', '_shared.js'],
  },
};

async function appOf(built: boolean): Promise<FastifyInstance> {
  const directory = await mkdtemp(join(tmpdir(), 'sonde-dashboard-'));
  if (built) {
    await mkdir(join(directory, 'assets'));
    await writeFile(join(directory, 'index.html'), '<div id="root"></div>');
    await mkdir(join(directory, '.vite'));
    await writeFile(join(directory, '.vite', 'manifest.json'), JSON.stringify(manifest));
    await writeFile(join(directory, 'favicon.svg'), '<svg/>');
    await writeFile(join(directory, 'assets', 'index-4f1c2a.js'), 'start()');
  }
  const app = Fastify();
  addSecurityHeaders(app);
  await serveDashboard(app, directory);
  onTestFinished(async () => {
    await app.close();
    await rm(directory, { recursive: true });
  });
  return app;
}

describe('the dashboard', () => {
  it.each(['/', '/traces', '/traces/5b8efff798038103d269b633813fc60c?tab=map', '/services/a%2Fb', '/index.html'])(
    'answers %s with the page, which is asked for each time',
    async (url) => {
      const { statusCode, headers, body } = await (await appOf(true)).inject(url);
      expect({ statusCode, body, type: headers['content-type'], cache: headers['cache-control'] }).toEqual({
        statusCode: 200,
        body: '<div id="root"></div>',
        type: 'text/html; charset=utf-8',
        cache: 'no-cache',
      });
    },
  );

  it.each([
    [
      '/traces/5b8efff798038103d269b633813fc60c?tab=map',
      '</api/v1/traces/5b8efff798038103d269b633813fc60c/columns>; rel=preload; as=fetch; crossorigin, ' +
        '</assets/trace-1a.js>; rel=modulepreload, </assets/trace-1a.css>; rel=preload; as=style, </assets/tag-2b.js>; rel=modulepreload',
    ],
    ['/traces/5b8efff798038103d269b633813fc60c/other', undefined],
    ['/traces/upload', undefined],
  ])('has the browser ask for the trace of %s and for the code of its page while it loads the rest', async (url, links) => {
    expect((await (await appOf(true)).inject(url)).headers['link']).toBe(links);
  });

  it('lets files with a hash in their names be kept for good', async () => {
    const app = await appOf(true);
    expect((await app.inject('/assets/index-4f1c2a.js')).headers['cache-control']).toContain('immutable');
    expect((await app.inject('/favicon.svg')).headers['cache-control']).toBe('no-cache');
  });

  it.each([
    ['GET', '/assets/gone-000000.js'],
    ['GET', '/api/v2/services'],
    ['POST', '/traces'],
    ['GET', '/assets/..%2f..%2f..%2fetc/passwd'],
  ] as const)('knows nothing of %s %s', async (method, url) => {
    const { statusCode, headers } = await (await appOf(true)).inject({ method, url });
    expect({ statusCode, type: headers['content-type']?.toString().split(';', 1)[0] }).toEqual({
      statusCode: 404,
      type: 'application/problem+json',
    });
  });

  it('says what to do where it is not built', async () => {
    const { statusCode, body } = await (await appOf(false)).inject('/services');
    expect(statusCode).toBe(503);
    expect(body).toContain('npm run build');
  });

  it('lets nothing run or load but its own files', async () => {
    for (const url of ['/', '/favicon.svg', '/api/none']) {
      const { headers } = await (await appOf(true)).inject(url);
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });
});
