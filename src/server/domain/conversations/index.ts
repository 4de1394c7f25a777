export type * from './types.ts'
export { conversationsOf, readConversation, removeConversation, seeConversation, unreadConversations } from './conversations.ts'
export { forgetConversationPost, forgetConversations, noteConversation } from './note.ts'
