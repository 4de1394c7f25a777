import type { App } from '../../app.ts'
import { accountList, findAccountByUsername, setRole, setState } from '../../domain/accounts/index.ts'
import type { Account, Role } from '../../domain/accounts/index.ts'
import { audit } from '../../domain/instance/index.ts'
import { createMember, generatePassword, setPassword, signOutEverywhere } from '../../domain/sessions/index.ts'
import { notFound } from '../../platform/errors.ts'
import { text } from './command.ts'
import type { Command } from './command.ts'

const roles: Role[] = ['member', 'moderator', 'admin', 'owner']

/** hearth account create | list | show | suspend | unsuspend | role | reset-password */
export const accountCommand: Command = async (app, values, words, out) => {
  const [verb, username = text(values, 'username') ?? '', extra] = words
  switch (verb) {
    case 'create': {
      const role = roleOf(text(values, 'role') ?? 'member')
      if (!username || !role) break
      const password = text(values, 'password') ?? generatePassword()
      const id = await app.database.inTransaction(async (tx) => {
        const made = await createMember(app, tx, { username, password, email: text(values, 'email'), role, consented: false })
        await audit(app, tx, null, 'account.create', { kind: 'account', id: made }, { role })
        await app.record(tx, { type: 'account.joined', accountId: made })
        return made
      })
      out.line(`Made @${username} (${role}).${text(values, 'password') ? '' : `\nPassword: ${password}`}`)
      out.json({ id, username, role, ...(text(values, 'password') ? {} : { password }) })
      return 0
    }
    case 'list': {
      const accounts = await accountList(app, 1000)
      for (const one of accounts) out.line(`${one.username.padEnd(24)} ${one.role.padEnd(10)} ${one.state.padEnd(10)} ${one.createdAt.toISOString().slice(0, 10)}`)
      out.json(accounts.map(plain))
      return 0
    }
    case 'show': {
      const account = await named(app, username)
      for (const [key, value] of Object.entries(plain(account))) out.line(`${key.padEnd(12)} ${String(value)}`)
      out.json(plain(account))
      return 0
    }
    case 'suspend':
    case 'unsuspend': {
      const account = await named(app, username)
      const state = verb === 'suspend' ? 'suspended' : 'active'
      await app.database.inTransaction(async (tx) => {
        await setState(app, tx, account.id, state)
        await audit(app, tx, null, `account.${verb}`, { kind: 'account', id: account.id }, { reason: text(values, 'reason') ?? '' })
      })
      if (verb === 'suspend') await signOutEverywhere(app, account.id)
      out.line(`@${account.username} is ${state}.`)
      out.json({ username: account.username, state })
      return 0
    }
    case 'role': {
      const account = await named(app, username)
      const role = roleOf(extra ?? text(values, 'role') ?? '')
      if (!role) break
      await app.database.inTransaction(async (tx) => {
        await setRole(app, tx, account.id, role)
        await audit(app, tx, null, 'account.role', { kind: 'account', id: account.id }, { from: account.role, to: role })
      })
      out.line(`@${account.username} is ${role} now.`)
      out.json({ username: account.username, role })
      return 0
    }
    case 'reset-password': {
      const account = await named(app, username)
      const password = text(values, 'password') ?? generatePassword()
      await app.database.inTransaction(async (tx) => {
        await setPassword(app, tx, account.id, password)
        await audit(app, tx, null, 'account.resetPassword', { kind: 'account', id: account.id }, {})
      })
      out.line(`@${account.username} is signed out everywhere and has a new password.${text(values, 'password') ? '' : `\nPassword: ${password}`}`)
      out.json({ username: account.username, password })
      return 0
    }
  }
  process.stderr.write(`hearth account create --username U [--email E] [--password P] [--role ${roles.join('|')}]\nhearth account list | show U | suspend U | unsuspend U | role U ROLE | reset-password U\n`)
  return 2
}

const roleOf = (value: string) => roles.find((role) => role === value)
async function named(app: App, username: string): Promise<Account> {
  const account = await findAccountByUsername(app, username)
  if (!account) throw notFound('noAccount')
  return account
}
const plain = (account: Account) => ({ id: account.id, username: account.username, displayName: account.displayName, role: account.role, state: account.state, locked: account.locked, createdAt: account.createdAt.toISOString() })
