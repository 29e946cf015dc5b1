import { type Metric, type Point, point } from '../metric.ts';

/** Columns of `/proc/net/dev`, counted from the interface's name. */
const columns = {
  'system.network.io': { unit: 'By', receive: 0, transmit: 8 },
  'system.network.packet.count': { unit: '{packet}', receive: 1, transmit: 9 },
  'system.network.errors': { unit: '{error}', receive: 2, transmit: 10 },
  'system.network.packet.dropped': { unit: '{packet}', receive: 3, transmit: 11 },
} as const;

/**
 * `/proc/net/dev`, of the interfaces that are pieces of hardware; where there are none (a container) of all but the loopback. Bridges,
 * bonds and the host's ends of containers' networks would count the same bytes again.
 */
export function networkMetrics(netDev: string, isHardware: (name: string) => boolean): Metric[] {
  const interfaces = netDev.split('\n').flatMap((line) => {
    const [, name, numbers] = /^ *([^:\s]+): *([\d ]+?) *$/.exec(line) ?? [];
    return name === undefined || numbers === undefined || name === 'lo'
      ? []
      : [{ name, values: numbers.split(/ +/).map(Number) }];
  });
  const hardware = interfaces.filter(({ name }) => isHardware(name));
  const counted = hardware.length > 0 ? hardware : interfaces;
  return Object.entries(columns).flatMap(([metric, { unit, ...directions }]): Metric[] => {
    const points = counted.flatMap(({ name, values }) =>
      Object.entries(directions).flatMap(([direction, column]): Point[] => {
        const value = values[column];
        if (value === undefined) return [];
        return [point(value, { 'network.interface.name': name, 'network.io.direction': direction })];
      }),
    );
    return points.length === 0 ? [] : [{ name: metric, unit, type: 'counter', points }];
  });
}
