import { isReading } from './reading.ts'

const signs = ['pointerover', 'pointerdown', 'pointermove', 'touchstart', 'keydown', 'focusin', 'click', 'toggle', 'input', 'wheel', 'scroll'] as const
const calmMs = 6_000
const idleMs = 2_000
const pauseMs = 1_000

/**
 * Resolves when a page's scripts should run. A page that is read waits for the first sign of a hand, so that on a slow phone nothing
 * stands in the way of the words and pictures; until then its links and forms work by themselves. A member's page, which has things to
 * tell by itself (what is unread, what is new), begins without a hand a while after everything on it was shown. Any other page begins at once.
 */
export const awake: Promise<void> = new Promise((wake) => {
  if (!isReading(location.pathname) || location.hash) return wake(preloadScripts())
  let coming = false
  const now = async () => {
    if (coming) return
    coming = true
    // Where the line is broken the page sleeps on, and tries again at the next sign after a while.
    if (!await scriptsAreHere()) return void setTimeout(() => { coming = false }, pauseMs)
    for (const sign of signs) removeEventListener(sign, now, true)
    preloadScripts()
    wake()
  }
  for (const sign of signs) addEventListener(sign, now, { capture: true, passive: true })
  pressAgain()
  // A hand that came before this did.
  if (navigator.userActivation?.hasBeenActive || scrollY > 0) return void now()
  const alone = document.documentElement.dataset['reader'] === 'visitor'
  const shown = () => {
    quietly(prefetchShared)
    if (!alone) setTimeout(() => quietly(now), calmMs)
  }
  if (document.readyState === 'complete') shown()
  else addEventListener('load', shown, { once: true })
})

function quietly(work: () => void): void {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(work, { timeout: idleMs })
  else setTimeout(work, 100)
}

/**
 * The server names the scripts that come after what shows (hooks.server.ts): those that all pages share are fetched once it is shown, and
 * with them the page's own for the hand. Who only reads never fetches these.
 */
function scripts(): NodeListOf<HTMLLinkElement> {
  return document.querySelectorAll('link:is([rel=later], [rel=own], [rel=prefetch][as=script])')
}

function prefetchShared(): void {
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel=later]')) {
    link.as = 'script'
    link.rel = 'prefetch'
  }
}

function preloadScripts(): void {
  for (const link of scripts()) link.rel = 'modulepreload'
}

/** Whole, before any runs: a module that could not be fetched isn't asked for again on the same page. */
async function scriptsAreHere(): Promise<boolean> {
  const fetchWhole = async ({ href }: HTMLLinkElement) => {
    const answer = await fetch(href)
    await answer.arrayBuffer()
    return answer.ok
  }
  return Promise.all(Array.from(scripts(), fetchWhole)).then((all) => all.every(Boolean), () => false)
}

/** A button that only scripts answer, pressed before they ran, is pressed again once they do. Links and forms have done their work by then. */
function pressAgain(): void {
  let pressed: HTMLButtonElement | null = null
  const note = ({ target }: MouseEvent) => {
    const button = target instanceof Element ? target.closest('button') : null
    if (button && (button.type === 'button' || !button.form)) pressed = button
  }
  addEventListener('click', note, true)
  new MutationObserver((_, watch) => {
    watch.disconnect()
    removeEventListener('click', note, true)
    if (pressed?.isConnected) pressed.click()
  }).observe(document.documentElement, { attributeFilter: ['data-awake'] })
}
