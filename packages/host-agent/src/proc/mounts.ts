export interface Mount {
  readonly device: string;
  readonly type: string;
  readonly mountpoint: string;
  readonly mode: 'rw' | 'ro';
}

/**
 * `/proc/self/mountinfo` (proc(5)): the file systems on disks of this machine, each once, at its shortest mount point. Not those of the
 * kernel, in memory, or read-only by nature (squashfs, ISO 9660), and none on the network: asking a server that is gone would hang.
 */
export function diskMounts(mountinfo: string): Mount[] {
  const byDevice = new Map<string, Mount>();
  for (const line of mountinfo.split('\n')) {
    const [before, after] = line.split(' - ');
    const [, , deviceNumber, , mountpoint, options] = before?.split(' ') ?? [];
    const [type, device] = after?.split(' ') ?? [];
    if (deviceNumber === undefined || mountpoint === undefined || options === undefined) continue;
    if (type === undefined || device === undefined || !isOnDisk(type, device, mountpoint)) continue;
    const mount: Mount = {
      device: unescape(device),
      type,
      mountpoint: unescape(mountpoint),
      mode: options.split(',').includes('ro') ? 'ro' : 'rw',
    };
    const known = byDevice.get(deviceNumber);
    if (known === undefined || mount.mountpoint.length < known.mountpoint.length) byDevice.set(deviceNumber, mount);
  }
  return [...byDevice.values()];
}

function isOnDisk(type: string, device: string, mountpoint: string): boolean {
  if (['squashfs', 'iso9660', 'udf', 'erofs', 'cramfs'].includes(type)) return false;
  if (type === 'zfs') return true;
  // The root of a container lies on a disk of the host.
  if (type === 'overlay') return mountpoint === '/';
  return device.startsWith('/dev/') && !/^\/dev\/(?:loop|ram|zram|sr|fd)\d/.test(device);
}

/** Spaces and the like are written as three octal digits. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_all, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}
