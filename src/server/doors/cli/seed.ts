import { accountList } from '#server/domain/accounts/index.ts'
import { castPassword, runSeed } from '../../../../seed/index.ts'
import { seedOf } from '../../../../seed/random.ts'
import { text, UsageError } from './command.ts'
import type { Command } from './command.ts'

const hour = 3_600_000

/** hearth seed --members N --posts M [--media] [--seed S] [--until TIME] [--into-existing]: a lifelike community. */
export const seedCommand: Command = async (app, values, _words, out) => {
  const whole = (name: string, usual: number, most: number) => {
    const given = text(values, name)
    const number = given === undefined ? usual : /^\d{1,9}$/.test(given) ? Number(given) : 0
    if (number < 1 || number > most) throw new UsageError(`--${name} should be a whole number from 1 to ${most}, not '${given}'.`)
    return number
  }
  const members = Math.max(12, whole('members', 200, 200_000))
  const posts = whole('posts', 5000, 5_000_000)
  const wanted = text(values, 'until')
  const until = wanted === undefined ? new Date(Math.floor(app.now().getTime() / hour) * hour) : new Date(wanted)
  if (Number.isNaN(until.getTime()) || until > app.now() || until.getUTCFullYear() < 2010) throw new UsageError(`--until should be a past time like 2026-05-04T18:00:00Z, not '${wanted}'.`)
  const occupied = (await accountList(app, 1)).length > 0
  if (occupied && values['into-existing'] !== true) throw new Error('This community already has members: seeding is for empty ones. Choose an empty folder with --data, or add --into-existing to put people who cannot sign in beside them.')

  const began = performance.now()
  const made = await runSeed(app, {
    members, posts, seed: seedOf(text(values, 'seed') ?? '1'), until, intoExisting: occupied,
    media: values.media === true ? { pictures: 60, films: 6, tunes: 8, faces: 10 } : undefined,
  }, (label, done, total) => out.progress(label, done, total))
  out.settle()
  const seconds = Math.round((performance.now() - began) / 100) / 10
  out.line(`${made.members} members, ${made.posts} posts${made.media ? ` and ${made.media} pictures, films and pieces of music` : ''} in ${seconds} s.`)
  for (const note of made.notes) out.line(note)
  if (!occupied) out.line(`Sign in as mara (owner), yusuf (admin), ines (moderator), tomas, aiko, olga …\nPassword: ${castPassword}\nThis password is known to everybody who reads Hearth's code: don't open this community to others.`)
  out.json({ ...made, seconds, ...(occupied ? {} : { password: castPassword }) })
  return 0
}
