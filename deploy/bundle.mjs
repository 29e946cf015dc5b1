/**
 * Puts the collector, the packages that it is made of and TypeBox into one file: of two seconds that it took to start, Node spent one on finding
 * and reading 1,100 small modules (docs/adr/0016-collector-in-one-file.md). Runs after the build.
 */
import { join } from 'node:path';
import { build } from 'vite';
import { root } from './setup.mjs';

const built = (name) => join(root, 'collector/dist', `${name}.js`);

await build({
  configFile: false,
  root: join(root, 'collector'),
  logLevel: 'warn',
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'bundle',
    emptyOutDir: true,
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      // The flags are a file of their own, or they would be set when everything else has been imported, and taken its memory.
      input: { 'v8-flags': built('v8-flags'), main: built('main'), 'decode-thread': built('ingest/decode-thread') },
      output: { entryFileNames: '[name].js', chunkFileNames: 'shared-[hash].js' },
    },
  },
  ssr: { noExternal: [/^@sonde\//, /^typebox/] },
});
