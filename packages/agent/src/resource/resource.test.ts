import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { containerIdOf } from './container-id.ts';
import { packageOf } from './package-of.ts';

const id = '0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0';

test.each([
  ['docker, cgroup v1', `12:cpu:/docker/${id}\n1:name=systemd:/docker/${id}`, ''],
  ['kubernetes, cgroup v1', `11:memory:/kubepods/burstable/pod0f1e/${id}`, ''],
  ['containerd under systemd', `0::/system.slice/kubepods.slice/cri-containerd-${id}.scope`, ''],
  ['docker, cgroup v2', '0::/', `617 594 254:1 /var/lib/docker/containers/${id}/hostname /etc/hostname rw - ext4 /dev/vda1 rw`],
  [
    'podman, cgroup v2',
    '0::/',
    `9 8 0:1 /run/containers/storage/overlay-containers/${id}/userdata/hosts /etc/hosts rw - tmpfs tmpfs rw`,
  ],
])('container id: %s', (_runtime, cgroup, mountInfo) => {
  expect(containerIdOf(cgroup, mountInfo)).toBe(id);
});

test.each([
  ['no container', '0::/user.slice/user-0.slice/session-1.scope', '22 27 0:21 / /proc rw - proc proc rw'],
  ['the host of a container', '0::/init.scope', `50 27 0:9 / /var/lib/docker/containers/${id}/mounts/shm rw - tmpfs shm rw`],
  [
    'the sandbox of a pod, which is not the container',
    '0::/',
    `7 6 8:1 /io.containerd.grpc.v1.cri/sandboxes/${id}/hostname /etc/hostname rw - ext4 /dev/a rw`,
  ],
  ['nothing', '', ''],
])('no container id: %s', (_case, cgroup, mountInfo) => {
  expect(containerIdOf(cgroup, mountInfo)).toBeUndefined();
});

const folder = mkdtempSync(join(tmpdir(), 'sonde-package-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the nearest package.json with a name, through links', () => {
  mkdirSync(join(folder, 'app/dist/inner'), { recursive: true });
  writeFileSync(join(folder, 'app/package.json'), '{ "name": "shop", "version": "1.2.3" }');
  writeFileSync(join(folder, 'app/dist/package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'app/dist/inner/package.json'), 'not JSON');
  writeFileSync(join(folder, 'app/dist/inner/main.js'), '');
  symlinkSync(join(folder, 'app/dist/inner/main.js'), join(folder, 'link.js'));
  for (const entry of ['app/dist/inner/main.js', 'app/dist/inner/absent.js', 'link.js']) {
    expect(packageOf(join(folder, entry))).toEqual({ name: 'shop', version: '1.2.3' });
  }
  expect(packageOf(undefined)).toEqual({});
});
