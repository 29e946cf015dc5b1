import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const conditions = ['@sonde/source'];

/**
 * Two sorts of tests. `unit` stands beside the code, needs no network and no build. `system` starts processes, databases and a browser;
 * it runs on what `npm run build` made. Both in forked processes: the embedded engine must never live in a thread that ends.
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
          exclude: ['test/gates/**', '**/node_modules/**'],
          // Two cores: a file with a browser or a database gets the machine to itself.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
