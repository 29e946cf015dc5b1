import { type Static, Type } from 'typebox';
import {
  AnsweredRange,
  Count,
  DurationNs,
  Name,
  noParams,
  operation,
  orUnknown,
  rangeAndPlace,
  Series,
  strictObject,
} from './common.ts';

const Ratio = orUnknown(Type.Number({ minimum: 0 }));
const Rate = orUnknown(Type.Number({ minimum: 0 }));

export const HostSummary = strictObject({
  host: Type.String(),
  hostId: Type.String(),
  os: Type.String(),
  lastSeenMs: Type.Integer(),
  /** Means over the range; of what is sent as `system.*`. */
  cpu: strictObject({ cores: orUnknown(Count), utilization: Ratio, iowait: Ratio, steal: Ratio, load1m: Rate }),
  memory: strictObject({ totalBytes: Rate, usedBytes: Rate, utilization: Ratio }),
  network: strictObject({ receiveBytesPerSecond: Rate, transmitBytesPerSecond: Rate, errorsPerSecond: Rate }),
  disk: strictObject({ readBytesPerSecond: Rate, writeBytesPerSecond: Rate, /** Of the busiest device. */ busy: Ratio }),
  /** The fullest file system, at the end of the range. */
  filesystem: strictObject({ mountpoint: orUnknown(Type.String()), totalBytes: Rate, usedBytes: Rate, utilization: Ratio }),
  services: Type.Array(Type.String()),
  /** CPU utilisation in each of 30 equal steps. */
  trend: Type.Array(Ratio),
});
export type HostSummary = Static<typeof HostSummary>;

export const listHosts = operation({
  id: 'listHosts',
  path: '/hosts',
  summary: 'The hosts that sent metrics or run a service that sent anything, the busiest first.',
  params: noParams,
  query: rangeAndPlace,
  reply: strictObject({ range: AnsweredRange, items: Type.Array(HostSummary) }),
});

export const HostDetail = strictObject({
  range: AnsweredRange,
  summary: HostSummary,
  /** The service instances that run there. */
  services: Type.Array(
    strictObject({
      service: Type.String(),
      instance: Type.String(),
      version: Type.String(),
      requests: Count,
      errors: Count,
      p95Ns: orUnknown(DurationNs),
      /** The p95 of the same service on all other hosts. */
      elsewhereP95Ns: orUnknown(DurationNs),
    }),
  ),
  stepMs: Type.Integer({ minimum: 1 }),
  timesMs: Type.Array(Type.Integer()),
  /** One series a state (`1`): user, system, iowait, steal, nice, interrupt, softirq; idle is left out. */
  cpu: Type.Array(Series),
  /** One series a state (`By`): used, cached, buffers, free. */
  memory: Type.Array(Series),
  /** Two series a device (`By/s`): `eth0 receive`, `eth0 transmit`. */
  network: Type.Array(Series),
  /** Two series a device (`By/s`): `sda read`, `sda write`. */
  diskIo: Type.Array(Series),
  /** One series a mount point: utilisation (`1`). */
  filesystem: Type.Array(Series),
  /** One series a mount point: inodes in use, of all (`1`). */
  inodes: Type.Array(Series),
  /** Of the time, how much some (`cpu some`) or all (`io full`) of the processes waited for a resource (`1`): Linux's PSI. */
  pressure: Type.Array(Series),
  /** Two series a device (`{operation}/s`): `sda read`, `sda write`. */
  diskOperations: Type.Array(Series),
  /** One series a device: operations under way or waiting, in the mean (`{operation}`). */
  diskQueue: Type.Array(Series),
  /** Errors and dropped packets, two series each a device (`{packet}/s`): `eth0 receive errors`. */
  networkErrors: Type.Array(Series),
  /** One series a state of TCP (`{connection}`): established, listen, time_wait. */
  connections: Type.Array(Series),
  /** Swap in use (`By`), one series a state: used, free. */
  swap: Type.Array(Series),
});
export type HostDetail = Static<typeof HostDetail>;

export const getHost = operation({
  id: 'getHost',
  path: '/hosts/{host}',
  summary: 'One host: CPU, memory, network, disk and file systems over time, and the services that run there.',
  params: strictObject({ host: Name }),
  query: rangeAndPlace,
  reply: HostDetail,
});
