/** The waveform is drawn from this many samples a second. */
export const pcmRate = 8000

/** Gathers samples as they come, and makes about 200 peaks (0 … 100) of them; the loudest is 100. */
export function peakMeter(count = 200): { take(samples: Float32Array): void; peaks(): number[]; seconds(): number } {
  // Fine steps of 10 ms first: the length is often not known beforehand.
  const step = pcmRate / 100
  const fine: number[] = []
  let highest = 0
  let filled = 0
  let all = 0
  return {
    take(samples) {
      all += samples.length
      for (const sample of samples) {
        const value = Math.abs(sample)
        if (value > highest) highest = value
        if (++filled === step) { fine.push(highest); highest = 0; filled = 0 }
      }
    },
    peaks() {
      const steps = filled ? [...fine, highest] : fine
      const wanted = Math.min(count, steps.length)
      const peaks = Array.from({ length: wanted }, (_, at) => {
        const from = Math.floor(at * steps.length / wanted)
        let peak = 0
        for (let x = from; x < Math.max(from + 1, Math.floor((at + 1) * steps.length / wanted)); x++) peak = Math.max(peak, steps[x]!)
        return peak
      })
      const loudest = Math.max(...peaks, 0)
      return peaks.map((peak) => loudest > 0.001 ? Math.round(peak / loudest * 100) : 0)
    },
    seconds: () => all / pcmRate,
  }
}
