/** The programs that the system tests start for real: which are missing, and how they get here. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @returns {{ package: string, provides: string, only?: string }[]} packages of which the program is not there */
function missingPackages(occasion) {
  const wanted = JSON.parse(readFileSync(new URL('fixtures/system-packages.json', import.meta.url), 'utf8'));
  return wanted.filter(
    ({ provides, only = occasion }) => only === occasion && !existsPattern(provides.split('/').slice(1), '/'),
  );
}

/** Whether a path exists; one part of it may be `*`. */
function existsPattern([part, ...rest], folder) {
  if (part === undefined) return existsSync(folder);
  if (part !== '*') return existsPattern(rest, join(folder, part));
  return existsSync(folder) && readdirSync(folder).some((name) => existsPattern(rest, join(folder, name)));
}

/**
 * Begins to install what is missing, with apt where that is possible. What it gives resolves when all is there; what is not there then
 * ends the process with the names. Packages that are `only` for another occasion than this are left out.
 */
export async function ensureSystemPackages(occasion = 'test') {
  const missing = missingPackages(occasion).map((entry) => entry.package);
  if (missing.length === 0) return;
  const aptIsOurs = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (aptIsOurs) {
    console.log(`Installing ${missing.join(', ')} for the tests ...`);
    await aptInstall(missing);
  }
  const still = missingPackages(occasion);
  if (still.length === 0) return;
  console.error(`The tests need these programs:\n${still.map((entry) => `  ${entry.package} (${entry.provides})`).join('\n')}`);
  console.error(`On Debian or Ubuntu: sudo apt-get install ${still.map((entry) => entry.package).join(' ')}`);
  process.exit(1);
}

/** One child for both steps: it goes on by itself while this process waits for other children. */
function aptInstall(packages) {
  const script = 'apt-get update -qq; apt-get install -y -qq --no-install-recommends "$@"';
  // Services of packages must not start by themselves: the tests start their own, on free ports.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const child = spawn('sh', ['-c', script, 'apt', ...packages], { stdio: ['ignore', 'ignore', 'inherit'], env });
  return new Promise((resolve) => child.once('close', resolve).once('error', resolve));
}
