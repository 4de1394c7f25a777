import { findAccountByUsername } from '../../domain/accounts/index.ts'
import { createAccessToken } from '../../domain/sessions/index.ts'
import { notFound } from '../../platform/errors.ts'
import { text } from './command.ts'
import type { Command } from './command.ts'

/** hearth token create --account U [--scopes "read write"]: prints just the token. */
export const tokenCommand: Command = async (app, values, words, out) => {
  const username = text(values, 'account')
  if (words[0] !== 'create' || !username) {
    process.stderr.write('hearth token create --account U [--scopes "read write follow push"]\n')
    return 2
  }
  const account = await findAccountByUsername(app, username)
  if (!account) throw notFound('noAccount')
  const made = await createAccessToken(app, account, text(values, 'scopes') ?? 'read write follow push')
  out.line(made.accessToken)
  out.json({ access_token: made.accessToken, client_id: made.clientId, client_secret: made.clientSecret, scope: made.scopes, token_type: 'Bearer' })
  return 0
}
