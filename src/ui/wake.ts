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
  pressAgain()
  const calm = () => setTimeout(() => typeof requestIdleCallback === 'function' ? requestIdleCallback(now, { timeout: calmMs }) : now(), calmMs)
  if (document.readyState === 'complete') calm()
  else addEventListener('load', calm, { once: true })
})

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
