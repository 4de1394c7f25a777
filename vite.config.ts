import adapter from '@sveltejs/adapter-node'
import { sveltekit } from '@sveltejs/kit/vite'
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

export default defineConfig({
  plugins: [
    serverStaysOutside,
    compiledMessages,
    sveltekit({
      adapter: adapter({ out: 'build', precompress: true }),
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
})
