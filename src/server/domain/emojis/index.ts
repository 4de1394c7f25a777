export type { CustomEmoji } from './emojis.ts'
export type { Reaction } from './react.ts'
export { forgetReactionsTo, reactionsTo, reactToAnnouncement, unreactToAnnouncement } from './react.ts'
export { addEmoji, allEmojis, customEmojis, setEmojiDisabled } from './emojis.ts'
