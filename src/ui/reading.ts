/** Pages that people come to read: what they show needs no script at first. */
export const isReading = (path: string): boolean => /^\/(?:$|@|tags\/|explore(?:\/|$)|about$|community$)/.test(path)
