import type { Engine } from '@sonde/store';
import Fastify, { type FastifyInstance } from 'fastify';
import { serveDashboard } from './dashboard.ts';
import { addSecurityHeaders } from './security-headers.ts';
import type { WritePath } from './write-path.ts';

export interface AppOptions {
  readonly engine: Engine;
  readonly writePath: Pick<WritePath, 'status'>;
  /** Where the dashboard was built. */
  readonly dashboardDirectory: string;
}

/** What listens on the dashboard's port: the API and the dashboard's files. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({ logger: false, forceCloseConnections: 'idle', return503OnClosing: true });
  addSecurityHeaders(app);
  await serveDashboard(app, options.dashboardDirectory);
  return app;
}
