/**
 * What a start finds in the spool, and what it makes of it (docs/formats/spool.md, "Recovery"). Reads names, sizes and manifests
 * only; checksums are compared just before a set is loaded, so that a full spool does not hold up the start.
 *
 *  (1) A committed set is loaded; one that was not committed is removed: spool-recovery.test.ts.
 *  (2) A damaged or missing file goes to quarantine, is counted, and takes no other file with it: spool-recovery.test.ts.
 *  (3) Whatever stands in the directory, recovery ends, and ends the same way a second time: spool-recovery.test.ts.
 */
import { join } from 'node:path';
import { type Disk, errorCode } from './disk.ts';
import { parseName, recordName, type SpoolName, temporarySuffix } from './file-names.ts';
import { type Items, itemsOf } from './items.ts';
import { moveToQuarantine, quarantineFolder } from './quarantine.ts';
import { readPlan, readSet, rangeOf } from './records.ts';
import type { LoadPlan, SpoolFile, SpoolSet } from './spool-set.ts';

export interface Recovered {
  /** Committed sets in the order of their commits, without their damaged files. */
  readonly sets: readonly SpoolSet[];
  /** Plans that were fixed but not finished. */
  readonly plans: readonly LoadPlan[];
  /** Files that were moved aside, with what they held where that is known. */
  readonly quarantined: readonly { readonly name: string; readonly items: Items; readonly reason: string }[];
  readonly quarantineBytes: number;
}

type Table = Extract<SpoolName, { kind: 'table' }> & { readonly name: string };

const setsAtOnce = 64;

export async function recover(disk: Disk, directory: string): Promise<Recovered> {
  const names = (await disk.list(directory)).toSorted();
  const present = new Set(names);
  const quarantinedBefore = new Set(await disk.list(join(directory, quarantineFolder)));
  const tables = new Map<string, Table[]>();
  const ids = { set: [] as string[], load: [] as string[], done: [] as string[] };
  for (const name of names) {
    const parsed = parseName(name);
    if (parsed.kind === 'table') tables.set(parsed.id, [...(tables.get(parsed.id) ?? []), { ...parsed, name }]);
    else if (parsed.kind === 'set' || parsed.kind === 'load' || parsed.kind === 'done') ids[parsed.kind].push(parsed.id);
  }
  const quarantined: { name: string; items: Items; reason: string }[] = [];
  const setAside = async (name: string, held: readonly Pick<SpoolFile, 'table' | 'rows'>[], reason: string): Promise<void> => {
    if (quarantinedBefore.has(name)) return;
    await moveToQuarantine(disk, directory, name, reason);
    quarantined.push({ name, items: itemsOf(held), reason });
  };
  const remove = (name: string): Promise<void> => disk.remove(join(directory, name));

  // Loaded: only their removal was cut short.
  for (const id of ids.done) {
    const range = rangeOf(id);
    const loaded = (setId: string): boolean => setId >= range.first && setId <= range.last;
    for (const setId of ids.set.filter(loaded)) await remove(recordName(setId, 'set'));
    for (const [setId, files] of tables) {
      if (!loaded(setId)) continue;
      for (const file of files) await remove(file.name);
      tables.delete(setId);
    }
    ids.set = ids.set.filter((setId) => !loaded(setId));
    await remove(recordName(id, 'done'));
  }

  const sets = new Map<string, SpoolSet>();
  const takeSet = async (id: string): Promise<void> => {
    const name = recordName(id, 'set');
    const set = readSet(await readOrNothing(disk, join(directory, name)));
    if (!set || set.id !== id) {
      // Its tables follow below: they no longer have a manifest.
      await setAside(name, [], 'unreadable manifest');
      return;
    }
    const intact: SpoolFile[] = [];
    for (const file of set.files) {
      const found = present.has(file.name) && (await disk.sizeOf(join(directory, file.name)));
      if (found === file.bytes) intact.push(file);
      else await setAside(file.name, [file], found === false ? 'missing file' : 'damaged file');
    }
    sets.set(id, { ...set, files: intact });
    tables.delete(id);
  };
  // A few at a time: a spool may hold many thousand sets, and a start must not take long.
  for (let at = 0; at < ids.set.length; at += setsAtOnce) await Promise.all(ids.set.slice(at, at + setsAtOnce).map(takeSet));
  const inOrder = ids.set.map((id) => sets.get(id)).filter((set) => set !== undefined);

  // Tables without a manifest. With the manifest still under its temporary name they were never committed.
  for (const [id, files] of tables) {
    const committed = !present.has(`${recordName(id, 'set')}${temporarySuffix}`);
    for (const file of files) {
      if (committed) await setAside(file.name, [file], 'missing manifest');
      else await remove(file.name);
    }
  }
  for (const name of names) if (name.endsWith(temporarySuffix)) await remove(name);

  const plans: LoadPlan[] = [];
  for (const id of ids.load) {
    const range = rangeOf(id);
    const inRange = inOrder.filter((set) => set.id >= range.first && set.id <= range.last);
    // The range decides; the content only tells of sets that have vanished whole.
    const planned = readPlan(await readOrNothing(disk, join(directory, recordName(id, 'load'))));
    for (const set of planned?.sets ?? []) {
      if (sets.has(set.id) || present.has(recordName(set.id, 'set'))) continue;
      for (const file of set.files) if (!present.has(file.name)) await setAside(file.name, [file], 'missing file');
    }
    plans.push({ id, sets: inRange });
  }
  await disk.syncDirectory(directory);

  let quarantineBytes = 0;
  for (const name of await disk.list(join(directory, quarantineFolder))) {
    quarantineBytes += await disk.sizeOf(join(directory, quarantineFolder, name));
  }
  return { sets: inOrder, plans, quarantined, quarantineBytes };
}

/** Bytes that cannot be read are as good as damaged. */
async function readOrNothing(disk: Disk, path: string): Promise<Uint8Array> {
  try {
    return await disk.read(path);
  } catch (error) {
    if (errorCode(error) === 'EIO') return new Uint8Array();
    throw error;
  }
}
