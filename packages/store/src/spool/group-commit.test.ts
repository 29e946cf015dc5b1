import { createColumnBatch } from '@sonde/otlp';
import { describe, expect, it } from 'vitest';
import { faultyDisk, openSpool, temporaryFolder } from '../testing/spool.ts';
import { systemClock } from './clock.ts';
import { type Disk, nodeDisk } from './disk.ts';
import { GroupCommit, type GroupCommitOptions } from './group-commit.ts';
import type { ItemLedger } from './item-ledger.ts';
import type { Spool } from './spool.ts';

function groupCommit(spool: Spool, ledger: ItemLedger, overrides: Partial<GroupCommitOptions> = {}): GroupCommit {
  const limits = { delayMs: 2, bytesTarget: 1e6, bytesMax: 1e6 };
  return new GroupCommit({
    spool,
    ledger,
    batch: createColumnBatch(),
    clock: systemClock,
    report: ignore,
    ...limits,
    ...overrides,
  });
}

function ignore(): void {}

/** A request of `count` spans, the first `illegal` of them without a trace id. */
function request(count: number, illegal = 0, name = 'GET /'): Uint8Array {
  const spans = Array.from({ length: count }, (_, index) => ({
    traceId: index < illegal ? '0'.repeat(32) : '5b8efff798038103d269b633813fc60c',
    spanId: (index + 1).toString(16).padStart(16, '0'),
    name,
  }));
  return Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
}

/** A disk that holds every directory fsync until it is let go. */
function heldDisk(): { disk: Disk; release: () => void; held: () => number } {
  const waiting: (() => void)[] = [];
  let open = true;
  const disk: Disk = {
    ...nodeDisk,
    async syncDirectory(path) {
      if (!open) await new Promise<void>((resolve) => waiting.push(resolve));
      await nodeDisk.syncDirectory(path);
    },
  };
  return {
    disk,
    held: () => {
      open = false;
      return waiting.length;
    },
    release: () => {
      open = true;
      for (const go of waiting.splice(0)) go();
    },
  };
}

