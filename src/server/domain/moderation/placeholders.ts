/** What a macro may leave open, in braces. */
export const placeholders = ['name', 'post', 'rule', 'community', 'until'] as const
type Values = Partial<Record<(typeof placeholders)[number], string>>

/** Fills a macro in; what isn't known stays in braces, so that the sending stops there. */
export const fillPlaceholders = (text: string, values: Values): string => text.replace(/\{([a-z]{1,20})\}/g, (whole, word: string) => {
  const known = placeholders.find((one) => one === word)
  return known ? values[known] ?? whole : whole
})
/** Words in braces that nobody filled in: such a text is never sent. */
export const openPlaceholders = (text: string): string[] => [...text.matchAll(/\{([a-z]{1,20})\}/g)].map((found) => found[0])
