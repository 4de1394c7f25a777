import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import pg from 'pg'
import { makeApp } from '../src/server/make-app.ts'
import type { App } from '../src/server/app.ts'

declare module 'vitest' {
  interface ProvidedContext { postgres: { host: string; port: number; user: string } }
}

export type World = {
  app: App
  /** runs every waiting job until none is left */
  work(): Promise<void>
  /** moves the clock of `app.now()`, in ms */
  later(ms: number): void
  close(): Promise<void>
}

/** A Hearth of its own: a fresh database (copied from a migrated template) and a fresh folder. */
export async function openWorld(environment: Record<string, string> = {}): Promise<World> {
  const server = inject('postgres')
  const name = `w_${randomBytes(8).toString('hex')}`
  const admin = new pg.Client({ ...server, database: 'postgres' })
  await admin.connect()
  await admin.query(`create database ${name} template hearth_template`)
  await admin.end()
  const folder = await mkdtemp(join(tmpdir(), 'hearth-world-'))
  let offset = 0
  const made = await makeApp({
    environment: { HEARTH_DATA: folder, HEARTH_LOG: 'error', HEARTH_RATE_LIMIT_SCALE: '1000', ...environment },
    connection: { ...server, database: name, max: 6 },
    now: () => new Date(Date.now() + offset),
  })
  return {
    app: made.app,
    work: made.work,
    later(ms) { offset += ms },
    async close() {
      await made.close()
      await rm(folder, { recursive: true, force: true })
      const again = new pg.Client({ ...server, database: 'postgres' })
      await again.connect()
      await again.query(`drop database if exists ${name} with (force)`)
      await again.end()
    },
  }
}
