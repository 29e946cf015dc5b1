/** Ways to injure the running shop for real. Each does it, and gives back what heals it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Stack } from '../fixtures/stack.ts';

export type Injure = (stack: Stack) => Promise<() => Promise<void>>;

/** One of the shop's own troubles: packages/shop/README.md. */
export function flip(name: string): Injure {
  return async (stack) => {
    await setSwitch(stack, name, true);
    return () => setSwitch(stack, name, false);
  };
}

async function setSwitch({ controlUrl }: Stack, name: string, on: boolean): Promise<void> {
  await post(`${controlUrl}/switches/${name}`, { on });
}

async function post(url: string, body: object): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
}

/** So many calls a second come to the shop, in the mean. */
export async function setRate({ controlUrl }: Stack, rate: number): Promise<void> {
  await post(`${controlUrl}/load`, { rate });
}

/** A process that is stopped is as one that hangs: its connections stand, nothing is read. */
export function stopped(process_: string): Injure {
  return async (stack) => {
    const pid = await pidOf(stack, process_);
    process.kill(pid, 'SIGSTOP');
    return async () => void process.kill(pid, 'SIGCONT');
  };
}

/** Of the same priority, a process that works seldom would be woken before those that work always, and hardly hurt. */
const hogNiceness = '-5';

/** So many programs that only calculate, before all others, on the one processor that the process is bound to with them. Needs root. */
export function processorSharedWith(process_: string, programs: number): Injure {
  return async (stack) => {
    const pid = String(await pidOf(stack, process_));
    const bind = (processors: string) => execFileSync('taskset', ['-acp', processors, pid], { stdio: 'ignore' });
    const all = execFileSync('taskset', ['-cp', pid], { encoding: 'utf8' }).split(':')[1]?.trim() ?? '0';
    bind('1');
    const hogs = Array.from({ length: programs }, () =>
      spawn('nice', ['-n', hogNiceness, 'taskset', '-c', '1', process.execPath, '-e', 'for (;;) Math.sqrt(Math.random())'], {
        stdio: 'ignore',
      }),
    );
    return async () => {
      await Promise.all(hogs.map(end));
      bind(all);
    };
  };
}

/** So many programs that write to the disk that the shop writes to, past the cache, each block waited for. */
export function diskBusy(programs: number): Injure {
  return async ({ shopDir }) => {
    const hogs = Array.from({ length: programs }, (_, n) => {
      const file = join(shopDir, `hog-${n}`);
      const write = `while :; do dd if=/dev/zero of=${file} bs=16M count=16 oflag=direct,dsync 2>/dev/null; done`;
      return spawn('sh', ['-c', `trap 'rm -f ${file}; exit' TERM; ${write}`], { stdio: 'ignore' });
    });
    return async () => {
      await Promise.all(hogs.map(end));
    };
  };
}

async function end(program: ChildProcess): Promise<void> {
  const exited = once(program, 'exit');
  program.kill('SIGTERM');
  await exited;
}

async function pidOf({ controlUrl }: Stack, name: string): Promise<number> {
  const { processes } = (await (await fetch(`${controlUrl}/status`)).json()) as {
    readonly processes: readonly { readonly name: string; readonly pid: number }[];
  };
  const found = processes.find((one) => one.name === name);
  if (!found) throw new Error(`the shop has no process ${name}`);
  return found.pid;
}
