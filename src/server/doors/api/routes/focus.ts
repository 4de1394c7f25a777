/** '0.5,-0.2' as the point that matters; undefined for anything else. */
export function focusOf(text: string | undefined): { x: number; y: number } | undefined {
  const match = /^\s*(-?\d*\.?\d+)\s*,\s*(-?\d*\.?\d+)\s*$/.exec(text ?? '')
  return match ? { x: Number(match[1]), y: Number(match[2]) } : undefined
}
