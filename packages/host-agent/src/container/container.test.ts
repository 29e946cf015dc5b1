import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cgroupRoot, readContainers } from './containers.ts';
import { containerOf } from './container-of.ts';

const id = '0123456789abcdef'.repeat(4);
const pod = '8f8383c2-8f97-9eac-0356-b2c509f31c97';

describe('containers by the names of their cgroups', () => {
  test.each([
    ['docker, systemd', `/system.slice/docker-${id}.scope`, 'docker', undefined],
    ['docker, cgroupfs', `/docker/${id}`, 'docker', undefined],
    ['docker, v1, in /proc/<pid>/cgroup', `5:memory:/docker/${id}\n0::/\n`, 'docker', undefined],
    ['podman, and below it', `/machine.slice/libpod-${id}.scope/container`, 'podman', undefined],
    [
      'containerd, systemd',
      `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${pod.replaceAll('-', '_')}.slice/cri-containerd-${id}.scope`,
      'containerd',
      pod,
    ],
    ['cri-o', `/kubepods.slice/kubepods-pod${pod.replaceAll('-', '_')}.slice/crio-${id}.scope`, 'cri-o', pod],
    ['kubepods, cgroupfs', `/kubepods/besteffort/pod${pod}/${id}`, undefined, pod],
  ])('%s', (_case, path, runtime, podUid) => expect(containerOf(path)).toEqual({ id, runtime, podUid }));

  test.each([
    ['the console of one', `/machine.slice/libpod-conmon-${id}.scope`],
    ['none', '/user.slice/user-0.slice/session-1.scope'],
    ['a session of systemd', '0::/init.scope\n'],
    ['an id that is too short', `/process_api/${id.slice(32)}`],
  ])('%s', (_case, path) => expect(containerOf(path)).toBeUndefined());
});

test('where cgroups v2 are mounted', () => {
  const mountinfo = '35 24 0:30 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n';
  expect(cgroupRoot(`22 27 0:21 / /proc rw - proc proc rw\n${mountinfo}`)).toBe('/sys/fs/cgroup');
  expect(cgroupRoot('35 24 0:30 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n')).toBeUndefined();
});

/** Files as the kernel writes them, in folders as systemd and docker make them. */
describe('the files of a container', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'sonde-cgroup-'));
    const limited = join(root, 'system.slice', `docker-${id}.scope`);
    const files = {
      'cpu.stat':
        'usage_usec 5200000\nuser_usec 4000000\nsystem_usec 1200000\nnr_periods 60\nnr_throttled 12\nthrottled_usec 340000\nnr_bursts 0\nburst_usec 0\n',
      'cpu.max': '150000 100000\n',
      'memory.current': '104857600\n',
      'memory.max': '268435456\n',
      'memory.stat': 'anon 4000\nfile 5000\ninactive_anon 9\nactive_file 3\ninactive_file 4857600\n',
      'io.stat': '4095:7 rbytes=90430464 wbytes=299008000 rios=8950 wios=1252 dbytes=0 dios=0\n',
    };
    await mkdir(join(limited, 'init.scope'), { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(join(limited, name), text);
    const unlimited = join(root, 'docker', id.replace('0', 'f'));
    await mkdir(unlimited, { recursive: true });
    await writeFile(join(unlimited, 'cpu.max'), 'max 100000\n');
    await writeFile(join(unlimited, 'memory.max'), 'max\n');
    await writeFile(join(unlimited, 'memory.current'), '1000\n');
  });
  afterAll(() => rm(root, { recursive: true }));

  test('each is a resource; no limit is not a limit of 0', () => {
    const containers = readContainers(root, { 'host.name': 'here' }, 1000).map(({ resource, metrics }) => ({
      resource,
      lines: metrics.flatMap(({ name, points }) =>
        points.map(({ value, attributes }) => `${[name, ...Object.values(attributes)].join(' ')}: ${value}`),
      ),
    }));
    expect(containers).toHaveLength(2);
    const limited = containers.find(({ resource }) => resource['container.id'] === id);
    expect(limited?.resource).toEqual({ 'host.name': 'here', 'container.id': id, 'container.runtime': 'docker' });
    expect(limited?.lines).toEqual([
      'container.cpu.time user: 4',
      'container.cpu.time system: 1.2',
      'container.cpu.throttling_data.periods: 60',
      'container.cpu.throttling_data.throttled_periods: 12',
      'container.cpu.throttling_data.throttled_time: 340000000',
      'container.cpu.limit: 1.5',
      'container.memory.usage: 104857600',
      'container.memory.working_set: 100000000',
      'container.memory.usage.limit: 268435456',
      'container.disk.io 4095:7 read: 90430464',
      'container.disk.io 4095:7 write: 299008000',
    ]);
    expect(containers.find((one) => one !== limited)?.lines).toEqual(['container.memory.usage: 1000']);
  });

  test('a root that is not there', () => {
    expect(readContainers(join(root, 'nowhere'), {}, 0)).toEqual([]);
  });
});
