import type { Id } from '#server/platform/ids/index.ts'

export type ListId = Id<'list'>
/** Which answers a list shows, besides those to its owner and to oneself: to anybody its owner follows, to its members, none. */
export type RepliesPolicy = 'followed' | 'list' | 'none'
/** Some of the people a member follows, read apart. `exclusive`: their posts don't come to the home. */
export type ListView = { id: ListId; title: string; repliesPolicy: RepliesPolicy; exclusive: boolean }
export type ListDraft = { title?: string; repliesPolicy?: string; exclusive?: boolean }
