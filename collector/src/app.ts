import type { Health } from '@sonde/api';
import { openQuestions, type Report, type Retention, type Settler, type Store } from '@sonde/store';
import Fastify, { type FastifyInstance } from 'fastify';
import { apiRoutes, apiServerOptions } from './api/routes.ts';
import { serveDashboard } from './dashboard.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { version } from './version.ts';
import type { WritePath } from './write-path.ts';

export interface AppOptions {
  readonly engine: Store;
  readonly writePath: Pick<WritePath, 'status'>;
  readonly settler: Pick<Settler, 'status'>;
  readonly retention: Pick<Retention, 'get' | 'set' | 'status'>;
  /** Where the dashboard was built. */
  readonly dashboardDirectory: string;
  readonly report: Report;
}

/** Settling that fails this often in a row is in trouble, not in a hurry. */
const failuresTolerated = 3;

/** What listens on the dashboard's port: the API and the dashboard's files. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({ ...apiServerOptions, logger: false, forceCloseConnections: 'idle', return503OnClosing: true });
  const { engine, writePath, settler, retention, report } = options;
  const startedAt = performance.now();
  addSecurityHeaders(app);
  await app.register(apiRoutes, {
    prefix: '/api/v1',
    questions: openQuestions(engine),
    retention,
    health: (): Health => {
      const { status, ...items } = writePath.status();
      const { kind, reachable, version: storeVersion } = engine;
      const { failures, overflowed, skippedWindows, spans, through } = settler.status;
      const { disk } = retention.status();
      const hasRoom = disk === undefined || disk.state === 'ok';
      return {
        status: reachable && hasRoom && failures <= failuresTolerated ? status : 'degraded',
        version,
        uptimeSeconds: (performance.now() - startedAt) / 1000,
        store: { kind, version: storeVersion, state: reachable ? 'reachable' : 'unreachable' },
        disk: disk ?? null,
        settled: {
          throughMs: through === undefined ? null : through * 1000,
          spans,
          overflowedSpans: overflowed,
          skippedWindows,
        },
        ...items,
      };
    },
    onFault: (error: unknown) => report('error', 'a question failed', { err: error }),
  });
  await serveDashboard(app, options.dashboardDirectory);
  return app;
}
