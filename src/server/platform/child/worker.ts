import type { ChildMessage, ChildTask } from './index.ts'
import { memoryExit } from './index.ts'

/** A failure that the file itself is to blame for, under its stable code. */
export const refuse = (code: string, detail = '') => Object.assign(new Error(detail || code), { refused: code })

/** The other side of `startChild`: does one task after the other, tells how far it is and what is done already, watches its own size, ends with its parent. */
export function serveTask(work: (task: unknown, onProgress: (progress: number) => void, onPart: (part: unknown) => void) => Promise<unknown>, otherwise: string): void {
  const tell = (message: ChildMessage) => new Promise<void>((done) => { process.send?.(message, undefined, undefined, () => done()) })
  process.once('disconnect', () => process.exit(0))
  let watching = false
  process.on('message', ({ task, megabytes }: ChildTask) => {
    if (!watching) setInterval(() => { if (process.memoryUsage.rss() > megabytes * 1024 * 1024) process.exit(memoryExit) }, 100).unref()
    watching = true
    let told = 0
    const progress = (value: number) => {
      if (Date.now() - told < 250) return
      told = Date.now()
      void tell({ type: 'progress', progress: Math.max(0, Math.min(1, value)) })
    }
    work(task, progress, (part) => void tell({ type: 'part', part })).then(
      (result) => tell({ type: 'done', result }),
      // Nobody knows what a file that failed has left behind: no other task is done after it.
      (error: Error & { refused?: string }) => tell({ type: 'failed', code: error.refused ?? otherwise, detail: String(error.message).slice(0, 500) }).then(() => process.exit(0)),
    )
  })
}
