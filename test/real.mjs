/**
 * `npm run test:real`: the tests that else ask captured answers, against the real servers. Installs them with apt, where that is possible.
 */
import { spawnSync } from 'node:child_process';
import { root, setUp } from '../deploy/setup.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

setUp();
await ensureSystemPackages('real');
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', '--project', 'system'];
const files = ['activemq', 'rabbitmq'].map((name) => `test/host-agent/${name}.test.ts`);
const env = { ...process.env, SONDE_TEST_REAL: '1' };
const { status } = spawnSync(process.execPath, [...vitest, ...files], { cwd: root, env, stdio: 'inherit' });
process.exit(status ?? 1);
