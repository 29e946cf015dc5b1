/** Everything that is judged without starting the product: `npm run check`. Each step that fails prints the command that mends it. */
import { spawnSync } from 'node:child_process';
import { root, setUp } from '../deploy/setup.mjs';

setUp();

const bin = (name) => `node_modules/.bin/${name}`;
const steps = [
  { name: 'format', command: [bin('oxfmt'), '--check'], mend: 'npm run format' },
  { name: 'lint', command: [bin('oxlint'), '--type-aware', '--deny-warnings'], mend: 'npx oxlint --type-aware --fix' },
  { name: 'types', command: [bin('tsc'), '-b'], mend: 'npx tsc -b' },
  { name: 'types of the dashboard', command: [bin('tsc'), '-p', 'ui'], mend: 'npx tsc -p ui' },
  { name: 'types of the tests', command: [bin('tsc'), '-p', 'test'], mend: 'npx tsc -p test' },
  {
    name: 'imports',
    command: [bin('depcruise'), '--config', 'test/gates/imports.mjs', 'packages', 'collector/src', 'ui/src'],
    mend: 'move the import, or change the allow-list in test/gates/imports.mjs with a reason',
  },
  { name: 'dead code', command: [bin('knip'), '--config', 'test/gates/knip.json'], mend: 'delete what nothing uses' },
  {
    name: 'unit tests and gates',
    command: [bin('vitest'), 'run', '--config', 'test/vitest.config.ts', '--project', 'unit', ...process.argv.slice(2)],
    mend: 'npx vitest --config test/vitest.config.ts --project unit',
  },
];

const failed = [];
for (const { name, command, mend } of steps) {
  const startedAt = performance.now();
  const { status, stdout, stderr } = spawnSync(command[0], command.slice(1), {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (status === 0) continue;
  failed.push(name);
  console.log(stdout, stderr, `To mend: ${mend}\n`);
}
if (failed.length > 0) {
  console.log(`check failed: ${failed.join(', ')}`);
  process.exit(1);
}
