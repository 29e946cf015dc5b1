import type { Engine } from '../engine/types.ts';
import { contentError } from '../loader/content-error.ts';
import type { Clock } from '../spool/clock.ts';
import { LoadClock } from './load-clock.ts';
import { firstLoadable, sealedByAll } from './progress.ts';

/** Loads whose spans carry the second in which they were tried (`loaded_at`). */
export interface StampedLoads extends Pick<Engine, 'insertFiles'> {
  /** No load of any collector, under way or to come, carries this second or an earlier one. */
  sealed(): Promise<number>;
}

/** A collector that shares a server says at least so often what it loads, long before it is taken for silent. */
const tellAgainMs = 10_000;

/** `collector`: its id among those that share a server. An embedded engine has one. */
export function stampLoads(engine: Engine, clock: Clock, collector: string): StampedLoads {
  let opened: Promise<LoadClock> | undefined;
  let toldAt: { readonly nowMs: number; readonly elapsedMs: number } | undefined;

  async function open(): Promise<LoadClock> {
    opened ??= firstLoadable(engine).then((second) => new LoadClock(clock, second));
    try {
      return await opened;
    } catch (error) {
      opened = undefined;
      throw error;
    }
  }

  async function tell(loadClock: LoadClock): Promise<number> {
    const at = { nowMs: clock.nowMs(), elapsedMs: clock.elapsedMs() };
    const sealed = await sealedByAll(engine, collector, loadClock.sealed());
    toldAt = at;
    return sealed;
  }

  /** A machine that slept knows it by one of its clocks. */
  function wasSilent(): boolean {
    if (toldAt === undefined) return true;
    return Math.max(clock.nowMs() - toldAt.nowMs, clock.elapsedMs() - toldAt.elapsedMs) > tellAgainMs;
  }

  return {
    async insertFiles(table, absolutePaths, token) {
      if (table !== 'spans') return await engine.insertFiles(table, absolutePaths, token);
      const loadClock = await open();
      if (engine.kind === 'server') loadClock.notBefore(await firstLoadable(engine));
      const second = loadClock.begin();
      // From here on the others wait for this load, also if they had given this collector up.
      if (engine.kind === 'server' && wasSilent()) await tell(loadClock);
      try {
        await engine.insertFiles(table, absolutePaths, token, second);
      } catch (error) {
        // What is refused for its content is not stored; of every other failure that is not known.
        if (contentError(error)) loadClock.end();
        throw error;
      }
      loadClock.end();
    },
    async sealed() {
      const loadClock = await open();
      return engine.kind === 'server' ? await tell(loadClock) : loadClock.sealed();
    },
  };
}
