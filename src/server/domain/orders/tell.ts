import type { App } from '#server/app.ts'
import { letterWords } from '#server/domain/moderation/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { loadCatalogue } from '#i18n/load.ts'
import { translator } from '#i18n/translate.ts'
import type { OrderRow } from './queries.ts'
import { memberStates } from './types.ts'

/** The authority hears that its order was answered; the answer itself stands on its page. Nothing of the content goes by mail. */
export async function answerAuthority(app: App, tx: Tx, order: OrderRow): Promise<void> {
  if (order.test) return
  const words = await letterWords(app, 'en', 'orderAnswered', { number: `${order.id} (${order.reference})` })
  await app.mailer.post(tx, { to: order.form.contactEmail, ...words })
}

/** What the author reads (EU 2021/784, Article 11): who ordered it, under which number, and how to challenge it. In their language. */
export async function orderReason(locale: 'en' | 'ar', facts: { authority: string; reference: string; redress: string; country: string; law: string; territory: string[] }, annulled = false): Promise<string> {
  const i = translator(locale, await loadCatalogue(locale, 'letters'))
  const names = new Intl.DisplayNames(locale, { type: 'region' })
  const country = facts.country ? names.of(facts.country) ?? facts.country : '–'
  const where = facts.territory.length ? i.t('mail.order.where', { countries: memberStates.every((code) => facts.territory.includes(code)) ? i.t('mail.order.allOfEu') : new Intl.ListFormat(locale).format(facts.territory.map((code) => names.of(code) ?? code)) }) : ''
  return [i.t(annulled ? 'mail.order.annulled' : 'mail.order.reason', { authority: facts.authority, reference: facts.reference, country, law: facts.law }), where, facts.redress].filter(Boolean).join('\n\n').slice(0, 3000)
}
