import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where the collector answers while the dashboard is being developed. */
const collector = process.env['SONDE_API_ORIGIN'] ?? 'http://127.0.0.1:4320';

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ['@sonde/source', 'module', 'browser', 'development|production'] },
  server: { host: '127.0.0.1', proxy: { '/api': collector } },
  preview: { host: '127.0.0.1', proxy: { '/api': collector } },
  build: {
    target: 'es2023',
    // A strict Content-Security-Policy allows no data: scripts or fonts; small assets stay files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // For the collector, which has the browser load a page's own code ahead.
    manifest: true,
    // ECharts is one chunk of its own, loaded with the first chart; what pages share otherwise is another: each of thirty small files is a
    // request that has to wait for its turn.
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: 'shared', minShareCount: 2, test: (id) => !/\/(echarts|zrender)\//.test(id) }] },
      },
    },
  },
});