describe('group commit', () => {
  it('(1) answers only when the set is durable, and then every request of the group', async () => {
    const { disk, held, release } = heldDisk();
    const { spool, ledger } = await openSpool(await temporaryFolder(), { disk });
    held();
    const commit = groupCommit(spool, ledger);
    const answered: number[] = [];
    const requests = [1, 2, 3].map((count) => commit.append('traces', 'json', request(count)).then(() => answered.push(count)));
    await expect.poll(held).toBe(1);
    expect(answered).toEqual([]);
    expect(spool.waiting).toEqual([]);
    release();
    await Promise.all(requests);
    expect(answered).toEqual([1, 2, 3]);
    expect(spool.waiting).toHaveLength(1);
    expect(ledger.snapshot().counters.traces).toMatchObject({ received: 6, pending: 6 });
  });

  it.each(['ENOSPC', 'EIO'])('(2) refuses the whole group on %s, and the next one is whole again', async (code) => {
    let failing = false;
    const disk = faultyDisk((_, operation) => (failing && operation === 'writeDurably' ? { code, torn: true } : undefined));
    const { spool, ledger } = await openSpool(await temporaryFolder(), { disk });
    const commit = groupCommit(spool, ledger);
    failing = true;
    const outcomes = await Promise.all([1, 2].map((count) => commit.append('traces', 'json', request(count))));
    expect(outcomes).toEqual([
      { kind: 'refused', reason: 'spool-unwritable' },
      { kind: 'refused', reason: 'spool-unwritable' },
    ]);
    failing = false;
    expect(await commit.append('traces', 'json', request(5))).toMatchObject({ kind: 'acknowledged' });
    expect(spool.waiting.map((set) => set.files.find((file) => file.table === 'spans')?.rows)).toEqual([5]);
    expect(ledger.snapshot()).toMatchObject({
      counters: { traces: { received: 8, pending: 5, refused: 3 } },
      refusedRequests: { 'spool-unwritable': 2 },
    });
  });

  it('(2) refuses when the spool is full, before and at the commit, and goes on when there is room', async () => {
    const { spool, ledger } = await openSpool(await temporaryFolder(), { bytesMax: 30_000 });
    const commit = groupCommit(spool, ledger);
    const outcomes = [];
    for (let n = 0; n < 6; n++) outcomes.push(await commit.append('traces', 'json', request(10)));
    expect(outcomes[0]).toMatchObject({ kind: 'acknowledged' });
    expect(outcomes.at(-1)).toEqual({ kind: 'refused', reason: 'spool-full' });
    expect(spool.usage.bytes).toBeLessThanOrEqual(30_000);
    const plan = spool.plan(spool.waiting.length);
    await spool.fix(plan);
    await spool.finish(plan);
    expect(await commit.append('traces', 'json', request(10))).toMatchObject({ kind: 'acknowledged' });
  });

  it('(3) takes the next group while one is written, and refuses what would pass the bound', async () => {
    const { disk, held, release } = heldDisk();
    const { spool, ledger } = await openSpool(await temporaryFolder(), { disk });
    held();
    const commit = groupCommit(spool, ledger, { bytesTarget: 1, bytesMax: 10_000 });
    const first = commit.append('traces', 'json', request(1));
    await expect.poll(held).toBe(1);
    const later = Array.from({ length: 30 }, () => commit.append('traces', 'json', request(20)));
    expect(await later.at(-1)).toEqual({ kind: 'refused', reason: 'ingest-busy' });
    release();
    const outcomes = await Promise.all([first, ...later]);
    const acknowledged = outcomes.filter((outcome) => outcome.kind === 'acknowledged').length;
    expect(acknowledged).toBeGreaterThan(1);
    // Two groups, however many requests.
    expect(spool.waiting).toHaveLength(2);
    expect(
      spool.waiting.flatMap((set) => set.files).reduce((sum, file) => sum + (file.table === 'spans' ? file.rows : 0), 0),
    ).toBe(1 + (acknowledged - 1) * 20);
  });

  it('(4) tells the sender of malformed bytes, and its neighbours nothing', async () => {
    const { spool, ledger } = await openSpool(await temporaryFolder());
    const commit = groupCommit(spool, ledger);
    const [good, bad, other] = await Promise.all([
      commit.append('traces', 'json', request(2)),
      commit.append('traces', 'json', Buffer.from('{"resourceSpans": [')),
      commit.append('traces', 'protobuf', Buffer.from([0x0a, 0xff])),
    ]);
    expect(good).toEqual({ kind: 'acknowledged', rejected: 0, reason: '' });
    expect(bad?.kind).toBe('malformed');
    expect(other?.kind).toBe('malformed');
    expect(ledger.snapshot()).toMatchObject({
      counters: { traces: { received: 2, pending: 2 } },
      refusedRequests: { malformed: 2 },
    });
  });

  it('counts illegal items as rejected, with the reason, and stores their neighbours', async () => {
    const { spool, ledger } = await openSpool(await temporaryFolder());
    const commit = groupCommit(spool, ledger);
    const outcome = await commit.append('traces', 'json', request(5, 2));
    expect(outcome).toMatchObject({ kind: 'acknowledged', rejected: 2 });
    const { counters, drops } = ledger.snapshot();
    expect(counters.traces).toMatchObject({ received: 5, pending: 3, rejected: 2 });
    expect(drops).toEqual([{ signal: 'traces', outcome: 'rejected', reason: expect.stringMatching(/./), items: 2 }]);
  });

  it('acknowledges a request without items at once', async () => {
    const { spool, ledger } = await openSpool(await temporaryFolder());
    const commit = groupCommit(spool, ledger, { delayMs: 1e6 });
    const empty = { kind: 'acknowledged', rejected: 0, reason: '' };
    expect(await commit.append('traces', 'json', Buffer.from('{}'))).toEqual(empty);
    expect(await commit.append('logs', 'protobuf', new Uint8Array())).toEqual(empty);
  });

  it('(5) answers what it took before close(), and refuses what comes after', async () => {
    const { spool, ledger } = await openSpool(await temporaryFolder());
    const commit = groupCommit(spool, ledger, { delayMs: 1e6 });
    const taken = commit.append('traces', 'json', request(1));
    await commit.close();
    expect(await taken).toMatchObject({ kind: 'acknowledged' });
    expect(await commit.append('traces', 'json', request(1))).toEqual({ kind: 'refused', reason: 'shutting-down' });
  });

  it('(6) answers the group that came due while another was written', async () => {
    const { disk, held, release } = heldDisk();
    const { spool, ledger } = await openSpool(await temporaryFolder(), { disk });
    const commit = groupCommit(spool, ledger);
    const elsewhere = createColumnBatch();
    elsewhere.append('logs', 'json', Buffer.from('{"resourceLogs":[{"scopeLogs":[{"logRecords":[{}]}]}]}'), 0);
    const filling = commit.append('traces', 'json', request(1));
    held();
    const own = commit.appendOwn(elsewhere.take());
    await expect.poll(held).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    release();
    expect(await own).toBe(true);
    expect(await filling).toMatchObject({ kind: 'acknowledged' });
    // What is the collector's own is in no counter.
    expect(ledger.snapshot().counters).toMatchObject({ traces: { received: 1 }, logs: { received: 0 } });
  });

  it('answers what was decoded elsewhere as it answers its own: acknowledged, malformed, refused', async () => {
    const { spool, ledger } = await openSpool(await temporaryFolder(), { bytesMax: 30_000 });
    const commit = groupCommit(spool, ledger);
    const elsewhere = createColumnBatch();
    const send = (body: Uint8Array) => {
      const outcome = elsewhere.append('traces', 'json', body, 0);
      return commit.appendDecoded('traces', outcome, elsewhere.take());
    };
    expect(await send(request(5, 2))).toMatchObject({ kind: 'acknowledged', rejected: 2 });
    expect(await send(Buffer.from('{"resourceSpans": ['))).toMatchObject({ kind: 'malformed' });
    const outcomes = [];
    for (let n = 0; n < 6; n++) outcomes.push(await send(request(10)));
    expect(outcomes.at(-1)).toEqual({ kind: 'refused', reason: 'spool-full' });
    await commit.close();
    expect(await send(request(1))).toEqual({ kind: 'refused', reason: 'shutting-down' });
    const { traces } = ledger.snapshot().counters;
    expect(traces.received).toBe(5 + 60 + 1);
    expect(traces).toMatchObject({ rejected: 2, refused: traces.received - 2 - traces.pending });
  });
});
