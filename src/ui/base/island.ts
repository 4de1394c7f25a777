import { flushSync, hydrate, mount, unmount } from 'svelte'
import type { Component } from 'svelte'

const signs = ['pointerover', 'pointerdown', 'touchstart', 'focusin', 'keydown', 'click', 'input', 'change', 'submit', 'toggle', 'dragenter'] as const

type Sleeper = {
  /** what draws it: the server's markup is taken over by it as it stands */
  Inner: Component<{ children: () => unknown }>
  props: { children: () => unknown }
  context: Map<unknown, unknown>
  /** code that has to be there first */
  first?: () => Promise<unknown>
  /** Does it wake when it comes into sight? Otherwise only when it is touched. */
  onSight: boolean
}

const asleep = new Map<Element, () => void>()
const line: Element[] = []
let waking = false
let listening = false
let sight: IntersectionObserver | undefined

/** Is what is being drawn just now taken over from the server's page? In the browser only. */
export const isTakenOver = (): boolean => waking || !('awake' in document.documentElement.dataset)

/**
 * Lets a piece of the server's page rest: its scripts take it over when it comes into sight (in a quiet moment, one piece at a time, so that
 * no hand has to wait), or at once when a hand comes near. Nothing done to it is lost: it wakes before the event reaches it. Returns what
 * takes it away.
 */
export function letSleep(element: HTMLElement, { Inner, props, context, first, onSight }: Sleeper): () => void {
  let instance: object | undefined
  let gone = false
  const open = () => {
    if (instance || gone) return
    const before = waking
    waking = true
    try {
      instance = element.firstChild ? hydrate(Inner, { target: element, props, context }) : mount(Inner, { target: element, props, context })
      flushSync()
    } finally { waking = before }
  }
  const answer = () => {
    forget(element)
    // Where the line is broken it sleeps on, and tries again at the next touch.
    if (first) void openLater(element, first, open).then((here) => { if (!here && !gone) asleep.set(element, answer) })
    else open()
  }
  asleep.set(element, answer)
  listen()
  if (onSight) watch(element)
  return () => {
    gone = true
    forget(element)
    if (instance) void unmount(instance)
  }
}

const wake = (element: Element): void => asleep.get(element)?.()

function forget(element: Element): void {
  asleep.delete(element)
  for (const one of [element, ...element.children]) sight?.unobserve(one)
}

function listen(): void {
  if (listening) return
  listening = true
  const touched = ({ target }: Event) => {
    if (asleep.size === 0) return
    for (let one = target instanceof Element ? target : null; one; one = one.parentElement) if (asleep.has(one)) wake(one)
  }
  for (const sign of signs) document.addEventListener(sign, touched, { capture: true, passive: true })
}

/** Pieces have no box of their own: what is inside of them is watched. */
function watch(element: Element): void {
  sight ??= new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting && target.parentElement) { sight?.unobserve(target); line.push(target.parentElement) }
    soon()
  }, { rootMargin: '200px' })
  for (const one of element.children) sight.observe(one)
}

let waiting = false
function soon(): void {
  if (waiting || line.length === 0) return
  waiting = true
  const step = () => {
    waiting = false
    const next = line.shift()
    if (next) wake(next)
    soon()
  }
  if (typeof requestIdleCallback === 'function') requestIdleCallback(step, { timeout: 1000 })
  else setTimeout(step, 50)
}

/** Until the code is here, what only scripts answer is kept back and done afterwards. */
async function openLater(element: HTMLElement, first: () => Promise<unknown>, open: () => void): Promise<boolean> {
  const stop = new AbortController()
  let then = () => {}
  const on = <Kind extends keyof HTMLElementEventMap>(kind: Kind, answer: (event: HTMLElementEventMap[Kind]) => void) => element.addEventListener(kind, answer, { capture: true, signal: stop.signal })
  on('click', ({ target }) => {
    const button = target instanceof Element ? target.closest('button') : null
    if (button?.type === 'button') then = () => button.click()
  })
  on('submit', (event) => {
    const { target, submitter } = event
    if (!(target instanceof HTMLFormElement)) return
    event.preventDefault()
    then = () => target.requestSubmit(submitter)
  })
  on('change', ({ target }) => { if (target instanceof HTMLInputElement && target.type === 'file') then = () => target.dispatchEvent(new Event('change', { bubbles: true })) })
  on('dragover', (event) => event.preventDefault())
  on('drop', (event) => {
    event.preventDefault()
    const dataTransfer = new DataTransfer()
    for (const file of event.dataTransfer?.files ?? []) dataTransfer.items.add(file)
    then = () => event.target?.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
  })
  const here = await first().then(() => true, () => false)
  stop.abort()
  if (here) open()
  then()
  return here
}
