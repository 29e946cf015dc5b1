import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const conditions = ['@sonde/source'];
const globalSetup = fileURLToPath(new URL('fixtures/migrated-database.ts', import.meta.url));

const files = (names: readonly string[]) => names.map((name) => `test/${name}.test.ts`);

/** These start whole systems and wait for them; half a machine is enough, a third is not. */
const paired = files(['collector/*', 'shop/*', 'faults/kill', 'faults/server', 'faults/simulation/*', 'e2e/!(dashboard)']);
/** These have the machine to themselves: many thousand connections, and the shop under load before a browser. */
const alone = files(['e2e/dashboard', 'faults/overload']);

/** Begun first: each takes a minute or more, and would be waited for at the end. */
const long = ['faults/server', 'faults/kill', 'shop/shop', 'faults/simulation/simulation', 'store/settler', 'store/api'];

class LongFirst extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = long.findIndex((name) => moduleId.endsWith(`test/${name}.test.ts`));
      return place === -1 ? long.length : place;
    };
    // oxlint-disable-next-line unicorn/no-array-sort -- the sequencer's own, not an array's
    const sorted = await super.sort(specifications);
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}

/**
 * `unit` stands beside the code, needs no network and no build. `system` starts processes and databases, three files at a time; `paired`
 * two, `alone` one. These run on what `npm run build` made. All in forked processes: the embedded engine must never live in a thread that
 * ends. A process goes on to its next file with what it has imported: to import anew took half of the unit tests' time, and a tenth of the system tests'.
 */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    pool: 'forks',
    isolate: false,
    sequence: { sequencer: LongFirst },
    globals: false,
    // What is waited for comes within moments; on a busy machine they are long.
    expect: { poll: { timeout: 10_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          maxWorkers: 2,
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
          globalSetup,
          include: ['test/**/*.test.ts'],
          exclude: ['test/gates/**', ...paired, ...alone, '**/node_modules/**'],
          // One more than CI has processors: many wait for a process or for time.
          maxWorkers: 3,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: { name: 'paired', globalSetup, include: paired, maxWorkers: 2, testTimeout: 60_000, hookTimeout: 120_000 },
      },
      {
        extends: true,
        test: { name: 'alone', globalSetup, include: alone, fileParallelism: false, testTimeout: 60_000, hookTimeout: 120_000 },
      },
    ],
  },
});
