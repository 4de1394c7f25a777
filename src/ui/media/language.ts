/** A language's name in itself, as those who speak it look for it: 'Deutsch', 'العربية'. */
export function ownName(code: string): string {
  try { return new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code } catch { return code }
}
