import type { Disk } from '@sonde/store';
import type { Planted } from './collector.ts';

const nothing = async (): Promise<void> => undefined;

/** A disk that loses what is done to some files without a word. */
function losing(part: string): (real: Disk) => Disk {
  return (real) => ({
    ...real,
    writeDurably: (path, bytes) => (path.includes(part) ? nothing() : real.writeDurably(path, bytes)),
    rename: (from, to) => (to.includes(part) ? nothing() : real.rename(from, to)),
  });
}

/** A directory fsync is left out after an operation on some files. */
function withoutSyncAfter(operation: 'remove' | 'rename', part: string): (real: Disk) => Disk {
  return (real) => {
    let skip = false;
    return {
      ...real,
      async remove(path) {
        await real.remove(path);
        skip = operation === 'remove' && path.endsWith(part);
      },
      async rename(from, to) {
        await real.rename(from, to);
        skip = operation === 'rename' && to.endsWith(part);
      },
      syncDirectory: (path) => (skip ? nothing() : real.syncDirectory(path)),
    };
  };
}

/**
 * Bugs as somebody might write them one day. Each is put in from outside; the product has no hooks for them.
 *
 * Not among them, for no history can find it: a plan that is not fsynced before it is loaded. The next process would plan the same sets
 * again, unless something was committed since, and that commit's fsync makes the plan durable.
 */
export const plantedBugs: Readonly<Record<string, Planted>> = {
  'the directory is never fsynced': { disk: (real) => ({ ...real, syncDirectory: nothing }) },

  'files are not fsynced: bytes come after their names': {
    disk: (real) => ({
      ...real,
      async writeDurably(path, bytes) {
        // The name at once, whole and durable; the bytes by and by.
        await real.writeDurably(path, bytes.subarray(0, 0));
        void real.writeDurably(path, bytes).catch(nothing);
      },
    }),
  },

  'the sender is answered before the commit': {
    spoolOfCommit: (real) => ({
      hasRoomFor: (bytes) => real.hasRoomFor(bytes),
      async commit(tables) {
        void real.commit(tables).catch(nothing);
      },
    }),
  },

  'a failed commit is answered as if it had succeeded': {
    spoolOfCommit: (real) => ({
      hasRoomFor: (bytes) => real.hasRoomFor(bytes),
      commit: (tables) => real.commit(tables).catch(nothing),
    }),
  },

  'the token changes between tries': {
    engine: (real) => {
      let tries = 0;
      return { insertFiles: (table, paths, token) => real.insertFiles(table, paths, `${token} ${++tries}`) };
    },
  },

  'the token of a piece is that of the whole': {
    engine: (real) => ({ insertFiles: (table, paths, token) => real.insertFiles(table, paths, token.split('/')[0] ?? '') }),
  },

  'files go before the insert is confirmed': {
    engine: (real) => ({ insertFiles: (table, paths, token) => real.insertFiles(table, paths, token).catch(nothing) }),
  },

  'a store out of reach counts as a refusal of the content': {
    engine: (real) => ({
      insertFiles: (table, paths, token) =>
        real.insertFiles(table, paths, token).catch((error: Error) => {
          throw error.message.includes('Code')
            ? error
            : new Error('Code: 469. DB::Exception: out of reach. (VIOLATED_CONSTRAINT)');
        }),
    }),
  },

  'refusals are not recorded': { disk: losing('.refused.json') },
  'plans are not recorded': {
    disk: (real) => ({
      ...losing('.load.json')(real),
      rename: (from, to) => (`${from} ${to}`.includes('.load.json') ? nothing() : real.rename(from, to)),
    }),
  },
  'what is loaded is not marked so': {
    disk: (real) => ({ ...real, rename: (from, to) => (to.endsWith('.done.json') ? nothing() : real.rename(from, to)) }),
  },
  'the mark of what is loaded goes first': {
    disk: (real) => ({
      ...real,
      async rename(from, to) {
        await real.rename(from, to);
        if (to.endsWith('.done.json')) await real.remove(to);
      },
    }),
  },
  'the mark of what is loaded goes before the removals are durable': { disk: withoutSyncAfter('remove', '.native') },
  'files go before the mark of what is loaded is durable': { disk: withoutSyncAfter('rename', '.done.json') },
  'a refusal is not durable before its pieces are tried': { disk: withoutSyncAfter('rename', '.refused.json') },
  'poison is thrown away': {
    disk: (real) => ({
      ...real,
      writeDurably: (path, bytes) => (path.includes('/quarantine/') ? nothing() : real.writeDurably(path, bytes)),
      rename: (from, to) => (to.includes('/quarantine/') ? real.remove(from) : real.rename(from, to)),
    }),
  },
  'slices stay behind': {
    disk: (real) => ({ ...real, remove: (path) => (path.includes('.native.tmp') ? nothing() : real.remove(path)) }),
  },
  'an error of the disk is thrown where nobody waits for it': {
    disk: (real) => ({
      ...real,
      writeDurably(path, bytes) {
        void real.sizeOf(`${path} that is not there`);
        return real.writeDurably(path, bytes);
      },
    }),
  },
};
