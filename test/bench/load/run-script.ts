import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Runs a script of this folder in a process of its own; what it printed as JSON. */
export async function runScript<Answer>(script: string, ...args: readonly (string | number)[]): Promise<Answer> {
  const argv = ['--conditions=@sonde/source', '--import', 'tsx', join(import.meta.dirname, script), ...args.map(String)];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${script} ended with ${String(code)}`);
  return JSON.parse(text) as Answer;
}
