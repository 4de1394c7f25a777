/** Does this page say only what the 'reading' catalogue has, until somebody acts? (texts.test.ts looks at what it is made of.) */
export const saysLittle = (path: string): boolean => /^\/(?:$|@|tags\/|explore(?:\/|$)|community$)/.test(path)

/** Pages that people come to read: what they show needs no script at first. */
export const isReading = (path: string): boolean => path === '/about' || saysLittle(path)
