import { type Static, Type } from 'typebox';
import { AnsweredRange, Count, Name, operation, orUnknown, strictObject, timeRange } from './common.ts';

const Amount = orUnknown(Type.Number({ minimum: 0 }));

export const HostProcess = strictObject({
  pid: Type.Integer(),
  /** `process.executable.name`, `process.command`, `process.owner`; empty where it is not known. */
  name: Type.String(),
  command: Type.String(),
  owner: Type.String(),
  /** `container.id` that it runs in; empty: in none. */
  containerId: Type.String(),
  /** The service instance that says it is this process; empty: none does. */
  service: Type.String(),
  instance: Type.String(),
  /** Processors that it kept busy, in the mean: 1 is one of them. */
  cpu: Amount,
  memoryBytes: Amount,
  readBytesPerSecond: Amount,
  writeBytesPerSecond: Amount,
});
export type HostProcess = Static<typeof HostProcess>;

export const HostContainer = strictObject({
  containerId: Type.String(),
  runtime: Type.String(),
  cpu: Amount,
  /** Processors that it may use. */
  cpuLimit: Amount,
  memoryBytes: Amount,
  memoryLimitBytes: Amount,
  /** Of the time, how much it was held back because it had used up its processors. */
  throttled: Amount,
  processes: Count,
});
export type HostContainer = Static<typeof HostContainer>;

export const listHostProcesses = operation({
  id: 'listHostProcesses',
  path: '/hosts/{host}/processes',
  summary: 'What runs on a host: its processes by CPU and memory, with the service instance each is, and its containers.',
  params: strictObject({ host: Name }),
  query: strictObject({
    ...timeRange,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: 'Of each. Default 50.' })),
  }),
  reply: strictObject({
    range: AnsweredRange,
    /** As the host agent sends them, those that use most CPU first. */
    processes: Type.Array(HostProcess),
    containers: Type.Array(HostContainer),
  }),
});
