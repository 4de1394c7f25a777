/** What can be done here: `off` may be turned on (or is on already). */
export type PushState = 'off' | 'denied' | 'unsupported' | 'failed'

/** Could this browser receive messages of this site? */
export async function pushState(): Promise<PushState> {
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window)) return 'unsupported'
  return Notification.permission === 'denied' ? 'denied' : 'off'
}

/** Asks the person, then the browser, then tells the server where messages go. `off` when all of it went well. */
export async function subscribe(serverKey: string): Promise<PushState> {
  const now = await pushState()
  if (now !== 'off') return now
  if (await Notification.requestPermission() !== 'granted') return 'denied'
  try {
    const worker = await navigator.serviceWorker.ready
    // A subscription under another key, of another time, can't be used.
    await (await worker.pushManager.getSubscription())?.unsubscribe()
    const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: serverKey })
    const answer = await fetch('/settings/notifications/push', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(made) })
    return answer.ok ? 'off' : 'failed'
  } catch {
    return 'failed'
  }
}

/** This browser forgets where its messages came from. */
export async function unsubscribe(): Promise<void> {
  const worker = await navigator.serviceWorker?.getRegistration()
  await (await worker?.pushManager.getSubscription())?.unsubscribe()
}
