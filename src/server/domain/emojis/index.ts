export type { CustomEmoji } from './emojis.ts'
export { addEmoji, allEmojis, customEmojis, setEmojiDisabled } from './emojis.ts'
