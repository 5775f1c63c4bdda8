import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  // Relative addresses, so that the built files work from any folder: the window's and the server's.
  base: './',
  resolve: { alias: { $lib: fileURLToPath(new URL('./src/lib', import.meta.url)) } },
  server: { port: 5173, strictPort: true, host: '127.0.0.1' },
  build: {
    // The oldest web view that Tauri meets on a supported Debian, macOS and Windows.
    target: ['safari16', 'chrome110'],
    // An inlined file would need `data:` in the content-security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: { include: ['src/**/*.test.ts', 'tests/**/*.test.ts'] },
});
