import { z } from 'zod'
import { accountView } from '#server/domain/accounts/index.ts'
import { allScopes, appById, exchange, giveBack, refusalOf, registerApp } from '#server/domain/apps/index.ts'
import type { IssuedToken, OAuthApp } from '#server/domain/apps/index.ts'
import { pushServerKey } from '#server/domain/push/index.ts'
import { accountEntity } from '#server/entities/index.ts'
import { isHearthError, notFound } from '#server/platform/errors.ts'
import { ApiError } from '../errors.ts'
import type { Call, Route } from '../route.ts'
import { route } from '../route.ts'
import { maybe, texts, words } from '../values.ts'

const Application = z.object({ id: z.string(), name: z.string(), website: z.string().nullable(), scopes: z.array(z.string()), redirect_uri: z.string(), redirect_uris: z.array(z.string()), vapid_key: z.string() }).meta({ id: 'Application' })
const CredentialApplication = Application.extend({ client_id: z.string(), client_secret: z.string(), client_secret_expires_at: z.int() }).meta({ id: 'CredentialApplication' })
export const TokenAnswer = z.object({ access_token: z.string(), token_type: z.literal('Bearer'), scope: z.string(), created_at: z.int(), expires_in: z.int().optional(), refresh_token: z.string().optional() }).meta({ id: 'Token' })

const application = (client: OAuthApp, vapidKey: string): z.infer<typeof Application> => ({
  id: client.id, name: client.name, website: client.website, scopes: client.scopes, redirect_uri: client.redirectUris.join('\n'), redirect_uris: client.redirectUris, vapid_key: vapidKey,
})

/** A token as programs read it: its time in seconds. */
export const tokenEntity = (issued: IssuedToken): z.infer<typeof TokenAnswer> => ({
  access_token: issued.accessToken, token_type: 'Bearer', scope: issued.scopes, created_at: Math.floor(issued.createdAt.getTime() / 1000),
  ...issued.expiresAt ? { expires_in: Math.floor((issued.expiresAt.getTime() - issued.createdAt.getTime()) / 1000) } : {}, ...issued.refreshToken ? { refresh_token: issued.refreshToken } : {},
})

/** What isn't text is as good as missing: the protocol has its own word for that. */
const text = z.string().min(1).optional().catch(undefined)
const who = { client_id: text, client_secret: text }
const grant = { ...who, grant_type: text, code: text, redirect_uri: text, code_verifier: text, refresh_token: text, scope: text }
const returned = { ...who, token: text }
const newApp = { client_name: maybe(words(500)), redirect_uris: texts(50, 5000), scopes: maybe(words(2000)), website: maybe(words(5000)), token_endpoint_auth_method: maybe(words(100)), grant_types: texts(10) }

/** Programs say who they are in the body (some in the query), or by HTTP Basic as RFC 6749 prefers. */
function credentials<Fields extends { client_id?: string; client_secret?: string }>({ query, body, headers }: Pick<Call<unknown, Fields, Fields>, 'query' | 'body' | 'headers'>): Fields & { basic: boolean } {
  const given = { ...query, ...Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) } as Fields
  const encoded = /^Basic\s+([\w+/=-]+)$/i.exec(String(headers['authorization'] ?? ''))?.[1]
  if (!encoded) return { ...given, basic: false }
  const [id = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  return { ...given, client_id: unescaped(id), client_secret: unescaped(rest.join(':')) || undefined, basic: true }
}
function unescaped(part: string): string {
  try { return decodeURIComponent(part.replaceAll('+', ' ')) } catch { return part }
}

/** Refusals in the protocol's own form. */
async function inProtocol<Made>(basic: boolean, verb: () => Promise<Made>, statuses: Record<string, number> = {}): Promise<Made> {
  try {
    return await verb()
  } catch (error) {
    const refused = isHearthError(error) ? refusalOf(error) : null
    if (!refused) throw error
    const answer = new ApiError(statuses[refused.word] ?? (refused.word === 'invalid_client' ? 401 : 400), refused.word, { error_description: refused.why })
    throw basic && refused.word === 'invalid_client' ? Object.assign(answer, { headers: { 'www-authenticate': 'Basic realm="oauth"' } }) : answer
  }
}

async function userInfo({ app, me, speaker }: Pick<Call, 'app' | 'me' | 'speaker'>) {
  const view = await accountView(app, me.id)
  if (!view) throw notFound()
  const account = accountEntity(view, speaker)
  return { iss: speaker.origin, sub: account.uri, name: account.display_name, preferred_username: account.username, profile: account.url, picture: account.avatar }
}

