import { setRole } from '#server/domain/accounts/index.ts'
import { audit, closeSetUp, isSetUp } from '#server/domain/instance/index.ts'
import { decideByCommand, listMembers, seeMember } from '#server/domain/moderation/index.ts'
import type { MemberLine } from '#server/domain/moderation/index.ts'
import { checkPassword, createMember, generatePassword, setPassword } from '#server/domain/sessions/index.ts'
import { invalidForm } from '#server/platform/errors.ts'
import { withApp } from '#server/start/open.ts'
import { UsageError } from './command.ts'
import type { Entry } from './command.ts'
import { accountNamed, named, operator, readRole, username } from './who.ts'

const create: Entry = {
  name: 'account create',
  summary: 'makes an account that can sign in at once',
  places: ['[USERNAME]'],
  options: {
    ...username,
    email: { type: 'string', value: 'ADDRESS', help: 'its e-mail address' },
    password: { type: 'string', value: 'TEXT', help: 'its password; one is made up and shown when there is none' },
    role: { type: 'string', value: 'ROLE', help: 'owner, admin, moderator or member (member)' },
    name: { type: 'string', value: 'TEXT', help: 'its display name' },
    locale: { type: 'string', value: 'en|ar', help: 'its language (en)' },
  },
  more: 'Making an owner completes the set-up: the link that start shows ends.',
  async run(ask) {
    const { name } = named(ask)
    const role = readRole(ask.text('role') ?? 'member')
    const locale = ask.text('locale') ?? 'en'
    if (locale !== 'en' && locale !== 'ar') throw new UsageError(`--locale is en or ar, not '${locale}'.`)
    const given = ask.text('password')
    const password = given ?? generatePassword()
    const id = await withApp(ask.environment, (app) => app.database.inTransaction(async (tx) => {
      const id = await createMember(app, tx, { username: name, displayName: ask.text('name')?.trim(), email: ask.text('email'), password, role, locale })
      await app.record(tx, { type: 'account.joined', accountId: id })
      if (role === 'owner' && !(await isSetUp(app))) await closeSetUp(app, tx)
      await audit(app, tx, 'command', 'account.create', { kind: 'account', id }, { role })
      return id
    }))
    ask.say(`@${name} now has the role ${role}.`)
    if (given === undefined) ask.say(`Password: ${password}`)
    ask.data({ id, username: name, role, email: ask.text('email') ?? null, ...(given === undefined ? { password } : {}) })
  },
}

const list: Entry = {
  name: 'account list',
  summary: 'lists accounts, newest first',
  options: {
    search: { type: 'string', value: 'TEXT', help: 'only names with this in them' },
    role: { type: 'string', value: 'ROLE', help: 'only this role' },
    state: { type: 'string', value: 'STATE', help: 'only pending, active, limited, suspended or deleted ones' },
    limit: { type: 'string', value: 'N', help: 'at most so many (100)' },
  },
  async run(ask) {
    const most = ask.count('limit', 100, 1)
    const role = ask.text('role')
    const state = ask.text('state')
    if (role) readRole(role)
    if (state && !['pending', 'active', 'limited', 'suspended', 'deleted'].includes(state)) throw new UsageError(`--state is one of pending, active, limited, suspended, deleted; not '${state}'.`)
    const found = await withApp(ask.environment, async (app) => {
      const lines: MemberLine[] = []
      let before: string | undefined
      do {
        const page = await listMembers(app, operator, { q: ask.text('search'), role, state }, { before, limit: 40 })
        lines.push(...page.items)
        before = page.older ?? undefined
      } while (before && lines.length < most)
      return lines.slice(0, most)
    })
    for (const { account, email } of found) ask.say(`${`@${account.username}`.padEnd(24)} ${account.role.padEnd(10)} ${account.state.padEnd(10)} ${account.createdAt.slice(0, 10)}  ${email ?? ''}`.trimEnd())
    if (found.length === 0) ask.say('There is no such account.')
    ask.data(found.map(plain))
  },
}

const show: Entry = {
  name: 'account show',
  summary: 'shows one account',
  places: ['[USERNAME]'],
  options: username,
  async run(ask) {
    const member = await withApp(ask.environment, async (app) => seeMember(app, operator, (await accountNamed(app, named(ask).name)).id))
    const facts = { ...plain(member), reports: member.reportsCount, invited: member.invited.map((one) => one.username) }
    for (const [key, value] of Object.entries(facts)) ask.say(`${key.padEnd(16)} ${Array.isArray(value) ? value.join(', ') : value ?? ''}`.trimEnd())
    ask.data(facts)
  },
}

