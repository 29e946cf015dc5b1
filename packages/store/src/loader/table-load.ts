/**
 * One table of one plan into the engine. What the engine refuses for its content is halved, sets first, then the rows of a set's file,
 * until the rows that it refuses stand alone:
 *
 *            accepted
 *   PIECE ------------> stored
 *     |     refused, and that is durable           +--> two PIECEs
 *     +-------------------------------> REFUSED ---+
 *                                                  +--> quarantine, with bytes and reason
 *
 *  (1) Every insert has a token that follows from the plan alone, so that a repeated one stores nothing twice.
 *  (2) A token that was refused is never tried again, not even by a later process or a changed engine, once a piece of it was.
 *  (3) At most `isolatedRowsMax` pieces of a table's files go to quarantine one by one; of further files, the whole.
 *  (4) Any failure that is not the content's leaves everything as it was.
 * Tests of the same numbers: insert-plan.test.ts.
 */
import { type NativeBlock, readNativeBlock, type TableName } from '@sonde/otlp';
import type { Engine } from '../engine/types.ts';
import { diskBlocks } from '../spool/disk-blocks.ts';
import type { Piece, Refusal } from '../spool/refusals.ts';
import type { Spool } from '../spool/spool.ts';
import type { LoadPlan } from '../spool/spool-set.ts';
import { type ContentError, contentError } from './content-error.ts';
import { filesOf, halvesOf, type PlannedFile, tokenOf } from './piece.ts';

/**
 * A bound on files in quarantine, and on the inserts that a load of poison costs: some 2,000 in the worst case. It is one for all files
 * of a table in a load, which may be 512.
 */
export const isolatedRowsMax = 100;
/** A row with its reason takes two blocks, mostly. */
const isolationBytes = isolatedRowsMax * 2 * diskBlocks(0);
const detailsLengthMax = 500;

type Block = Extract<NativeBlock, { kind: 'block' }>;

export class TableLoad {
  readonly #engine: Pick<Engine, 'insertFiles'>;
  readonly #spool: Spool;
  readonly #plan: LoadPlan;
  readonly #table: TableName;
  readonly #planned: readonly PlannedFile[];
  /** The file that was taken apart last. */
  #opened: { readonly setId: string; readonly block: Block | undefined } | undefined;

  constructor(
    engine: Pick<Engine, 'insertFiles'>,
    spool: Spool,
    plan: LoadPlan,
    table: TableName,
    planned: readonly PlannedFile[],
  ) {
    this.#engine = engine;
    this.#spool = spool;
    this.#plan = plan;
    this.#table = table;
    this.#planned = planned;
  }

  /** Resolves when each row of the piece is stored or in quarantine. Rejects with the engine's or the disk's error where trying again can help. */
  async place(piece: Piece): Promise<void> {
    const files = filesOf(piece, this.#planned);
    if (files.length === 0) return;
    const token = tokenOf(this.#plan.id, piece);
    const known = this.#spool.refusalsOf(this.#plan.id).find((one) => one.table === this.#table && one.token === token);
    const refusal = known ?? (await this.#insert(piece, files, token));
    if (refusal?.next.kind === 'halves') for (const half of refusal.next.halves) await this.place(half);
    if (refusal?.next.kind === 'quarantine') await this.#quarantine(piece, files, refusal.next);
  }

  /** Nothing where it is stored; else the refusal, recorded. */
  async #insert(piece: Piece, files: readonly PlannedFile[], token: string): Promise<Refusal | undefined> {
    try {
      await this.#insertUnder(token, piece, files);
      return undefined;
    } catch (error) {
      const refused = contentError(error);
      if (!refused || (await this.#isElsewhere(refused, piece, files))) throw error;
      const next = (await this.#canHalve(piece, files))
        ? ({ kind: 'halves', halves: halvesOf(piece, files) } as const)
        : ({ kind: 'quarantine', reason: `refused by the store (${refused.name})`, details: detailsOf(error) } as const);
      const refusal: Refusal = { table: this.#table, token, next };
      await this.#spool.refused(this.#plan, refusal);
      return refusal;
    }
  }

  async #insertUnder(token: string, piece: Piece, files: readonly PlannedFile[]): Promise<void> {
    if (piece.kind === 'sets') {
      const paths = files.map(({ file }) => this.#spool.pathOf(file));
      return await this.#engine.insertFiles(this.#table, paths, token);
    }
    const bytes = await this.#rowsOf(piece, files);
    await this.#spool.withSlice(piece.set, this.#table, { ...piece, bytes }, (path) =>
      this.#engine.insertFiles(this.#table, [path], token),
    );
  }

  /** Whether blocks are not at fault for what an engine says of their shape. */
  async #isElsewhere(refused: ContentError, piece: Piece, files: readonly PlannedFile[]): Promise<boolean> {
    if (refused.about === 'value') return false;
    if (piece.kind === 'rows') return true;
    for (const planned of files) if (!(await this.#blockOf(planned))) return false;
    return true;
  }

  async #canHalve(piece: Piece, files: readonly PlannedFile[]): Promise<boolean> {
    const [only, ...others] = files;
    if (!only || others.length > 0) return true;
    const rows = piece.kind === 'rows' ? piece.to - piece.from : only.file.rows;
    if (rows < 2 || this.#isolated >= isolatedRowsMax) return false;
    if (!this.#spool.hasRoomToIsolate(diskBlocks(only.file.bytes) + isolationBytes)) return false;
    return (await this.#blockOf(only)) !== undefined;
  }

  get #isolated(): number {
    const refusals = this.#spool.refusalsOf(this.#plan.id);
    return refusals.filter(({ table, next }) => table === this.#table && next.kind === 'quarantine').length;
  }

  async #quarantine(
    piece: Piece,
    files: readonly PlannedFile[],
    { reason, details }: Extract<Refusal['next'], { kind: 'quarantine' }>,
  ): Promise<void> {
    if (piece.kind === 'rows') {
      const bytes = await this.#rowsOf(piece, files);
      return await this.#spool.quarantineRows(piece.set, this.#table, { ...piece, bytes }, reason, details);
    }
    for (const { setId, file } of files) await this.#spool.quarantine(setId, file, reason, details);
  }

  async #rowsOf(piece: Extract<Piece, { kind: 'rows' }>, files: readonly PlannedFile[]): Promise<Uint8Array> {
    const block = files[0] && (await this.#blockOf(files[0]));
    // It was whole when it was first taken apart: a disk that changes its bytes since then is a failure, not a content.
    if (!block) throw new Error(`the rows ${piece.from} to ${piece.to} of ${piece.set} cannot be read`);
    return block.slice(piece.from, piece.to);
  }

  /** The rows of a file; nothing where it does not hold what it should. */
  async #blockOf({ setId, file }: PlannedFile): Promise<Block | undefined> {
    if (this.#opened?.setId === setId) return this.#opened.block;
    const bytes = await this.#spool.read(file);
    const read = bytes && readNativeBlock(this.#table, bytes);
    const block = read?.kind === 'block' && read.rows === file.rows ? read : undefined;
    this.#opened = { setId, block };
    return block;
  }
}

function detailsOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.length <= detailsLengthMax ? message : `${message.slice(0, detailsLengthMax)}...`;
}
