// Runs in a child process only. Moves frames from what makes them to what takes them.
import type { Decoder, Encoder, FilterAPI } from 'node-av/api'
import type { Frame, Packet } from 'node-av/lib'

/** Takes all that is there now, and frees each after it was used. */
export async function drain<T extends Frame | Packet>(receive: () => T | null | undefined, use: (one: T) => Promise<void> | void): Promise<void> {
  for (;;) {
    const one = receive()
    // null: more input is wanted; undefined: the end.
    if (!one) return
    try {
      await use(one)
    } finally {
      one.free()
    }
  }
}

export type Taker<T> = { take(one: T): Promise<void> | void; end(): Promise<void> | void }

/** Packets of one track through its decoder to `next`. */
export function decoding(decoder: Decoder, next: Taker<Frame>): Taker<Packet> {
  const out = () => drain(() => decoder.receiveSync(), (frame) => next.take(frame))
  return {
    async take(packet) { decoder.decodeSync(packet); await out() },
    async end() { decoder.flushSync(); await out(); await next.end() },
  }
}

/** Frames through filters to `next`. */
export function filtering(filter: FilterAPI, next: Taker<Frame>): Taker<Frame> {
  const out = () => drain(() => filter.receiveSync(), (frame) => next.take(frame))
  return {
    async take(frame) { filter.processSync(frame); await out() },
    async end() { filter.flushSync(); await out(); await next.end() },
  }
}

/** The same frames to several. Each gets its own hold on them: encoders write their times into what they are given. */
export const sharing = (takers: Taker<Frame>[]): Taker<Frame> => ({
  async take(frame) {
    for (const next of takers) {
      using own = frame.clone()
      if (!own) throw new Error('out of memory')
      await next.take(own)
    }
  },
  async end() { for (const next of takers) await next.end() },
})

/** Frames through an encoder to whoever wants the packets. */
export function encoding(encoder: Encoder, write: (packet: Packet) => void): Taker<Frame> {
  const out = () => drain(() => encoder.receiveSync(), write)
  return {
    async take(frame) {
      // The first one opens the encoder. node-av 6.1 frees its options twice where that isn't awaited.
      if (encoder.isEncoderInitialized) encoder.encodeSync(frame)
      else await encoder.encode(frame)
      await out()
    },
    async end() { encoder.flushSync(); await out() },
  }
}

/** To two takers, one after the other. */
export const both = <T>(one: Taker<T>, other: Taker<T>): Taker<T> => ({
  async take(thing) { await one.take(thing); await other.take(thing) },
  async end() { await one.end(); await other.end() },
})

const seconds = (value: bigint, { num, den }: { num: number; den: number }) => Number(value) * num / den
export const timeOf = (thing: Packet | Frame) => seconds(thing.pts, thing.timeBase)
