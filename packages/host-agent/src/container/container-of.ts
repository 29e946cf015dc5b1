/** What the name of a cgroup says of the container in it. */
export interface Container {
  readonly id: string;
  readonly runtime: string | undefined;
  readonly podUid: string | undefined;
}

const runtimes: Readonly<Record<string, string>> = {
  docker: 'docker',
  'cri-containerd': 'containerd',
  crio: 'cri-o',
  libpod: 'podman',
};

/**
 * The container of a cgroup path, or of the lines of `/proc/<pid>/cgroup`: `…/docker-<id>.scope` and `…/cri-containerd-<id>.scope` (systemd),
 * `…/docker/<id>` and `…/kubepods/pod<uid>/<id>` (cgroupfs). What lies below the container's own cgroup is the container's too.
 */
export function containerOf(path: string): Container | undefined {
  const named = /\/(?:([a-z-]+?)-)?([0-9a-f]{64})(?:\.scope)?(?=[/\n]|$)/.exec(path);
  if (named === null) return undefined;
  const [, prefix, id = ''] = named;
  // The helper of a container's console, beside it.
  if (prefix?.endsWith('conmon') === true) return undefined;
  const before = path.slice(0, named.index);
  const podUid = /pod([0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12})/.exec(before)?.[1];
  return {
    id,
    runtime: runtimes[prefix ?? ''] ?? (before.endsWith('/docker') ? 'docker' : undefined),
    podUid: podUid?.replaceAll('_', '-'),
  };
}
