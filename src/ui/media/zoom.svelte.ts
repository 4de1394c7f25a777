const most = 6

/** Pinch, double tap, wheel and drag for one picture; a swipe while it isn't zoomed goes to a neighbour. Positions in px. */
export function zoomer(onswipe: (right: boolean) => void) {
  const view = $state({ scale: 1, x: 0, y: 0 })
  const fingers = new Map<number, { x: number; y: number }>()
  let start: { x: number; y: number } | null = null
  let tapped = 0
  let pinched = false

  const reset = () => { Object.assign(view, { scale: 1, x: 0, y: 0 }) }
  /** Zooms by this factor; the point given (from the middle) stays where it is. */
  const by = (factor: number, px = 0, py = 0) => {
    const scale = Math.min(most, Math.max(1, view.scale * factor))
    if (scale === 1) return reset()
    const real = scale / view.scale
    Object.assign(view, { scale, x: px - (px - view.x) * real, y: py - (py - view.y) * real })
  }
  const fromMiddle = (x: number, y: number) => [x - innerWidth / 2, y - innerHeight / 2] as const
  const spread = () => {
    const [a, b] = [...fingers.values()]
    return a && b ? { far: Math.hypot(a.x - b.x, a.y - b.y), x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } : null
  }

  function listen(stage: HTMLElement) {
    const ears = new AbortController()
    const on = <Name extends keyof HTMLElementEventMap>(name: Name, act: (event: HTMLElementEventMap[Name]) => void) => stage.addEventListener(name, act, { signal: ears.signal, passive: false })
    on('pointerdown', (event) => {
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY })
      start = fingers.size === 1 ? { x: event.clientX, y: event.clientY } : null
      pinched ||= fingers.size > 1
      if (event.target !== stage) stage.setPointerCapture(event.pointerId)
    })
    on('pointermove', (event) => {
      const before = fingers.get(event.pointerId)
      if (!before) return
      const old = spread()
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY })
      const now = spread()
      if (old && now && old.far > 0) by(now.far / old.far, ...fromMiddle(now.x, now.y))
      else if (view.scale > 1) { view.x += event.clientX - before.x; view.y += event.clientY - before.y }
    })
    const up = (event: PointerEvent) => {
      if (!fingers.delete(event.pointerId)) return
      if (fingers.size > 0) return
      const wide = start ? event.clientX - start.x : 0
      const tall = start ? event.clientY - start.y : 0
      if (event.type === 'pointerup' && start && !pinched && Math.hypot(wide, tall) < 8) {
        if (event.timeStamp - tapped < 320) { if (view.scale > 1) reset(); else by(2.5, ...fromMiddle(event.clientX, event.clientY)); tapped = 0 } else tapped = event.timeStamp
      } else if (event.type === 'pointerup' && start && !pinched && view.scale === 1 && Math.abs(wide) > 50 && Math.abs(wide) > Math.abs(tall)) onswipe(wide < 0)
      start = null
      pinched = false
    }
    on('pointerup', up)
    on('pointercancel', up)
    on('wheel', (event) => { event.preventDefault(); by(Math.exp(-event.deltaY / 400), ...fromMiddle(event.clientX, event.clientY)) })
    return () => ears.abort()
  }

  return { get scale() { return view.scale }, get x() { return view.x }, get y() { return view.y }, reset, by, listen }
}
