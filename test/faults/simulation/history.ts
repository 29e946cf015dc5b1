import { dirname } from 'node:path';
import type { Signal } from '@sonde/otlp';
import { type Answer, directory, groupBytesMax, type Planted, SimulatedCollector, type Way, type World } from './collector.ts';
import { idsIn, type Request, Sender } from './items.ts';
import { MemoryDisk } from './memory-disk.ts';
import { ModelStore } from './model-store.ts';
import { Random } from './random.ts';
import { type Life, Schedule } from './schedule.ts';

/** A promise was broken. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

export interface HistoryFigures {
  readonly acknowledged: number;
  readonly stored: number;
  readonly quarantined: number;
  readonly starts: number;
  readonly faults: number;
  /** What happened, a line each. */
  readonly trace: readonly string[];
}

const quarantine = `${directory}/quarantine`;
/** Records, a slice, and what a failed write left: beyond the sets that are counted. */
const slackBytes = 256 * 1024;
const isolationBytesMax = 16 * 1024 ** 2;
/** Longer than any back-off, slow answer and retry of a small spool together. */
const drainMs = 3_600_000;

/**
 * One history: senders, kills, power cuts, clean stops, faults of disk and store, jumps of the wall clock, all from the seed. Rejects with
 * Violation when a promise is broken.
 */
export class History {
  readonly #random: Random;
  readonly #schedule: Schedule;
  readonly #disk: MemoryDisk;
  readonly #store: ModelStore;
  readonly #sender: Sender;
  readonly #world: World;
  readonly #trace: string[] = [];
  readonly #sent = new Set<number>();
  readonly #poison = new Set<number>();
  readonly #acknowledged = new Set<number>();
  /** The collector's own telemetry: kept like any, and in no counter. */
  readonly #own = new Set<number>();
  readonly #unanswered = new Map<unknown, { readonly life: Life; readonly what: string }>();
  #collector = new SimulatedCollector();
  #starts = 0;
  #cuts = 0;
  #damage = 0;
  readonly #withFaults: boolean;

