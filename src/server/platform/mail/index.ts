import { createTransport } from 'nodemailer'
import type { Queries, Tx } from '../db/index.ts'
import type { NewId } from '../ids/index.ts'
import type { Jobs } from '../jobs/index.ts'

export type Letter = { to: string; subject: string; text: string; html?: string; kind: string }

export type Mailer = {
  /** Is there an SMTP server? Without one, letters stay in the owner's outbox page. */
  readonly sends: boolean
  /** Writes the letter down in the caller's transaction; a job sends it after the commit. */
  post(tx: Tx, letter: Letter): Promise<void>
  /** The job: sends one letter. Throws when the server refuses, so that the queue tries again. */
  send(queries: Queries, mailId: string): Promise<void>
}

/** Mail by SMTP, or by hand when there is no server. */
export function openMailer(options: { smtpUrl?: string; from: string; newId: NewId; jobs: Jobs; tell?: (outcome: 'sent' | 'failed') => void }): Mailer {
  const transport = options.smtpUrl ? createTransport({ url: options.smtpUrl, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 }, { from: options.from }) : undefined
  return {
    sends: transport !== undefined,
    async post(tx, letter) {
      const id = options.newId()
      await tx.insertInto('outbox_mails').values({ id, to_address: letter.to, subject: letter.subject, body_text: letter.text, body_html: letter.html ?? null, kind: letter.kind, state: transport ? 'queued' : 'kept' }).execute()
      if (transport) await options.jobs.add(tx, 'sendMail', { mailId: id })
    },
    async send(queries, mailId) {
      const mail = await queries.selectFrom('outbox_mails').selectAll().where('id', '=', mailId).executeTakeFirst()
      if (!mail || mail.state === 'sent' || !transport) return
      try {
        await transport.sendMail({ to: mail.to_address, subject: mail.subject, text: mail.body_text, html: mail.body_html ?? undefined })
        await queries.updateTable('outbox_mails')// A sent letter's words hold a link that opens an account: nobody needs them here any more.
        .set({ state: 'sent', sent_at: new Date(), error: null, body_text: '', body_html: null }).where('id', '=', mailId).execute()
        options.tell?.('sent')
      } catch (error) {
        options.tell?.('failed')
        await queries.updateTable('outbox_mails').set({ state: 'failed', error: error instanceof Error ? error.message : String(error) }).where('id', '=', mailId).execute()
        throw error
      }
    },
  }
}
