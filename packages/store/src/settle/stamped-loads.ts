import type { Engine } from '../engine/types.ts';
import { contentError } from '../loader/content-error.ts';
import type { Clock } from '../spool/clock.ts';
import type { LoadClock } from './load-clock.ts';
import { openLoadClock, sealedByAll } from './progress.ts';

/** Loads whose spans carry the second in which they were tried (`loaded_at`). */
export interface StampedLoads extends Pick<Engine, 'insertFiles'> {
  /** No load of any collector, under way or to come, carries this second or an earlier one. */
  sealed(): Promise<number>;
}

/** `collector`: its id among those that share a server. An embedded engine has one. */
export function stampLoads(engine: Engine, clock: Clock, collector: string): StampedLoads {
  let opened: LoadClock | undefined;

  /** Nothing is loaded before the others could know of this collector. */
  async function open(): Promise<LoadClock> {
    if (opened) return opened;
    const loadClock = await openLoadClock(engine, clock);
    if (engine.kind === 'server') await sealedByAll(engine, collector, loadClock.sealed());
    return (opened ??= loadClock);
  }

  return {
    async insertFiles(table, absolutePaths, token) {
      if (table !== 'spans') return await engine.insertFiles(table, absolutePaths, token);
      const loadClock = await open();
      try {
        await engine.insertFiles(table, absolutePaths, token, loadClock.begin());
      } catch (error) {
        // What is refused for its content is not stored; of every other failure that is not known.
        if (contentError(error)) loadClock.end();
        throw error;
      }
      loadClock.end();
    },
    async sealed() {
      const sealed = (await open()).sealed();
      return engine.kind === 'server' ? await sealedByAll(engine, collector, sealed) : sealed;
    },
  };
}
