import { readFileSync } from 'node:fs';

const id = '[0-9a-f]{64}';

/**
 * The container's id as the kernel shows it to a process inside: at the end of a cgroup v1 path (`/docker/<id>`,
 * `cri-containerd-<id>.scope`), or with cgroup v2 in the source of the files that the runtime mounts over `/etc`
 * (`/containers/<id>/hostname`). undefined where there is no container or the kernel does not tell: under containerd with a private
 * cgroup namespace only the id of the pod's sandbox can be seen, which is another thing.
 */
export function containerIdOf(cgroup: string, mountInfo: string): string | undefined {
  const v1 = new RegExp(`[/:-](${id})(?:\\.scope)?$`, 'm').exec(cgroup);
  const v2 = new RegExp(`/(?:overlay-)?containers/(${id})/(?:userdata/)?(?:hostname|hosts|resolv\\.conf) /etc/`).exec(
    mountInfo,
  );
  return (v1 ?? v2)?.[1];
}

export function readContainerId(): string | undefined {
  return process.platform === 'linux' ? containerIdOf(read('/proc/self/cgroup'), read('/proc/self/mountinfo')) : undefined;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // No such file outside Linux, or no right to it: nothing is known.
  }
}
