/**
 * What a start finds in the spool, and what it makes of it (docs/formats/spool.md, "Recovery"). Reads names and manifests only; sizes and
 * checksums are compared just before a set is loaded, so that a full spool does not hold up the start.
 *
 *  (1) A committed set is loaded; one that was not committed is removed: spool-recovery.test.ts.
 *  (2) A damaged or missing file goes to quarantine, is counted, and takes no other file with it: spool-recovery.test.ts.
 *  (3) Whatever stands in the directory, recovery ends, and ends the same way a second time: spool-recovery.test.ts.
 */
import { join } from 'node:path';
import { type Disk, errorCode } from './disk.ts';
import { parseName, recordName, type SpoolName, temporarySuffix } from './file-names.ts';
import { type Items, itemsOf } from './items.ts';
import type { Quarantine } from './quarantine.ts';
import { readPlan, readRefusals, readSet, rangeOf } from './records.ts';
import type { Refusal } from './refusals.ts';
import type { LoadPlan, SpoolFile, SpoolSet } from './spool-set.ts';

export interface Recovered {
  /** Committed sets in the order of their commits, without their damaged files. */
  readonly sets: readonly SpoolSet[];
  /** Plans that were fixed but not finished. */
  readonly plans: readonly LoadPlan[];
  /** What the store refused of them, by plan. */
  readonly refusals: ReadonlyMap<string, readonly Refusal[]>;
  /** Files that were moved aside, with what they held where that is known. */
  readonly quarantined: readonly { readonly name: string; readonly items: Items; readonly reason: string }[];
}

type Table = Extract<SpoolName, { kind: 'table' }> & { readonly name: string };

const setsAtOnce = 64;

export async function recover(disk: Disk, directory: string, quarantine: Quarantine): Promise<Recovered> {
  const names = (await disk.list(directory)).toSorted();
  const present = new Set(names);
  const tables = new Map<string, Table[]>();
  const ids = { set: [] as string[], load: [] as string[], refused: [] as string[], done: [] as string[] };
  for (const name of names) {
    const parsed = parseName(name);
    if (parsed.kind === 'table') tables.set(parsed.id, [...(tables.get(parsed.id) ?? []), { ...parsed, name }]);
    else if ('id' in parsed && parsed.kind !== 'rows') ids[parsed.kind].push(parsed.id);
  }
  const quarantined: { name: string; items: Items; reason: string }[] = [];
  const setAside = async (name: string, held: readonly Pick<SpoolFile, 'table' | 'rows'>[], reason: string): Promise<void> => {
    if (quarantine.hasFile(name, present.has(name))) return;
    await quarantine.moveFile(name, present.has(name) ? await disk.sizeOf(join(directory, name)) : 0, reason);
    quarantined.push({ name, items: itemsOf(held), reason });
  };
  const remove = (name: string): Promise<void> => disk.remove(join(directory, name));

  /** The sets that a plan covers: as its record says, or by its name where that is damaged. */
  const coveredBy = async (id: string, kind: 'load' | 'done'): Promise<{ has(setId: string): boolean; plan?: LoadPlan }> => {
    const plan = readPlan(await readOrNothing(disk, join(directory, recordName(id, kind))));
    const { first, last } = rangeOf(id);
    if (!plan) return { has: (setId) => setId >= first && setId <= last };
    const setIds = new Set(plan.sets.map((set) => set.id));
    return { has: (setId) => setIds.has(setId), plan };
  };

  // Loaded: only their removal was cut short. It says so until the removal is durable, or they would come back and load again.
  for (const id of ids.done) {
    const loaded = await coveredBy(id, 'done');
    for (const setId of ids.set) if (loaded.has(setId)) await remove(recordName(setId, 'set'));
    for (const [setId, files] of tables) {
      if (!loaded.has(setId)) continue;
      for (const file of files) await remove(file.name);
      tables.delete(setId);
    }
    ids.set = ids.set.filter((setId) => !loaded.has(setId));
  }
  for (const id of ids.refused) if (!ids.load.includes(id)) await remove(recordName(id, 'refused'));
  if (ids.done.length > 0) await disk.syncDirectory(directory);
  for (const id of ids.done) await remove(recordName(id, 'done'));

  const sets = new Map<string, SpoolSet>();
  const takeSet = async (id: string): Promise<void> => {
    const name = recordName(id, 'set');
    const set = readSet(await readOrNothing(disk, join(directory, name)));
    if (!set || set.id !== id) {
      // Its tables follow below: they no longer have a manifest.
      await setAside(name, [], 'unreadable manifest');
      return;
    }
    if (set.files.some((file) => !present.has(file.name) && present.has(`${file.name}${temporarySuffix}`))) {
      // Its names were not durable yet, so nobody was answered: it is no set, and its tables go below.
      await disk.rename(join(directory, name), join(directory, `${name}${temporarySuffix}`));
      present.add(`${name}${temporarySuffix}`);
      return;
    }
    const intact: SpoolFile[] = [];
    for (const file of set.files) {
      if (present.has(file.name)) intact.push(file);
      else await setAside(file.name, [file], 'missing file');
    }
    sets.set(id, { ...set, files: intact });
    tables.delete(id);
  };
  // A few at a time: a spool may hold many thousand sets, and a start must not take long.
  for (let at = 0; at < ids.set.length; at += setsAtOnce) await Promise.all(ids.set.slice(at, at + setsAtOnce).map(takeSet));

  const inOrder = (): SpoolSet[] => ids.set.map((id) => sets.get(id)).filter((set) => set !== undefined);
  const setAsideAll = async (setIds: readonly string[]): Promise<void> => {
    for (const setId of setIds) {
      const set = sets.get(setId);
      if (!set) continue;
      for (const file of set.files) await setAside(file.name, [file], 'unreadable refusals');
      sets.set(setId, { ...set, files: [] });
    }
  };

  // Tables without a manifest. With the manifest still under its temporary name they were never committed.
  for (const [id, files] of tables) {
    const committed = !present.has(`${recordName(id, 'set')}${temporarySuffix}`);
    for (const file of files) {
      if (committed) await setAside(file.name, [file], 'missing manifest');
      else await remove(file.name);
    }
  }
  for (const name of present) if (name.endsWith(temporarySuffix)) await remove(name);

  const plans: LoadPlan[] = [];
  const refusals = new Map<string, readonly Refusal[]>();
  for (const id of ids.load) {
    const covered = await coveredBy(id, 'load');
    // The content also tells of sets that have vanished whole.
    for (const set of covered.plan?.sets ?? []) {
      if (sets.has(set.id) || present.has(recordName(set.id, 'set'))) continue;
      for (const file of set.files) if (!present.has(file.name)) await setAside(file.name, [file], 'missing file');
    }
    const refused = ids.refused.includes(id)
      ? readRefusals(await readOrNothing(disk, join(directory, recordName(id, 'refused'))))
      : [];
    // Which of its pieces are stored is not known any more: none is shown to the store again, or it might be stored twice.
    if (!refused) await setAsideAll(ids.set.filter((setId) => covered.has(setId)));
    refusals.set(id, refused ?? []);
    plans.push({ id, sets: inOrder().filter((set) => covered.has(set.id)) });
  }
  await disk.syncDirectory(directory);
  return { sets: inOrder(), plans, refusals, quarantined };
}

/** Bytes that cannot be read are as good as damaged. */
async function readOrNothing(disk: Disk, path: string): Promise<Uint8Array> {
  try {
    return await disk.readRecord(path);
  } catch (error) {
    if (errorCode(error) === 'EIO') return new Uint8Array();
    throw error;
  }
}
