/**
 * Makes a clone ready to run: installs the locked dependencies and builds what is stale. Plain Node without dependencies, because
 * it runs before there are any. The second time there is nothing to do and it takes a second or two.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** The compiler in Go: a third of the processor time. `typescript` beside it is the older one, whose parser dependency-cruiser calls. */
export const tsc = 'node_modules/typescript-native/bin/tsc';
const nodeMin = [20, 19];

/** Ends the process with a clear line when a step fails. */
export function setUp() {
  install();
  build();
}

export function install() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < nodeMin[0] || (major === nodeMin[0] && minor < nodeMin[1])) {
    fail(`Sonde needs Node.js ${nodeMin.join('.')} or newer; this is ${process.versions.node}.`);
  }
  const manifests = ['package-lock.json', 'package.json', ...workspaceFolders().map((folder) => join(folder, 'package.json'))];
  whenStale('node_modules/.sonde-installed', contentsOf(manifests), 'Installing dependencies', () =>
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']),
  );
}

function build() {
  // Whoever calls: the tests, too, judge what users run.
  const env = { ...process.env, NODE_ENV: 'production' };
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const sources = workspaceFolders().filter((folder) => folder !== 'ui');
  whenStale(
    'node_modules/.sonde-built',
    stampOf(['tsconfig.json', 'deploy/bundle.mjs', ...sources]),
    'Building packages and collector',
    () => {
      run(process.execPath, [tsc, '-b']);
      run(process.execPath, ['deploy/bundle.mjs'], { env });
    },
  );
  whenStale(
    'ui/dist/.sonde-built',
    stampOf(['package-lock.json', 'ui', 'packages/api/src', 'packages/model/src']),
    'Building the dashboard',
    () => run(process.execPath, [vite, 'build', '--logLevel', 'warn'], { cwd: join(root, 'ui'), env }),
  );
}

function workspaceFolders() {
  const packages = readdirSync(join(root, 'packages'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...packages.map((entry) => `packages/${entry.name}`), 'collector', 'ui'];
}

function whenStale(stampFile, stamp, title, make) {
  const path = join(root, stampFile);
  if (existsSync(path) && readFileSync(path, 'utf8') === stamp) return;
  const startedAt = performance.now();
  console.log(`${title} ...`);
  make();
  writeFileSync(path, stamp);
  console.log(`${title}: done in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}

function contentsOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

/** A stamp of names, sizes and times of every file below, so that an edit or another checkout is noticed without reading them all. */
function stampOf(paths) {
  const hash = createHash('sha256');
  const visit = (path) => {
    const stat = statSync(join(root, path));
    if (!stat.isDirectory()) {
      hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`);
      return;
    }
    for (const name of readdirSync(join(root, path)).toSorted()) {
      if (!['node_modules', 'dist', 'bundle'].includes(name)) visit(join(path, name));
    }
  };
  for (const path of paths) visit(path);
  return hash.digest('hex');
}

function run(command, args, { cwd = root, env = process.env } = {}) {
  const { status, error } = spawnSync(command, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error !== undefined) fail(`${command} could not be started: ${error.message}`);
  if (status !== 0) fail(`Failed: ${command} ${args.join(' ')}`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setUp();
