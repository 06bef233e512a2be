// Bundles GraphiQL with everything it needs, so that the page asks no other host for anything.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** @type {import('vite').UserConfig} */
export default {
  root: here,
  base: '/graphiql/',
  // The bundler's own cache would lie in this folder otherwise.
  cacheDir: join(here, '../../.cache/vite'),
  build: {
    outDir: join(here, '../../dist-web/graphiql'),
    emptyOutDir: true,
    target: 'es2022',
    // Sizes are known: the editor is large.
    chunkSizeWarningLimit: 10_000,
    reportCompressedSize: false,
    // A page that preloads by script would need a looser policy.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // The libraries carry directives for a compiler that is not used here.
      onwarn: (warning, warn) => {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
  worker: { format: 'es' },
};
