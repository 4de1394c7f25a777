import { accountList } from '#server/domain/accounts/index.ts'
import { castPassword, runSeed } from '../../../../seed/index.ts'
import { seedOf } from '../../../../seed/random.ts'
import { text, UsageError } from './command.ts'
import type { Command } from './command.ts'

/** hearth seed --members N --posts M [--seed S]: a lifelike community where there is none. */
export const seedCommand: Command = async (app, values, _words, out) => {
  const whole = (name: string, usual: number, most: number) => {
    const given = text(values, name)
    const number = given === undefined ? usual : Number(given)
    if (!Number.isInteger(number) || number < 1 || number > most) throw new UsageError(`--${name} is a whole number from 1 to ${most}.`)
    return number
  }
  const members = Math.max(12, whole('members', 200, 200_000))
  const posts = whole('posts', 5000, 5_000_000)
  if ((await accountList(app, 1)).length > 0) throw new Error('This community already has members: seeding is for empty ones. Choose an empty folder with --data.')
  if (values.media === true) throw new UsageError('--media is not there yet: this demonstration is text only.')
  const hour = 3_600_000
  const until = new Date(Math.floor(app.now().getTime() / hour) * hour)
  const began = performance.now()
  const made = await runSeed(app, { members, posts, seed: seedOf(text(values, 'seed') ?? '1'), until }, (label, done, total) => out.progress(label, done, total))
  out.settle()
  const seconds = (performance.now() - began) / 1000
  out.line(`${made.members} members and ${made.posts} posts in ${seconds.toFixed(1)} s. Sign in as mara (owner), yusuf, ines, tomas …\nPassword: ${castPassword}`)
  out.json({ ...made, seconds, password: castPassword })
  return 0
}
