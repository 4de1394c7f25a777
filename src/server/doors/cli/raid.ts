import type { App } from '#server/app.ts'
import { endRaid, readSettings, startRaid } from '#server/domain/instance/index.ts'
import { UsageError } from './command.ts'
import type { Ask } from './command.ts'

/** hearth raid on|off: the switch against raids, for when the pages are out of reach. Without a word it says how it stands. */
export async function raidCommand(ask: Ask, app: App): Promise<number> {
  const [word = ''] = ask.places
  if (word === 'on') await startRaid(app, 'command', { hours: ask.count('hours', 6, 1), joinMode: ask.text('door') ?? 'approval', why: ask.text('why') ?? '' })
  else if (word === 'off') await endRaid(app, 'command')
  else if (word !== '') throw new UsageError(`Say on or off, not '${word}'.`)
  const { raid, joinMode } = await readSettings(app)
  ask.say(raid ? `The switch against raids is on until ${raid.until}. People join by: ${joinMode}.` : `The switch against raids is off. People join by: ${joinMode}.`)
  ask.data({ raid, joinMode })
  return 0
}
