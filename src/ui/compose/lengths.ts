const choices = [['minute', 5], ['minute', 30], ['hour', 1], ['hour', 6], ['hour', 12], ['day', 1], ['day', 3], ['day', 7], ['day', 14], ['day', 30]] as const
const inSeconds = { minute: 60, hour: 3600, day: 86_400 }

/** How long a poll may last, with its name in this language. */
export function pollLengths(locale: string): { seconds: number; name: string }[] {
  return choices.map(([unit, count]) => ({ seconds: count * inSeconds[unit], name: new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count) }))
}
