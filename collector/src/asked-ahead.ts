import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Of Vite's manifest (https://vite.dev/guide/backend-integration), by a module's path in the dashboard's folder. */
interface Chunk {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
}
type Manifest = Readonly<Record<string, Chunk>>;

const tracePage = 'src/features/trace/file/trace-route.tsx';

/**
 * The `Link` header of the dashboard's page at a path. The page of a trace asks for the trace, which may be large, and for code of its own:
 * the browser does both while it still loads what every page needs, and hands the answer to the `fetch` of the page
 * (https://www.w3.org/TR/preload; `crossorigin` because a fetch has the mode cors).
 */
export async function linksOfPages(directory: string): Promise<(url: string) => string | undefined> {
  const code = codeOf(await manifestOf(directory), tracePage);
  return (url) => {
    const traceId = /^\/traces\/([0-9a-f]{32})(?=$|\?)/i.exec(url)?.[1];
    if (traceId === undefined) return undefined;
    return [`</api/v1/traces/${traceId}/columns>; rel=preload; as=fetch; crossorigin`, ...code].join(', ');
  };
}

async function manifestOf(directory: string): Promise<Manifest> {
  try {
    return JSON.parse(await readFile(join(directory, '.vite', 'manifest.json'), 'utf8')) as Manifest;
  } catch {
    // Only speed: pages work without.
    return {};
  }
}

/** What a module needs that the page itself does not name already. */
function codeOf(manifest: Manifest, module: string): string[] {
  const named = reached(manifest, 'index.html', new Set());
  const links = [...reached(manifest, module, new Set())].filter((name) => !named.has(name));
  return links.flatMap((name) => {
    const { css = [], file } = manifest[name] as Chunk;
    return [`</${file}>; rel=modulepreload`, ...css.map((style) => `</${style}>; rel=preload; as=style`)];
  });
}

function reached(manifest: Manifest, module: string, seen: Set<string>): Set<string> {
  const chunk = manifest[module];
  if (chunk === undefined || seen.has(module)) return seen;
  seen.add(module);
  for (const imported of chunk.imports ?? []) reached(manifest, imported, seen);
  return seen;
}
