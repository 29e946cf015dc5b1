/**
 * `npm test`: everything that judges correctness, on a machine that has nothing but Node, npm and git. Sets itself up, installs the
 * system packages that the tests need or names them and fails (meanwhile the check runs), then the other tests on the built product, and at
 * the end looks for processes that were left behind.
 */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { install, root } from '../deploy/setup.mjs';
import { endProcesses, processesOfRun } from './leftovers.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

const startedAt = performance.now();
const runId = randomUUID();
const scratch = mkdtempSync(join(inMemory() ?? tmpdir(), 'sonde-test-'));
// As /tmp is: Redis and MariaDB run as users of their own.
chmodSync(scratch, 0o1777);
const env = { ...process.env, SONDE_TEST_RUN: runId, TMPDIR: scratch };
const tally = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
let sound = true;

const packages = ensureSystemPackages();
install();
node('test/check.mjs', ...reporters('unit'));
count('unit');
await packages;
const projects = ['system', 'paired', 'beside', 'alone'].flatMap((project) => ['--project', project]);
node('node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', ...projects, ...reporters('system'));
count('system');

const left = processesOfRun(runId);
if (left.length > 0) {
  sound = false;
  console.error(`Left behind, and ended now:\n${left.map(({ pid, command }) => `  ${pid} ${command}`).join('\n')}`);
  await endProcesses(left);
}
rmSync(scratch, { recursive: true, force: true });
// Last, where they are still in sight of whoever sees only the end of a long output.
for (const failure of failures) console.error(`\nFailed: ${failure}`);
console.log(`npm test took ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
console.log(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
process.exit(sound && tally.failed === 0 && tally.passed > 0 ? 0 : 1);

/**
 * A file system in memory, where there is one with room: hundreds of databases sync every insert, and waiting for the disk would be a third
 * of the time. That what must be synced is synced is traced by test/faults/disk.test.ts, whatever the file system.
 */
function inMemory() {
  const path = '/dev/shm';
  if (!existsSync(path)) return undefined;
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize >= 8 * 2 ** 30 ? path : undefined;
}

function node(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
  sound &&= status === 0;
}

function reporters(project) {
  return ['--reporter=default', '--reporter=json', `--outputFile.json=${join(scratch, `${project}.json`)}`];
}

function count(project) {
  try {
    const report = JSON.parse(readFileSync(join(scratch, `${project}.json`), 'utf8'));
    tally.passed += report.numPassedTests;
    tally.failed += report.numFailedTests;
    tally.skipped += report.numPendingTests + report.numTodoTests;
    failures.push(...failuresOf(report));
  } catch (error) {
    sound = false;
    console.error(`The ${project} tests left no report: ${error.message}`);
  }
}

/** Which file, which test, and the first lines of what it said; of a file that could not be read, its own message. */
function failuresOf({ testResults }) {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [`${file}\n${firstLines(message)}`] : [];
    return failed.map(({ fullName, failureMessages }) => `${file}: ${fullName}\n${firstLines(failureMessages.join('\n'))}`);
  });
}

function firstLines(text) {
  return text.split('\n', 12).join('\n').slice(0, 2_000);
}
