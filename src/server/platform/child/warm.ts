import type { ChildLimits } from './index.ts'
import { startChild } from './index.ts'
import type { Child } from './index.ts'

export type WarmChildren = {
  /** As `runInChild`, in a child that may have done other tasks of the same `key` before, and of no other. */
  run<Result>(key: string, task: unknown, limits: ChildLimits, onProgress?: (progress: number) => void): Promise<Result>
  /** Ends those that wait. */
  close(): void
}

/**
 * Children that stay for a moment after a task, so that the next one of the same key doesn't pay for another start.
 * A file that took its child over could only meet what its own sender sends. At most `idle` wait, for `seconds`.
 */
export function warmChildren(worker: string, { idle = 2, seconds = 15, uses = 50 } = {}): WarmChildren {
  type Waiting = { key: string; child: Child; megabytes: number; used: number; timer: NodeJS.Timeout }
  let waiting: Waiting[] = []
  const take = (key: string, megabytes: number) => {
    const found = waiting.find((one) => one.key === key && one.megabytes === megabytes && one.child.alive())
    if (!found) return { child: startChild(worker, megabytes), used: 0 }
    leave(found)
    found.child.hold(true)
    return found
  }
  const leave = (one: Waiting) => {
    clearTimeout(one.timer)
    waiting = waiting.filter((other) => other !== one)
  }
  const dismiss = (one: Waiting) => { leave(one); one.child.end() }
  return {
    async run<Result>(key: string, task: unknown, limits: ChildLimits, onProgress?: (progress: number) => void) {
      const { child, used } = take(key, limits.megabytes)
      try {
        const result = await child.ask<Result>(task, limits.seconds, onProgress)
        if (used + 1 >= uses) child.end()
        else {
          child.hold(false)
          const one: Waiting = { key, child, megabytes: limits.megabytes, used: used + 1, timer: setTimeout(() => dismiss(one), seconds * 1000).unref() }
          waiting.push(one)
          if (waiting.length > idle) dismiss(waiting[0]!)
        }
        return result
      } catch (error) {
        child.end()
        throw error
      }
    },
    close() { waiting.forEach(dismiss) },
  }
}
