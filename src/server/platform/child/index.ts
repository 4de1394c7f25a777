import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'
import { apart } from './apart.ts'

export type ChildLimits = {
  /** wall-clock time */
  seconds: number
  /** resident memory, native code included */
  megabytes: number
}
/** A child's failure: `code` is stable ('imageBroken', 'mediaTimeout', 'mediaMemory', 'mediaCrashed', …). */
export type ChildError = Error & { child: true; code: string; detail: string }

/** What a worker file tells its parent. */
export type ChildMessage = { type: 'progress'; progress: number } | { type: 'part'; part: unknown } | { type: 'done'; result: unknown } | { type: 'failed'; code: string; detail: string }
export type ChildTask = { task: unknown; megabytes: number }

export const isChildError = (error: unknown): error is ChildError => typeof error === 'object' && error !== null && (error as { child?: unknown }).child === true
const childError = (code: string, detail = ''): ChildError => Object.assign(new Error(`${code} ${detail}`.trim()), { child: true as const, code, detail })

/**
 * Runs one task in a process of its own, with a bare environment and without a network (`apart`), bounded in time and memory: whatever a crafted file
 * does, it does to that process. `onPart` hears of what is done before the rest. Rejects with a ChildError.
 */
export async function runInChild<Result>(worker: string, task: unknown, limits: ChildLimits, onProgress?: (progress: number) => void, onPart?: (part: unknown) => void): Promise<Result> {
  const child = startChild(worker, limits.megabytes)
  try {
    return await child.ask<Result>(task, limits.seconds, onProgress, onPart)
  } finally {
    child.end()
  }
}

export type Child = {
  /** One task at a time. Rejects with a ChildError; the child is of no use then. */
  ask<Result>(task: unknown, seconds: number, onProgress?: (progress: number) => void, onPart?: (part: unknown) => void): Promise<Result>
  /** Whether this process stays alive for it. */
  hold(firmly: boolean): void
  alive(): boolean
  end(): void
}

/** Starts a child that can be asked several tasks, one after the other. Who starts it ends it. */
export function startChild(worker: string, megabytes: number): Child {
  const [program, ...before] = [...apart(), process.execPath]
  const child = fork(worker, [], {
    execPath: program,
    execArgv: [...before, `--max-old-space-size=${Math.min(megabytes, 512)}`, '--disable-warning=ExperimentalWarning'],
    env: { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'], SystemRoot: process.env['SystemRoot'] },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    // A group of its own, so that a program it started ends with it.
    detached: process.platform !== 'win32',
  })
  let words = ''
  child.stderr?.on('data', (chunk: Buffer) => { words = (words + chunk.toString('utf8')).slice(-2000) })
  // Between tasks nobody else listens; the next one finds out.
  child.on('error', () => {})
  return {
    ask: <Result>(task: unknown, seconds: number, onProgress: (progress: number) => void = () => {}, onPart: (part: unknown) => void = () => {}) => new Promise<Result>((done, fail) => {
      const listeners = {
        error: (error: Error) => settle(() => fail(childError('mediaCrashed', error.message))),
        exit: (code: number | null, signal: string | null) => settle(() => fail(childError(code === memoryExit ? 'mediaMemory' : 'mediaCrashed', `${signal ?? code} ${words}`))),
        message: (message: ChildMessage) => {
          if (message.type === 'progress') return onProgress(message.progress)
          if (message.type === 'part') return onPart(message.part)
          settle(() => message.type === 'done' ? done(message.result as Result) : fail(childError(message.code, message.detail)))
        },
      }
      const timer = setTimeout(() => settle(() => fail(childError('mediaTimeout'))), seconds * 1000)
      const settle = (act: () => void) => {
        clearTimeout(timer)
        for (const [name, listener] of Object.entries(listeners)) child.off(name, listener)
        act()
      }
      for (const [name, listener] of Object.entries(listeners)) child.on(name, listener)
      child.send({ task, megabytes } satisfies ChildTask, (error) => { if (error) settle(() => fail(childError('mediaCrashed', error.message))) })
    }),
    hold(firmly) {
      const stderr = child.stderr instanceof Socket ? child.stderr : undefined
      for (const part of [child, child.channel, stderr]) {
        if (firmly) part?.ref()
        else part?.unref()
      }
    },
    alive: () => child.exitCode === null && child.signalCode === null && child.connected,
    end: () => end(child),
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
