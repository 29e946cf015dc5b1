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
    // ECharts is one chunk of its own, loaded with the first chart.
    chunkSizeWarningLimit: 600,
  },
});
