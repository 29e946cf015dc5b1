import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NativeTable, TableName } from '@sonde/otlp';
import { onTestFinished } from 'vitest';
import { systemClock } from '../spool/clock.ts';
import { type Disk, nodeDisk } from '../spool/disk.ts';
import { ItemLedger } from '../spool/item-ledger.ts';
import { Spool, type SpoolOptions } from '../spool/spool.ts';

/** A folder that goes when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sonde-spool-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

let starts = 0;

/** A spool on the real disk with a ledger of its own; `overrides` inject faults. */
export async function openSpool(
  directory: string,
  overrides: Partial<SpoolOptions> = {},
): Promise<{ spool: Spool; ledger: ItemLedger }> {
  const ledger = new ItemLedger();
  const random = (++starts).toString(16).padStart(8, '0');
  const defaults = { directory, bytesMax: 1e9, random, disk: nodeDisk, clock: systemClock, ledger, report: () => undefined };
  return { spool: await Spool.open({ ...defaults, ...overrides }), ledger };
}

/** A table whose bytes are its text: the spool does not look inside. */
export function tableOf(table: TableName, rows: number, text = `${table} ${rows}`): NativeTable {
  return { table, rows, bytes: Buffer.from(text) };
}

/** What to do with the call of a number (from 1), an operation and a path: nothing, or fail with a code after maybe doing half. */
export type Fault = (
  call: number,
  operation: keyof Disk,
  path: string,
) => undefined | { readonly code: string; readonly torn?: boolean };

/** The disk with faults: `torn` writes half of the bytes before it fails. */
export function faultyDisk(fault: Fault): Disk {
  let calls = 0;
  const guard = async (operation: keyof Disk, path: string, bytes?: Uint8Array): Promise<void> => {
    const planned = fault(++calls, operation, path);
    if (!planned) return;
    if (planned.torn && bytes) await writeFile(path, bytes.subarray(0, bytes.length / 2));
    throw Object.assign(new Error(`${planned.code}: injected`), { code: planned.code });
  };
  return {
    async writeDurably(path, bytes) {
      await guard('writeDurably', path, bytes);
      await nodeDisk.writeDurably(path, bytes);
    },
    async rename(from, to) {
      await guard('rename', from);
      await nodeDisk.rename(from, to);
    },
    async syncDirectory(path) {
      await guard('syncDirectory', path);
      await nodeDisk.syncDirectory(path);
    },
    async read(path) {
      await guard('read', path);
      return await nodeDisk.read(path);
    },
    async readRecord(path) {
      await guard('readRecord', path);
      return await nodeDisk.readRecord(path);
    },
    async list(path) {
      await guard('list', path);
      return await nodeDisk.list(path);
    },
    async sizeOf(path) {
      await guard('sizeOf', path);
      return await nodeDisk.sizeOf(path);
    },
    async remove(path) {
      await guard('remove', path);
      await nodeDisk.remove(path);
    },
    async makeDirectory(path) {
      await guard('makeDirectory', path);
      await nodeDisk.makeDirectory(path);
    },
  };
}
