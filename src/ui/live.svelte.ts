type Live = { unread: number | null; newPosts: number }
type Told = { event: string; data: Record<string, unknown> }

/** What has changed since the page was loaded: unread notifications (null: as the page said), posts to show. */
export const live = $state<Live>({ unread: null, newPosts: 0 })

// Announcements wait for the next page; who was signed out finds the stream closed.
const events = ['notification', 'post', 'media']
const seen = new Set<string>()

/**
 * Listens while a member reads, and keeps the unread count in the title. The tabs of one browser share one stream:
 * one of them listens and tells the others (browsers allow six connections to a host in all). `unread` is what the page
 * shows. Returns what stops it.
 */
export function listen(accountId: string, unread: () => number): () => void {
  const stopTitle = countInTitle(unread)
  const stop = new AbortController()
  const name = `hearth-live ${accountId}`
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(name)
  if (channel) channel.onmessage = (message: MessageEvent<Told>) => take(message.data)
  const lead = () => stream((told) => { take(told); channel?.postMessage(told) }, stop.signal)
  // Locks exist only in secure contexts; without them each tab listens for itself.
  if (channel && navigator.locks) void navigator.locks.request(name, { signal: stop.signal }, lead).catch(() => {})
  else void lead()
  return () => { stop.abort(); channel?.close(); stopTitle() }
}

/** One stream, opened again when it breaks, later and later; resolves when it is stopped. */
function stream(tell: (told: Told) => void, stopped: AbortSignal): Promise<void> {
  return new Promise((done) => {
    let source: EventSource | undefined
    let wait = 2000
    let timer: ReturnType<typeof setTimeout> | undefined
    const open = () => {
      source = new EventSource('/live')
      source.onopen = () => { wait = 2000 }
      // A broken connection is mended by the browser itself; an answer that isn't a stream (a restart, signed out) isn't.
      source.onerror = () => {
        if (source?.readyState !== EventSource.CLOSED) return
        timer = setTimeout(open, wait)
        wait = Math.min(120_000, wait * 2)
      }
      for (const event of events) source.addEventListener(event, (message: MessageEvent<string>) => tell({ event, data: JSON.parse(message.data) as Told['data'] }))
    }
    stopped.addEventListener('abort', () => { clearTimeout(timer); source?.close(); done() })
    open()
  })
}

function take({ event, data }: Told): void {
  if (event === 'notification') live.unread = Number(data.unread)
  else if (event === 'post') {
    const id = String(data.id)
    if (!seen.has(id)) { seen.add(id); live.newPosts = Math.min(99, live.newPosts + 1) }
  } else dispatchEvent(new CustomEvent('hearth:media', { detail: String(data.id) }))
}

const counted = /^\(\d+\+?\) /

/** "(3) Home": pages set their titles themselves, so it is added each time one does. */
function countInTitle(unread: () => number): () => void {
  const show = () => {
    const [count, plain] = [unread(), document.title.replace(counted, '')]
    const wanted = count ? `(${count > 99 ? '99+' : count}) ${plain}` : plain
    if (document.title !== wanted) document.title = wanted
  }
  const observer = new MutationObserver(show)
  observer.observe(document.head, { childList: true, subtree: true, characterData: true })
  const stop = $effect.root(() => { $effect(show) })
  return () => { observer.disconnect(); stop(); document.title = document.title.replace(counted, '') }
}