export const oauthRoutes: Route[] = [
  route({
    method: 'POST', path: '/api/v1/apps', summary: 'Register an app', access: 'anyone', scope: null, query: newApp, body: newApp, answer: CredentialApplication,
    note: 'As RFC 7591 has them: `token_endpoint_auth_method: none` for apps that can’t keep a secret (they then need PKCE), and `grant_types` with `refresh_token` for tokens that end after two hours and are made anew.',
    async handle({ app, query, body, address }) {
      const redirectUris = [...body.redirect_uris, ...query.redirect_uris]
      const grantTypes = [...body.grant_types, ...query.grant_types].flatMap((one) => one.split(/\s+/))
      const made = await registerApp(app, {
        name: body.client_name ?? query.client_name ?? '', website: body.website ?? query.website, redirectUris, scopes: body.scopes ?? query.scopes,
        authMethod: body.token_endpoint_auth_method ?? query.token_endpoint_auth_method, grantTypes, address,
      })
      return { ...application(made, await pushServerKey(app)), client_id: made.clientId, client_secret: made.clientSecret, client_secret_expires_at: 0 }
    },
  }),
  route({
    method: 'GET', path: '/api/v1/apps/verify_credentials', summary: 'The app that the token was made for', access: 'app', scope: null, answer: Application,
    async handle({ app, token }) {
      const client = token?.appId ? await appById(app, token.appId) : null
      if (!client) throw notFound()
      return application(client, await pushServerKey(app))
    },
  }),
  route({
    method: 'POST', path: '/oauth/token', summary: 'A token for a code, for a refresh token, or for the app itself', access: 'anyone', scope: null, query: grant, body: grant, answer: TokenAnswer,
    note: 'Grants: `authorization_code`, `refresh_token`, `client_credentials`. The app proves itself in the body or by HTTP Basic.',
    async handle(call) {
      const { basic, ...given } = credentials<z.infer<z.ZodObject<typeof grant>>>(call)
      Object.assign(call.reply.headers, { 'cache-control': 'no-store', pragma: 'no-cache' })
      if (!given.grant_type) throw new ApiError(400, 'invalid_request', { error_description: 'Missing required parameter: grant_type.' })
      const grantType = given.grant_type
      return inProtocol(basic, async () => tokenEntity(await exchange(call.app, {
        grantType, clientId: given.client_id ?? '', clientSecret: given.client_secret, code: given.code, redirectUri: given.redirect_uri, verifier: given.code_verifier,
        refreshToken: given.refresh_token, scope: given.scope, address: call.address,
      })))
    },
  }),
  route({
    method: 'POST', path: '/oauth/revoke', summary: 'Give a token back: it ends at once', access: 'anyone', scope: null, query: returned, body: returned, answer: z.object({}),
    async handle(call) {
      const { basic, client_id: clientId = '', client_secret: clientSecret, token } = credentials<z.infer<z.ZodObject<typeof returned>>>(call)
      if (!token) throw new ApiError(400, 'invalid_request', { error_description: 'Missing required parameter: token.' })
      await inProtocol(basic, () => giveBack(call.app, { clientId, clientSecret, token, address: call.address }), { unauthorized_client: 403 })
      return {}
    },
  }),
  ...(['GET', 'POST'] as const).map((method) => route({
    method, path: '/oauth/userinfo', summary: 'Who signed in, in OpenID’s words', access: 'member', scope: 'profile',
    answer: z.object({ iss: z.url(), sub: z.url(), name: z.string(), preferred_username: z.string(), profile: z.url(), picture: z.url() }), handle: userInfo,
  })),
  route({
    method: 'GET', path: '/.well-known/oauth-authorization-server', summary: 'What the OAuth server can do (RFC 8414)', access: 'anyone', scope: null, answer: z.looseObject({ issuer: z.url() }),
    async handle({ speaker: { origin }, reply }) {
      reply.headers['cache-control'] = 'public, max-age=3600'
      return {
        issuer: origin, service_documentation: `${origin}/docs/api`, authorization_endpoint: `${origin}/oauth/authorize`, token_endpoint: `${origin}/oauth/token`, app_registration_endpoint: `${origin}/api/v1/apps`,
        revocation_endpoint: `${origin}/oauth/revoke`, userinfo_endpoint: `${origin}/oauth/userinfo`, scopes_supported: [...allScopes], response_types_supported: ['code'], response_modes_supported: ['query'],
        grant_types_supported: ['authorization_code', 'client_credentials', 'refresh_token'], token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
        revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'], code_challenge_methods_supported: ['S256'], authorization_response_iss_parameter_supported: true, ui_locales_supported: ['en', 'ar'],
      }
    },
  }),
]
