import { describe, expect, test } from 'vitest';
import { type Metric } from '../metric.ts';
import { connectionMetrics, socketCount } from './connections.ts';
import { bootTimeSeconds, cpuMetrics, loadMetrics } from './cpu.ts';
import { diskMetrics } from './disk.ts';
import { memoryMetrics, pagingMetrics } from './memory.ts';
import { diskMounts } from './mounts.ts';
import { networkMetrics } from './network.ts';
import { pressureMetrics } from './pressure.ts';

/** `name label…: value` of each point. */
function lines(metrics: readonly Metric[]): string[] {
  return metrics.flatMap(({ name, points }) =>
    points.map(({ value, attributes }) => `${[name, ...Object.values(attributes)].join(' ')}: ${value}`),
  );
}

// Captured on Linux 6.18 with two processors.
const stat = `cpu  258094 534 77667 608682 3856 0 2152 847 0 0
cpu0 125527 240 37709 310193 1005 0 582 426 0 0
cpu1 132567 293 39957 298488 2850 0 1570 421 0 0
intr 10453331 0 0
ctxt 25183320
btime 1795245678
processes 27118
`;

test('CPU time of all processors, by mode', () => {
  expect(lines(cpuMetrics(stat))).toEqual([
    'system.cpu.time user: 2580.94',
    'system.cpu.time nice: 5.34',
    'system.cpu.time system: 776.67',
    'system.cpu.time idle: 6086.82',
    'system.cpu.time iowait: 38.56',
    'system.cpu.time interrupt: 0',
    'system.cpu.time softirq: 21.52',
    'system.cpu.time steal: 8.47',
    'system.cpu.logical.count: 2',
  ]);
  expect(bootTimeSeconds(stat)).toBe(1795245678);
});

test('a kernel before 2.6.11 tells nothing of steal: it is left out, not zero', () => {
  expect(lines(cpuMetrics('cpu  1 2 3 4 5 6 7\ncpu0 1 2 3 4 5 6 7\n'))).not.toContainEqual(expect.stringContaining('steal'));
});

test('load', () => {
  expect(lines(loadMetrics('6.03 7.24 5.13 3/475 19395\n'))).toEqual([
    'system.cpu.load_average.1m: 6.03',
    'system.cpu.load_average.5m: 7.24',
    'system.cpu.load_average.15m: 5.13',
  ]);
});

const meminfo = `MemTotal:       24684084 kB
MemFree:        19667168 kB
MemAvailable:   22137556 kB
Buffers:           40664 kB
Cached:          2234376 kB
SwapCached:            0 kB
SwapTotal:       2097148 kB
SwapFree:        2096124 kB
Slab:             605792 kB
SReclaimable:     553076 kB
SUnreclaim:        52716 kB
`;

describe('memory', () => {
  test('the states add up to the limit', () => {
    const [usage, limit] = memoryMetrics(meminfo);
    expect(lines(usage === undefined ? [] : [usage])).toEqual([
      `system.memory.usage used: ${(24684084 - 19667168 - 40664 - 2234376 - 553076) * 1024}`,
      `system.memory.usage free: ${19667168 * 1024}`,
      `system.memory.usage buffers: ${40664 * 1024}`,
      `system.memory.usage cached: ${(2234376 + 553076) * 1024}`,
    ]);
    expect(usage?.points.reduce((sum, { value }) => sum + value, 0)).toBe(limit?.points[0]?.value);
  });

  test('swap', () => {
    expect(lines(memoryMetrics(meminfo))).toContain(`system.paging.usage used: ${1024 * 1024}`);
    const without = memoryMetrics(meminfo.replace('2097148', '0').replace('2096124', '0'));
    expect(without.map(({ name }) => name)).not.toContain('system.paging.usage');
  });

  test('paging', () => {
    expect(lines(pagingMetrics('pgpgin 18766213\npswpin 3\npswpout 4\npgfault 71082447\npgmajfault 15118\n'))).toEqual([
      'system.paging.faults major: 15118',
      `system.paging.faults minor: ${71082447 - 15118}`,
      'system.paging.operations in: 3',
      'system.paging.operations out: 4',
    ]);
  });
});

const netDev = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 3389031430  548669    0    0    0     0          0         0 3389031430  548669    0    0    0     0       0          0
  eth0: 3310243449   91031    1    2    0     0          0         0  7598969   57733    3    4    0     0       0          0
docker0:    100       5    0    0    0     0          0         0      200       6    0    0    0     0       0          0
`;

describe('network', () => {
  test('of the hardware', () => {
    expect(lines(networkMetrics(netDev, (name) => name === 'eth0'))).toEqual([
      'system.network.io eth0 receive: 3310243449',
      'system.network.io eth0 transmit: 7598969',
      'system.network.packet.count eth0 receive: 91031',
      'system.network.packet.count eth0 transmit: 57733',
      'system.network.errors eth0 receive: 1',
      'system.network.errors eth0 transmit: 3',
      'system.network.packet.dropped eth0 receive: 2',
      'system.network.packet.dropped eth0 transmit: 4',
    ]);
  });

  test('in a container, where none is hardware: all but the loopback', () => {
    const interfaces = networkMetrics(netDev, () => false)[0]?.points.map(
      ({ attributes }) => attributes['network.interface.name'],
    );
    expect(interfaces).toEqual(['eth0', 'eth0', 'docker0', 'docker0']);
  });
});

test('disks: of the hardware, sectors as bytes, milliseconds as seconds', () => {
  const diskstats = `   7       0 loop0 11 0 22 3 0 0 0 0 0 4 3 0 0 0 0 0 0
 254       0 vda 848464 128073 37532426 745907 409012 529984 27707592 237380 0 112548 1026206 268648 693 14078440 32214 82799 10703
 254       1 vda1 848463 128073 37532425 745906 409012 529984 27707592 237380 0 112548 1026206 0 0 0 0 0 0
