/** `npm run bench [-- name ...]`: measures and prints; judges nothing. Each benchmark is a script of its own in this folder. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { root, setUp } from '../../deploy/setup.mjs';

setUp();

const known = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => basename(file, '.ts'));
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`No benchmark ${unknown.join(', ')}; there are: ${known.join(', ')}`);
  process.exit(1);
}

console.log(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.versions.node}, ${process.platform}`,
);
let failed = false;
for (const name of wanted.length > 0 ? wanted : known) {
  console.log(`\n== ${name}`);
  const args = ['--conditions=@sonde/source', '--import', 'tsx', join('test', 'bench', `${name}.ts`)];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
