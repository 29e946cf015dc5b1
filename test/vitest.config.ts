import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const conditions = ['@sonde/source'];

const judges = ['otlp', 'store', 'conformance'].map((folder) => `test/${folder}/**/*.test.ts`);

/**
 * Three sorts of tests. `unit` stands beside the code, needs no network and no build. `judges` holds decoder, store and protocols against
 * ClickHouse, official encoders and slow models. `system` starts the product with databases and a browser, and kills it; like `judges` it
 * runs on what `npm run build` made. All in forked processes: the embedded engine must never live in a thread that ends.
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
        test: { name: 'judges', include: judges, maxWorkers: 2, testTimeout: 60_000, hookTimeout: 120_000 },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: ['test/**/*.test.ts'],
          exclude: ['test/gates/**', ...judges, '**/node_modules/**'],
          // Two cores: a file with a browser or a database gets the machine to itself.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
