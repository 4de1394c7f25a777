type Live = { unread: number | null; newPosts: number }

/** What has changed since the page was loaded: unread notifications (null: as the page said), posts to show. */
export const live = $state<Live>({ unread: null, newPosts: 0 })

/** Listens while a member reads. Returns the function that stops. `onmedia` hears of files that are ready. */
export function listen(onmedia?: (id: string) => void): () => void {
  const source = new EventSource('/live')
  source.addEventListener('notification', (event) => { live.unread = (JSON.parse(event.data) as { unread: number }).unread })
  source.addEventListener('post', () => { live.newPosts = Math.min(99, live.newPosts + 1) })
  source.addEventListener('media', (event) => {
    const { id } = JSON.parse(event.data) as { id: string }
    onmedia?.(id)
    dispatchEvent(new CustomEvent('hearth:media', { detail: id }))
  })
  return () => source.close()
}
