import { createAccessToken } from '#server/domain/apps/index.ts'
import { audit } from '#server/domain/instance/index.ts'
import { withApp } from '#server/start/open.ts'
import type { Entry } from './command.ts'
import { accountNamed } from './who.ts'

const create: Entry = {
  name: 'token create',
  summary: 'makes an API token for an account and prints just the token',
  options: {
    account: { type: 'string', value: 'USERNAME', help: 'who it speaks for', required: true },
    scopes: { type: 'string', value: '"A B"', help: 'what it may do ("read write follow push")' },
    name: { type: 'string', value: 'TEXT', help: 'what the member sees it as (Entry line)' },
  },
  more: 'With --json: access_token, client_id, client_secret, scope. They are shown only now.',
  async run(ask) {
    const made = await withApp(ask.environment, async (app) => {
      const account = await accountNamed(app, (ask.text('account') ?? '').replace(/^@/, ''))
      const token = await createAccessToken(app, account, ask.text('scopes') ?? 'read write follow push', ask.text('name'))
      await app.database.inTransaction((tx) => audit(app, tx, 'command', 'token.make', { kind: 'account', id: account.id }, { scopes: token.scopes }))
      return token
    })
    ask.say(made.accessToken)
    ask.data({ access_token: made.accessToken, client_id: made.clientId, client_secret: made.clientSecret, scope: made.scopes, token_type: 'Bearer' })
  },
}

export const tokenCommands = [create]
