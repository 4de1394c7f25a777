import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'

export type ChildLimits = {
  /** wall-clock time */
  seconds: number
  /** resident memory, native code included */
  megabytes: number
}
/** A child's failure: `code` is stable ('imageBroken', 'mediaTimeout', 'mediaMemory', 'mediaCrashed', …). */
export type ChildError = Error & { child: true; code: string; detail: string }

/** What a worker file tells its parent. */
export type ChildMessage = { type: 'progress'; progress: number } | { type: 'done'; result: unknown } | { type: 'failed'; code: string; detail: string }
export type ChildTask = { task: unknown; megabytes: number }

export const isChildError = (error: unknown): error is ChildError => typeof error === 'object' && error !== null && (error as { child?: unknown }).child === true
const childError = (code: string, detail = ''): ChildError => Object.assign(new Error(`${code} ${detail}`.trim()), { child: true as const, code, detail })

/**
 * Runs one task in a process of its own, with a bare environment, bounded in time and memory: whatever a crafted file
 * does, it does to that process. Rejects with a ChildError.
 */
export async function runInChild<Result>(worker: string, task: unknown, limits: ChildLimits, onProgress: (progress: number) => void = () => {}): Promise<Result> {
  const child = fork(worker, [], {
    execArgv: [`--max-old-space-size=${Math.min(limits.megabytes, 512)}`, '--disable-warning=ExperimentalWarning'],
    env: { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'], SystemRoot: process.env['SystemRoot'] },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    // A group of its own, so that a program it started ends with it.
    detached: process.platform !== 'win32',
  })
  let words = ''
  child.stderr?.on('data', (chunk: Buffer) => { words = (words + chunk.toString('utf8')).slice(-2000) })
  try {
    return await new Promise<Result>((done, fail) => {
      const timer = setTimeout(() => fail(childError('mediaTimeout')), limits.seconds * 1000)
      child.once('error', (error) => fail(childError('mediaCrashed', error.message)))
      child.once('exit', (code, signal) => {
        clearTimeout(timer)
        fail(childError(code === memoryExit ? 'mediaMemory' : 'mediaCrashed', `${signal ?? code} ${words}`))
      })
      child.on('message', (message: ChildMessage) => {
        if (message.type === 'progress') return onProgress(message.progress)
        clearTimeout(timer)
        if (message.type === 'done') done(message.result as Result)
        else fail(childError(message.code, message.detail))
      })
      child.send({ task, megabytes: limits.megabytes } satisfies ChildTask, (error) => { if (error) fail(childError('mediaCrashed', error.message)) })
    })
  } finally {
    end(child)
  }
}

/** The exit code of a child that saw itself grow too large. */
export const memoryExit = 97

function end(child: ChildProcess): void {
  try {
    if (process.platform === 'win32' || !child.pid) child.kill('SIGKILL')
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
