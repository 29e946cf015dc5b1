/**
 * One supervised process.
 *
 *   start()          ready            exit                 back-off over
 *   STARTING ------> RUNNING -------> WAITING -----------> STARTING (on the port it had)
 *      | exit before the first ready: start() rejects
 *   stop() from any state: SIGTERM, after a while SIGKILL; STOPPED is final.
 *   hold() from any state: SIGKILL; it stays away until release().
 *
 * Each process has an IPC channel to its supervisor: it ends when that channel breaks, so none outlives the shop.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { on as listen, once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ProcessMessage, SwitchMessage, SwitchName } from '../base/messages.ts';

export interface ChildSpec {
  readonly name: string;
  /** File below `services`, without its extension. */
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
  /** File URL of a module to load first. */
  readonly preload?: string | undefined;
  /** Port of the first start; 0: any free one. Later starts get the same. */
  readonly port?: number;
  readonly logDir: string;
  /** Runs when the process is ready again after a crash. */
  readonly onRestart?: ((child: Child) => Promise<void>) | undefined;
}

const startTimeoutMs = 60_000;
const killAfterMs = 4_000;
const flipTimeoutMs = 5_000;
const backOffMinMs = 250;
const backOffMaxMs = 10_000;
/** A process that ran this long has recovered: the next crash starts at the shortest back-off. */
const recoveredAfterMs = 30_000;

export class Child {
  readonly #spec: ChildSpec;
  readonly #switchedOn = new Set<SwitchName>();
  #process: ChildProcess | undefined;
  #port: number;
  #restarts = 0;
  #backOffMs = backOffMinMs;
  #running = false;
  #stopping = false;
  #held = false;
  #env: Readonly<Record<string, string>>;
  readonly #stopped = new AbortController();

  constructor(spec: ChildSpec) {
    this.#spec = spec;
    this.#port = spec.port ?? 0;
    this.#env = spec.env;
  }

  get name(): string {
    return this.#spec.name;
  }

  get port(): number {
    return this.#port;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get restarts(): number {
    return this.#restarts;
  }

  /** Resolves when the process is ready; it is restarted from then on. */
  async start(): Promise<void> {
    const child = this.#fork();
    const exited = once(child, 'exit');
    const startedAt = performance.now();
    const ended = exited.then(() => {
      throw new Error(`${this.name} ended before it was ready; its log is ${this.#logFile()}`);
    });
    await Promise.race([this.#ready(child), ended]);
    this.#running = true;
    // From here on an exit is a crash, not a failed start.
    ended.catch(() => undefined);
    void exited.then(() => this.#restart(startedAt));
    for (const name of this.#switchedOn) await this.#flip(name, true);
  }

  /** Resolves when the switch has taken effect. A process that is being restarted gets it when it is ready. */
  async set(name: SwitchName, on: boolean): Promise<void> {
    if (on) this.#switchedOn.add(name);
    else this.#switchedOn.delete(name);
    if (this.#running) await this.#flip(name, on);
  }

  /** Kills the process, which stays away until `release`. */
  async hold(): Promise<void> {
    this.#held = true;
    await this.#end('SIGKILL');
  }

  async release(): Promise<void> {
    this.#held = false;
    if (!this.#stopping && !this.#running) await this.start();
  }

  /** Ends the process and starts it with other settings, on the port that it had. */
  async replace(change: (env: Readonly<Record<string, string>>) => Readonly<Record<string, string>>): Promise<void> {
    this.#held = true;
    await this.#end('SIGTERM');
    this.#env = change(this.#spec.env);
    await this.release();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#stopped.abort();
    await this.#end('SIGTERM');
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    child.kill(signal);
    await exited;
    clearTimeout(timer);
    this.#running = false;
  }

  #logFile(): string {
    return join(this.#spec.logDir, `${this.name}.log`);
  }

  #fork(): ChildProcess {
    const { program, preload } = this.#spec;
    const log = openSync(this.#logFile(), 'a');
    const { NODE_OPTIONS: _, ...inherited } = process.env;
    const child = fork(fileURLToPath(new URL(`../../dist/services/${program}.js`, import.meta.url)), {
      env: { ...inherited, ...this.#env, PORT: String(this.#port) },
      execArgv: preload === undefined ? [] : ['--import', preload],
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    this.#process = child;
    return child;
  }

  async #ready(child: ChildProcess): Promise<void> {
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(startTimeoutMs)]);
    for await (const [message] of messagesOf(child, signal)) {
      if (!('ready' in message)) continue;
      this.#port = message.port ?? 0;
      return;
    }
  }

  async #restart(startedAt: number): Promise<void> {
    this.#running = false;
    if (this.#stopping || this.#held) return;
    console.error(
      `shop: ${this.name} ended (${this.#process?.signalCode ?? `exit code ${this.#process?.exitCode}`}), starting it again`,
    );
    if (performance.now() - startedAt > recoveredAfterMs) this.#backOffMs = backOffMinMs;
    while (!this.#stopping && !this.#held) {
      const waitMs = this.#backOffMs;
      this.#backOffMs = Math.min(this.#backOffMs * 2, backOffMaxMs);
      try {
        await sleep(waitMs, undefined, { signal: this.#stopped.signal });
        this.#restarts++;
        await this.start();
        break;
      } catch (error) {
        if (!this.#stopping) console.error(`shop: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    if (!this.#stopping && !this.#held) await this.#restore();
  }

  /** A process that cannot be brought into its state is started once more. */
  async #restore(): Promise<void> {
    try {
      await this.#spec.onRestart?.(this);
    } catch (error) {
      console.error(`shop: ${this.name} could not be restored: ${String(error)}`);
      this.#process?.kill('SIGKILL');
    }
  }

  async #flip(name: SwitchName, on: boolean): Promise<void> {
    const child = this.#process;
    if (child === undefined) return;
    const messages = messagesOf(child, AbortSignal.timeout(flipTimeoutMs));
    child.send({ flip: name, on } satisfies SwitchMessage);
    for await (const [message] of messages) {
      if ('switched' in message && message.switched === name) return;
    }
  }
}

/** Listens from the moment it is called, so that no message is missed. */
function messagesOf(child: ChildProcess, signal: AbortSignal): AsyncIterable<[ProcessMessage]> {
  return listen(child, 'message', { signal }) as AsyncIterable<[ProcessMessage]>;
}
