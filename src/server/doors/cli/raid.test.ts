import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { auditLog } from '#server/domain/moderation/index.ts'
import type { Ask } from './command.ts'
import { raidCommand } from './raid.ts'

let world: World
beforeAll(async () => { world = await openWorld() })
afterAll(() => world?.close())

async function hearth(words: string, options: Record<string, string> = {}): Promise<{ said: string; data: { raid: { until: string } | null; joinMode: string } }> {
  const heard = { said: '', data: null as never }
  const ask = { places: words.split(' ').slice(1), text: (name: string) => options[name], count: (name: string, otherwise: number) => Number(options[name] ?? otherwise), say: (line: string) => { heard.said = line }, data: (value: unknown) => { heard.data = value as never } }
  await raidCommand(ask as unknown as Ask, world.app)
  return heard
}

test('from the command line the switch against raids goes on for so many hours, tells how it stands, and goes off, on record', async () => {
  const { app } = world
  const owner = await person(app, 'olga', { role: 'owner' })
  const usual = (await readSettings(app)).joinMode
  const on = await hearth('raid on', { hours: '3', door: 'closed', why: 'fifty in a minute' })
  expect(Math.round((Date.parse(on.data.raid!.until) - app.now().getTime()) / 3_600_000)).toBe(3)
  expect(on.data.joinMode).toBe('closed')
  expect((await hearth('raid')).said).toContain(`until ${on.data.raid!.until}`)
  expect((await hearth('raid off')).data).toEqual({ raid: null, joinMode: usual })
  expect((await hearth('raid')).said).toContain('off')
  expect((await auditLog(app, owner, { by: 'command', act: 'raid' })).items.map((row) => row.act)).toEqual(['raid.end', 'raid.start'])
  await expect(hearth('raid maybe')).rejects.toThrow('maybe')
})
