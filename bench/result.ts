/** One number of a benchmark. `most`: what it must not exceed; `least`: what it must reach. */
export type Result = { name: string; value: number; unit: string; most?: number; least?: number }

const mark = 'result '

/** Tells a result: one line on standard output, which `bench/run.ts` collects. */
export function tell(result: Result): void {
  console.log(mark + JSON.stringify({ ...result, value: Math.round(result.value * 1000) / 1000 }))
}

/** The result in a line, or undefined where the line is for people. */
export const resultOf = (line: string): Result | undefined => line.startsWith(mark) ? JSON.parse(line.slice(mark.length)) as Result : undefined

/** The middle one of at least one. */
export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
