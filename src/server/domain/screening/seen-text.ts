/** A text in another form, for matching only. `from[i]` and `to[i]`: which part of the original the unit i stands for. */
export type SeenText = { text: string; from: Int32Array; to: Int32Array }

/** Collects a form of a text piece by piece. */
export function seenBuilder() {
  const parts: string[] = []
  const from: number[] = []
  const to: number[] = []
  return {
    add(piece: string, start: number, end: number): void {
      parts.push(piece)
      for (let unit = 0; unit < piece.length; unit++) { from.push(start); to.push(end) }
    },
    done: (): SeenText => ({ text: parts.join(''), from: Int32Array.from(from), to: Int32Array.from(to) }),
  }
}

/** The form with every match of `pattern` (global) replaced; what stays the same length keeps its places one by one. */
export function rewrite(seen: SeenText, pattern: RegExp, replace: (match: RegExpMatchArray) => string): SeenText {
  let built: ReturnType<typeof seenBuilder> | undefined
  let last = 0
  for (const match of seen.text.matchAll(pattern)) {
    const fresh = replace(match)
    const whole = match[0]
    if (fresh === whole || whole.length === 0) continue
    built ??= seenBuilder()
    copy(built, seen, last, match.index)
    const end = match.index + whole.length
    if (fresh.length === whole.length) for (let at = 0; at < fresh.length; at++) built.add(fresh[at]!, seen.from[match.index + at]!, seen.to[match.index + at]!)
    else built.add(fresh, seen.from[match.index]!, seen.to[end - 1]!)
    last = end
  }
  if (!built) return seen
  copy(built, seen, last, seen.text.length)
  return built.done()
}

/** The form without every unit that `pattern` (global) matches; the others keep their places. */
export function without(seen: SeenText, pattern: RegExp): SeenText {
  return rewrite(seen, pattern, () => '')
}

function copy(built: ReturnType<typeof seenBuilder>, seen: SeenText, start: number, end: number): void {
  for (let at = start; at < end; at++) built.add(seen.text[at]!, seen.from[at]!, seen.to[at]!)
}