`;
  expect(lines(diskMetrics(diskstats, (name) => name === 'vda'))).toEqual([
    `system.disk.io vda read: ${37532426 * 512}`,
    `system.disk.io vda write: ${27707592 * 512}`,
    'system.disk.operations vda read: 848464',
    'system.disk.operations vda write: 409012',
    'system.disk.operation_time vda read: 745.907',
    'system.disk.operation_time vda write: 237.38',
    'system.disk.merged vda read: 128073',
    'system.disk.merged vda write: 529984',
    'system.disk.io_time vda: 112.548',
    'system.disk.pending_operations vda: 0',
    'system.disk.weighted_io_time vda: 1026.206',
  ]);
});

test('pressure: the time in which some waited, and all', () => {
  const text = `some avg10=62.54 avg60=66.31 avg300=60.69 total=18934268659
full avg10=0.00 avg60=0.00 avg300=0.00 total=7
`;
  expect(lines(pressureMetrics('io', text))).toEqual([
    'system.io.linux.pressure.total some: 18934.268659',
    'system.io.linux.pressure.total full: 0.000007',
  ]);
  expect(lines(pressureMetrics('cpu', 'some avg10=0.00 avg60=0.00 avg300=0.00 total=1\n'))).toHaveLength(1);
});

describe('connections', () => {
  const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:B097 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 3832101 1 000000006c16f593 100 0 0 10 0
   1: 0100007F:B3BD 0100007F:B2A9 01 00000000:00000000 00:00000000 00000000     0        0 3832516 1 00000000a1e1ee6f 100 0 0 10 0
1234: 0100007F:B3BD 0100007F:B2AA 06 00000000:00000000 03:00000F5A 00000000     0        0 0 3 0000000000000000
`;
  const tcp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000001000000:0019 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000   101        0 21015 1 0000000051c4ffd3 100 0 0 10 0
`;

  test('by state, of both kinds of address; a state that none is in is 0', () => {
    const counts = lines(connectionMetrics([tcp, tcp6]));
    expect(counts).toHaveLength(11);
    expect(counts).toContain('system.network.connection.count tcp listen: 2');
    expect(counts).toContain('system.network.connection.count tcp established: 1');
    expect(counts).toContain('system.network.connection.count tcp time_wait: 1');
    expect(counts).toContain('system.network.connection.count tcp close_wait: 0');
  });

  test('how many there are, without listing them', () => {
    const sockstat = 'sockets: used 163\nTCP: inuse 112 orphan 0 tw 78 alloc 112 mem 0\nUDP: inuse 9 mem 0\n';
    expect(socketCount(`${sockstat}\nTCP6: inuse 3\nUDP6: inuse 5\n`)).toBe(193);
  });
});

test('file systems: on disks, each once, at the shortest mount point', () => {
  const mountinfo = `22 27 0:21 / /proc rw,relatime - proc proc rw
25 24 0:23 / /dev/shm rw,relatime - tmpfs tmpfs rw,size=24684084k
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda1 rw,discard
40 27 254:0 /var/lib /mnt/again rw,relatime - ext4 /dev/vda1 rw
41 27 8:1 / /mnt/with\\040space ro,relatime - xfs /dev/sda1 ro
42 27 7:1 / /snap/core/1 ro,nodev - squashfs /dev/loop1 ro
43 27 0:50 / /net rw - nfs4 server:/export rw
44 27 0:51 / /var/lib/docker/overlay2/x/merged rw - overlay overlay rw,lowerdir=a
`;
  expect(diskMounts(mountinfo)).toEqual([
    { device: '/dev/vda1', type: 'ext4', mountpoint: '/', mode: 'rw' },
    { device: '/dev/sda1', type: 'xfs', mountpoint: '/mnt/with space', mode: 'ro' },
  ]);
  expect(diskMounts('1 0 0:60 / / rw - overlay overlay rw,lowerdir=a\n')).toMatchObject([{ mountpoint: '/', type: 'overlay' }]);
});

test('files that are not there or say something else: nothing, rather than zero', () => {
  for (const text of ['', '\n', 'nonsense', 'cpu', 'MemTotal: many kB']) {
    expect(cpuMetrics(text)).toEqual([]);
    expect(loadMetrics(text)).toEqual([]);
    expect(memoryMetrics(text)).toEqual([]);
    expect(pagingMetrics(text)).toEqual([]);
    expect(networkMetrics(text, () => true)).toEqual([]);
    expect(diskMetrics(text, () => true)).toEqual([]);
    expect(diskMounts(text)).toEqual([]);
    expect(pressureMetrics('cpu', text)).toEqual([]);
    expect(connectionMetrics([text])).toEqual([]);
  }
});
