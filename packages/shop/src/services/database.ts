/** PostgreSQL, when no other is given: PGlite behind a socket, in memory. It serves one statement at a time, whoever asks. */
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { createDatabase } from '../database/embedded.ts';
import { runProcess } from '../base/run-process.ts';
import { port } from '../base/settings.ts';

const connectionsMax = 64;

await runProcess(async () => {
  const db = await createDatabase();
  const server = new PGLiteSocketServer({ db, host: '127.0.0.1', port: port(), maxConnections: connectionsMax });
  await server.start();
  return {
    port: Number(server.getServerConn().split(':')[1]),
    close: async () => {
      await server.stop();
      await db.close();
    },
  };
});
