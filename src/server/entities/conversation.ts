import { z } from 'zod'
import type { ConversationView } from '#server/domain/conversations/index.ts'
import { Account, accountEntity } from './account.ts'
import type { Speaker } from './speaker.ts'
import { Status, statusEntity } from './status.ts'

export const Conversation = z.object({ id: z.string(), unread: z.boolean(), accounts: z.array(Account), last_status: Status.nullable() }).meta({ id: 'Conversation' })

/** What is said among named people, as apps see it. */
export const conversationEntity = (view: ConversationView, speaker: Speaker): z.infer<typeof Conversation> => ({
  id: view.id, unread: view.unread, accounts: view.accounts.map((account) => accountEntity(account, speaker)), last_status: statusEntity(view.lastPost, speaker),
})
