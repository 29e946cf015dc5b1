/**
 * The processes that `npm start` runs. Each says in one JSON line on stdout, `{"msg":"ready", ...}`, that it can be used; of its other
 * log lines the warnings and errors are shown. When one of them ends unasked, all end.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { root } from './setup.mjs';

const stopWithinMs = 12_000;
const warning = 40;

export class Children {
  #running = new Map();
  #stopping;

  /** @returns {{ ready: Promise<Record<string, string>> }} resolves with the ready line */
  start(name, args, env) {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { UV_THREADPOOL_SIZE: '16', ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
      // Ctrl-C reaches the whole foreground group; ours should end in order, asked by us.
      detached: true,
    });
    const exited = new Promise((resolve) => {
      child.once('exit', () => {
        this.#running.delete(child);
        resolve();
        if (this.#stopping !== undefined) return;
        console.error(`${name} ended (${child.signalCode ?? `exit code ${child.exitCode}`})`);
        void this.stop(1);
      });
    });
    this.#running.set(child, exited);
    const ready = new Promise((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const entry = parseLog(line);
        if (entry.msg === 'ready') resolve(entry);
        else if (entry.level === undefined || entry.level >= warning)
          console.error(`${name}: ${entry.msg ?? line}${reasonOf(entry)}`);
      });
    });
    return { ready };
  }

  /** Ends every child, and then this process. */
  stop(code) {
    this.#stopping ??= this.#stopAll().then(() => process.exit(code));
    return this.#stopping;
  }

  async #stopAll() {
    // The last started feeds the first: it goes first.
    for (const [child, exited] of [...this.#running].toReversed()) {
      const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
      child.kill('SIGTERM');
      await exited;
      clearTimeout(timer);
    }
  }
}

function parseLog(line) {
  try {
    const entry = JSON.parse(line);
    return typeof entry === 'object' && entry !== null ? entry : { msg: line };
  } catch (error) {
    if (error instanceof SyntaxError) return { msg: line };
    throw error;
  }
}

function reasonOf(entry) {
  const message = entry.err?.message;
  return message === undefined ? '' : `: ${message}`;
}
