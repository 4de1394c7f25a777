import { z } from 'zod'
import { appById } from '#server/domain/apps/index.ts'
import { takeInvitation } from '#server/domain/invitations/index.ts'
import { confirmAgain, signUpByApp } from '#server/domain/sessions/index.ts'
import { invalidForm, isHearthError } from '#server/platform/errors.ts'
import { isLocale } from '#i18n/locales.ts'
import { ApiError } from '../errors.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { flag, maybe, words } from '../values.ts'
import { TokenAnswer, tokenEntity } from './oauth.ts'

export const joinRoutes: Route[] = [
  route({
    method: 'POST', path: '/api/v1/accounts', summary: 'Join, from within an app', access: 'app', scope: 'write:accounts', answer: TokenAnswer,
    note: 'With a token of the app itself (client credentials). `invite_code` is the last part of an invitation’s address. Where newcomers wait for a yes or must confirm an address, the token works once they are in.',
    body: {
      username: maybe(words(200)), email: maybe(words(400)), password: maybe(words(1100)), agreement: maybe(flag), locale: maybe(words(40)), reason: maybe(words(5000)), invite_code: maybe(words(100)), date_of_birth: maybe(words(40)),
    },
    async handle({ app, viewer, token, body, address }) {
      const client = token?.appId && !viewer ? await appById(app, token.appId) : null
      if (!client) throw new ApiError(403, 'This action is not allowed')
      const locale = (body.locale ?? '').slice(0, 2).toLowerCase()
      const code = body.invite_code
      const wanted = {
        username: (body.username ?? '').replace(/^@/, ''), password: body.password ?? '', email: body.email, reason: body.reason, consent: body.agreement === true,
        locale: isLocale(locale) ? locale : 'en' as const, address, invitation: code === undefined ? undefined : (tx: Parameters<typeof takeInvitation>[1]) => takeInvitation(app, tx, code),
      }
      const joined = await signUpByApp(app, client, wanted).catch((error: unknown) => { throw isHearthError(error) ? inTheirWords(error) : error })
      return tokenEntity(joined.token)
    },
  }),
  route({
    method: 'POST', path: '/api/v1/emails/confirmations', summary: 'Send a newcomer’s letter again', note: 'A newcomer who waits may give another address.', access: 'app', scope: null, body: { email: maybe(words(400)) }, answer: z.object({}),
    async handle({ app, viewer, token, body }) {
      if (!viewer || !token) throw new ApiError(422, 'This method requires an authenticated user')
      if (body.email !== undefined && !token.scopes.has('write') && !token.scopes.has('write:accounts')) throw new ApiError(403, 'This action is outside the authorized scopes')
      if (!await confirmAgain(app, viewer, body.email)) throw new ApiError(403, 'This method is only available while the e-mail is awaiting confirmation')
      return {}
    },
  }),
]

/** What we call consent and the invitation is another field there. */
function inTheirWords(error: { code: string; problems: { field: string; message: string }[] } & Error): Error {
  if (error.code === 'invitationGone') return invalidForm([{ field: 'invite_code', message: 'error.invitationGone' }])
  return Object.assign(error, { problems: error.problems.map((problem) => problem.field === 'consent' ? { ...problem, field: 'agreement' } : problem) })
}
