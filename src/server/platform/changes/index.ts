import { AsyncLocalStorage } from 'node:async_hooks'
import type pg from 'pg'
import { keepConnection } from '../db/keep.ts'
import type { Log } from '../log/index.ts'
import { keeper } from './keeper.ts'
import type { Keeper } from './keeper.ts'

export type { Keeper, Kept } from './keeper.ts'

/** What was read of: a letter and an id, as the migrations 0027 and 0028 say them ('p' a post, 'w' an author's list, 'a' an account, 'v' a viewer …); '*' is anything that changes at all. */
export type Word = `${'p' | 'w' | 'h' | 'a' | 'v' | 'n'}${string}` | 'c' | 'o' | '*'
/** Words noted while something was read, and until when it holds by the clock. */
export type Noted = { words: Set<string>; until: number }

/**
 * What changed in the database, and what was read of it: so that answers can be kept ready and are never older than what
 * was acknowledged before they were asked for.
 */
export type Changes = {
  /**
   * Resolves when every change that was committed before this call has been heard of: true; or false where that can't be
   * known now. One round trip to the database, shared by all who wait at once.
   */
  settled(): Promise<boolean>
  /** Notes what the reading under way depends on; outside of one it does nothing. */
  note(words: Iterable<Word>): void
  /** Is anything being read that wants to know? */
  noting(): boolean
  /** Notes that what is being read holds at most until then (ms). */
  holdsUntil(at: number): void
  /** Reads, and tells what was noted meanwhile; also by readings within it. */
  reading<Result>(work: () => Promise<Result>): Promise<{ result: Result; noted: Noted }>
  /** Makes a keeper of at most so many bytes, which forgets what changed. */
  keeper<Value>(mostBytes: number, name?: string): Keeper<Value>
  /** What each keeper holds and how often it could help, by name. */
  figures(): Record<string, ReturnType<Keeper<unknown>['size']>>
  /** For what this process remembers of the database by other ways: when that is renewed, what was made of it goes as well. 'g': everything. */
  tell(words: (Word | 'g')[]): void
  close(): Promise<void>
}

const channel = 'hearth_changes'
/** Nobody waits longer for the word that nothing changed. */
const patienceMs = 2000

/** Listens for changes on a connection of its own. While it is away nothing is kept. */
export async function openChanges(connect: () => pg.Client, log: Log): Promise<Changes> {
  const readings = new AsyncLocalStorage<Noted>()
  const keepers = new Set<Keeper<never>>()
  const names = new Map<Keeper<never>, string>()
  const forgetAll = () => { for (const one of keepers) one.forgetAll() }
  const kept = await keepConnection(connect, log, {
    name: 'changes',
    async onOpen(client) {
      client.on('notification', ({ payload = 'g' }) => {
        const words = payload.split(' ')
        for (const one of keepers) one.changed(words)
      })
      await client.query(`listen ${channel}`)
      // What changed while nobody listened is unknown.
      forgetAll()
    },
    onLost: forgetAll,
  })

  // PostgreSQL hands a listener what was committed before its question, before the answer. Who comes while one is asked waits for the next.
  let asked: Promise<boolean> | undefined
  let next: Promise<boolean> | undefined
  const ask = async (): Promise<boolean> => {
    const on = kept.client()
    if (!on) return false
    const late = setTimeout(() => { if (kept.client() === on) kept.drop() }, patienceMs)
    try {
      await on.query('')
      return kept.client() === on
    } catch {
      return false
    } finally {
      clearTimeout(late)
    }
  }
  const begin = (): Promise<boolean> => {
    asked = ask().finally(() => { asked = undefined })
    return asked
  }
  return {
    settled() {
      if (!asked) return begin()
      next ??= asked.then(() => {
        next = undefined
        return begin()
      })
      return next
    },
    note(words) {
      const noted = readings.getStore()
      if (noted) for (const word of words) noted.words.add(word)
    },
    noting: () => readings.getStore() !== undefined,
    holdsUntil(at) {
      const noted = readings.getStore()
      if (noted) noted.until = Math.min(noted.until, at)
    },
    async reading(work) {
      const outer = readings.getStore()
      const noted: Noted = { words: new Set(), until: Infinity }
      const result = await readings.run(noted, work)
      if (outer) {
        for (const word of noted.words) outer.words.add(word)
        outer.until = Math.min(outer.until, noted.until)
      }
      return { result, noted }
    },
    keeper(mostBytes, name = 'other') {
      const made = keeper<never>(mostBytes)
      keepers.add(made)
      names.set(made, name)
      return made
    },
    figures: () => Object.fromEntries([...keepers].map((one) => [names.get(one) ?? 'other', one.size()])),
    tell(words) { for (const one of keepers) one.changed(words) },
    close: () => kept.close(),
  }
}
