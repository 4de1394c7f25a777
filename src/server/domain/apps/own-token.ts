import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { conflict, invalid, invalidForm, notAllowed } from '#server/platform/errors.ts'
import { issueToken } from './issue.ts'
import { countOwnApps } from './queries.ts'
import { line, storeApp } from './register.ts'
import { outOfBand } from './redirects.ts'
import { allScopes, grantable } from './scopes.ts'

const mostOwn = 50

/** Makes an application and a token for it at once: for the command line. Secrets are shown once. */
export async function createAccessToken(app: App, account: Account, scopes: string, name = 'Command line'): Promise<{ accessToken: string; clientId: string; clientSecret: string; scopes: string }> {
  const wanted = known(scopes.split(/[\s,]+/).filter(Boolean))
  return app.database.inTransaction(async (tx) => {
    const client = await storeApp(app, tx, { name, website: null, redirectUris: [outOfBand], scopes: wanted, confidential: true, refreshes: false })
    const { accessToken } = await issueToken(app, tx, client, account.id, wanted.join(' '))
    return { accessToken, clientId: client.clientId, clientSecret: client.clientSecret, scopes: wanted.join(' ') }
  })
}

/** A member's own token for a script, shown once, until they end it. Whether it is really they, the caller has asked. */
export async function makeOwnToken(app: App, member: Account, wanted: { name: string; scopes: string[] }): Promise<{ accessToken: string; name: string }> {
  const name = line(wanted.name)
  if (!name) throw invalidForm([{ field: 'name', message: 'error.required' }])
  if ([...name].length > 60) throw invalidForm([{ field: 'name', message: 'error.tooLong', params: { most: 60 } }])
  if (wanted.scopes.length === 0) throw invalidForm([{ field: 'scopes', message: 'error.chooseRight' }])
  const scopes = known(wanted.scopes)
  if (grantable(member, scopes).length < scopes.length) throw notAllowed()
  return app.database.inTransaction(async (tx) => {
    if (await countOwnApps(tx, member.id) >= mostOwn) throw conflict('tooManyTokens', { most: mostOwn })
    const client = await storeApp(app, tx, { name, website: null, redirectUris: [], scopes, confidential: true, refreshes: false, ownerId: member.id })
    const { accessToken } = await issueToken(app, tx, client, member.id, scopes.join(' '))
    return { accessToken, name }
  })
}

function known(scopes: string[]): string[] {
  const unknown = scopes.find((scope) => !allScopes.has(scope))
  if (unknown !== undefined || scopes.length === 0) throw invalid('unknownScope', { scope: unknown ?? '' })
  return [...new Set(scopes)]
}
