import adapter from '@sveltejs/adapter-node'
import { sveltekit } from '@sveltejs/kit/vite'
import { fileURLToPath } from 'node:url'
import compile from 'icu-minify/compile'
import type { Plugin } from 'vite'
import { defineConfig } from 'vite'

/** Pages and main.ts must share one copy of the server: leave it out of the page bundle. */
const serverStaysOutside: Plugin = {
  name: 'server-stays-outside',
  enforce: 'pre',
  resolveId(id) {
    const building = this.environment?.name === 'ssr' && this.environment.mode !== 'dev'
    if (building && (id.startsWith('#server/') || id.startsWith('#i18n/'))) return { id, external: true }
    return undefined
  },
}

/** The browser gets messages compiled: it needs no parser for them. */
const compiledMessages: Plugin = {
  name: 'compiled-messages',
  enforce: 'pre',
  transform(code, id) {
    if (this.environment?.name !== 'client' || !/\/src\/i18n\/[a-z]+\/[a-z]+\.json/.test(id)) return undefined
    const messages = Object.entries(JSON.parse(code) as Record<string, string>)
    return { code: JSON.stringify(Object.fromEntries(messages.map(([key, text]) => [key, compile(text)]))), map: null }
  },
}

/** Kit's scripts begin when the page wakes up (src/ui/wake.ts). */
const wakesLate: Plugin = {
  name: 'wakes-late',
  enforce: 'pre',
  transform(code, id) {
    if (this.environment?.name !== 'client' || this.environment.mode === 'dev' || !id.endsWith('/@sveltejs/kit/src/runtime/client/entry.js')) return undefined
    return { code: `import { awake } from ${JSON.stringify(fileURLToPath(new URL('src/ui/wake.ts', import.meta.url)))}\nawait awake\n${code}`, map: null }
  },
}

/** Writing values as program text is the server's part of a module that both share. */
const serverWrites: Plugin = {
  name: 'server-writes',
  transform(code, id) {
    if (this.environment?.name !== 'client' || !id.endsWith('/@sveltejs/kit/src/runtime/app/internal/transport.js')) return undefined
    return { code: code.replaceAll('devalue.uneval(', '(() => { throw new Error(\'only on the server\') })('), map: null }
  },
}

/** The piece that only pages with posts need has its name in its file's, so that a page can tell it from what all pages share (hooks.server.ts). */
const postsAreNamed: Plugin = {
  name: 'posts-are-named',
  outputOptions(options) {
    const { chunkFileNames: before } = options
    if (this.environment?.name !== 'client' || typeof before !== 'function') return null
    return { ...options, chunkFileNames: (chunk) => chunk.name === 'post' ? before(chunk).replace('[hash]', 'post.[hash]') : before(chunk) }
  },
}

/** A letter keeps the shape it was first shown in: swapping it later lays out the whole page again, on a phone for a tenth of a second. The next page has it at once. */
const lettersStay: Plugin = {
  name: 'letters-stay',
  enforce: 'pre',
  transform(code, id) {
    return /\/@fontsource-variable\/.*\.css/.test(id) ? { code: code.replaceAll('font-display: swap', 'font-display: optional'), map: null } : undefined
  },
}

export default defineConfig({
  plugins: [
    lettersStay,
    serverStaysOutside,
    compiledMessages,
    wakesLate,
    serverWrites,
    postsAreNamed,
    sveltekit({
      adapter: adapter({ out: 'build', precompress: true }),
      // Only the one sheet that every page shares is worth a request of its own.
      inlineStyleThreshold: 12_000,
      csp: {
        // Hashes, not nonces: pages that are kept must not share a secret.
        mode: 'hash',
        directives: {
          'default-src': ['self'],
          'script-src': ['self'],
          'style-src': ['self', 'unsafe-inline'],
          'img-src': ['self', 'data:', 'blob:'],
          'media-src': ['self', 'blob:'],
          'connect-src': ['self'],
          'font-src': ['self'],
          'object-src': ['none'],
          'base-uri': ['none'],
          'frame-ancestors': ['none'],
          'form-action': ['self'],
        },
      },
    }),
  ],
  server: { host: '127.0.0.1' },
  environments: {
    client: {
      build: {
        rolldownOptions: {
          preserveEntrySignatures: 'allow-extension',
          output: {
            // What every page needs comes in one piece: dozens of small ones cost more in headers and packing than they save.
            codeSplitting: {
              // What a piece names, not what that stands on: code that few pages need would come along.
              includeDependenciesRecursively: false,
              groups: [
                // What waits for the hand comes alone, so that nothing else is fetched before.
                { name: 'start', test: /[\\/]runtime[\\/]client[\\/]payload\.js|[\\/]src[\\/]ui[\\/](wake|reading)\.ts|vite[\\/]preload-helper/, priority: 3 },
                { name: 'base', test: /node_modules[\\/](@sveltejs[\\/]kit(?!.*runtime[\\/]client[\\/](client-)?entry)|devalue|svelte(?!.*(bindings[\\/](select|input)|legacy-client|svelte-element))|esm-env|clsx|icu-minify)[\\/]|[\\/]src[\\/](ui[\\/](base(?![\\/](Shortcuts\.|ShareHead))|shell(?![\\/](LockedDoor|Rail\.))|i18n|act|apart|live|texts)|i18n[\\/][a-z-]+\.ts)/, priority: 2 },
                { name: 'post', test: /[\\/]src[\\/]ui[\\/](post|feed)[\\/]|[\\/]src[\\/]ui[\\/]media[\\/](MediaGrid|Picture|rows|thumbhash|player|covers)|node_modules[\\/]thumbhash|[\\/]src[\\/]ui[\\/](profile[\\/]MuteForms|compose[\\/](kept\.ts|ComposerIsland)|rail[\\/]AnnouncementsLater|base[\\/]ShareHead)/, priority: 1 },
              ],
            },
          },
        },
      },
    },
  },
})
