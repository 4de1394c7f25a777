import table from 'unhomoglyph/data.json' with { type: 'json' }

/**
 * Letters of other scripts that look like Latin ones, by Unicode TR39 (confusables.txt as the package unhomoglyph keeps it), and the
 * few that people use though TR39 leaves them out. Only what ends as plain ASCII letters: all else is left as it is.
 */
const more: Record<string, string> = { в: 'b', к: 'k', м: 'm', н: 'h', т: 't', з: '3', β: 'b', ε: 'e', η: 'n', κ: 'k', μ: 'u', π: 'n', τ: 't', χ: 'x', ω: 'w', λ: 'l', ш: 'w', я: 'r', и: 'n', г: 'r', п: 'n', ь: 'b' }
const bare = (text: string) => text.normalize('NFKD').replace(/\p{M}+/gu, '')
const twins: ReadonlyMap<string, string> = new Map([
  ...Object.entries(table as Record<string, string>).flatMap(([letter, looks]) => {
    const plain = bare(looks).toLowerCase()
    return letter > '\x7f' && /^\p{L}/u.test(letter) && /^[a-z]{1,2}$/.test(plain) ? [[letter, plain] as const] : []
  }),
  ...[...'ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ'].map((letter, at) => [letter, 'abcdefghijklmnoprstuvwyz'[at]!] as const),
])
const known: ReadonlyMap<string, string> = new Map([...twins, ...Object.entries(more)])

/** What a letter looks like, in plain small ASCII letters; undefined where it looks like nothing else. */
export const looksLike = (letter: string): string | undefined => known.get(letter)
/** Can the two hardly be told apart? Some letters only remind of others. */
export const isTwin = (letter: string): boolean => twins.has(letter)
