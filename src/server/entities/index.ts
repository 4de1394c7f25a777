// How the client API says what Hearth knows: one presenter and one schema an entity, used by the API, streams and webhooks.
export type { Speaker } from './speaker.ts'
export { emojiEntity, speaker } from './speaker.ts'
export { Account, AccountRole, accountEntity, CustomEmoji, Field, roleIds, roleNames } from './account.ts'
export { MediaAttachment, mediaEntity } from './media.ts'
export { audienceOf, Poll, pollEntity, Status, statusEntity, Visibility, visibilityOf } from './status.ts'
export { contentHtml } from './html.ts'
