import { assets, immutable } from '$app/manifest'
import { self } from '$app/service-worker'

type Waiting = Event & { waitUntil(work: Promise<unknown>): void }
type Fetching = Event & { request: Request; respondWith(answer: Promise<Response>): void }

// Offline: the program's own files, and the last home page that was read. Logging out clears all of it (Clear-Site-Data).
const shell = 'hearth-shell-1'
const pages = 'hearth-pages-1'

self.addEventListener('install', (event: Waiting) => {
  const small = [...immutable, ...assets].map(({ path }) => path).filter((path) => /\.(css|svg)$/.test(path))
  event.waitUntil(caches.open(shell).then((cache) => cache.addAll(small)).then(() => self.skipWaiting()))
})

self.addEventListener('activate', (event: Waiting) => {
  const known = new Set(immutable.map(({ path }) => new URL(path, location.origin).pathname))
  const sweep = async () => {
    const cache = await caches.open(shell)
    for (const request of await cache.keys()) {
      const { pathname } = new URL(request.url)
      if (pathname.startsWith('/_app/') && !known.has(pathname)) await cache.delete(request)
    }
    await self.clients.claim()
  }
  event.waitUntil(sweep())
})

self.addEventListener('fetch', (event: Fetching) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  if (url.pathname.startsWith('/_app/immutable/') || url.pathname === '/icons.svg') event.respondWith(cacheFirst(request))
  else if (request.mode === 'navigate' && url.pathname === '/' && !url.search) event.respondWith(networkFirst(request))
})

async function cacheFirst(request: Request): Promise<Response> {
  const cache = await caches.open(shell)
  const kept = await cache.match(request)
  if (kept) return kept
  const response = await fetch(request)
  if (response.ok) await cache.put(request, response.clone())
  return response
}

async function networkFirst(request: Request): Promise<Response> {
  const cache = await caches.open(pages)
  try {
    const response = await fetch(request)
    if (response.ok && !response.redirected) await cache.put('/', response.clone())
    return response
  } catch (error) {
    const kept = await cache.match('/')
    if (kept) return kept
    throw error
  }
}
