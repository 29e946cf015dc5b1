import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const conditions = ['@sonde/source'];
const globalSetup = fileURLToPath(new URL('fixtures/migrated-database.ts', import.meta.url));

const files = (names: readonly string[]) => names.map((name) => `test/${name}.test.ts`);

/** These start whole systems and wait for them half of the time. */
const paired = files([
  'collector/!(freshness)',
  'shop/*',
  'faults/kill',
  'faults/server',
  'faults/simulation/*',
  'e2e/!(capacity|dashboard|diagnose|map|middleware|services|trace|trace-views)',
]);
/** The shop under load before a browser waits for minutes to pass; beside it two at a time of those that promise nothing within a time. */
const beside = files([
  'e2e/dashboard',
  'e2e/capacity',
  'e2e/diagnose',
  'e2e/map',
  'e2e/middleware',
  'e2e/services',
  'e2e/trace',
  'e2e/trace-views',
]);
/** These have the machine to themselves: many thousand connections, and what is promised within seconds. */
const alone = files(['faults/overload', 'collector/freshness']);

/** Begun first: each takes a minute or more, and would be waited for at the end. */
const long = [
  'e2e/dashboard',
  'faults/server',
  'faults/kill',
  'shop/shop',
  'faults/simulation/simulation',
  'e2e/naughty',
  'e2e/accessible',
  'store/settler',
  'store/api',
  'faults/settling',
  'conformance/otlp-grpc',
  'store/retention-by-value',
  'faults/disk',
];

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

function group(name: string, groupOrder: number, maxWorkers: number, include: string[], others: readonly string[] = []) {
  return {
    extends: true as const,
    test: {
      name,
      globalSetup,
      include,
      exclude: ['test/gates/**', ...others, '**/node_modules/**'],
      maxWorkers,
      sequence: { groupOrder },
      testTimeout: 60_000,
      hookTimeout: 120_000,
    },
  };
}

/**
 * `unit` stands beside the code, needs no network and no build. `system` starts processes and databases, four files at a time; `paired` and
 * `beside` three, whose systems are larger; `alone` one; one group after the other. These run on what `npm run build` made. All in forked processes: the
 * embedded engine must never live in a thread that ends. A process goes on to its next file with what it has imported: to import anew took half of the
 * unit tests' time, and a tenth of the system tests'.
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
    expect: { poll: { timeout: 20_000 } },
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
      // Four: two for each of CI's processors, for many wait for a process or for time.
      group('system', 1, 4, ['test/**/*.test.ts'], [...paired, ...beside, ...alone]),
      group('paired', 2, 3, paired),
      group('beside', 3, 3, beside),
      group('alone', 4, 1, alone),
    ],
  },
});
