import { assets, immutable } from '$app/manifest'
import { self } from '$app/service-worker'

type Waiting = Event & { waitUntil(work: Promise<unknown>): void }
type Pushed = Waiting & { data: { json(): unknown } | null }
type Pressed = Waiting & { notification: Notification }
type Message = { title: string; body: string; icon: string; notification_id: string; notification_type: string; preferred_locale: string }
type Fetching = Event & { request: Request; respondWith(answer: Promise<Response>): void }

// Offline: the program's own files, and the last home page that was read. Logging out clears all of it (Clear-Site-Data).
const shell = 'hearth-shell-1'
const pages = 'hearth-pages-1'
const offline = '/offline'

self.addEventListener('install', (event: Waiting) => {
  const small = [...immutable, ...assets].map(({ path }) => path).filter((path) => /\.(css|svg)$/.test(path))
  event.waitUntil(caches.open(shell).then((cache) => cache.addAll([...small, offline])).then(() => self.skipWaiting()))
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
  else if (request.mode === 'navigate') event.respondWith(networkOrNotice(request))
})

// The words were chosen by the server, in the member's language. One of the same id takes the other's place.
self.addEventListener('push', (event: Pushed) => {
  const message = event.data?.json() as Message | undefined
  if (!message) return
  const rtl = message.preferred_locale === 'ar'
  event.waitUntil(self.registration.showNotification(message.title, { body: message.body, icon: message.icon, badge: '/favicon.svg', tag: message.notification_id, lang: message.preferred_locale, dir: rtl ? 'rtl' : 'ltr' }))
})

self.addEventListener('notificationclick', (event: Pressed) => {
  event.notification.close()
  event.waitUntil(openNotifications())
})

// The browser changed where messages go: the server must know.
self.addEventListener('pushsubscriptionchange', (event: Waiting) => { event.waitUntil(subscribeAgain()) })

async function openNotifications(): Promise<void> {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const [first] = windows
  if (!first) { await self.clients.openWindow('/notifications'); return }
  await first.focus()
  await first.navigate('/notifications').catch(() => {})
}

async function subscribeAgain(): Promise<void> {
  const address = '/settings/notifications/push'
  const { key } = await (await fetch(address)).json() as { key: string }
  const made = await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
  await fetch(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(made) })
}

/** Other pages aren't kept: a notice says so. */
async function networkOrNotice(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch (error) {
    const notice = await (await caches.open(shell)).match(offline)
    if (notice) return notice
    throw error
  }
}

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