const plain = ({ account, email, suspendedUntil, invitedBy, lastPostAt }: MemberLine) => ({
  id: account.id, username: account.username, name: account.name, role: account.role, state: account.state, email, suspendedUntil,
  posts: account.postsCount, followers: account.followersCount, following: account.followingCount,
  invitedBy: invitedBy?.username ?? null, lastPostAt, createdAt: account.createdAt,
})

const suspend: Entry = {
  name: 'account suspend',
  summary: 'signs an account out everywhere and hides it until it is unsuspended',
  places: ['[USERNAME]'],
  options: { ...username, days: { type: 'string', value: 'N', help: 'ends by itself after so many days (open-ended)' }, reason: { type: 'string', value: 'TEXT', help: 'why: the member reads it in the statement of reasons' } },
  async run(ask) {
    const { name } = named(ask)
    const days = ask.text('days') === undefined ? 0 : ask.count('days', 0, 1)
    if (days > 36_500) throw new UsageError('--days is 36500 at most.')
    await withApp(ask.environment, async (app) => {
      const account = await accountNamed(app, name)
      const until = days ? new Date(app.now().getTime() + days * 86_400_000) : null
      await decideByCommand(app, account.id, 'suspend', { endsAt: until, reason: ask.text('reason') })
      ask.data({ id: account.id, username: account.username, state: 'suspended', until: until?.toISOString() ?? null })
    })
    ask.say(`@${name} is suspended${days ? ` for ${days} days` : ''}.`)
  },
}

const unsuspend: Entry = {
  name: 'account unsuspend',
  summary: 'gives a suspended account back to its member',
  places: ['[USERNAME]'],
  options: username,
  async run(ask) {
    const { name } = named(ask)
    await withApp(ask.environment, async (app) => {
      const account = await accountNamed(app, name)
      if (account.state !== 'suspended') throw new Error(`@${name} is not suspended.`)
      await decideByCommand(app, account.id, 'unsuspend')
      ask.data({ id: account.id, username: account.username, state: 'active' })
    })
    ask.say(`@${name} is active again.`)
  },
}

const role: Entry = {
  name: 'account role',
  summary: 'gives an account a role: owner, admin, moderator or member',
  places: ['[USERNAME]', '[ROLE]'],
  options: { ...username, role: { type: 'string', value: 'ROLE', help: 'the role, instead of as a word' } },
  async run(ask) {
    const { name, rest } = named(ask)
    const wanted = ask.text('role') ?? rest[0]
    if (!wanted) throw new UsageError('Which role? owner, admin, moderator or member.')
    const given = readRole(wanted)
    await withApp(ask.environment, async (app) => {
      const account = await accountNamed(app, name)
      await app.database.inTransaction(async (tx) => {
        await setRole(app, tx, account.id, given)
        if (given === 'owner' && !(await isSetUp(app))) await closeSetUp(app, tx)
        await audit(app, tx, 'command', 'role.change', { kind: 'account', id: account.id }, { from: account.role, to: given })
      })
      ask.data({ id: account.id, username: account.username, role: given })
    })
    ask.say(`@${name} now has the role ${given}.`)
  },
}

const resetPassword: Entry = {
  name: 'account reset-password',
  summary: 'sets a new password and signs the account out everywhere',
  places: ['[USERNAME]'],
  options: { ...username, password: { type: 'string', value: 'TEXT', help: 'the new one; one is made up and shown when there is none' } },
  async run(ask) {
    const { name } = named(ask)
    const given = ask.text('password')
    const password = given ?? generatePassword()
    const problem = checkPassword(password, name)
    if (problem) throw invalidForm([problem])
    await withApp(ask.environment, async (app) => {
      const account = await accountNamed(app, name)
      await app.database.inTransaction(async (tx) => {
        await setPassword(app, tx, account.id, password)
        await audit(app, tx, 'command', 'account.resetPassword', { kind: 'account', id: account.id })
      })
      ask.data({ id: account.id, username: account.username, ...(given === undefined ? { password } : {}) })
    })
    ask.say(given === undefined ? `New password of @${name}: ${password}` : `@${name} has a new password.`)
  },
}

export const accountCommands = [create, list, show, suspend, unsuspend, role, resetPassword]
