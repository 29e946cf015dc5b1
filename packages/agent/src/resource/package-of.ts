import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Name and version in the package.json nearest to the entry script, going up; each only where it is given. */
export function packageOf(entry: string | undefined): { readonly name?: string; readonly version?: string } {
  if (entry === undefined) return {};
  let directory = dirname(resolveLinks(entry));
  for (;;) {
    const found = readPackage(join(directory, 'package.json'));
    // A package.json may only say `"type": "module"` for one folder: the package is further up.
    if (found.name !== undefined) return found;
    const parent = dirname(directory);
    if (parent === directory) return {};
    directory = parent;
  }
}

function resolveLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function readPackage(path: string): { name?: string; version?: string } {
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof content !== 'object' || content === null) return {};
    const { name, version } = content as { name?: unknown; version?: unknown };
    return {
      ...(typeof name === 'string' && name !== '' ? { name } : {}),
      ...(typeof version === 'string' && version !== '' ? { version } : {}),
    };
  } catch {
    return {};
  }
}
