/**
 * How fast the engine alone loads the Native files that the collector would hand it, in loads of the collector's size, with the collector's
 * schema, rollups and fsync: the limit of the whole path. A process of its own; prints JSON.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createColumnBatch } from '@sonde/otlp';
import { migrate, openEngine } from '@sonde/store';
import { SpanBatch } from './span-batch.ts';

const loads = 12;
const rowsPerLoad = 144_000;
const requestsPerFile = 18;
const spansPerRequest = 500;

const folder = await mkdtemp(join(tmpdir(), 'sonde-engine-'));
try {
  const senders = Array.from({ length: 16 }, (_, index) => new SpanBatch(spansPerRequest, index));
  const batch = createColumnBatch();
  let requests = 0;
  let bytes = 0;
  const files = (): Promise<string[]> =>
    Promise.all(
      Array.from({ length: rowsPerLoad / requestsPerFile / spansPerRequest }, async (_, index) => {
        for (let i = 0; i < requestsPerFile; i++) {
          const sender = senders[requests++ % senders.length];
          sender?.renew();
          if (sender) batch.append('traces', 'protobuf', sender.bytes, Date.now());
        }
        const spans = batch.take().find(({ table }) => table === 'spans');
        const path = join(folder, `${requests}-${index}.native`);
        bytes += spans?.bytes.length ?? 0;
        await writeFile(path, spans?.bytes ?? '');
        return path;
      }),
    );
  const planned: string[][] = [];
  for (let load = 0; load < loads; load++) planned.push(await files());
  const engine = await openEngine({ path: join(folder, 'db'), database: 'sonde_default' });
  await migrate(engine);
  const cpu = (): number => {
    const { user, system } = process.cpuUsage();
    return user + system;
  };
  // The first load opens everything.
  await engine.insertFiles('spans', planned[0] ?? [], 'first');
  const startedAt = performance.now();
  const cpuBefore = cpu();
  for (const [index, paths] of planned.entries()) if (index > 0) await engine.insertFiles('spans', paths, `load-${index}`);
  const rows = (loads - 1) * rowsPerLoad;
  const result = {
    spansPerSecond: (rows * 1000) / (performance.now() - startedAt),
    cpuMicrosecondsPerSpan: (cpu() - cpuBefore) / rows,
    nativeBytesPerSpan: bytes / (loads * rowsPerLoad),
  };
  await engine.close();
  process.stdout.write(JSON.stringify(result));
} finally {
  await rm(folder, { recursive: true, force: true });
}
