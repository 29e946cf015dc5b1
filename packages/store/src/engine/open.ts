import { type EmbeddedOptions, openEmbedded } from './embedded.ts';
import { openServer, type ServerOptions } from './server.ts';
import type { Engine } from './types.ts';

export type EngineOptions = EmbeddedOptions | ServerOptions;

/** Embedded where a path is given, a server where a URL is. Throws EngineUnusable with what to change. */
export function openEngine(options: EngineOptions): Promise<Engine> {
  return 'url' in options ? openServer(options) : openEmbedded(options);
}
