import { type Metric, type Point, point } from '../metric.ts';

/** The unit of `/proc/diskstats`, whatever the device's own sectors are (kernel: Documentation/admin-guide/iostats.rst). */
const sectorBytes = 512;

interface Device {
  readonly name: string;
  /** Fields 1 to 10 and beyond of iostats.rst. */
  readonly fields: readonly number[];
}

/**
 * `/proc/diskstats`, of the disks that are pieces of hardware: not their partitions, not loop and RAM disks, not the volumes made of
 * them, which would count the same bytes again.
 */
export function diskMetrics(diskstats: string, isHardware: (name: string) => boolean): Metric[] {
  const devices: Device[] = diskstats.split('\n').flatMap((line) => {
    const [, , name, ...fields] = line.trim().split(/ +/);
    return name === undefined || fields.length < 11 || !isHardware(name) ? [] : [{ name, fields: fields.map(Number) }];
  });
  if (devices.length === 0) return [];
  const both = (
    name: string,
    unit: string,
    readField: number,
    writeField: number,
    valueOf: (field: number) => number,
  ): Metric => ({
    name,
    unit,
    type: 'counter',
    points: devices.flatMap(({ name: device, fields }): Point[] => [
      point(valueOf(fields[readField - 1] ?? 0), { 'system.device': device, 'disk.io.direction': 'read' }),
      point(valueOf(fields[writeField - 1] ?? 0), { 'system.device': device, 'disk.io.direction': 'write' }),
    ]),
  });
  const each = (
    name: string,
    unit: string,
    type: Metric['type'],
    field: number,
    valueOf: (field: number) => number,
  ): Metric => ({
    name,
    unit,
    type,
    points: devices.map(({ name: device, fields }) => point(valueOf(fields[field - 1] ?? 0), { 'system.device': device })),
  });
  return [
    both('system.disk.io', 'By', 3, 7, (sectors) => sectors * sectorBytes),
    both('system.disk.operations', '{operation}', 1, 5, (count) => count),
    both('system.disk.operation_time', 's', 4, 8, (milliseconds) => milliseconds / 1000),
    both('system.disk.merged', '{operation}', 2, 6, (count) => count),
    each('system.disk.io_time', 's', 'counter', 10, (milliseconds) => milliseconds / 1000),
    // The queue: how many operations are under way, and that number added up over time (its rate is the mean length).
    each('system.disk.pending_operations', '{operation}', 'level', 9, (count) => count),
    each('system.disk.weighted_io_time', 's', 'counter', 11, (milliseconds) => milliseconds / 1000),
  ];
}
