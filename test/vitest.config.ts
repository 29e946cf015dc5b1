import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const conditions = ['@sonde/source'];

/** These have the machine to themselves: a browser, load, kills in the right moment, answers within their time. */
const alone = ['e2e/*', 'shop/*', 'collector/*', 'faults/kill', 'faults/overload', 'faults/server', 'faults/simulation/*'].map(
  (files) => `test/${files}.test.ts`,
);

/**
 * Three sorts of tests. `unit` stands beside the code, needs no network and no build. `system` starts processes and databases, three files at
 * a time; `alone` one. Both run on what `npm run build` made. All in forked processes: the embedded engine must never live in a thread that ends.
 */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    pool: 'forks',
    globals: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // Those that fsync a thousand files take seconds, on a busy machine many.
          testTimeout: 30_000,
          include: [
            'packages/*/src/**/*.test.ts',
            'collector/src/**/*.test.ts',
            'ui/src/**/*.test.ts',
            'test/gates/**/*.test.ts',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: ['test/**/*.test.ts'],
          exclude: ['test/gates/**', ...alone, '**/node_modules/**'],
          // One more than CI has processors: many wait for a process or for time.
          maxWorkers: 3,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: alone, fileParallelism: false, testTimeout: 60_000, hookTimeout: 120_000 },
      },
    ],
  },
});