  constructor(seed: number, planted: Planted = {}) {
    this.#random = new Random(seed);
    this.#schedule = new Schedule(this.#random);
    this.#disk = new MemoryDisk(this.#random, this.#schedule);
    this.#store = new ModelStore(this.#random, this.#schedule, this.#disk);
    this.#sender = new Sender(this.#random);
    this.#withFaults = this.#random.chance(0.5);
    this.#store.filesMayGo = this.#withFaults;
    this.#world = {
      schedule: this.#schedule,
      disk: this.#disk,
      store: this.#store,
      spoolBytesMax: this.#random.pick([60_000, 400_000, 4_000_000]),
      report: (_, message, details) => {
        this.#note(`${message} ${JSON.stringify(details)}`);
        if (/quarantined/.test(message) && /missing|damaged|unreadable/.test(String(details['reason']))) this.#damage++;
      },
      planted,
    };
  }

  get trace(): readonly string[] {
    return this.#trace;
  }

  async run(): Promise<HistoryFigures> {
    const unhandled: unknown[] = [];
    const onUnhandled = (error: unknown): void => void unhandled.push(error);
    process.on('unhandledRejection', onUnhandled);
    try {
      this.#start();
      const actions = 10 + this.#random.below(40);
      for (let i = 0; i < actions; i++) {
        await this.#act();
        await this.#schedule.pass(this.#random.pick([0, 1, 3, 10, 50, 400, 2_000]));
        if (this.#collector.failed || this.#collector.ended) this.#start();
        this.#checkNow();
        if (unhandled.length > 0) throw new Violation(`unhandled rejection: ${String(unhandled[0])}`);
      }
      await this.#drain();
      this.#checkEnd();
      if (unhandled.length > 0) throw new Violation(`unhandled rejection: ${String(unhandled[0])}`);
      return {
        acknowledged: this.#acknowledged.size,
        stored: this.#store.stored.size,
        quarantined: this.#quarantined().length,
        starts: this.#starts,
        faults: this.#disk.faults,
        trace: this.#trace,
      };
    } finally {
      process.off('unhandledRejection', onUnhandled);
      this.#schedule.kill(this.#collector.life);
    }
  }

  async #act(): Promise<void> {
    const random = this.#random;
    const choice = random.below(100);
    if (choice < 60) for (let i = random.pick([1, 1, 1, 2, 3, 8]); i > 0; i--) this.#send();
    else if (choice < 67) await this.#end('killed', () => undefined);
    else if (choice < 72) await this.#end('power cut', () => this.#cutPower());
    else if (choice < 74) this.#stop();
    else if (choice < 78)
      this.#set('wall clock jumps', () => this.#schedule.setWallClock(random.pick([-3_600_000, 3_600_000])));
    else if (choice < 82) this.#set('store dead', () => (this.#store.dead = true));
    else if (choice < 88) this.#set('store alive', () => (this.#store.dead = this.#store.slow = false));
    else if (choice < 90) this.#set('store slow', () => (this.#store.slow = true));
    else if (choice < 93) this.#set('answers lost', () => (this.#store.lostAnswerRate = random.pick([0, 0.3, 0.9])));
    else if (choice < 95) this.#set('store takes poison', () => (this.#store.forgiving = true));
    else if (this.#withFaults && choice < 97) this.#set('disk full or not', () => (this.#disk.full = random.chance(0.5)));
    else if (this.#withFaults) this.#set('disk faults', () => (this.#disk.faultRate = random.pick([0, 0.01, 0.1, 0.5])));
  }

  #set(what: string, change: () => void): void {
    this.#note(what);
    change();
  }

  #note(what: string): void {
    this.#trace.push(`${this.#schedule.elapsedMs.toFixed(1)} ${what}`);
  }

  #start(): void {
    this.#note('start');
    this.#starts++;
    this.#schedule.kill(this.#collector.life);
    this.#collector = new SimulatedCollector();
    this.#collector.start(this.#world, (this.#random.below(2 ** 32) >>> 0).toString(16).padStart(8, '0'));
  }

  /** After any operation of what is under way, or of what comes. */
  async #end(how: string, then: () => void): Promise<void> {
    this.#disk.callAfter(1 + this.#random.below(60), () => this.#schedule.interrupt());
    await this.#schedule.pass(2_000);
    this.#note(how);
    this.#schedule.kill(this.#collector.life);
    then();
    this.#start();
  }

  #cutPower(): void {
    this.#cuts++;
    this.#disk.cutPower();
  }

  #stop(): void {
    this.#note('stop');
    this.#collector.stop(this.#random.pick([0, 5_000]));
  }

  #send(): void {
    const collector = this.#collector;
    const { batch } = collector;
    const request = this.#sender.request();
    const way = this.#random.pick<Way>(['decoded here', 'decoded here', 'decoded here', 'decoded elsewhere', 'own']);
    const answer = collector.take(request, way);
    if (!answer) return;
    for (const { id, poison } of request.ids) {
      this.#sent.add(id);
      if (poison) this.#poison.add(id);
      if (way === 'own') this.#own.add(id);
    }
    const what = `${request.signal} ${request.ids.map(({ id, poison }) => `${id}${poison ? '!' : ''}`).join()}, ${way}`;
    this.#unanswered.set(answer, { life: collector.life, what });
    void this.#hear(answer, request, what);
    // A request and its columns' heads may come on top.
    if (batch.bytes > groupBytesMax + 40 * 1024) this.#fail(`group commit holds ${batch.bytes} bytes`);
  }

  async #hear(answer: Promise<Answer>, request: Request, what: string): Promise<void> {
    const outcome = await answer;
    this.#unanswered.delete(answer);
    this.#note(`${what}: ${outcome.kind}`);
    if (outcome.kind === 'acknowledged' && outcome.rejected !== request.rejected) {
      this.#fail(`rejected ${outcome.rejected}, not ${request.rejected}`);
    }
    const isDurable = outcome.kind === 'own' ? outcome.isWritten : outcome.kind === 'acknowledged';
    if (isDurable) for (const { id } of request.ids) this.#acknowledged.add(id);
  }

  #fail(what: string): never {
    throw new Violation(what);
  }

  /** The faults are over: everything must go where it belongs. */
  async #drain(): Promise<void> {
    this.#note('drain');
    this.#disk.full = false;
    this.#disk.faultRate = 0;
    this.#store.dead = this.#store.slow = false;
    this.#store.lostAnswerRate = 0;
    const endMs = this.#schedule.elapsedMs + drainMs;
    while (this.#schedule.elapsedMs < endMs) {
      await this.#schedule.pass(5_000);
      if (this.#collector.failed || this.#collector.ended) this.#start();
      else if (this.#isDrained()) return;
    }
    this.#fail(`the spool does not drain: ${this.#disk.pathsIn(directory).join(' ')}`);
  }

  #isDrained(): boolean {
    const { spool, ledger } = this.#collector;
    if (!spool || spool.usage.files > 0) return false;
    if (Object.values(ledger.snapshot().counters).some(({ pending }) => pending > 0)) return false;
    return this.#disk.pathsIn(directory).length === 0;
  }

  #checkNow(): void {
    for (const [signal, counters] of Object.entries(this.#collector.ledger.snapshot().counters)) {
      const { received, stored, pending, rejected, refused, quarantined } = counters;
      const sum = stored + pending + rejected + refused + quarantined;
      if (received !== sum || pending < 0) this.#fail(`the ledger of ${signal}: ${JSON.stringify(counters)}`);
    }
    for (const [id, times] of this.#store.stored) {
      if (times > 1) this.#fail(`item ${id} is stored ${times} times`);
      if (!this.#sent.has(id)) this.#fail(`item ${id} was never sent`);
    }
    if (this.#store.broken) this.#fail(`another content under the token ${this.#store.broken}`);
    const [sets, kept] = [this.#disk.usedIn(directory), this.#disk.usedIn(quarantine)];
    const { spoolBytesMax } = this.#world;
    if (sets > spoolBytesMax + slackBytes) this.#fail(`${sets} bytes in the spool`);
    if (sets + kept > spoolBytesMax + slackBytes + isolationBytesMax) this.#fail(`${sets + kept} bytes with the quarantine`);
  }

  /** Ids in the quarantine's files, each as often as it stands there. */
  #quarantined(): number[] {
    return this.#disk
      .pathsIn(quarantine)
      .filter((path) => path.endsWith('.native'))
      .flatMap((path) => idsIn(this.#disk.bytesOf(path) ?? new Uint8Array()).map(({ id }) => id));
  }

  #checkEnd(): void {
    this.#checkNow();
    for (const { life, what } of this.#unanswered.values()) if (life.alive) this.#fail(`never answered: ${what}`);
    const quarantined = this.#quarantined();
    const aside = new Set(quarantined);
    for (const id of this.#acknowledged) {
      const stored = this.#store.stored.has(id);
      if (!stored && !aside.has(id)) this.#fail(`item ${id} was acknowledged and is lost`);
    }
    for (const path of this.#disk.pathsIn(quarantine)) {
      if (!path.endsWith('.native')) continue;
      if (!this.#disk.bytesOf(`${path}.reason.txt`) || dirname(path) !== quarantine) this.#fail(`${path} has no reason`);
    }
    // A file that cannot be read goes to quarantine whole, though rows of it may be stored or aside already.
    if (this.#withFaults) return;
    if (aside.size < quarantined.length) this.#fail('an item is in quarantine twice');
    for (const id of aside) {
      if (this.#store.stored.has(id)) this.#fail(`item ${id} is stored and in quarantine`);
      if (this.#acknowledged.has(id) && !this.#poison.has(id)) this.#fail(`item ${id} is in quarantine, and is no poison`);
    }
    if (this.#cuts === 0 && this.#damage > 0) this.#fail('a file was missing or damaged, and nothing had harmed it');
    if (this.#starts === 1) this.#checkLedgerOf('traces', 'logs');
  }

  /** One process saw everything: its ledger must say what the store and the quarantine hold. */
  #checkLedgerOf(...signals: readonly Signal[]): void {
    const { counters } = this.#collector.ledger.snapshot();
    const sum = (of: 'stored' | 'quarantined'): number => signals.reduce((total, signal) => total + counters[signal][of], 0);
    const isCounted = (id: number): boolean => !this.#own.has(id);
    const stored = [...this.#store.stored.keys()].filter(isCounted).length;
    if (sum('stored') !== stored) this.#fail(`${sum('stored')} counted as stored, not ${stored}`);
    const { length } = this.#quarantined().filter(isCounted);
    if (sum('quarantined') !== length) this.#fail(`${sum('quarantined')} counted as quarantined, not ${length}`);
  }
}
