/** Round numbers from nothing to at least `most`, two to five steps apart: the lines behind a plot. With `whole`, only whole numbers. */
export function scaleOf(most: number, whole = false): number[] {
  const top = most > 0 && Number.isFinite(most) ? most : 1
  const rough = top / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= rough * 0.999 && (!whole || Number.isInteger(one))) ?? (whole ? Math.max(1, Math.ceil(rough)) : 10 * power)
  const count = Math.max(1, Math.ceil(top / step - 1e-9))
  return Array.from({ length: count + 1 }, (_, at) => Number((at * step).toPrecision(12)))
}

/** Which of `length` rows a table shows, so that it stays short: evenly spread, the last always among them. */
export function rowsOf(length: number, most = 24): number[] {
  const step = Math.max(1, Math.ceil(length / most))
  const rows: number[] = []
  for (let at = length - 1; at >= 0; at -= step) rows.unshift(at)
  return rows
}

type Point = { x: number; y: number }
/** Lines through what is known; a gap (null) ends one and begins another. */
export function stretches(values: (number | null)[], place: (at: number, value: number) => Point): Point[][] {
  const all: Point[][] = []
  let now: Point[] = []
  for (const [at, value] of values.entries()) {
    if (value === null) { if (now.length) all.push(now); now = [] }
    else now.push(place(at, value))
  }
  if (now.length) all.push(now)
  return all
}
