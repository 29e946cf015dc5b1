/** Everything that is judged without starting the product: `npm run check`. Each step that fails prints the command that mends it. */
import { spawn } from 'node:child_process';
import { install, root, tsc } from '../deploy/setup.mjs';

install();

const bin = (name) => `node_modules/.bin/${name}`;
const unit = {
  name: 'unit tests and gates',
  command: [bin('vitest'), 'run', '--config', 'test/vitest.config.ts', '--project', 'unit', ...process.argv.slice(2)],
  mend: 'npx vitest --config test/vitest.config.ts --project unit',
};
/** Types of the packages and the collector: what the types of the dashboard and of the tests are made from. */
const build = { name: 'types and build', command: ['npm', 'run', '--silent', 'build'], mend: 'npm run build' };
const onBuilt = [
  { name: 'types of the dashboard', command: [process.execPath, tsc, '-p', 'ui'], mend: 'npx tsc -p ui' },
  { name: 'types of the tests', command: [process.execPath, tsc, '-p', 'test'], mend: 'npx tsc -p test' },
  { name: 'lint', command: [bin('oxlint'), '--type-aware', '--deny-warnings'], mend: 'npx oxlint --type-aware --fix' },
  {
    name: 'imports',
    command: [bin('depcruise'), '--config', 'test/gates/imports.mjs', 'packages', 'collector/src', 'ui/src'],
    mend: 'move the import, or change the allow-list in test/gates/imports.mjs with a reason',
  },
  { name: 'dead code', command: [bin('knip'), '--config', 'test/gates/knip.json'], mend: 'delete what nothing uses' },
  { name: 'format', command: [bin('oxfmt'), '--check'], mend: 'npm run format' },
];

// Two at a time: unit tests read sources, and need no build.
const failed = [];
await Promise.all([take(unit), inTurn([build, ...onBuilt])]);
if (failed.length > 0) {
  console.log(`check failed: ${failed.join(', ')}`);
  process.exit(1);
}

async function inTurn(steps) {
  for (const step of steps) await take(step);
}

async function take({ name, command, mend }) {
  const startedAt = performance.now();
  const { output, status } = await run(command);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (status === 0) return;
  failed.push(name);
  console.log(output, `To mend: ${mend}\n`);
}

function run([file, ...args]) {
  const child = spawn(file, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, output }));
  });
}
