import type { HostContainer, HostProcess, listHostProcesses } from '@sonde/api';
import type { Static } from 'typebox';
import { groupBy, type Measured } from '@sonde/model';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import { wholeRange } from './host-cpu.ts';
import { measured } from './middleware/measured.ts';
import { moment, rangeParams, rangeTypes, type TimeRange } from './range.ts';
import { compare } from './services.ts';

/** Resources of this host whose memory was measured in the range: processes (`process.pid`) and containers (`container.id`), the newest first. */
export const ranOnQuery = defineQuery({
  name: 'ranOnHost',
  subqueries: 'own shard',
  params: { ...rangeTypes, host: 'String' },
  row: {
    resource: 'String',
    pid: 'UInt32',
    name: 'String',
    command: 'String',
    owner: 'String',
    containerId: 'String',
    runtime: 'String',
  },
  sql: `
SELECT toString(resource_id) AS resource, toUInt32OrZero(any(attributes['process.pid'])) AS pid, any(attributes['process.executable.name']) AS name,
  any(attributes['process.command']) AS command, any(attributes['process.owner']) AS owner, any(attributes['container.id']) AS containerId,
  any(attributes['container.runtime']) AS runtime
FROM resources
WHERE host = {host:String} AND resource_id IN (
  SELECT resource_id FROM metric_series WHERE metric IN ('process.memory.usage', 'container.memory.usage') AND host = {host:String} AND series_id IN (
    SELECT series_id FROM metric_samples
    WHERE metric IN ('process.memory.usage', 'container.memory.usage')
      AND timestamp >= ${moment('{fromNs:Int64}')} AND timestamp < ${moment('{toNs:Int64}')}))
GROUP BY resource_id
ORDER BY max(received_at) DESC, resource_id
LIMIT 5000`,
});

/** Service instances that say which process of the host they are; a number that was given twice means the newest. */
export const instancesQuery = defineQuery({
  name: 'instancesOfProcesses',
  params: { host: 'String' },
  row: { pid: 'UInt32', containerId: 'String', service: 'String', instance: 'LowCardinality(String)' },
  sql: `
SELECT toUInt32OrZero(attributes['process.pid']) AS pid, attributes['container.id'] AS containerId, CAST(resources.service, 'String') AS service,
  resources.instance AS instance
FROM resources
WHERE host = {host:String} AND attributes['service.name'] != '' AND pid != 0
ORDER BY received_at
LIMIT 20000`,
});

const asked = {
  rates: [
    'process.cpu.time',
    'process.disk.io',
    'container.cpu.time',
    'container.cpu.throttling_data.periods',
    'container.cpu.throttling_data.throttled_periods',
  ],
  levels: ['process.memory.usage', 'container.memory.usage', 'container.memory.usage.limit', 'container.cpu.limit'],
  keys: ['disk.io.direction'],
} as const;

export async function hostProcesses(
  engine: Engine,
  range: TimeRange,
  { host, limit }: { readonly host: string; readonly limit: number },
): Promise<Static<typeof listHostProcesses.reply>> {
  const [found, instances] = await Promise.all([
    ask(engine, ranOnQuery, { ...rangeParams(range), host }),
    ask(engine, instancesQuery, { host }),
  ]);
  // One that changed its command line was another resource before; of its attributes the newest count.
  const runs = [...groupBy(found, ({ containerId, name, pid }) => `${pid} ${containerId} ${name}`).values()];
  const values = await measured(
    engine,
    range,
    wholeRange(range),
    runs.map((rows) => rows.map(({ resource }) => resource)),
    asked,
  );
  const byProcess = new Map(instances.map((one) => [`${one.pid} ${one.containerId}`, one]));
  const byContainer = groupBy(instances, ({ containerId }) => containerId);
  // Inside a container a process has another number than outside: what runs in the container of one instance is of that instance.
  const instanceOf = ({ containerId, pid }: { readonly containerId: string; readonly pid: number }) => {
    const inside = containerId === '' ? [] : (byContainer.get(containerId) ?? []);
    const isOne = new Set(inside.map(({ instance }) => instance)).size === 1;
    return byProcess.get(`${pid} ${containerId}`) ?? (isOne ? inside.at(-1) : byProcess.get(`${pid} `));
  };
  const ran = runs.flatMap(([row], at) => (row ? [{ row, value: valueIn(values[at] ?? []) }] : []));
  const processes = ran
    .filter(({ row }) => row.pid !== 0)
    .map(({ row: { command, containerId, name, owner, pid }, value }): HostProcess => {
      const instance = instanceOf({ containerId, pid });
      return {
        pid,
        name,
        command,
        owner,
        containerId,
        service: instance?.service ?? '',
        instance: instance?.instance ?? '',
        cpu: value('process.cpu.time'),
        memoryBytes: value('process.memory.usage'),
        readBytesPerSecond: value('process.disk.io', 'read'),
        writeBytesPerSecond: value('process.disk.io', 'write'),
      };
    })
    .toSorted(byUse);
  const containers = ran
    .filter(({ row }) => row.pid === 0 && row.containerId !== '')
    .map(({ row: { containerId, runtime }, value }): HostContainer => {
      const periods = value('container.cpu.throttling_data.periods');
      const held = value('container.cpu.throttling_data.throttled_periods');
      return {
        containerId,
        runtime,
        cpu: value('container.cpu.time'),
        cpuLimit: value('container.cpu.limit'),
        memoryBytes: value('container.memory.usage'),
        memoryLimitBytes: value('container.memory.usage.limit'),
        throttled: periods === null || held === null ? null : periods === 0 ? 0 : held / periods,
        processes: processes.filter((process) => process.containerId === containerId).length,
      };
    })
    .toSorted(byUse);
  return { range, processes: processes.slice(0, limit), containers: containers.slice(0, limit) };
}

/** The sum of what one of them measured under this name. */
function valueIn(all: readonly Measured[]): (metric: string, direction?: string) => number | null {
  return (metric, direction) => {
    const own = all.filter(
      (one) => one.metric === metric && (direction === undefined || one.attributes['disk.io.direction'] === direction),
    );
    return own.length === 0 ? null : own.reduce((sum, { value }) => sum + value, 0);
  };
}

type Used = { readonly cpu: number | null; readonly memoryBytes: number | null; readonly containerId: string };

function byUse(a: Used, b: Used): number {
  return (
    (b.cpu ?? -1) - (a.cpu ?? -1) || (b.memoryBytes ?? -1) - (a.memoryBytes ?? -1) || compare(a.containerId, b.containerId)
  );
}
