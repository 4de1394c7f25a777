type Sized = { width: number | null; height: number | null }

/** How many pictures stand in each row, for one to ten. */
const plans: Record<number, number[]> = { 1: [1], 2: [2], 4: [2, 2], 5: [2, 3], 6: [3, 3], 7: [3, 4], 8: [4, 4], 9: [3, 3, 3], 10: [3, 3, 4] }

/** Width by height, kept within what a row can hold. */
export function shapeOf(one: Sized, least = 0.6, most = 2.2): number {
  const shape = one.width && one.height ? one.width / one.height : 4 / 3
  return Math.min(most, Math.max(least, shape))
}

/** Width by height of the place that a film stands in. */
export const filmShape = (one: Sized): number => Math.max(0.5, one.width && one.height ? one.width / one.height : 16 / 9)

/** Pictures in rows, so that each keeps its shape and all of a row are equally tall. */
export function rowsOf<One extends Sized>(pictures: One[]): One[][] {
  const [first] = pictures
  const three = pictures.length === 3 && first ? (shapeOf(first) > 1.2 ? [1, 2] : [3]) : undefined
  const plan = three ?? plans[pictures.length] ?? Array.from({ length: Math.ceil(pictures.length / 3) }, () => 3)
  let at = 0
  return plan.map((count) => pictures.slice(at, at += count)).filter((row) => row.length)
}

/** How wide a picture stands in a post, for the `sizes` of its files: `part` of its row; `alone` is its shape where it has no neighbour. */
export function sizesOf(part: number, alone?: number): string {
  const tallest = alone === undefined ? Infinity : Math.round(560 * alone)
  const narrow = `calc(${Math.round(100 * part)}vw - ${Math.round(32 * part)}px)`
  return `(min-width: 700px) ${Math.min(Math.round(550 * part), tallest)}px, ${tallest < 700 ? `min(${tallest}px, ${narrow})` : narrow}`
}
