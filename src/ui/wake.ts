import { isReading } from './reading.ts'

const signs = ['pointerover', 'pointerdown', 'pointermove', 'touchstart', 'keydown', 'focusin', 'wheel', 'scroll'] as const
const calmMs = 2_000

/**
 * Resolves when a page's scripts should run. A page that is read waits for the first sign of a hand, or until a while after everything
 * on it was shown, so that on a slow phone nothing stands in the way of the words and pictures; until then its links and forms work by
 * themselves. Any other page begins at once.
 */
export const awake: Promise<void> = new Promise((wake) => {
  if (!isReading(location.pathname) || location.hash) return wake()
  const now = () => {
    for (const sign of signs) removeEventListener(sign, now, true)
    wake()
  }
  for (const sign of signs) addEventListener(sign, now, { capture: true, passive: true })
  const calm = () => setTimeout(() => typeof requestIdleCallback === 'function' ? requestIdleCallback(now, { timeout: calmMs }) : now(), calmMs)
  if (document.readyState === 'complete') calm()
  else addEventListener('load', calm, { once: true })
})
